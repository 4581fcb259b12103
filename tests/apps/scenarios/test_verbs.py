"""Each verb of scenarios, by each of its exits."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import people
from factories.scenarios import AT, author
from maillage.apps.journal.models import Entry
from maillage.apps.scenarios import decide, remove, share
from maillage.apps.scenarios.change_assumption import (
    SameValue,
    WithoutReason,
    change_assumption,
)
from maillage.apps.scenarios.models import Scenario, ScenarioState, Share, Version, VersionKind
from maillage.apps.scenarios.moves import TooManyMoves, UnreadableMove, read, read_all, written
from maillage.apps.scenarios.open_scenario import (
    NoSiteLeft,
    NoTitle,
    WithoutTables,
    copy,
    of_run,
    open_scenario,
)
from maillage.apps.scenarios.rename import rename
from maillage.apps.scenarios.save import (
    AlreadyThisVersion,
    NothingChanged,
    restore,
    save,
    search_again,
)
from maillage.apps.scenarios.tried import CannotMove, network_of, of_version
from maillage.apps.scenarios.versions import (
    AmendmentWithoutReason,
    Fixed,
    Removed,
    RetainedIsClosed,
    SomebodyElseSaved,
    fixed_by,
    latest,
)
from maillage.apps.studies import asked
from maillage.apps.studies.compute import carry_out
from maillage.apps.studies.models import Run, RunState
from maillage.core.scenario import Close, Date, Open, Request, Resize, Shift
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
REQUEST = Request(first_year=2027)


def tried(scenario, *texts):
    return of_version(latest(scenario), texts).now.network


def acts():
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


# --- open, copy, save -----------------------------------------------------------------------


def test_a_scenario_is_opened_with_its_computation_and_a_letter(one):
    made = open_scenario(one.study, "Deux bourgs", REQUEST, {}, "", author())

    version = latest(made)
    assert (made.letter, made.state, version.number) == ("B", "draft", 1)
    assert version.kind == VersionKind.SEARCHED
    assert version.run.state == RunState.QUEUED
    assert acts()[-3:] == ["scenarios.open", "studies.ask", "scenarios.save"]


@pytest.mark.parametrize(("number", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (53, "BA")])
def test_letters_go_on_after_z(number, letter):
    assert Scenario(number=number).letter == letter


def test_a_scenario_without_title_is_refused_and_leaves_nothing(one):
    with pytest.raises(NoTitle):
        open_scenario(one.study, "  ", REQUEST, {}, "", author())

    assert Scenario.objects.count() == 1


def test_what_is_tried_is_saved_as_the_next_version_and_computed(one, mini):
    text = f"retirer:{mini.candidate.id}"

    version = save(one, 1, tried(one, text), [text], "", author("un essai"))
    carry_out(version.run, "", now)

    run = Run.objects.get(pk=version.run_id)
    assert (version.number, version.kind, version.moves) == (2, VersionKind.DRAWN, [text])
    assert run.state == RunState.DONE
    assert run.summary["is_drawn"]
    assert mini.candidate.id not in {s.candidate_id for s in network_of(run)}
    assert len(network_of(run)) == 10


def test_the_second_editor_is_told_who_saved_and_nothing_of_hers_is_written(one, mini):
    paul = people.person("Paul Fictif")
    text = f"places:{mini.candidate.id}:3"
    save(one, 1, tried(one, text), [text], "", author(by=paul.pk))
    before = one.versions.count()

    with pytest.raises(SomebodyElseSaved) as refusal:
        save(one, 1, network_of(one.versions.get(number=1).run), [text], "", author())

    assert str(refusal.value).startswith("Paul Fictif a enregistré la version 2")
    assert one.versions.count() == before


def test_nothing_tried_and_nothing_left_are_refused(one):
    with pytest.raises(NothingChanged):
        save(one, 1, tried(one), [], "", author())
    with pytest.raises(NoSiteLeft):
        save(one, 1, (), ["retirer:x"], "", author())
    with pytest.raises(NoSiteLeft):
        copy(latest(one), "Vide", (), ["retirer:x"], "", author())


def test_a_copy_leaves_the_first_scenario_as_it_was(one, mini):
    text = f"retirer:{mini.candidate.id}"

    made = copy(latest(one), "Sans lui", tried(one, text), [text], "", author())

    one.refresh_from_db()
    assert (one.version, made.version, made.letter) == (1, 1, "B")
    assert latest(made).run_id != latest(one).run_id


def test_an_unchanged_copy_has_the_figures_of_its_model_at_once(one):
    made = copy(latest(one), "La même", tried(one), [], "", author())

    assert latest(made).run_id == latest(one).run_id
    assert latest(made).is_computed


def test_a_result_that_kept_no_tables_makes_no_scenario(one):
    run = latest(one).run
    run.files = [entry for entry in run.files if entry["name"] != "inputs.zip"]
    run.save()

    with pytest.raises(WithoutTables):
        of_run(run, "Ancien", author())
    assert Scenario.objects.count() == 1


def test_other_rules_are_searched_in_another_version(one):
    request = Request(first_year=2028)

    version = search_again(one, 1, request, {}, "", author())

    assert (version.number, version.kind) == (2, VersionKind.SEARCHED)
    assert version.run.request["first_year"] == 2028


def test_a_past_version_comes_back_with_its_figures(one, mini):
    text = f"retirer:{mini.candidate.id}"
    save(one, 1, tried(one, text), [text], "", author())

    version = restore(one, 1, 2, author())

    assert (version.number, version.kind) == (3, VersionKind.RESTORED)
    assert version.run_id == one.versions.get(number=1).run_id
    with pytest.raises(AlreadyThisVersion):
        restore(one, 3, 3, author())


# --- assumptions ----------------------------------------------------------------------------


def test_an_assumption_is_fixed_with_its_reason_and_given_back(one):
    first = change_assumption(one, 1, "siting.coverage_minutes", 12.0, "", author("vu en atelier"))

    assert fixed_by(first) == {"siting.coverage_minutes": Fixed(12.0, "vu en atelier")}
    assert asked.values_of(first.run.request) == {"siting.coverage_minutes": 12.0}
    with pytest.raises(SameValue):
        change_assumption(one, 2, "siting.coverage_minutes", 12.0, "", author("encore"))
    second = change_assumption(one, 2, "siting.coverage_minutes", None, "", author("finalement"))
    assert fixed_by(second) == {}
    with pytest.raises(SameValue):
        change_assumption(one, 3, "siting.coverage_minutes", None, "", author("encore"))


def test_an_assumption_without_reason_is_refused(one):
    with pytest.raises(WithoutReason):
        change_assumption(one, 1, "siting.coverage_minutes", 12.0, "", author())


def test_a_changed_assumption_changes_the_figures(one):
    version = change_assumption(one, 1, "siting.coverage_minutes", 5.0, "", author("exigeant"))
    carry_out(version.run, "", now)

    run = Run.objects.get(pk=version.run_id)
    assert run.summary["minutes"] == 5.0
    assert run.summary["share_after"] < 0.99


# --- decide ---------------------------------------------------------------------------------


def test_a_scenario_goes_from_draft_to_retained_and_back(one):
    decide.propose(one, author())
    one.refresh_from_db()
    assert (one.state, one.decided_at) == (ScenarioState.PROPOSED, AT)
    decide.retain(one, author())
    decide.release(one, author())
    decide.take_back(one, author())

    one.refresh_from_db()
    assert (one.state, one.decided_at) == (ScenarioState.DRAFT, None)
    assert acts()[-4:] == [
        "scenarios.propose", "scenarios.retain", "scenarios.release", "scenarios.take_back",
    ]  # fmt: skip


@pytest.mark.parametrize("act", [decide.take_back, decide.retain, decide.release])
def test_an_act_out_of_turn_is_refused(one, act):
    with pytest.raises(decide.NotThere):
        act(one, author())


def test_figures_that_are_not_there_are_not_proposed(one):
    made = open_scenario(one.study, "Deux bourgs", REQUEST, {}, "", author())

    with pytest.raises(decide.NotComputed):
        decide.propose(made, author())


def test_one_scenario_of_a_study_is_retained(one):
    other = copy(latest(one), "La même", tried(one), [], "", author())
    for scenario in (one, other):
        decide.propose(scenario, author())
    decide.retain(one, author())

    with pytest.raises(decide.AnotherIsRetained) as refusal:
        decide.retain(other, author())
    assert "scénario A" in str(refusal.value)


def test_an_amendment_of_a_proposed_scenario_says_why(one, mini):
    decide.propose(one, author())
    text = f"places:{mini.candidate.id}:3"

    with pytest.raises(AmendmentWithoutReason):
        save(one, 1, tried(one, text), [text], "", author())
    version = save(one, 1, tried(one, text), [text], "", author("avis de la commission"))

    assert version.is_amendment
    assert version.reason == "avis de la commission"


def test_what_is_retained_does_not_change(one, mini):
    decide.propose(one, author())
    decide.retain(one, author())
    text = f"places:{mini.candidate.id}:3"

    with pytest.raises(RetainedIsClosed):
        save(one, 1, tried(one, text), [text], "", author("trop tard"))
    with pytest.raises(RetainedIsClosed):
        rename(one, "Autre titre", author())


# --- remove, rename, share ------------------------------------------------------------------


def test_a_draft_is_removed_and_taken_back(one):
    remove.remove(one, author())
    with pytest.raises(remove.AlreadyRemoved):
        remove.remove(one, author())
    with pytest.raises(Removed):
        decide.propose(one, author())
    with pytest.raises(Removed):
        restore(one, 1, 1, author())
    remove.bring_back(one, author())
    with pytest.raises(remove.NotRemoved):
        remove.bring_back(one, author())


def test_a_proposed_scenario_is_not_removed(one):
    decide.propose(one, author())

    with pytest.raises(remove.StillProposed):
        remove.remove(one, author())


def test_a_title_changes_and_is_never_empty(one):
    rename(one, " Sept relais ", author())
    one.refresh_from_db()
    assert one.title == "Sept relais"
    with pytest.raises(NoTitle):
        rename(one, " ", author())


def test_a_link_opens_until_its_day_or_its_revocation(one):
    shared, secret = share.share(one, "Lancié", lasts_days=7, author=author())

    assert share.opened(secret, AT + timedelta(days=6, hours=23)) == shared
    assert share.opened(secret, AT + timedelta(days=7)) is None
    assert share.opened("x" * 43, AT) is None
    share.revoke(shared, author())
    assert share.opened(secret, AT) is None
    with pytest.raises(share.AlreadyRevoked):
        share.revoke(shared, author())
    assert secret.encode() not in bytes(Share.objects.get().secret_hash)


def test_a_link_lasts_what_the_list_says_and_needs_figures(one):
    with pytest.raises(share.UnknownDuration):
        share.share(one, "Lancié", lasts_days=400, author=author())
    made = open_scenario(one.study, "Deux bourgs", REQUEST, {}, "", author())
    with pytest.raises(share.NothingToShare):
        share.share(made, "Lancié", lasts_days=7, author=author())


# --- moves, tries ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "move",
    [
        Open("69135", "mini"),
        Open("a:b c", "hub", 12),
        Close("69135"),
        Shift("69135", "é/ü"),
        Resize("69135", 3),
        Date("69135", 2030),
    ],
)
def test_a_move_is_read_as_it_was_written(move):
    assert read(written(move)) == move


@pytest.mark.parametrize("text", ["", "danser:69135", "places:69135:beaucoup", "deplacer:69135"])
def test_a_move_that_cannot_be_read_is_refused(text):
    with pytest.raises(UnreadableMove):
        read(text)


def test_an_address_holds_forty_moves():
    assert len(read_all(["retirer:a"] * 40)) == 40
    with pytest.raises(TooManyMoves):
        read_all(["retirer:a"] * 41)


def test_a_move_that_cannot_be_made_says_why(one):
    with pytest.raises(CannotMove) as refusal:
        of_version(latest(one), ("retirer:nulle-part",))
    assert "nulle-part" in str(refusal.value)


def test_the_same_tables_and_rules_share_one_ground(one):
    made = copy(latest(one), "La même", tried(one), [], "", author())

    first, second = (of_version(latest(s)) for s in (one, made))

    assert first.saved.ground is second.saved.ground


# --- the database refuses -------------------------------------------------------------------


def test_the_database_refuses_what_must_never_be(one):
    version = latest(one)
    wrong = (
        lambda: Scenario.objects.create(study=one.study, number=1, title="x", created_at=AT),
        lambda: Scenario.objects.filter(pk=one.pk).update(state="proposed"),
        lambda: Version.objects.filter(pk=version.pk).update(is_amendment=True, reason=""),
        lambda: version.changed.create(key="siting.hubs", value=2, why=""),
        lambda: Scenario.objects.filter(pk=one.pk).update(
            state="proposed", decided_at=AT, removed_at=AT
        ),
    )
    for act in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
