"""Pages of premises: who reads, who writes, what a page costs the database."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import people, territories
from factories import premises as factory
from maillage.apps.people.models import RoleKind
from maillage.apps.premises import listing
from maillage.apps.premises.models import Premises, Room, Weighting
from maillage.apps.territories import reading

pytestmark = pytest.mark.django_db

HOME = f"/territoires/{people.SIREN}/locaux/"
READ = ["", "{pk}/", "{pk}/amenagement/", "carte.geojson", "locaux.csv"]
WRITE = [
    "ajouter/",
    "poids/",
    "importer/",
    "importer/modele.csv",
    "{pk}/modifier/",
    "{pk}/retirer/",
]


@pytest.fixture
def officer(client):
    return people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER))


def statuses(client, addresses, of):
    return {client.get(HOME + a.format(pk=of.pk)).status_code for a in addresses}


def text(response):
    return response.content.decode().replace("&#x27;", "'").replace("\u00a0", " ")


def test_premises_are_read_and_written_by_those_in_charge_alone(client):
    of = factory.premises()

    assert statuses(client, READ + WRITE, of) == {302}
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, people.TWIN))
    assert statuses(client, READ + WRITE, of) == {404}
    people.signed_in(client, people.holder(RoleKind.MAYOR))
    assert statuses(client, READ, of) == {200}
    assert statuses(client, WRITE, of) == {403}
    people.signed_in(client, people.holder(RoleKind.CONSULTANT))
    assert statuses(client, READ + WRITE, of) == {200}


def test_premises_of_another_territory_are_not_found_under_ones_own(officer):
    elsewhere = factory.premises(siren=people.TWIN_SIREN)

    assert officer.get(f"{HOME}{elsewhere.pk}/").status_code == 404
    assert officer.post(f"{HOME}{elsewhere.pk}/retirer/").status_code == 404
    assert Premises.objects.get(pk=elsewhere.pk).removed_at is None


def test_a_list_without_premises_says_how_it_fills(officer):
    factory.territory()

    page = text(officer.get(HOME))

    assert "Aucun local décrit." in page
    assert f'href="{HOME}importer/"' in page


@pytest.mark.parametrize("is_loaded", [False, True])
def test_the_list_asks_as_much_of_the_database_for_many_premises_as_for_one(officer, is_loaded):
    if is_loaded:
        territories.loaded()
    factory.placed("Premier (fictif)")
    officer.get(HOME)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert officer.get(HOME).status_code == 200
        return len(seen)

    few = asked()
    for n in range(12):
        factory.placed(f"Local {n} (fictif)", area_m2=40.0 + n)

    assert asked() == few


def test_fifty_square_metres_fibre_and_step_free_finds_those_known_to_be(officer):
    factory.placed("Bon (fictif)", area_m2=60, fibre=True, step_free=True)
    factory.placed("Petit (fictif)", area_m2=40, fibre=True, step_free=True)
    factory.placed("Sans fibre (fictif)", area_m2=90, fibre=False, step_free=True)
    factory.placed("Inconnu (fictif)", area_m2=90, fibre=None, step_free=True)
    asked = {"surface": "50", "fibre": "on", "accessible": "on"}

    response = officer.get(HOME, asked)
    wider = officer.get(HOME, asked | {"incertains": "on"})
    layer = json.loads(officer.get(f"{HOME}carte.geojson", asked).content)

    assert [row.cells["name"].text for row in response.context["table"].rows] == ["Bon (fictif)"]
    assert "1 autre local répond peut-être" in text(response)
    assert {row.cells["name"].text for row in wider.context["table"].rows} == {
        *("Bon (fictif)", "Inconnu (fictif)"),
    }
    assert [f["properties"]["name"] for f in layer["features"]] == ["Bon (fictif)"]


def test_the_list_is_sorted_by_score_and_by_area(officer):
    factory.premises("Nu (fictif)", area_m2=300, fibre=False, step_free=False)
    factory.premises("Prêt (fictif)", area_m2=150, fibre=True, step_free=True)

    def names(**query):
        rows = officer.get(HOME, query).context["table"].rows
        return [row.cells["name"].text for row in rows]

    assert names() == ["Prêt (fictif)", "Nu (fictif)"]
    assert names(tri="score") == ["Nu (fictif)", "Prêt (fictif)"]
    assert names(tri="-area") == ["Nu (fictif)", "Prêt (fictif)"]


def test_the_map_shows_the_premises_of_the_page(officer, monkeypatch):
    territories.loaded()
    monkeypatch.setattr(listing, "A_PAGE", 1)
    factory.placed("Nu (fictif)", fibre=False)
    factory.placed("Prêt (fictif)", fibre=True)

    def names(page):
        layer = json.loads(officer.get(f"{HOME}carte.geojson", {"page": page}).content)
        rows = officer.get(HOME, {"page": page}).context["table"].rows
        marked = [feature["properties"]["name"] for feature in layer["features"]]
        return marked, [row.cells["name"].text for row in rows]

    assert names(1) == (["Prêt (fictif)"], ["Prêt (fictif)"])
    assert names(2) == (["Nu (fictif)"], ["Nu (fictif)"])


def test_a_loaded_territory_shows_its_premises_on_its_map(officer):
    territories.loaded()
    of = factory.placed(area_m2=120)

    page = officer.get(HOME)
    layer = json.loads(officer.get(f"{HOME}carte.geojson").content)

    assert "Bâtiment, Ancienne perception (fictif), Beaujeu" in page.context["map"].panel.svg
    assert layer["features"][0]["properties"]["id"] == str(of.pk)
    assert layer["features"][0]["geometry"]["coordinates"] == [4.588, 46.155]


def test_a_territory_without_any_known_place_still_shows_its_premises(officer, monkeypatch):
    row = territories.loaded()
    of = factory.placed()
    words = reading.document(row.folder, "page.json") | {"access": None}
    known = reading.document
    monkeypatch.setattr(
        reading, "document", lambda f, n: words if n == "page.json" else known(f, n)
    )

    page = officer.get(HOME)

    assert page.context["map"].panel is None
    assert of.name in text(page).partition("map-fallback")[2].partition("</svg>")[0]


def test_a_sheet_names_what_is_missing_and_links_to_its_field(officer):
    of = factory.premises(area_m2=120)

    page = text(officer.get(f"{HOME}{of.pk}/"))

    assert f'href="{HOME}{of.pk}/modifier/#id_fibre"' in page
    assert f'href="{HOME}{of.pk}/modifier/#id_area_m2"' not in page
    assert "Ce local n’entre dans aucune étude" in page


def test_a_sheet_measures_times_from_the_point(officer):
    territories.loaded()
    of = factory.placed()

    criteria = officer.get(f"{HOME}{of.pk}/").context["criteria"]

    cells = {row.key: row.cells for row in criteria.rows}
    assert cells["town_centre"]["fact"] == "oui"
    assert "(de " in cells["services"]["fact"]
    assert cells["services"]["origin"].code == "modelled"


def test_premises_are_described_with_unknowns_kept_unknown(officer):
    factory.territory()

    response = officer.post(
        f"{HOME}ajouter/",
        {"name": "Ancienne poste (fictif)", "kind": "building", "commune_code": "69018"},
    )

    made = Premises.objects.get()
    assert response["Location"] == f"{HOME}{made.pk}/"
    assert (made.area_m2, made.fibre, made.step_free, made.rented, made.works, made.lon) == (
        *(None, None, None, None, "", None),
    )
    assert made.position_origin == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Donnez un nom au local."),
        ({"name": "=cmd|' /C calc'!A0"}, "Commencez le nom par une lettre ou un chiffre."),
        ({"commune_code": "01004"}, "Sélectionnez un choix valide"),
        ({"area_m2": "120 m²"}, "Écrivez la surface en chiffres, sans unité."),
        ({"area_m2": "0"}, "Écrivez une surface plus grande que zéro"),
        ({"area_m2": "1e309"}, "Écrivez la surface"),
        ({"area_m2": "nan"}, "Écrivez la surface"),
        ({"lon": "4,58"}, "Il manque la moitié de la position"),
        ({"lon": "46,15", "lat": "4,58"}, "n'est pas en métropole"),
        ({"motorway_min": "dix"}, "Écrivez un nombre entier de minutes."),
    ],
)
def test_a_wrong_sheet_says_what_to_do_and_keeps_what_was_typed(officer, typed, sentence):
    factory.territory()
    good = {"name": "Poste (fictif)", "kind": "shop", "commune_code": "69018"}

    response = officer.post(f"{HOME}ajouter/", good | {"address": "1 rue Vide"} | typed)

    assert response.status_code == 422
    assert sentence in text(response)
    assert 'value="1 rue Vide"' in text(response)
    assert not Premises.objects.exists()


def test_the_middle_of_the_town_is_said_as_such(officer):
    territories.loaded()
    good = {"name": "Poste (fictif)", "kind": "building", "commune_code": "69018", "at_town": "on"}

    officer.post(f"{HOME}ajouter/", good)

    made = Premises.objects.get()
    assert made.position_origin == "town"
    assert "milieu du bourg de Beaujeu" in text(officer.get(f"{HOME}{made.pk}/"))
    form = officer.get(f"{HOME}{made.pk}/modifier/").context["form"]
    assert (form.initial["lon"], form.initial["at_town"]) == (None, True)


def test_a_correction_of_what_somebody_else_changed_is_kept_and_told(officer):
    of = factory.premises(version=3)
    typed = {"name": "Mairie (fictif)", "kind": "building", "commune_code": "69018", "version": "2"}

    late = officer.post(f"{HOME}{of.pk}/modifier/", typed)
    again = officer.post(f"{HOME}{of.pk}/modifier/", typed | {"version": "3"})

    assert late.status_code == 422
    assert "a modifié cette fiche pendant votre saisie" in text(late)
    assert 'value="Mairie (fictif)"' in text(late)
    assert again.status_code == 302
    assert Premises.objects.get().name == "Mairie (fictif)"


def test_removed_premises_are_put_back_by_a_button(officer):
    of = factory.premises()

    officer.post(f"{HOME}{of.pk}/retirer/")
    page = text(officer.get(HOME))
    after = officer.get(f"{HOME}{of.pk}/modifier/").status_code
    officer.post(f"{HOME}{of.pk}/retablir/")

    assert f'action="{HOME}{of.pk}/retablir/"' in page
    assert after == 404
    assert Premises.objects.get().removed_at is None


def test_weights_change_the_scores_and_come_back(officer):
    factory.territory()
    zero = dict.fromkeys(officer.get(f"{HOME}poids/").context["form"].fields, "0")

    nothing = officer.post(f"{HOME}poids/", zero)
    wrong = officer.post(f"{HOME}poids/", zero | {"fibre": "11"})
    officer.post(f"{HOME}poids/", zero | {"fibre": "2,5"})

    assert "Tous les poids sont à zéro" in text(nothing)
    assert "Écrivez un poids de 0 à 10." in text(wrong)
    assert Weighting.objects.get().weights["fibre"] == 2.5
    officer.post(f"{HOME}poids/retablir/")
    assert not Weighting.objects.exists()


def room_rows(*rows, version=1):
    typed = {"version": str(version), "rows_shown": str(len(rows))}
    for n, (function, count, area, seats) in enumerate(rows):
        typed |= {f"function_{n}": function, f"count_{n}": count, f"area_{n}": area}
        typed |= {f"seats_{n}": seats}
    return typed


SIX_OFFICES = (
    ("closed_office", "6", "10", "1"),
    ("open_space", "1", "40,5", "6"),
    ("", "", "", ""),
)


def test_six_offices_and_an_open_space_are_written(officer):
    of = factory.premises(area_m2=120)
    address = f"{HOME}{of.pk}/amenagement/"

    officer.post(f"{address}enregistrer/", room_rows(*SIX_OFFICES))
    page = officer.get(address)

    kept = [(r.function, r.count, r.area_m2, r.seats) for r in Room.objects.order_by("rank")]
    assert kept == [("closed_office", 6, 10.0, 1), ("open_space", 1, 40.5, 6)]
    assert page.context["figures"][0].value == "12"
    assert "il reste 19,5 m² sur 120 m²" in text(page)


def test_rooms_larger_than_the_premises_are_refused_in_words(officer):
    of = factory.premises(area_m2=76.5)

    response = officer.post(f"{HOME}{of.pk}/amenagement/enregistrer/", room_rows(*SIX_OFFICES))

    assert response.status_code == 422
    assert "24 m² de trop : les pièces en demandent 100,5 m², le local en a 76,5 m²" in text(
        response
    )
    assert 'value="40,5"' in text(response)
    assert not Room.objects.exists()


def test_a_room_without_its_number_is_told_by_its_row(officer):
    of = factory.premises()
    typed = room_rows(("closed_office", "", "10", "1"))

    response = officer.post(f"{HOME}{of.pk}/amenagement/enregistrer/", typed)

    assert response.status_code == 422
    assert "Nombre (ligne 1) : Indiquez combien il y en a." in text(response)


def test_a_row_more_keeps_what_is_typed_and_writes_nothing(officer):
    of = factory.premises()
    typed = room_rows(("closed_office", "", "10", "1")) | {"autre": "1"}

    response = officer.post(f"{HOME}{of.pk}/amenagement/enregistrer/", typed)

    assert response.status_code == 200
    assert len(response.context["form"].rows) == 2
    assert 'value="10"' in text(response)
    assert not Room.objects.exists()


@pytest.mark.parametrize(("query", "seats"), [({"places": "16"}, 16), ({"surface": "local"}, 8)])
def test_rooms_are_proposed_and_not_saved(officer, query, seats):
    of = factory.premises(area_m2=130)

    form = officer.get(f"{HOME}{of.pk}/amenagement/", query).context["form"]

    rows = [[bound.value() for _, bound in row] for row in form.rows]
    work = {"open_space", "closed_office"}
    assert sum(row[1] * row[3] for row in rows if row[0] in work) == seats
    assert not Room.objects.exists()


def test_too_many_seats_are_refused_in_words(officer):
    of = factory.premises()

    page = text(officer.get(f"{HOME}{of.pk}/amenagement/", {"places": "900"}))

    assert "Indiquez un nombre de places entre 1 et 200." in page


def test_the_furniture_is_a_file_whose_total_is_the_sum_of_its_lines(officer):
    of = factory.premises(works="light")
    factory.room(of)

    data = officer.get(f"{HOME}{of.pk}/amenagement/mobilier.csv").content.decode("utf-8-sig")

    *lines, total = [line.split(";") for line in data.splitlines()[1:]]

    def amounts(cells):
        return [float(cell.replace(",", ".")) for cell in cells[5:]]

    assert amounts(total) == [
        pytest.approx(sum(column)) for column in zip(*map(amounts, lines), strict=True)
    ]
    assert lines[-1][0] == "Travaux, par m² intérieur"


def test_the_files_cannot_carry_a_formula_and_come_back_by_an_import(officer):
    factory.premises(notes="=HYPERLINK(1)", address="@import", area_m2=120, fibre=True)

    for name in ("locaux.csv", "locaux-excel.csv"):
        text_ = officer.get(f"{HOME}{name}").content.decode("utf-8-sig")
        assert "'=HYPERLINK" in text_
        assert "'@import" in text_
