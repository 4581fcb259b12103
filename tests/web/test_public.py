"""The pages of no noun: home, open data, what the law asks for."""

import json
import re
from datetime import datetime

import pytest

from factories.territories import AT, SIREN, loaded, territory
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.territories import freshness
from maillage.kit import files
from maillage.web import accessibility

pytestmark = pytest.mark.django_db

WORDS = {
    "headline": "10 lieux mettent 95 % des habitants à 10 minutes.",
    "figures": [],
    "attribution": "Insee",
    "map": {
        "alternative": "Carte après : 95 % des habitants à 10 minutes.",
        "file": "map-after.svg",
        "rule": "",
    },
    "sites": [
        {
            "id": f"S{opening}",
            "tier": "hub",
            "kind": "Site structurant",
            "commune_name": "Beaujeu",
            "hosts": "",
            "seats_text": "8 places",
            "is_existing": False,
            "opening": opening,
        }
        for opening in ("2028", "2030")
    ],
}


def published_study(*, is_published: bool = True) -> Study:
    """A study of the embedded territory whose computation is done."""
    study = Study.objects.create(
        territory_id=SIREN,
        slug="etude-fictive",
        title="Étude fictive",
        created_at=AT,
        published_at=AT if is_published else None,
        published_run=1 if is_published else None,
    )
    contents = {
        "page.json": json.dumps(WORDS).encode(),
        "map-after.svg": b"<svg></svg>",
        "sites.csv": b"id\n1\n",
        "manifest.json": b"{}",
    }
    folder = f"studies/{study.pk}/1"
    Run.objects.create(
        study=study,
        number=1,
        state=RunState.DONE,
        request={},
        folder=folder,
        files=files.write_folder(folder, contents),
        asked_at=AT,
        finished_at=AT,
    )
    return study


@pytest.fixture(autouse=True)
def no_page_was_made():
    freshness.forget()


@pytest.fixture(autouse=True)
def publisher(settings):
    settings.PUBLISHER = dict.fromkeys(settings.PUBLISHER, "") | {
        "publisher": "CC fictive",
        "publisher_email": "contact@exemple.fr",
    }
    return settings.PUBLISHER


def text_of(response) -> str:
    """What is read on a page, spaces made plain."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- home ---


def test_with_nothing_loaded_home_says_so_and_offers_to_search(client):
    page = text_of(client.get("/"))

    assert "Aucun portrait n’est encore chargé" in page
    assert "Votre intercommunalité" in page


def test_with_one_territory_home_is_its_public_face(client):
    loaded()

    page = text_of(client.get("/"))

    assert "Travailler près de chez vous" in page
    assert "CC Saône-Beaujolais." in page
    assert "Aucune étude publiée." in page


def test_with_two_territories_home_lists_both(client):
    loaded()
    loaded(territory(), "b" * 64)

    assert "2 territoires à lire" in text_of(client.get("/"))


def test_a_published_study_shows_its_places_and_promises_no_opening(client):
    loaded()
    study = published_study()

    response = client.get("/")
    page = text_of(response)

    assert "2 lieux proposés par l’étude" in page
    assert "les lieux ouvriraient de 2028 à 2030" in page
    assert "Aucun lieu n’est ouvert à ce jour." in page
    assert f'href="/projet/etudes/{study.pk}-etude-fictive/"' in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/donnees/", "/donnees/catalogue.json", "/plan-du-site/"])
def test_a_study_that_is_not_published_leaves_no_trace(client, address):
    loaded()
    published_study(is_published=False)

    assert "etude-fictive" not in (body := client.get(address).content.decode())
    assert "Étude fictive" not in body


def test_home_changes_when_a_study_is_published(client):
    loaded()
    client.get("/")
    first = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": first}).status_code == 304

    published_study()

    assert client.get("/", headers={"If-None-Match": first}).status_code == 200


# --- open data ---


def test_the_catalogue_names_each_file_with_its_type_size_licence_and_producer(client):
    loaded()

    response = client.get("/donnees/")
    page = text_of(response)

    assert "Données ouvertes (CSV, 2 ko)" in page
    assert "Maillage, d’après Insee, DGCL, IGN" in page
    assert "Mis à jour le 17 mars 2027." in page
    assert f"/territoires/{SIREN}/fichiers/communes.csv" in response.content.decode()


def test_every_address_of_the_catalogue_opens(client):
    loaded()
    document = client.get("/donnees/catalogue.json").json()

    addresses = [
        d["dcat:downloadURL"].removeprefix("http://127.0.0.1:8000")
        for dataset in document["dcat:dataset"]
        for d in dataset["dcat:distribution"]
    ]

    assert len(addresses) == 15
    assert {client.get(address).status_code for address in addresses} == {200}


def test_the_catalogue_for_machines_says_what_it_is(client):
    loaded()
    response = client.get("/donnees/catalogue.json")
    first = response.json()["dcat:dataset"][0]

    assert response.headers["Content-Type"] == "application/ld+json"
    assert first["dct:identifier"] == f"{SIREN}-communes"
    assert first["dct:license"] == "Licence Ouverte 2.0"
    assert first["dct:modified"] == "2027-03-17"
    assert first["dcat:distribution"][0]["dcat:mediaType"] == "text/csv"
    assert first["dcat:distribution"][0]["dcat:byteSize"] > 1_000


def test_outlines_keep_the_licence_of_those_who_drew_them(client):
    portrait = loaded()
    contents = {
        entry["name"]: files.read(portrait.folder, entry["name"]) for entry in portrait.files
    }
    document = json.loads(contents["portrait.json"])
    for source in document["sources"]:
        if source["id"] == "outlines":
            source["licence"] = "ODbL 1.0"
    contents["portrait.json"] = json.dumps(document).encode()
    portrait.folder += "-odbl"
    portrait.save()
    files.write_folder(portrait.folder, contents)

    datasets = client.get("/donnees/catalogue.json").json()["dcat:dataset"]

    licences = {d["dct:identifier"]: d["dct:license"] for d in datasets}
    assert licences[f"{SIREN}-outlines.geojson"] == "ODbL 1.0"
    assert licences[f"{SIREN}-cells.geojson"] == "Licence Ouverte 2.0"


def test_the_catalogue_costs_the_same_queries_for_one_territory_and_for_three(
    client, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("maillage.kit.read_only.KNOWN_FOR_S", 3_600.0)
    loaded()
    client.get("/donnees/")
    with django_assert_num_queries(5):
        client.get("/donnees/")
    loaded(territory("200000003", "CC Trois"), "c" * 64)
    loaded(territory("200000004", "CC Quatre"), "d" * 64)

    with django_assert_num_queries(5):
        client.get("/donnees/")


def test_published_studies_are_in_the_catalogue_with_their_open_files_alone(client):
    loaded()
    study = published_study()

    page = client.get("/donnees/").content.decode()

    assert f"/projet/etudes/{study.pk}-etude-fictive/fichiers/sites.csv" in page
    assert "manifest.json" not in page


def test_the_dictionary_says_what_each_column_is(client):
    loaded()

    page = text_of(client.get(f"/donnees/{SIREN}/communes/"))

    assert "minutes_low" in page
    assert "Le même trajet à la vitesse la plus rapide." in page
    assert client.get(f"/donnees/{SIREN}/nothing/").status_code == 404


# --- what the law asks for ---


def test_the_legal_notice_says_what_is_missing(client, publisher):
    page = text_of(client.get("/mentions-legales/"))
    assert "7 mentions manquent." in page
    assert "À compléter (MAILLAGE_HOST)" in page

    publisher |= dict.fromkeys(publisher, "rempli")
    assert "À compléter" not in text_of(client.get("/mentions-legales/"))


def test_without_an_audit_the_statement_is_not_conform(client, monkeypatch, tmp_path):
    monkeypatch.setattr("maillage.web.public.AUDIT", tmp_path / "none.json")
    monkeypatch.setattr("maillage.web.public.mention", lambda: "non conforme")

    page = text_of(client.get("/accessibilite/"))

    assert "Accessibilité : non conforme" in page
    assert "Aucun audit complet du RGAA 4.1" in page
    assert "Défenseur des droits" in page


def test_the_statement_is_computed_from_the_last_audit(client, monkeypatch, tmp_path):
    audit = tmp_path / "audit.json"
    audit.write_text('{"on": "2027-02-01", "criteria_met_share": 0.75}', encoding="utf-8")
    monkeypatch.setattr("maillage.web.public.AUDIT", audit)
    monkeypatch.setattr(accessibility, "AUDIT", audit)
    monkeypatch.setattr("maillage.web.public.mention", accessibility.mention.__wrapped__)

    page = text_of(client.get("/accessibilite/")).replace("\u00a0", " ")

    assert "L’audit du 1er février 2027 trouve 75 % des critères" in page
    assert "Accessibilité : partiellement conforme" in page


def test_contact_names_the_territory_one_came_from(client):
    territory()
    page = client.get("/contact/?territoire=200000002").content.decode()

    assert "mailto:contact@exemple.fr?subject=CC%20des%20Pr%C3%A9s%20fictifs" in page


@pytest.mark.parametrize("asked", ["", "999999999", "<b>"])
def test_contact_works_without_a_territory(client, asked):
    assert client.get("/contact/", {"territoire": asked}).status_code == 200


def test_the_site_map_leads_everywhere(client):
    loaded()
    page = client.get("/plan-du-site/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    addresses = [a for a in re.findall(r'href="(/[^"#]*)"', main) if not a.startswith("/projet")]

    assert f"/territoires/{SIREN}/tableaux/" in addresses
    assert {
        a: client.get(a).status_code for a in addresses if client.get(a).status_code >= 400
    } == {}


def test_robots_may_read_what_is_public(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines[0] == "User-agent: *"
    assert "Disallow: /compte/" in lines
    assert not any("territoires" in line or "donnees" in line for line in lines)


def test_the_security_contact_is_valid_for_less_than_a_year(client):
    text = client.get("/.well-known/security.txt").content.decode()
    fields = dict(line.split(": ", 1) for line in text.splitlines())

    assert fields["Contact"] == "mailto:contact@exemple.fr"
    expires = datetime.fromisoformat(fields["Expires"])
    assert 0 < (expires - datetime.now(expires.tzinfo)).days < 365
