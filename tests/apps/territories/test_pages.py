"""The pages of a territory, for strangers and for those in charge."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import people
from factories.territories import AT, INVENTED, SIREN, loaded, sample_territory, territory
from maillage.apps.people.models import RoleKind
from maillage.apps.territories import freshness
from maillage.apps.territories.models import Loading, LoadingState

pytestmark = pytest.mark.django_db
HOME = f"/territoires/{SIREN}/"


@pytest.fixture(autouse=True)
def read_only_is_asked_once(monkeypatch):
    """Its row is read again every 2 s: a slow test would count one more query."""
    monkeypatch.setattr("maillage.kit.read_only.KNOWN_FOR_S", 3_600.0)


@pytest.fixture(autouse=True)
def no_page_was_made():
    freshness.forget()


def text_of(response) -> str:
    """What is read on a page, spaces made plain."""
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", bare)


def queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_choosing_shows_the_portraits_that_are_ready(client):
    loaded()
    territory()

    page = text_of(client.get("/territoires/"))

    assert "1 portrait est prêt" in page
    assert "CC Saône-Beaujolais" in page
    assert "CC des Prés fictifs" not in page


def test_the_only_answer_opens_at_once(client):
    territory()

    response = client.get("/territoires/?q=pres")

    assert response.headers["Location"] == f"/territoires/{INVENTED}/"


def test_while_typing_the_list_stays(client):
    territory()

    response = client.get("/territoires/?q=pres", headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert "1 intercommunalité trouvée" in text_of(response)


def test_several_answers_are_listed_with_the_commune_that_was_written(client):
    territory(INVENTED, "CC des Prés fictifs", "Ambre", "Bourg")
    territory("200000003", "CC des Bois fictifs", "Ambre", "Chêne")

    page = text_of(client.get("/territoires/?q=ambre"))

    assert "2 intercommunalités trouvées" in page
    assert page.count("dont Ambre") == 2


def test_no_answer_says_what_to_do(client):
    page = text_of(client.get("/territoires/?q=xqzwk"))

    assert "Rien ne correspond à « xqzwk »" in page
    assert "son numéro SIREN de 9 chiffres" in page


def test_what_is_written_is_never_markup(client):
    assert b"<script>x" not in client.get("/territoires/?q=<script>x</script>").content


def test_the_61st_search_of_a_minute_is_refused(client, monkeypatch):
    monkeypatch.setattr("maillage.apps.territories.searching.now", lambda: AT)
    codes = [client.get("/territoires/?q=xqzwk").status_code for _ in range(61)]

    assert codes == [200] * 60 + [429]


def test_the_list_costs_the_same_queries_for_one_answer_and_for_three(client):
    territory("200000011", "CC Un des Prés", "A")
    territory("200000012", "CC Deux des Prés", "B")
    few = queries(client, "/territoires/?q=pres")
    for n in range(3, 6):
        territory(f"20000001{n}", f"CC {n} des Prés", "C")

    assert queries(client, "/territoires/?q=pres") == few


def test_the_portrait_says_its_finding_with_source_vintage_and_origin(client):
    loaded()

    response = client.get(HOME)
    page = text_of(response)

    assert response.status_code == 200
    assert "77 emplois pour 100 actifs occupés" in page.replace("\u00a0", " ")
    assert "Insee, DGCL, IGN, COG 2026, population 2023" in page
    assert page.count("Modélisé") >= 4
    assert "Ce que nous ne savons pas encore" in page
    assert "Qui viendrait, et à quel prix ?" in page


def test_the_portrait_costs_two_queries_to_a_stranger(client, django_assert_num_queries):
    loaded()
    client.get(HOME)

    with django_assert_num_queries(2):
        client.get(HOME)


def test_a_portrait_that_did_not_change_is_not_sent_again(client):
    portrait = loaded()
    client.get(HOME)
    first = client.get(HOME)

    again = client.get(HOME, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    portrait.loaded_at += timedelta(days=1)
    portrait.save()
    assert client.get(HOME, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_choice_of_colours_gives_another_version(client):
    loaded()
    client.get(HOME)
    first = client.get(HOME).headers["ETag"]
    client.cookies["maillage-theme"] = "dark"

    assert client.get(HOME).headers["ETag"] != first


def test_the_page_of_someone_signed_in_is_never_kept(client):
    loaded()
    response = people.signed_in(client, people.holder()).get(HOME)

    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store, private"


def test_a_territory_that_nobody_listed_does_not_exist(client):
    assert client.get("/territoires/999999999/").status_code == 404


def test_without_tables_the_page_shows_what_is_known_and_who_could_load(client):
    territory()

    page = text_of(client.get(f"/territoires/{INVENTED}/"))

    assert "2 communes, 300 habitants" in page
    assert "Bourg-Fictif" in page
    assert "La personne chargée de mission" in page
    assert "Charger les tables" not in page


@pytest.mark.parametrize(
    "below", ["tableaux/", "tableaux/communes/", "lieux-existants/", "communes/69135/"]
)
def test_without_tables_there_is_nothing_below(client, below):
    sample_territory()

    assert client.get(HOME + below).status_code == 404


@pytest.mark.parametrize(
    "below",
    [
        "tableaux/",
        "tableaux/communes/",
        "tableaux/access/",
        "tableaux/destinations/",
        "tableaux/distances/",
        "tableaux/places/",
        "tableaux/equipment/",
        "lieux-existants/",
        "fichiers-officiels/",
        "communes/69135/",
    ],
)
def test_every_page_below_a_portrait_opens_to_strangers(client, below):
    loaded()

    assert client.get(HOME + below).status_code == 200


@pytest.mark.parametrize("below", ["tableaux/nothing/", "communes/75056/", "communes/abc/"])
def test_what_a_portrait_does_not_hold_does_not_exist(client, below):
    loaded()

    assert client.get(HOME + below).status_code == 404


def first_cells(response) -> list[str]:
    found = re.findall(r'<th scope="row">(.*?)</th>', response.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in found]


def test_a_table_is_sorted_by_what_the_address_says(client):
    loaded()
    response = client.get(f"{HOME}tableaux/communes/?tri=-population")

    assert first_cells(response)[0] == "69019"
    assert 'aria-sort="descending"' in response.content.decode()


def test_a_table_is_filtered_and_its_total_goes_with_its_lines(client):
    loaded()
    response = client.get(f"{HOME}tableaux/communes/?q=deux")

    assert first_cells(response) == ["69135"]
    assert b"<tfoot>" not in response.content


def test_destinations_are_filtered_by_side(client):
    loaded()
    inside = client.get(f"{HOME}tableaux/destinations/?dedans=oui")
    outside = client.get(f"{HOME}tableaux/destinations/?dedans=non")

    assert "69264" not in first_cells(inside)
    assert "69264" in first_cells(outside)


def test_a_commune_has_its_indicators_neighbours_and_what_is_not_known(client):
    loaded()

    page = text_of(client.get(f"{HOME}communes/69135/"))

    assert "Deux-Grosnes : 755 emplois pour 793 actifs occupés" in page
    assert "30,8 (de 23,7 à 36,4)" in page
    assert "Insee (RP 2018)" in page
    assert "Propières" in page
    assert "un modèle ne dit rien d’une seule commune" in page


def test_the_files_that_are_missing_say_what_their_absence_changes(client):
    loaded()

    page = text_of(client.get(f"{HOME}fichiers-officiels/"))

    assert "les trajets domicile-travail sont modélisés" in page


# --- loading ---


def in_charge(client, kind: str = RoleKind.PROJECT_OFFICER, scope=people.TERRITORY):
    return people.signed_in(client, people.holder(kind, scope))


def test_those_in_charge_load_the_tables_and_follow_them(client):
    sample_territory()
    in_charge(client)
    assert "Charger les tables" in text_of(client.get(HOME))

    response = client.post(f"{HOME}charger/")

    assert response.headers["Location"] == f"{HOME}chargement/"
    assert "Lecture des tables officielles" in text_of(client.get(f"{HOME}chargement/"))


def test_once_over_the_progress_leads_back_to_the_portrait(client):
    row = sample_territory()
    in_charge(client)
    Loading.objects.create(territory=row, state=LoadingState.DONE, asked_at=AT)

    plain = client.get(f"{HOME}chargement/")
    polled = client.get(f"{HOME}chargement/", headers={"HX-Request": "true"})

    assert plain.headers["Location"] == HOME
    assert polled.headers["HX-Redirect"] == HOME


def test_a_refused_loading_is_explained_where_it_was_asked(client):
    row = sample_territory()
    in_charge(client)
    Loading.objects.create(
        territory=row, state=LoadingState.REFUSED, refusal="Il manque une table.", asked_at=AT
    )

    assert "Il manque une table." in text_of(client.get(HOME))


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        (RoleKind.PROJECT_OFFICER, "Commencer l’étude"),
        (RoleKind.ELECTED_OFFICIAL, "Lire les études publiées"),
    ],
)
def test_the_next_step_is_the_one_that_the_reader_may_take(client, kind, act):
    loaded()
    in_charge(client, kind)

    page = text_of(client.get(HOME))

    assert ("Commencer l’étude" in page, "Lire les études publiées" in page) == (
        act == "Commencer l’étude",
        act != "Commencer l’étude",
    )


def test_asking_twice_is_refused_in_words(client):
    sample_territory()
    in_charge(client)
    client.post(f"{HOME}charger/")

    response = client.post(f"{HOME}charger/")

    assert response.status_code == 409
    assert "déjà en cours" in text_of(response)


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        (RoleKind.ELECTED_OFFICIAL, people.TERRITORY),
        (RoleKind.CONSULTANT, people.TERRITORY),
        (RoleKind.PROJECT_OFFICER, people.TWIN),
    ],
)
def test_others_neither_see_the_button_nor_load(client, kind, scope):
    sample_territory()
    in_charge(client, kind, scope)

    assert "Charger les tables" not in text_of(client.get(HOME))
    assert client.post(f"{HOME}charger/").status_code == 403
    assert not Loading.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client):
    sample_territory()

    assert client.post(f"{HOME}charger/").headers["Location"].startswith("/connexion/")
    assert client.get(f"{HOME}charger/").status_code == 405
