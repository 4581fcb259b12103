"""The demonstration: laid once, invented people only, links that open once."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from maillage.apps.journal.models import Entry
from maillage.apps.people.models import Organisation, Person, Role, RoleKind
from maillage.apps.programme.models import Commission, Phase, Programme
from maillage.apps.scenarios.models import Scenario, Version
from maillage.apps.scenarios.tried import network_of
from maillage.apps.scenarios.versions import latest
from maillage.apps.studies import compute
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.territories.models import Portrait, Territory
from maillage.core import programme as core
from maillage.core import sample
from maillage.kit.clock import now
from maillage.operate import demonstration
from maillage.operate.personas import PERSONAS
from maillage.operate.refused import Refused
from maillage.report import bundle

AT = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def a_demonstration_with_a_store(tmp_path_factory):
    store = {
        "BACKEND": "maillage.kit.files.WholeFiles",
        "OPTIONS": {"location": str(tmp_path_factory.mktemp("store"))},
    }
    with override_settings(DEMONSTRATION=True, STORAGES=settings.STORAGES | {"default": store}):
        yield


@pytest.fixture(scope="module", autouse=True)
def each_result_is_drawn_once():
    """Drawing and typesetting take longer than all the rest, and give the same files."""
    written = {}

    def once(make):
        def made(outcome, **at):
            key = (make.__name__, outcome.request)
            if key not in written:
                written[key] = make(outcome, **at)
            return written[key]

        return made

    with pytest.MonkeyPatch.context() as patch:
        for make in (bundle.of_outcome, bundle.for_pages):
            patch.setattr(bundle, make.__name__, once(make))
        yield


@pytest.fixture(scope="module", autouse=True)
def seeded(a_demonstration_with_a_store, django_db_setup, django_db_blocker, outcome):
    """Laid once: each test leaves it as it was, and nothing stays after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration.seed("key", lambda: outcome, at=AT)
        yield
        transaction.set_rollback(True)


def rows() -> dict[str, int]:
    models = (Person, Organisation, Role, Territory, Portrait, Study, Run, Scenario, Version)
    return {model.__name__: model.objects.count() for model in models}


def test_every_persona_is_there_and_marked_as_invented():
    people = Person.objects.all()

    assert {persona.email for persona in PERSONAS} <= {p.email for p in people}
    assert all(p.is_demonstration and p.name.endswith("(fictif)") for p in people)
    assert all(p.email.endswith(".invalid") for p in people)
    held = set(Role.objects.values_list("position__kind", flat=True))
    assert held == {kind.value for kind in RoleKind}


def test_every_body_but_the_intercommunality_is_invented():
    names = set(Organisation.objects.values_list("name", flat=True))

    assert {name for name in names if not name.endswith("(fictif)")} == {sample.NAME}


def test_the_study_is_published_with_the_outcome_that_was_printed(outcome):
    run = Run.objects.published().get()

    assert run.study.published_at == AT
    assert run.summary["sites"] == len(outcome.sites)


def test_the_study_has_a_programme_whose_first_phase_ended_late():
    first, second = Phase.objects.order_by("rank")[:2]

    assert Programme.objects.get().study == Study.objects.get()
    assert core.slippage_days(first.dates, AT.date()) == 12
    assert (second.dates.state, Commission.objects.get().with_tax_cents) == ("now", 2_940_000)


def test_the_published_network_is_proposed_and_its_larger_sites_alone_are_a_draft():
    whole, alone = Scenario.objects.order_by("number")

    assert (whole.title, whole.state) == ("Trois bourgs et sept relais", "proposed")
    assert (alone.title, alone.state) == ("Trois bourgs seuls", "draft")
    assert latest(whole).run == Run.objects.published().get()
    drawn = latest(alone)
    assert drawn.run.state == RunState.DONE
    assert {site.tier for site in network_of(drawn.run)} == {"hub", "corpo"}
    assert len(drawn.moves) == 7
    assert drawn.run.summary["share_after"] < latest(whole).run.summary["share_after"]


def test_the_job_of_the_second_scenario_finds_it_done(outcome):
    run = latest(Scenario.objects.get(number=2)).run
    before = run.finished_at

    compute.carry_out(run, "", lambda: pytest.fail("computed again"))

    run.refresh_from_db()
    assert run.finished_at == before


def test_a_second_scenario_that_was_interrupted_is_laid_at_the_next_start(outcome):
    Version.objects.filter(scenario__number=2).delete()
    Scenario.objects.filter(number=2).delete()

    demonstration.seed("other", lambda: outcome, at=AT)

    assert list(Scenario.objects.order_by("number").values_list("title", flat=True)) == [
        "Trois bourgs et sept relais",
        "Trois bourgs seuls",
    ]


def test_the_mayor_has_her_own_commune():
    Role.objects.update(starts_on=now().date())
    mayor = Person.objects.get(roles__position__kind=RoleKind.MAYOR)
    client = Client()
    client.force_login(mayor)

    assert "Ma commune : Lancié" in client.get("/elus/").content.decode()


def test_the_same_key_lays_nothing_and_computes_nothing():
    before = rows()

    demonstration.seed("key", lambda: pytest.fail("computed again"), at=AT)

    assert rows() == before


def test_another_key_keeps_people_and_runs(outcome):
    before = rows()

    demonstration.seed("other", lambda: outcome, at=AT)

    assert rows() == before


def test_nothing_is_laid_in_a_real_platform(settings, outcome):
    settings.DEMONSTRATION = False
    before = rows() | {"Entry": Entry.objects.count()}

    with pytest.raises(Refused, match="n'est pas celle d'une démonstration"):
        demonstration.seed("other", lambda: outcome, at=AT)
    with pytest.raises(Refused):
        demonstration.links(at=AT)

    assert rows() | {"Entry": Entry.objects.count()} == before


def test_each_link_signs_its_person_in_once():
    links = demonstration.links(at=now())

    assert [name for name, _, _ in links] == [persona.name for persona in PERSONAS]
    _, _, path = links[0]
    client = Client()
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 302
    assert "_auth_user_id" in client.session
    assert Client().post(path).status_code == 409


def test_a_person_who_was_erased_has_no_link_any_more():
    Person.objects.filter(email=PERSONAS[0].email).update(is_active=False)

    assert len(demonstration.links(at=now())) == len(PERSONAS) - 1
