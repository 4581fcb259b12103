"""Pages of programmes: who reads, who keeps, what each says, what it costs the database."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import people, programmes, studies
from maillage.apps.people.models import Organisation, RoleKind
from maillage.apps.programme import accept_deliverable, follow_phase
from maillage.apps.programme.models import Commission, Deliverable, Phase, Programme
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    return people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, name="Claire Fictive"))


@pytest.fixture
def late(db) -> Programme:
    """Begun on its day, its first phase 12 days past its end."""
    today = now().date()
    made = programmes.programme(starts_on=today - timedelta(days=60))
    first = made.phases.get(rank=1)
    Phase.objects.filter(pk=first.pk).update(
        began_on=first.starts_on, ends_on=today - timedelta(days=12)
    )
    return made


def at(of, name: str, *parts) -> str:
    study = getattr(of, "study", of)
    return reverse(name, args=(study.pk, study.slug, *parts))


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def day(on: date) -> str:
    return on.isoformat()


# --- the home page -------------------------------------------------------------------------


def test_without_programme_the_officer_is_offered_the_processes(officer):
    page = text(officer.get(at(studies.study(), "study")))

    assert "Aucun calendrier pour cette étude" in page
    for words in ("Étude en quatre phases", "Stratégie en sept étapes", "Proposer des dates"):
        assert words in page


def test_without_programme_the_others_are_told_who_opens_it(client):
    people.signed_in(client, people.holder(RoleKind.MAYOR))

    page = text(client.get(at(studies.study(), "study")))

    assert "La personne chargée de mission l’ouvrira" in page
    assert "Proposer des dates" not in page


def test_the_home_page_says_the_slippage_in_days_and_the_next_thing(officer, late):
    page = officer.get(at(late, "study"))

    assert page.context["finding"] == "0 phase terminée sur 4"
    assert page.context["steps"][0].late == "12 jours de retard"
    assert page.context["steps"][0].state == "now"
    assert page.context["next"].sentence.startswith("Obtenir « Note de cadrage »")
    assert page.context["primary"].text == "Noter sa remise"
    assert "12 jours de retard" in text(page)


def test_the_table_says_what_the_bars_say(officer, late):
    table = officer.get(at(late, "study")).context["calendar"]

    first, second = table.rows[0].cells, table.rows[1].cells
    assert [column.key for column in table.columns] == [
        "phase",
        "planned",
        "real",
        "gap",
        "accepted",
    ]
    assert (first["gap"], first["accepted"].text) == ("12 jours de retard", "0 sur 2")
    assert second["real"] == "à venir"


def test_seven_steps_five_done_say_five_of_seven_and_the_adjustments_next(officer):
    made = programmes.programme(key="ccsb-7", starts_on=date(2022, 3, 1))
    today = now().date()
    for phase in made.phases.filter(rank__lte=5):
        Phase.objects.filter(pk=phase.pk).update(
            began_on=phase.starts_on, finished_on=phase.ends_on
        )
        phase.deliverables.update(delivered_on=phase.ends_on, accepted_on=today)

    page = officer.get(at(made, "study"))

    assert page.context["finding"] == "5 étapes terminées sur 7"
    assert page.context["next"].sentence.startswith(
        "Commencer « Ajustements avec la direction et les techniciennes »"
    )


def test_once_all_is_done_the_programme_says_by_how_much(officer):
    made = programmes.programme(starts_on=date(2026, 1, 1))
    for phase in made.phases.order_by("rank"):
        Phase.objects.filter(pk=phase.pk).update(
            began_on=phase.starts_on, finished_on=phase.ends_on + timedelta(days=3)
        )
    Deliverable.objects.update(delivered_on=date(2026, 1, 9), accepted_on=date(2026, 1, 9))

    page = officer.get(at(made, "study"))

    assert page.context["ending"] == "Terminé le 3 mai 2026, 3 jours de retard."
    assert page.context["next"] is None


def test_the_home_page_costs_the_same_whatever_the_programme_holds(officer):
    def queries(of) -> int:
        officer.get(at(of, "study"))
        with CaptureQueriesContext(connection) as seen:
            assert officer.get(at(of, "study")).status_code == 200
        return len([q for q in seen.captured_queries if "kit_switch" not in q["sql"]])

    few = programmes.programme(studies.study("Peu", slug="peu"), "drome")
    programmes.signed(few)
    many = programmes.programme(studies.study("Tout", slug="tout"), "ccsb-7")
    for n in range(3):
        programmes.signed(many, f"Cabinet {n}")

    assert queries(few) == queries(many)


# --- who -----------------------------------------------------------------------------------

READ = ("study", "programme_ics", "programme_subscription", "phase", "deliverable", "commission")
KEPT = (
    *("programme_new", "programme_dates", "programme_move", "programme_give_up"),
    *("phase_begin", "phase_finish", "deliverable_new", "commission_new"),
    *("deliverable_edit", "deliverable_deliver", "deliverable_accept", "deliverable_remove"),
    *("commission_edit", "commission_end"),
)
POSTED = ("phase_take_back", "deliverable_take_back", "deliverable_put_back", "commission_resume")


@pytest.fixture
def addresses(db):
    """The address of each page, of one programme."""
    made = programmes.programme()
    signed, due = programmes.signed(made), programmes.deliverable(made)

    def of(name: str) -> str:
        if name.startswith("phase") or name == "deliverable_new":
            return at(made, name, 1)
        if name.startswith("deliverable"):
            return at(made, name, due.pk)
        if name.startswith("commission") and name != "commission_new":
            return at(made, name, signed.pk)
        return at(made, name)

    return of


@pytest.mark.parametrize("name", READ)
def test_who_reads_the_study_reads_its_programme(client, addresses, name):
    assert client.get(addresses(name)).status_code == 302
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, people.TWIN))
    assert client.get(addresses(name)).status_code == 404
    people.signed_in(client, people.holder(RoleKind.MAYOR))
    assert client.get(addresses(name)).status_code == 200


@pytest.mark.parametrize("name", KEPT + POSTED)
def test_those_who_lead_the_study_alone_keep_it(client, addresses, name):
    for twin in (RoleKind.PROJECT_OFFICER, RoleKind.CHIEF_EXECUTIVE):
        people.signed_in(client, people.holder(twin, people.TWIN))
        assert client.post(addresses(name)).status_code == 404
    for reader in (RoleKind.MAYOR, RoleKind.CONSULTANT):
        people.signed_in(client, people.holder(reader))
        assert client.post(addresses(name)).status_code == 403
    people.signed_in(client, people.holder(RoleKind.CHIEF_EXECUTIVE))
    assert client.get(addresses(name)).status_code == (405 if name in POSTED else 200)


@pytest.mark.parametrize(
    "path", ["programme/9/", "programme/livrables/999999/", "programme/missions/999999/"]
)
def test_what_the_programme_does_not_hold_is_absent(officer, programme, path):
    home = at(programme, "study")

    assert officer.get(home + path).status_code == 404
    assert officer.get(at(studies.study("Sans", slug="sans"), "programme_dates")).status_code == 404


def test_a_part_of_another_study_is_absent_under_this_one(officer, programme):
    other = programmes.programme(studies.study("Autre", slug="autre"))
    due, signed = programmes.deliverable(other), programmes.signed(other)

    assert officer.get(at(programme, "deliverable", due.pk)).status_code == 404
    assert officer.get(at(programme, "commission", signed.pk)).status_code == 404


# --- dates ---------------------------------------------------------------------------------


def posted_plan(form) -> dict[str, str]:
    return {bound.html_name: str(bound.value() or "") for bound in form}


def test_dates_are_proposed_corrected_then_opened(officer):
    study = studies.study()
    asked = f"{at(study, 'programme_new')}?modele=amo-4&debut=2027-01-04"
    form = officer.get(asked).context["form"]
    typed = posted_plan(form) | {"ends_1": "2027-02-10", "title_2": "La demande"}

    answer = officer.post(asked, typed, follow=True)

    first, second = Phase.objects.order_by("rank")[:2]
    assert (first.ends_on, second.title) == (date(2027, 2, 10), "La demande")
    assert "Le programme est ouvert." in text(answer)


@pytest.mark.parametrize(
    "query", ["", "?modele=", "?modele=autre&debut=2027-01-04", "?modele=pilat"]
)
def test_without_a_process_and_a_day_nothing_is_proposed(officer, query):
    study = studies.study()
    answer = officer.get(at(study, "programme_new") + query)

    assert "Proposer des dates" in text(answer)
    assert answer.status_code == (422 if query else 200)
    assert officer.post(at(study, "programme_new") + query, {}).status_code == answer.status_code
    assert not Programme.objects.exists()


def test_a_phase_upside_down_is_told_beside_its_field(officer, programme):
    address = at(programme, "programme_dates")
    typed = posted_plan(officer.get(address).context["form"]) | {"ends_2": "2026-01-01"}

    answer = officer.post(address, typed)

    assert answer.status_code == 422
    assert "1 champ à corriger" in text(answer)
    assert "Ce jour est avant le premier" in text(answer)


def test_the_second_editor_of_the_dates_is_told_and_keeps_her_text(officer, programme):
    address = at(programme, "programme_dates")
    typed = posted_plan(officer.get(address).context["form"]) | {"title_1": "De Claire"}
    paul = people.holder(name="Paul Fictif")
    follow_phase.begin(programme.phases.get(rank=1), date(2026, 1, 4), by=paul.pk, at=now())

    told = officer.post(address, typed)
    again = officer.post(address, posted_plan(told.context["form"]))

    assert told.status_code == 422
    assert "Paul Fictif a modifié ces informations" in text(told)
    assert 'value="De Claire"' in told.content.decode()
    assert again.status_code == 302
    assert programme.phases.get(rank=1).title == "De Claire"


def test_the_start_is_moved_and_the_shift_is_told(officer, programme):
    answer = officer.post(
        at(programme, "programme_move"), {"starts_on": "2027-01-11", "version": "1"}, follow=True
    )
    same = officer.post(
        at(programme, "programme_move"), {"starts_on": "2027-01-11", "version": "2"}
    )

    assert "Le programme est décalé de 7 jours." in text(answer)
    assert (same.status_code, "commence déjà ce jour-là" in text(same)) == (422, True)
    assert "avancé de 7 jours" in text(
        officer.post(
            at(programme, "programme_move"),
            {"starts_on": "2027-01-04", "version": "2"},
            follow=True,
        )
    )


@pytest.mark.parametrize("typed", ["", "demain", "1999-12-31", "2101-01-01", "0001-01-01"])
def test_a_day_out_of_reason_is_refused_by_the_form(officer, programme, typed):
    for name, field in (("programme_move", "starts_on"), ("programme_dates", "starts_1")):
        address = at(programme, name)
        form = posted_plan(officer.get(address).context["form"]) | {field: typed}

        assert officer.post(address, form).status_code == 422


def test_giving_up_is_asked_then_done_and_another_process_offered(officer, programme):
    address = at(programme, "programme_give_up")
    assert "Abandonner ce programme" in text(officer.get(address))

    page = officer.post(address, follow=True)

    assert "Aucun calendrier pour cette étude" in text(page)


# --- phases and deliverables ---------------------------------------------------------------


def test_a_phase_begins_and_ends_from_its_pages_and_the_end_is_undone(officer, late):
    today = now().date()
    officer.post(at(late, "phase_finish", 1), {"on": day(today)})
    page = officer.get(at(late, "phase", 1))
    assert (page.context["state"], page.context["late"]) == ("done", "12 jours de retard")

    undone = officer.post(at(late, "phase_take_back", 1), follow=True)

    assert "Sa fin est annulée." in text(undone)
    assert undone.context["state"] == "now"


def test_a_refusal_is_told_in_the_form_and_keeps_what_was_typed(officer, late):
    tomorrow = day(now().date() + timedelta(days=1))

    answer = officer.post(at(late, "phase_begin", 2), {"on": tomorrow})

    assert answer.status_code == 422
    assert "pas encore venu" in text(answer)
    assert tomorrow in text(answer)


def test_a_deliverable_goes_from_expected_to_accepted_and_back(officer, late):
    due = programmes.deliverable(late)
    today = day(now().date())
    for name in ("deliverable_deliver", "deliverable_accept"):
        assert officer.post(at(late, name, due.pk), {"on": today}).status_code == 302
    page = officer.get(at(late, "deliverable", due.pk))
    assert page.context["state"].startswith("accepté le")
    assert "Claire Fictive" in text(page)

    undone = officer.post(at(late, "deliverable_take_back", due.pk), follow=True)

    assert "L’acceptation est annulée." in text(undone)
    due.refresh_from_db()
    assert (due.accepted_on, due.delivered_on) == (None, now().date())


def test_a_deliverable_is_added_corrected_removed_and_put_back(officer, late):
    officer.post(at(late, "deliverable_new", 1), {"title": "Glossaire", "due_on": "2027-03-01"})
    made = Deliverable.objects.get(title="Glossaire")
    officer.post(
        at(late, "deliverable_edit", made.pk),
        {"title": "Lexique", "due_on": "2027-03-02", "version": "1"},
    )
    assert "Retirer « Lexique »" in text(officer.get(at(late, "deliverable_remove", made.pk)))

    removed = officer.post(at(late, "deliverable_remove", made.pk), follow=True)
    assert "Lexique" not in [part.link.text for part in removed.context["parts"]]
    assert [one["title"] for one in removed.context["removed"]] == ["Lexique"]
    back = officer.post(at(late, "deliverable_put_back", made.pk), follow=True)

    assert "Lexique" in [part.link.text for part in back.context["parts"]]


def test_the_second_editor_of_a_deliverable_is_told_and_keeps_her_text(officer, late):
    due = programmes.deliverable(late)
    paul = people.holder(name="Paul Fictif")
    accept_deliverable.deliver(due, now().date(), by=paul.pk, at=now())

    told = officer.post(
        at(late, "deliverable_edit", due.pk),
        {"title": "De Claire", "due_on": "2027-03-02", "version": "1"},
    )

    assert "Paul Fictif a modifié" in text(told)
    assert 'value="De Claire"' in told.content.decode()
    assert 'name="version" value="2"' in told.content.decode()


def test_a_refused_act_without_form_says_what_to_do(officer, late):
    answer = officer.post(at(late, "phase_take_back", 4))

    assert answer.status_code == 409
    assert "rien à annuler" in text(answer)


# --- contractors ---------------------------------------------------------------------------

MISSION = {
    "scope_text": "Mener l’enquête",
    "agreed_on": "2026-12-20",
    "amount": "24 500,50 €",
    "vat": "5,5",
    "phases": ["1", "2"],
}


def test_a_contractor_of_the_register_is_commissioned(officer, programme):
    body = programmes.contractor()
    mission = {**MISSION, "contractor": body.pk}

    assert officer.post(at(programme, "commission_new"), mission).status_code == 302

    made = Commission.objects.get()
    assert (made.amount_cents, made.vat_bp, made.with_tax_cents) == (2_450_050, 550, 2_584_803)
    page = text(officer.get(at(programme, "commission", made.pk)))
    assert "25 848,03 €" in page.replace("\u202f", " ")
    assert "Service fait" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "beaucoup"},
        {"amount": "-5"},
        {"amount": "1,234"},
        {"amount": "12345678901"},
        {"vat": "101"},
        {"vat": ""},
        {"phases": []},
        {"phases": ["9"]},
        {"contractor": ""},
        {"scope_text": " "},
    ],
)
def test_wrong_terms_are_told_and_nothing_is_kept(officer, programme, wrong):
    body = programmes.contractor()

    answer = officer.post(
        at(programme, "commission_new"), {**MISSION, "contractor": body.pk, **wrong}
    )

    assert answer.status_code == 422
    assert "1 champ à corriger" in text(answer)
    assert not Commission.objects.exists()


def test_a_contractor_of_another_register_is_not_offered(officer, programme):
    programmes.contractor()
    other = programmes.contractor("Cabinet Jumeau", people.TWIN_SIREN)

    answer = officer.post(at(programme, "commission_new"), {**MISSION, "contractor": other.pk})

    assert answer.status_code == 422
    assert "Cabinet Jumeau" not in text(answer)


def test_without_any_organisation_the_register_is_offered(officer, programme):
    Organisation.objects.update(territory_siren="")

    assert "Ajouter une organisation" in text(officer.get(at(programme, "commission_new")))


def test_a_mission_is_amended_ended_and_resumed_from_its_pages(officer, programme):
    signed = programmes.signed(programme)
    address = at(programme, "commission_edit", signed.pk)
    shown = officer.get(address).context["form"]
    assert (shown["amount"].value(), shown["vat"].value()) == ("24500,50", "20")
    terms = {**MISSION, "contractor": signed.contractor_id, "version": "1"}

    officer.post(address, terms)
    told = officer.post(address, terms)
    officer.post(at(programme, "commission_end", signed.pk), {"on": "2027-03-01", "note": "Fini"})
    ended = text(officer.get(at(programme, "commission", signed.pk)))
    resumed = officer.post(at(programme, "commission_resume", signed.pk), follow=True)

    assert "Claire Fictive a modifié" in text(told)
    assert "1er mars 2027, Fini" in ended
    assert "La mission est reprise." in text(resumed)


# --- the calendar --------------------------------------------------------------------------


def test_the_private_address_is_shown_once_and_revoked_when_asked(officer, programme):
    address = at(programme, "programme_subscription")
    made = officer.post(address)
    href = made.context["address"]
    path = href[href.index("/calendriers/") :]
    assert officer.get(path).status_code == 200
    assert href not in text(officer.get(address))
    assert "Remplacer mon adresse" in text(officer.get(address))

    assert "Supprimer votre adresse" in text(officer.get(at(programme, "programme_unsubscribe")))
    officer.post(at(programme, "programme_unsubscribe"))

    assert officer.get(path).status_code == 404
    assert officer.post(at(programme, "programme_unsubscribe")).status_code == 409
