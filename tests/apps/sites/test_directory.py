"""The public directory: what strangers read of a network, what they never read, what it costs."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import network_sites as ns
from factories import people, tariffs, territories
from maillage.apps.people.models import RoleKind
from maillage.apps.sites import directory, public_parts
from maillage.apps.sites.models import Closure, Site, SiteStage, Stage
from maillage.apps.sites.pages import directory as pages
from maillage.apps.sites.pages import embedding
from maillage.core.sources import lmn

pytestmark = pytest.mark.django_db
# a Wednesday at 10 in Paris
AT = datetime(2027, 3, 17, 9, tzinfo=UTC)
NIGHT = datetime(2027, 3, 17, 22, tzinfo=UTC)


@pytest.fixture(autouse=True)
def it_is_ten(monkeypatch):
    def set_to(at):
        monkeypatch.setattr(pages, "now", lambda: at)
        monkeypatch.setattr(embedding, "now", lambda: at)

    set_to(AT)
    return set_to


@pytest.fixture
def pressoir():
    site = ns.site(tier="hub", equipment=["wifi"], is_step_free=True, address="12 rue du Cuvage")
    ns.open_space(site, seats=12)
    return site


def names(response):
    return [line["name"] for line in response.context["lines"]]


def test_the_list_shows_the_listed_sites_alone(client, pressoir):
    ns.site("Brouillon (fictif)", is_listed=False)
    ns.site("Retiré (fictif)", removed_at=AT)

    page = client.get(reverse("directory"))

    assert names(page) == ["Le Pressoir (fictif)"]
    assert page.context["title"] == "1 lieu ouvert maintenant"
    assert page.context["lines"][0]["now"] == "Ouvert jusqu’à 20 h".replace(" h", "\u00a0h")


def test_a_site_that_is_not_listed_has_no_page(client, pressoir):
    address = pressoir.get_absolute_url()
    assert client.get(address).status_code == 200

    Site.objects.update(is_listed=False)
    assert client.get(address).status_code == 404
    Site.objects.update(is_listed=True, removed_at=AT)
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER))
    assert client.get(address).status_code == 404


def test_a_site_is_not_reached_through_another_territory(client, pressoir):
    other = territories.territory("200000003", "CC des Bois fictifs")

    address = reverse("site", args=(other.pk, pressoir.slug))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=ambre", ["Le Pressoir (fictif)"]),
        ("q=pressoir+ambre", ["Le Pressoir (fictif)"]),
        ("q=mbre", []),
        ("q=epicerie", ["Épicerie (fictif)"]),
        ("niveau=hub", ["Le Pressoir (fictif)"]),
        ("espace=open_space", ["Le Pressoir (fictif)"]),
        ("espace=meeting_room", ["Épicerie (fictif)"]),
        ("equipement=wifi", ["Le Pressoir (fictif)"]),
        ("acces=on", ["Le Pressoir (fictif)"]),
        ("acces=on&incertains=on", ["Le Pressoir (fictif)", "Épicerie (fictif)"]),
        ("ouvert=on", ["Le Pressoir (fictif)"]),
        ("niveau=xyz", ["Le Pressoir (fictif)", "Épicerie (fictif)"]),
    ],
)
def test_a_search_shows_what_surely_answers(client, pressoir, asked, expected):
    shop = ns.site(
        "Épicerie (fictif)", tier="mini", opening_hours="Sa 08:00-12:00", commune_name="Cercié"
    )
    ns.space(shop)

    assert names(client.get(f"{reverse('directory')}?{asked}")) == expected


def test_what_might_answer_is_one_link_away(client, pressoir):
    ns.site("Inconnu (fictif)")

    page = client.get(f"{reverse('directory')}?acces=on")

    assert page.context["unsure"].text.startswith("1 autre lieu répond peut-être")
    assert "incertains=on" in page.context["unsure"].href


def test_a_closure_is_a_closure(client, pressoir, it_is_ten):
    Closure.objects.create(
        site=pressoir,
        period=DateTimeTZRange(AT, datetime(2027, 3, 18, 9, tzinfo=UTC), "[)"),
        reason="Inventaire",
        at=AT,
    )

    page = client.get(pressoir.get_absolute_url())
    assert page.context["is_open"] is False
    assert page.context["lead"].startswith("Fermé, ouvre demain à 10")
    assert page.context["closures"][0]["why"] == "Inventaire"


def test_a_closure_that_was_withdrawn_closes_nothing(client, pressoir):
    Closure.objects.create(
        site=pressoir,
        period=DateTimeTZRange(AT, datetime(2027, 3, 18, 9, tzinfo=UTC), "[)"),
        reason="Inventaire",
        at=AT,
        withdrawn_at=AT,
    )

    page = client.get(pressoir.get_absolute_url())
    assert (page.context["is_open"], page.context["closures"]) == (True, [])


def test_a_planned_site_says_when_it_opens_and_books_nothing(client, pressoir):
    SiteStage.objects.all().delete()
    SiteStage.objects.create(site=pressoir, stage=Stage.PLANNED, starts_on=date(2027, 1, 1))
    SiteStage.objects.create(site=pressoir, stage=Stage.OPEN, starts_on=date(2027, 9, 1))

    page = client.get(pressoir.get_absolute_url())

    assert page.context["lead"] == "Ouverture prévue le 1er septembre 2027"
    assert (page.context["state"], page.context["may_book"]) == ("planned", False)
    assert page.context["hours"] is None


def test_what_nobody_said_is_said(client):
    bare = ns.site("Nu (fictif)", opening_hours="", lon=None, lat=None, equipment=[])

    page = client.get(bare.get_absolute_url())
    text = page.content.decode()

    assert page.context["lead"] == "Heures non renseignées"
    assert page.context["map"] is None
    assert text.count("Non renseigné") >= 6
    assert client.get(reverse("directory")).context["map"] is None


def test_a_space_for_the_managers_alone_is_not_offered(client, pressoir):
    ns.space(pressoir, "Réserve", audiences=[])
    ns.space(pressoir, "Palier", is_bookable=False)

    spaces = client.get(pressoir.get_absolute_url()).context["spaces"]

    assert {space["name"]: bool(space["href"]) for space in spaces} == {
        "Espace ouvert": True,
        "Réserve": False,
        "Palier": False,
    }


def test_parts_are_under_their_space(client, pressoir):
    ns.halves(pressoir)

    spaces = client.get(pressoir.get_absolute_url()).context["spaces"]

    assert [(s["name"], s["depth"], s["seats"]) for s in spaces if "Salle" in s["name"]] == [
        ("Salle A+B", 0, "2 places"),
        ("Salle A", 1, "1 place"),
        ("Salle B", 1, "1 place"),
    ]


def test_another_app_adds_its_section(client, pressoir, monkeypatch):
    section = public_parts.Section("prix", "Les tarifs", sentences=("Gratuit le mardi.",))
    monkeypatch.setattr(public_parts, "_PARTS", [lambda _site, _at: section])

    assert "Gratuit le mardi." in client.get(pressoir.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["directory", "network", "embed", "network_csv", "site"])
def test_a_page_asks_the_database_as_often_for_one_site_as_for_twenty(client, pressoir, name):
    args = {"directory": (), "site": (pressoir.territory_id, pressoir.slug)}
    address = reverse(name, args=args.get(name, (pressoir.territory_id,)))

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    cost()
    one = cost()
    for n in range(19):
        more = ns.site(f"Lieu {n} (fictif)", commune_code=f"{n:05d}")
        ns.space(more)
        ns.space(pressoir, f"Salle {n}")
        Closure.objects.create(
            site=pressoir,
            period=DateTimeTZRange(NIGHT, datetime(2027, 4, 1 + n, tzinfo=UTC), "[)"),
            reason="Travaux",
            at=AT,
        )

    assert cost() == one


def test_the_map_is_drawn_over_the_territory(client):
    loaded = territories.loaded()
    site = ns.site(territory=loaded.territory, tier="hub", lon=4.74538, lat=46.1095)

    panel = client.get(reverse("network", args=(site.territory_id,))).context["map"]
    layers = {name: client.get(address).json() for name, address in panel.layers.items()}

    assert {name: len(found["features"]) for name, found in layers.items()} == {
        "markers": 1,
        "places": 0,
        "labels": 1,
        "outlines": len(layers["outlines"]["features"]),
    }
    assert layers["outlines"]["features"][-1]["properties"]["kind"] == "territory"
    assert layers["markers"]["features"][0]["properties"]["label"].startswith("Site structurant")


def test_the_map_of_a_site_shows_it_alone(client, pressoir):
    ns.site("Autre (fictif)", tier="mini", commune_code="00002")

    panel = client.get(pressoir.get_absolute_url()).context["map"]
    marks = client.get(panel.layers["markers"]).json()["features"]

    assert [mark["properties"]["id"] for mark in marks] == [str(pressoir.pk)]


def test_an_unknown_layer_is_not_found(client):
    assert client.get("/lieux/carte/secrets.geojson").status_code == 404


def test_a_hostile_name_is_only_text(client):
    name = "<script>alert(1)</script> \"'& (fictif)"
    site = ns.site(name, tier="hub", description=name, address=name)
    ns.space(site, name)

    for address in (
        reverse("directory"),
        site.get_absolute_url(),
        reverse("embed", args=(site.territory_id,)),
    ):
        assert "<script>alert" not in client.get(address).content.decode()


def test_the_files_hold_the_listed_sites_and_are_read_back(client, pressoir, tmp_path):
    ns.site("Brouillon (fictif)", is_listed=False)

    for suffix in ("csv", "json"):
        answer = client.get(reverse(f"network_{suffix}", args=(pressoir.territory_id,)))
        path = tmp_path / f"lieux.{suffix}"
        path.write_bytes(answer.content)
        table = lmn.read(path).table
        assert table.select("name", "commune_code", "opening_hours").rows() == [
            ("Le Pressoir (fictif)", "00001", "Mo-Fr 08:00-20:00; PH off")
        ]
    layer = client.get(reverse("network_geojson", args=(pressoir.territory_id,))).json()
    assert [mark["properties"]["seats"] for mark in layer["features"]] == [12]


def test_an_unknown_territory_is_not_found(client):
    for name in ("network", "embed", "embed_json", "embedding", "network_csv"):
        assert client.get(reverse(name, args=("999999999",))).status_code == 404


def test_a_territory_without_site_says_so(client):
    of = territories.territory()

    page = client.get(reverse("network", args=(of.pk,)))
    assert (page.status_code, page.context["lines"]) == (200, [])
    assert "Aucun lieu dans l’annuaire" in page.content.decode()
    module = client.get(reverse("embed", args=(of.pk,)))
    assert "Aucun lieu dans l’annuaire" in module.content.decode()


# --- the module for other sites -----------------------------------------------------------------


def test_the_module_alone_may_be_framed(client, pressoir):
    module = client.get(reverse("embed", args=(pressoir.territory_id,)))
    policy = module.headers["Content-Security-Policy"]

    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "X-Frame-Options" not in module.headers
    for address in (reverse("directory"), reverse("embedding", args=(pressoir.territory_id,))):
        other = client.get(address)
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
        assert other.headers["X-Frame-Options"] == "DENY"


def test_the_module_is_the_same_for_everybody_and_leaves_no_cookie(client, pressoir):
    address = reverse("embed", args=(pressoir.territory_id,))
    stranger = client.get(address)
    assert (dict(stranger.cookies), dict(client.cookies)) == ({}, {})

    people.signed_in(client, people.holder(RoleKind.MEMBER, name="Élise Garonval (fictif)"))
    signed = client.get(address)

    assert signed.content == stranger.content
    assert "<form" not in stranger.content.decode()
    assert "<script" not in stranger.content.decode()


def test_the_module_says_what_is_open(client, pressoir, it_is_ten):
    address = reverse("embed_json", args=(pressoir.territory_id,))
    now = client.get(address)
    it_is_ten(NIGHT)
    later = client.get(address)

    assert now.headers["Access-Control-Allow-Origin"] == "*"
    said = now.json()["sites"][0]
    assert (said["name"], said["is_open"]) == ("Le Pressoir (fictif)", True)
    assert json.loads(later.content)["sites"][0]["now"].startswith("Fermé, ouvre demain à 8")


def test_the_snippet_is_text_to_copy(client, pressoir):
    page = client.get(reverse("embedding", args=(pressoir.territory_id,))).content.decode()

    assert "&lt;iframe src=&quot;" in page or '&lt;iframe src="' in page
    assert page.count("<iframe") == 1


def test_sites_are_in_the_order_of_a_visit():
    for name, hours in (
        ("D fermé", "Sa 08:00-12:00"),
        ("C plus tard", "We 14:00-18:00"),
        ("B maintenant", "We 08:00-18:00"),
        ("A inconnu", ""),
    ):
        ns.site(name, opening_hours=hours)

    found = directory.read(directory.rows(), AT)
    assert [one.site.name[0] for one in found] == ["B", "C", "D", "A"]


def test_the_prices_in_force_are_on_the_page(client, pressoir):
    tariffs.drafted(pressoir.operator)
    assert client.get(pressoir.get_absolute_url()).context["sections"] == []

    tariffs.voted(pressoir.operator)

    page = client.get(pressoir.get_absolute_url())
    (section,) = page.context["sections"]
    assert section.sentences == ("Délibération 2026-12-10-07 (fictif), votée le 10 décembre 2026.",)
    # the site has desks and no meeting room
    assert {row.cells["resource"] for row in section.table.rows} == {"Espace ouvert"}
    assert "8,00" in page.content.decode()
