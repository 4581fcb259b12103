"""The pages of initiatives, for strangers, for those who read and for those who keep them."""

import csv
import html
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import people
from factories.initiatives import AZOLETTE, FLEURIE, LANCIE, initiative
from factories.territories import INVENTED, SIREN, loaded, sample_territory, territory
from maillage.apps.people.models import RoleKind
from maillage.apps.territories import freshness
from maillage.apps.territories.models import Initiative

pytestmark = pytest.mark.django_db
HOME = f"/territoires/{SIREN}/initiatives/"
COMMUNE = f"/territoires/{SIREN}/communes/{LANCIE[0]}/"


@pytest.fixture(autouse=True)
def read_only_is_asked_once(monkeypatch):
    """Its row is read again every 2 s: a slow test would count one more query."""
    monkeypatch.setattr("maillage.kit.read_only.KNOWN_FOR_S", 3_600.0)


@pytest.fixture(autouse=True)
def no_page_was_made():
    freshness.forget()


def text_of(response) -> str:
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(bare))


def as_role(client, kind=RoleKind.PROJECT_OFFICER, scope=people.TERRITORY):
    return people.signed_in(client, people.holder(kind, scope))


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def near_pair(**fields) -> tuple[Initiative, Initiative]:
    return (
        initiative("Bureau du Pressoir (fictif)", LANCIE, **fields),
        initiative("Atelier des Clos (fictif)", FLEURIE, status="ongoing", **fields),
    )


def test_two_projects_too_near_are_said_in_the_title_with_the_range_and_what_to_do(client):
    loaded()
    near_pair()

    page = text_of(as_role(client).get(HOME))

    assert "Deux projets à 6 minutes l’un de l’autre : Fleurie et Lancié" in page
    assert "Réunissez les deux communes." in page
    assert "entre 5 et 7 minutes Modélisé depuis le bourg, faute de position." in page


def test_far_from_one_another_nothing_is_said(client):
    loaded()
    initiative("Un", LANCIE)
    initiative("Deux", AZOLETTE)

    page = text_of(as_role(client).get(HOME))

    assert "2 initiatives de communes" in page
    assert "À rapprocher" not in page


def test_two_that_are_done_are_past_deciding(client):
    loaded()
    initiative("Un", LANCIE, status="done")
    initiative("Deux", FLEURIE, status="done")

    assert "À rapprocher" not in text_of(as_role(client).get(HOME))


def test_a_project_beside_a_workplace_that_is_open_is_said(client):
    loaded()
    initiative("Sur place", LANCIE, lon=4.730871, lat=46.000311)
    initiative("Tout près", FLEURIE, lon=4.7309, lat=46.0004, status="done")

    page = text_of(as_role(client).get(HOME))

    assert "Un projet là où un lieu est déjà ouvert : Lancié, A3D L'Atelier Numérique" in page
    assert "Deux projets à moins d’une minute l’un de l’autre : Fleurie et Lancié." in page
    assert "Voyez d’abord ce que ce lieu peut accueillir." in page


def test_without_tables_the_list_stands_and_says_what_is_missing(client):
    territory()
    initiative("Seule", ("00001", "Ambre-sur-Loue"), siren=INVENTED)
    officer = as_role(client, scope=("territory", INVENTED))

    page = text_of(officer.get(f"/territoires/{INVENTED}/initiatives/"))

    assert "Les tables du territoire ne sont pas chargées" in page
    assert "Seule" in page


def test_the_map_numbers_what_the_list_numbers(client):
    loaded()
    near_pair()

    page = as_role(client).get(HOME).content.decode()

    assert "<title>1. Atelier des Clos (fictif)</title>" in page
    assert "<title>2. Bureau du Pressoir (fictif)</title>" in page


def test_what_people_write_is_never_markup(client):
    loaded()
    row = initiative("<script>x</script>", LANCIE, is_public=True)

    for address in (HOME, f"{HOME}{row.pk}/", COMMUNE):
        assert b"<script>x" not in client.get(address).content


def test_the_list_is_filtered_by_status_and_by_commune(client):
    loaded()
    near_pair(is_public=True)

    ongoing = client.get(f"{HOME}?etat=ongoing").content.decode()
    of_lancie = client.get(f"{HOME}?commune={LANCIE[0]}").content.decode()

    def lines(page: str) -> list[str]:
        return re.findall(r'<tr id="initiatives-\d+".*?<a [^>]*>([^<]*)</a>', page)

    assert lines(ongoing) == ["Atelier des Clos (fictif)"]
    assert lines(of_lancie) == ["Bureau du Pressoir (fictif)"]
    assert "Rien" not in ongoing


def test_a_stranger_reads_what_is_public_and_nothing_else(client):
    loaded()
    seen = initiative("Ouverte à tous (fictif)", LANCIE, is_public=True)
    hidden = initiative("Encore discrète (fictif)", FLEURIE)

    page = text_of(client.get(HOME))
    of_commune = text_of(client.get(f"/territoires/{SIREN}/communes/{FLEURIE[0]}/"))

    assert "Ouverte à tous" in page
    assert "discrète" not in page
    assert "À rapprocher" not in page
    assert "discrète" not in of_commune
    assert client.get(f"{HOME}{seen.pk}/").status_code == 200
    assert client.get(f"{HOME}{hidden.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "reads", "keeps"),
    [
        (RoleKind.PROJECT_OFFICER, True, True),
        (RoleKind.CONSULTANT, True, True),
        (RoleKind.CHIEF_EXECUTIVE, True, False),
        (RoleKind.MAYOR, True, False),
        (RoleKind.SITE_MANAGER, False, False),
        (RoleKind.MEMBER, False, False),
    ],
)
def test_each_role_reads_and_keeps_what_its_rights_say(client, kind, reads, keeps):
    loaded()
    row = initiative("Discrète (fictif)")
    as_role(client, kind)

    assert ("Discrète (fictif)" in text_of(client.get(HOME))) is reads
    assert client.get(f"{HOME}{row.pk}/").status_code == (200 if reads else 404)
    assert client.get(f"{HOME}nouvelle/").status_code == (200 if keeps else 403)
    wanted = 200 if keeps else 403 if reads else 404
    for act in ("corriger", "etat", "retirer"):
        assert client.get(f"{HOME}{row.pk}/{act}/").status_code == wanted


def test_of_another_territory_nothing_exists(client):
    loaded()
    territory()
    row = initiative("Ailleurs", ("00001", "Ambre"), siren=INVENTED)
    as_role(client)

    for address in (f"{HOME}{row.pk}/", f"/territoires/{INVENTED}/initiatives/{row.pk}/corriger/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{HOME}{row.pk}/retablir/").status_code == 404


def test_an_initiative_is_declared_from_its_page(client):
    sample_territory()
    as_role(client)
    typed = {
        "title": "Espace de la gare",
        "commune_code": LANCIE[0],
        "kind": "coworking",
        "status": "planned",
        "since": "2026-03-02",
        "lon": "4,7157",
        "lat": "46,17",
        "is_public": "on",
    }

    answer = client.post(f"{HOME}nouvelle/", typed, follow=True)

    row = Initiative.objects.get()
    assert (row.lon, row.lat, row.is_public) == (4.7157, 46.17, True)
    page = text_of(answer)
    assert "« Espace de la gare » est dans la liste." in page
    assert "Prévue depuis le 2 mars 2026" in page
    assert "longitude 4,7157, latitude 46,1700" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Donnez un titre."),
        ({"seats": "0"}, "Indiquez un nombre entre 1 et 500, ou laissez vide."),
        ({"lon": "abc"}, "Indiquez des degrés, par exemple 4,73."),
        ({"lon": "4,7"}, "Indiquez la longitude et la latitude"),
        ({"since": "2999-01-01"}, "Ce jour n'est pas encore venu."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(client, wrong, said):
    sample_territory()
    as_role(client)
    typed = {
        "title": "Mon texte",
        "commune_code": LANCIE[0],
        "kind": "coworking",
        "status": "planned",
        "since": "2026-03-02",
    }

    answer = client.post(f"{HOME}nouvelle/", typed | wrong)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Initiative.objects.exists()
    if "title" not in wrong:
        assert 'value="Mon texte"' in answer.content.decode()


def test_the_second_writer_s_text_is_kept_and_written_when_sent_again(client):
    sample_territory()
    row = initiative()
    as_role(client)
    Initiative.objects.filter(pk=row.pk).update(title="Autre", version=2)
    typed = {
        "title": "Mon texte",
        "commune_code": LANCIE[0],
        "kind": "mini",
        "version": "1",
    }

    told = client.post(f"{HOME}{row.pk}/corriger/", typed)
    again = client.post(f"{HOME}{row.pk}/corriger/", typed | {"version": "2"})

    assert told.status_code == 422
    assert "a modifié cette initiative" in text_of(told)
    assert 'value="Mon texte"' in told.content.decode()
    assert 'name="version" value="2"' in told.content.decode()
    assert again.status_code == 302
    row.refresh_from_db()
    assert (row.title, row.kind, row.status) == ("Mon texte", "mini", "planned")


def test_a_status_is_changed_with_its_day(client):
    sample_territory()
    row = initiative()
    as_role(client)

    same = client.post(
        f"{HOME}{row.pk}/etat/", {"status": "planned", "since": "2026-06-01", "version": "1"}
    )
    done = client.post(
        f"{HOME}{row.pk}/etat/",
        {"status": "done", "since": "2026-06-01", "version": "1"},
        follow=True,
    )

    assert "L'initiative est déjà « Prévue »." in text_of(same)
    assert "Réalisée depuis le 1er juin 2026" in text_of(done)


def test_a_mistaken_status_is_taken_back_by_a_button(client):
    sample_territory()
    row = initiative()
    as_role(client)
    asked = {"status": "done", "since": "2026-06-01", "version": "1"}

    done = client.post(f"{HOME}{row.pk}/etat/", asked, follow=True)
    back = client.post(f"{HOME}{row.pk}/etat/annuler/", {"version": "2"}, follow=True)
    late = client.post(f"{HOME}{row.pk}/etat/annuler/", {"version": "x"})

    assert "Annuler le dernier changement" in text_of(done)
    assert "de nouveau « Prévue »" in text_of(back)
    assert "Annuler le dernier changement" not in text_of(back)
    assert late.status_code == 409


def test_without_a_known_place_an_initiative_is_listed_and_said_to_be_off_the_map(client):
    loaded()
    initiative("Sans place (fictif)", ("69999", "Ailleurs"))

    page = text_of(as_role(client).get(HOME))

    assert "Sans position connue, hors de la carte : Sans place (fictif)." in page


def test_taken_off_after_a_question_it_is_put_back_by_a_button(client):
    loaded()
    row = initiative("À retirer (fictif)", is_public=True)
    as_role(client)

    asked = text_of(client.get(f"{HOME}{row.pk}/retirer/"))
    listed = text_of(client.post(f"{HOME}{row.pk}/retirer/", follow=True))
    gone = client.get(f"{HOME}{row.pk}/").status_code
    back = text_of(client.post(f"{HOME}{row.pk}/retablir/", follow=True))

    assert "Retirer « À retirer (fictif) » ?" in asked
    assert "Retirées de la liste" in listed
    assert gone == 404
    assert "« À retirer (fictif) » est de nouveau dans la liste." in back


def test_the_files_hold_what_is_public_and_run_no_formula(client):
    loaded()
    body = people.organisation("Commune fictive")
    initiative("=1+1", LANCIE, is_public=True, carrier=body, seats=4)
    initiative("Discrète", FLEURIE)
    as_role(client)

    data = client.get(f"{HOME}initiatives.csv")
    [line] = csv.DictReader(io.StringIO(data.content.decode()))
    excel = client.get(f"{HOME}initiatives-excel.csv").content.decode("utf-8-sig")

    assert data.headers["Content-Disposition"] == f'attachment; filename="{SIREN}-initiatives.csv"'
    assert (line["title"], line["status"], line["status_since"]) == (
        "'=1+1",
        "planned",
        "2026-03-02",
    )
    assert (line["carrier"], line["seats"], line["is_town"]) == ("Commune fictive", "4", "true")
    assert float(line["lon"]) == pytest.approx(4.71574)
    assert "Prévue" in excel
    assert "4,71574" in excel
    assert "Discrète" not in excel + data.content.decode()


def test_the_page_of_a_commune_shows_its_initiatives_and_what_is_near(client):
    loaded()
    bureau, _atelier = near_pair(is_public=True)

    page = text_of(client.get(COMMUNE))

    assert "Ce que la commune prépare" in page
    assert "Bureau du Pressoir (fictif) Prévue depuis le 2 mars 2026" in page
    assert "Deux projets à 6 minutes l’un de l’autre" in page

    Initiative.objects.filter(pk=bureau.pk).update(published_at=None, version=2)
    freshness.forget()
    assert "Bureau du Pressoir" not in text_of(client.get(COMMUNE))


def test_the_kept_page_of_a_commune_changes_with_its_initiatives(client):
    loaded()
    client.get(COMMUNE)
    client.get(COMMUNE)
    as_role(client)
    typed = {
        "title": "Nouvelle (fictif)",
        "commune_code": LANCIE[0],
        "kind": "mini",
        "status": "planned",
        "since": "2026-03-02",
        "is_public": "on",
    }
    client.post(f"{HOME}nouvelle/", typed)
    client.logout()

    assert "Nouvelle (fictif)" in text_of(client.get(COMMUNE))


@pytest.mark.parametrize("address", [HOME, COMMUNE])
def test_ten_initiatives_cost_the_queries_of_one(client, address):
    loaded()
    initiative("0", is_public=True)
    as_role(client)
    client.get(address)
    one = queries(client, address)
    for n in range(1, 10):
        initiative(str(n), FLEURIE if n % 2 else LANCIE, is_public=True)

    assert queries(client, address) == one


def test_the_sheet_costs_the_same_queries_in_a_long_list(client):
    loaded()
    row = initiative("0", is_public=True)
    as_role(client)
    client.get(f"{HOME}{row.pk}/")
    one = queries(client, f"{HOME}{row.pk}/")
    for n in range(1, 10):
        initiative(str(n), FLEURIE, is_public=True)

    assert queries(client, f"{HOME}{row.pk}/") == one


def test_the_catalogue_of_open_data_names_what_is_public_and_changes_with_it(client):
    loaded()
    assert "Initiatives des communes" not in text_of(client.get("/donnees/"))
    client.get("/donnees/")
    initiative(is_public=True)

    datasets = client.get("/donnees/catalogue.json").json()["dcat:dataset"]

    [found] = [d for d in datasets if d["dct:identifier"] == f"{SIREN}-initiatives"]
    [file] = found["dcat:distribution"]
    assert client.get(file["dcat:downloadURL"].partition(":8000")[2]).status_code == 200
    assert "Initiatives des communes" in text_of(client.get("/donnees/"))
