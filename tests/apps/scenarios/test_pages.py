"""Pages of scenarios: who reads, who draws, what a try answers, what a page costs the database."""

import json
from dataclasses import asdict, replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import people, scenarios, studies
from factories.scenarios import author
from maillage.apps.people.models import RoleKind
from maillage.apps.scenarios import decide, share
from maillage.apps.scenarios.models import Scenario, Share
from maillage.apps.scenarios.open_scenario import copy
from maillage.apps.scenarios.tried import network_of
from maillage.apps.scenarios.versions import latest
from maillage.apps.territories import reading
from maillage.core import scenario
from maillage.report import slower

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def another(one, title="La même"):
    version = latest(one)
    return copy(version, title, network_of(version.run), [], "", author())


def test_a_scenario_is_read_by_those_in_charge_and_drawn_by_those_who_make_the_study(
    client, one, mini
):
    address = one.get_absolute_url()
    assert client.get(address).status_code == 302
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, people.TWIN))
    assert client.get(address).status_code == 404
    people.signed_in(client, people.holder(RoleKind.MAYOR))
    page = client.get(address)
    assert page.status_code == 200
    # a mayor tries her own idea, and saves nothing
    tried = text_of(client.get(address, {"coup": f"retirer:{mini.candidate.id}"}))
    assert "Vous essayez 1 changement" in tried
    assert "Enregistrer comme copie" not in tried
    assert (
        client.post(f"{address}enregistrer/", {"coup": "retirer:x", "base": 1}).status_code == 403
    )
    people.signed_in(client, people.holder(RoleKind.CONSULTANT))
    tried = text_of(client.get(address, {"coup": f"retirer:{mini.candidate.id}"}))
    assert "Enregistrer comme copie" in tried
    assert client.get(f"{address}proposer/").status_code == 403


def test_the_page_says_the_figures_of_the_plan(officer, one, outcome):
    page = text_of(officer.get(one.get_absolute_url()))

    assert "99 %" in page
    seats = sum(site.seats for site in outcome.sites)
    assert f"{len(outcome.sites)} lieux, {seats} places" in page
    assert "Aucune perte contre l&#x27;optimum prouvé de 7 mini-coworks." in page


def test_a_corporate_space_shows_the_key_between_employers_and_the_epci(officer, one, outcome):
    corpo = next(s for s in outcome.sites if s.tier == "corpo")

    page = text_of(officer.get(one.get_absolute_url(), {"lieu": corpo.candidate.id}))

    assert "Employeurs : 50 %, soit " in page
    assert "hypotheses/costs.corpo_employers_share/" in page


def test_a_try_answers_with_the_loss_the_old_figures_and_its_undo(officer, one, mini):
    address = one.get_absolute_url()

    page = officer.get(address, {"coup": f"retirer:{mini.candidate.id}"})

    shown = text_of(page)
    assert "Vous essayez 1 changement" in shown
    assert f"{mini.candidate.name} : retiré" in shown
    assert "<del>" in shown
    assert page.context["trial"]["undo"] == address
    assert page.context["trial"]["loss"].inhabitants > 0
    assert Scenario.objects.get().version == 1


def test_a_form_of_the_page_becomes_an_address_to_share(officer, one, mini):
    address = one.get_absolute_url()
    asked = {"action": "places", "sur": mini.candidate.id, "valeur": "3", "coup": ["retirer:x"]}

    moved = officer.get(address, {**asked, "coup": []})

    wanted = f"{address}?coup=places%3A{mini.candidate.id}%3A3&lieu={mini.candidate.id}#lieu"
    assert moved.headers["Location"] == wanted
    fragment = officer.get(address, {**asked, "coup": []}, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert fragment.headers["HX-Push-Url"] == wanted.removesuffix("#lieu")
    assert b"map-fallback" not in fragment.content


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"action": "places", "sur": "{mini}", "valeur": "999"}, "entre 1 et 200"),
        ({"action": "places", "sur": "{mini}", "valeur": "trois"}, "Il manque le lieu"),
        ({"action": "deplacer", "sur": "{mini}"}, "Il manque le lieu"),
        ({"coup": "danser:ici"}, "ne se lit pas"),
    ],
)
def test_a_move_that_cannot_be_made_is_said_and_the_rest_stays(officer, one, mini, query, words):
    asked = {k: v.format(mini=mini.candidate.id) for k, v in query.items()}
    hub = next(s.candidate_id for s in network_of(latest(one).run) if s.tier == "hub")
    kept = [f"places:{hub}:12"]

    page = officer.get(
        one.get_absolute_url(),
        {**asked, "coup": [*kept, *([asked["coup"]] if "coup" in asked else [])]},
    )

    assert page.status_code == 422
    assert words in text_of(page)
    assert "Vous essayez 1 changement" in text_of(page)


def test_what_is_tried_is_saved_copied_and_refused_with_its_text(officer, one, mini):
    address, text = one.get_absolute_url(), f"places:{mini.candidate.id}:3"

    saved = officer.post(f"{address}enregistrer/", {"coup": text, "base": 1, "reason": ""})
    assert saved.headers["Location"] == address
    late = officer.post(f"{address}enregistrer/", {"coup": text, "base": 1, "reason": "mien"})
    assert late.status_code == 409
    shown = text_of(late)
    assert "a enregistré la version 2" in shown
    assert f'value="{text}"' in shown
    assert "mien" in shown
    copied = officer.post(f"{address}copier/", {"coup": text, "base": 1, "title": "La mienne"})
    assert copied.headers["Location"] == Scenario.objects.get(number=2).get_absolute_url()


def test_a_version_under_way_shows_its_progress_and_stops(officer, one, mini):
    address, text = one.get_absolute_url(), f"places:{mini.candidate.id}:3"
    officer.post(f"{address}enregistrer/", {"coup": text, "base": 1})

    assert "se calcule" in text_of(officer.get(address))
    officer.post(f"{address}arreter/")

    stopped = text_of(officer.get(address))
    assert "Ce calcul a été arrêté." in stopped
    assert "Reprendre la version 1" in stopped
    officer.post(f"{address}versions/reprendre/", {"version": 1, "base": 2})
    assert officer.get(address).context["version"].number == 3


def test_a_new_scenario_is_asked_by_its_rules(officer, one):
    home = f"/etudes/{one.study_id}-{one.study.slug}/scenarios/"
    form = {
        "title": "Deux bourgs", "first_year": "2027", "hubs_fewest": "2", "minis_max": "4",
        "keep_existing": "on",
    }  # fmt: skip

    made = officer.post(f"{home}nouveau/", form)

    scenario = Scenario.objects.get(number=2)
    assert made.headers["Location"] == scenario.get_absolute_url()
    choices = latest(scenario).run.request["choices"]
    assert (choices["hubs"], choices["minis_max"]) == ([2, 2], 4)
    assert text_of(officer.get(f"{home}2/regles/")).count('value="2"') >= 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Donnez un titre"),
        ({"first_year": "demain"}, "Indiquez une année en quatre chiffres"),
        ({"hubs_fewest": "0"}, "Indiquez un nombre entre 1 et 60"),
        ({"hubs_fewest": "4", "hubs_most": "2"}, "au plus autant"),
        ({"minis_max": "un"}, "Indiquez un nombre entier"),
        ({"required": "69999"}, "Sélectionnez un choix valide"),
    ],
)
def test_rules_that_cannot_be_followed_are_said_field_by_field(officer, one, wrong, words):
    home = f"/etudes/{one.study_id}-{one.study.slug}/scenarios/"
    form = {"title": "Deux bourgs", "first_year": "2027"} | wrong

    page = officer.post(f"{home}nouveau/", form)

    assert page.status_code == 422
    assert words in text_of(page)
    assert Scenario.objects.count() == 1


def test_assumptions_are_listed_and_changed_with_a_reason(officer, one):
    address = f"{one.get_absolute_url()}hypotheses/"
    assert "Choisir les lieux" in text_of(officer.get(address))
    one_of = f"{address}siting.coverage_minutes/"

    without = officer.post(one_of, {"value": "12", "reason": "", "base": 1})
    beyond = officer.post(one_of, {"value": "200", "reason": "loin", "base": 1})
    done = officer.post(one_of, {"value": "12", "reason": "vu en atelier", "base": 1})

    assert (without.status_code, beyond.status_code, done.status_code) == (422, 422, 302)
    assert "vu en atelier" in text_of(officer.get(address))
    assert officer.get(f"{address}nothing.there/").status_code == 404


def test_proposing_and_retaining_are_said_first(officer, one):
    address = one.get_absolute_url()
    assert "Proposer aux élus" in text_of(officer.get(f"{address}proposer/"))
    officer.post(f"{address}proposer/")
    officer.post(f"{address}retenir/")

    one.refresh_from_db()
    assert one.state == "retained"
    page = text_of(officer.get(address))
    assert "Changer les règles" not in page
    assert "Revenir sur la décision" in page


def test_amendments_are_traced_with_who_and_why(officer, one, mini):
    decide.propose(one, author())
    address, text = one.get_absolute_url(), f"places:{mini.candidate.id}:3"

    refused = officer.post(f"{address}enregistrer/", {"coup": text, "base": 1, "reason": ""})
    officer.post(f"{address}enregistrer/", {"coup": text, "base": 1, "reason": "Avis du 3 mars"})

    assert "dites pourquoi vous l&#x27;amendez" in text_of(refused)
    page = text_of(officer.get(f"{address}versions/"))
    assert "Amendement" in page
    assert "Avis du 3 mars" in page
    assert "Claire Fictive" in page
    assert f"{mini.candidate.name} : 3 places" in page


def test_two_scenarios_are_compared_and_one_is_not_enough(officer, one):
    home = f"/etudes/{one.study_id}-{one.study.slug}/scenarios/comparer/"
    another(one)

    both = officer.get(home, {"s": ["1", "2"]})
    alone = officer.get(home, {"s": "1"})

    assert [c["letter"] for c in both.context["columns"]] == ["A", "B"]
    assert "columns" not in alone.context
    assert officer.get(home, {"s": "2,1"}).context["columns"][0]["letter"] == "B"
    assert officer.get(f"{home}note.pdf", {"s": "1"}).status_code == 404
    note = officer.get(f"{home}note.pdf", {"s": "1,2"})
    assert note.content.startswith(b"%PDF")


def test_a_shared_link_is_read_without_account_and_closed(officer, one):
    address = f"{one.get_absolute_url()}partager/"
    made = officer.post(address, {"label": "Lancié", "days": "7"})
    link = made.context["link"].removeprefix("http://testserver")
    stranger = Client()

    page = stranger.get(link)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Ajouter un lieu" not in text_of(page)
    site = network_of(latest(one).run)[0].candidate_id
    assert "Le déplacer" not in text_of(stranger.get(link, {"lieu": site}))
    assert stranger.get(f"{link}fichiers/plan.json").status_code == 200
    officer.post(f"{address}{Share.objects.get().pk}/revoquer/")
    assert stranger.get(link).status_code == 404
    assert stranger.get(f"{link}fichiers/plan.json").status_code == 404


def test_the_layers_of_a_try_are_as_many_as_the_cells(officer, one, mini, outcome):
    page = officer.get(one.get_absolute_url(), {"coup": f"retirer:{mini.candidate.id}"})

    layers = json.loads(page.context["on_map"])["layers"]
    assert len(layers["minutes"]) == len(outcome.territory.cells)
    assert len(layers["markers"]["features"]) == len(outcome.sites) - 1
    unchanged = officer.get(one.get_absolute_url())
    assert json.loads(unchanged.context["on_map"])["layers"] is None


def test_a_run_of_the_study_becomes_a_scenario(officer, outcome):
    study = studies.study()
    studies.computed(study, outcome)
    home = f"/etudes/{study.pk}-{study.slug}/scenarios/"

    made = officer.post(f"{home}depuis-un-calcul/", {"calcul": "1"})

    assert made.headers["Location"] == Scenario.objects.get().get_absolute_url()
    officer.post(f"{home}depuis-un-calcul/", {"calcul": "9"})
    assert Scenario.objects.count() == 1


def test_a_removed_scenario_is_taken_back_from_the_list(officer, one):
    home = f"/etudes/{one.study_id}-{one.study.slug}/scenarios/"
    officer.post(f"{one.get_absolute_url()}retirer/")
    assert "Reprendre A" in text_of(officer.get(home))
    officer.post(f"{one.get_absolute_url()}reprendre/")
    assert officer.get(home).context["removed"] == []


def test_the_list_costs_the_same_for_one_scenario_and_for_three(officer, one):
    home = f"/etudes/{one.study_id}-{one.study.slug}/scenarios/"

    def queries():
        with CaptureQueriesContext(connection) as asked:
            officer.get(home)
        return len(asked)

    officer.get(home)
    alone = queries()
    another(one)
    another(one, "Encore")
    assert queries() == alone


def test_a_stale_version_says_so(officer, one):
    run = latest(one).run
    assert officer.get(one.get_absolute_url()).context["is_stale"] is False
    run.fingerprint = "0" * 64
    run.save()

    assert officer.get(one.get_absolute_url()).context["is_stale"] is True


def test_a_share_of_another_territory_does_not_exist(officer, outcome):
    twin = scenarios.scenario(studies.study("Autre", people.TWIN_SIREN, slug="autre"), outcome)
    shared, _secret = share.share(twin, "Autre", lasts_days=7, author=author())
    stranger = officer.post(f"{twin.get_absolute_url()}partager/{shared.pk}/revoquer/")

    assert stranger.status_code == 404
    assert Share.objects.get().revoked_at is None


def test_the_network_for_slower_trips_is_shown_and_tried_when_asked_for(
    officer, one, outcome, monkeypatch
):
    asked = replace(outcome, request=replace(outcome.request, slower_trips=True))
    ground = scenario.lay(outcome.territory, outcome.request, outcome.assumptions)
    prudent = replace(asked, robust=scenario.robust(ground, outcome.siting))
    run = latest(one).run
    words = reading.document(run.folder, "page.json")
    told = {**words, "slower": asdict(slower.of_outcome(prudent))}
    document = reading.document
    monkeypatch.setattr(
        reading,
        "document",
        lambda folder, name: told if name == "page.json" else document(folder, name),
    )

    page = officer.get(one.get_absolute_url())
    tried = officer.get(page.context["slower"]["href"])

    assert "Un réseau plus prudent garderait" in text_of(page)
    assert "Essayer ce réseau" in text_of(page)
    wanted = {(s.candidate_id, s.seats) for s in prudent.robust.network}
    assert {(s.candidate_id, s.seats) for s in tried.context["tried"].now.network} == wanted
    assert "Essayer ce réseau" not in text_of(tried)


def test_a_scenario_that_did_not_ask_for_slower_trips_says_nothing_of_them(officer, one):
    page = officer.get(one.get_absolute_url())

    assert page.context["slower"] == {}
    assert "Tenir compte de trajets plus lents" in text_of(
        officer.get(f"{one.get_absolute_url()}regles/")
    )
