"""« Ma commune »: whose it is, what its page says, and its sheet, which says nothing else."""

import html
import re

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import people, studies, territories
from factories.initiatives import FLEURIE, LANCIE, initiative
from maillage.apps.people.models import OrganisationKind, RoleKind
from maillage.apps.scenarios.pages import elected
from maillage.apps.territories import reading
from maillage.kit.throttle import Limit

pytestmark = pytest.mark.django_db
HOME = "/elus/69108/"
SHEET = f"{HOME}fiche.pdf"


@pytest.fixture(autouse=True)
def read_only_is_asked_once(monkeypatch):
    monkeypatch.setattr("maillage.kit.read_only.KNOWN_FOR_S", 3_600.0)


@pytest.fixture
def result(outcome):
    return studies.computed(studies.study(), outcome)


@pytest.fixture
def mayor(client):
    return people.signed_in(client, people.holder(RoleKind.MAYOR))


def plain(text: str) -> str:
    for space in "\u00a0\u202f":
        text = text.replace(space, " ")
    return " ".join(text.replace("’", "'").split())


def text_of(response) -> str:
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def pdf_text(response) -> str:
    [page] = pypdfium2.PdfDocument(response.content)
    return plain(page.get_textpage().get_text_bounded())


def numbers(text: str) -> set[str]:
    """Each number as it is written, its thousands together."""
    return set(re.findall(r"\d+(?: \d{3})*(?:,\d+)?", text))


def mayor_of(name: str, siren: str = ""):
    body = people.organisation(name, OrganisationKind.COMMUNE, siren=siren)
    post = people.position(RoleKind.MAYOR, organisation=body)
    return people.role(people.person(), position=post).person


def test_the_page_says_what_the_commune_gets_pays_and_asks(mayor, result):
    page = text_of(mayor.get(HOME))

    assert "Lancié : 100 % des habitants à 10 minutes d'un lieu, contre 0 % aujourd'hui" in page
    assert "Lieu le plus proche du bourg : Corcelles-en-Beaujolais, à 5 minutes" in page
    assert "Elle le partage avec Villié-Morgon, Dracé et Corcelles-en-Beaujolais." in page
    assert "Rien à investir" in page
    assert "Deux questions avant de voter" in page
    assert "Fiche d'une page (PDF)" in page


@pytest.mark.parametrize("code", ["69108", "69019", "69018", "69016"])
def test_every_number_of_the_sheet_is_on_the_page(mayor, result, code):
    territories.loaded()
    initiative("Bureau des Clos (fictif)", FLEURIE, seats=12)

    page = text_of(mayor.get(f"/elus/{code}/"))
    sheet = pdf_text(mayor.get(f"/elus/{code}/fiche.pdf"))

    assert len(numbers(sheet)) > 15
    assert numbers(sheet) - numbers(page) == set()


def test_the_sheet_is_a_file_with_the_name_of_the_commune(mayor, result):
    answer = mayor.get("/elus/69019/fiche.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="ma-commune-belleville-en-beaujolais.pdf"'
    )


@pytest.mark.parametrize("address", [HOME, SHEET])
def test_those_who_read_unpublished_studies_read_it_and_nobody_else(client, result, address):
    assert client.get(address).status_code == 302
    people.signed_in(client, people.holder(RoleKind.MEMBER))
    assert client.get(address).status_code == 403
    people.signed_in(client, people.holder(RoleKind.MAYOR, people.TWIN))
    assert client.get(address).status_code == 404
    people.signed_in(client, people.holder(RoleKind.ELECTED_OFFICIAL))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("below", ["", "fiche.pdf"])
def test_a_commune_of_elsewhere_does_not_exist(mayor, result, below):
    assert mayor.get(f"/elus/01004/{below}").status_code == 404


def test_what_is_prepared_around_is_on_the_page_and_on_the_sheet(mayor, result):
    territories.loaded()
    initiative("Bureau du Pressoir (fictif)", LANCIE)
    initiative("Atelier des Clos (fictif)", FLEURIE, status="ongoing")

    page, sheet = text_of(mayor.get(HOME)), pdf_text(mayor.get(SHEET))

    for said in (page, sheet):
        assert "« Bureau du Pressoir (fictif) », dans la commune : prévue" in said
        assert "« Atelier des Clos (fictif) », à Fleurie, en cours : à 6 minutes du bourg" in said


@pytest.mark.parametrize(
    ("name", "siren"),
    [
        ("Lancié", ""),
        ("Commune de Lancié (fictif)", ""),
        ("Mairie de Lancié", ""),
        ("Un nom d'ailleurs", "216901082"),
    ],
)
def test_a_mayor_is_offered_her_own_commune_first(client, result, name, siren):
    page = text_of(people.signed_in(client, mayor_of(name, siren)).get("/elus/"))

    assert "Ma commune : Lancié" in page
    assert page.index("Ma commune : Lancié") < page.index("Commune par commune")


@pytest.mark.parametrize("name", ["Commune de Valombre (fictif)", "Commune de Lanc"])
def test_a_mayor_of_elsewhere_is_offered_none(client, result, name):
    assert "Ma commune" not in text_of(people.signed_in(client, mayor_of(name)).get("/elus/"))


def test_a_name_that_begins_with_an_article_is_found(client, result):
    page = people.signed_in(client, mayor_of("Commune des Ardillats")).get("/elus/")

    assert "Ma commune : Les Ardillats" in text_of(page)


def test_a_result_of_before_says_to_compute_again(mayor, result, monkeypatch):
    def old(folder: str, name: str):
        found = dict(whole(folder, name))
        if name == "page.json":
            gone = {"figures", "title", "questions", "bounds"}
            found["communes"] = [
                {key: value for key, value in c.items() if key not in gone}
                for c in found["communes"]
            ]
        return found

    whole = reading.document
    monkeypatch.setattr(reading, "document", old)

    assert "Demandez un nouveau calcul" in text_of(mayor.get(HOME))
    assert mayor.get(SHEET).status_code == 404
    assert mayor.get("/elus/").status_code == 200


def test_sheets_are_not_made_without_end(mayor, result, monkeypatch):
    limit = Limit("commune-sheets", 1, elected.SHEETS.within)
    monkeypatch.setattr(elected, "SHEETS", limit)

    assert [mayor.get(SHEET).status_code for _ in range(2)] == [200, 429]


def test_a_page_costs_the_same_whatever_is_around(mayor, result):
    territories.loaded()

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert mayor.get(HOME).status_code == 200
        return len(seen)

    queries()
    none = queries()
    for n in range(8):
        initiative(str(n), FLEURIE if n % 2 else LANCIE)

    assert queries() == none
