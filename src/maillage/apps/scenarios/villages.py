"""Why not this village: asked by whoever reads the scenario, computed by a worker, stopped."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from maillage.apps.journal.record import record
from maillage.apps.scenarios import tried
from maillage.apps.scenarios.models import Scenario, VillagePrice
from maillage.apps.scenarios.versions import Author, latest
from maillage.apps.studies.compute import MOST_UNDER_WAY, UNDER_WAY, AlreadyOver, TooManyUnderWay
from maillage.apps.studies.models import Run, RunState
from maillage.apps.territories.sources import reading
from maillage.core import scenario as computing
from maillage.core.bad_input import BadInput
from maillage.core.scenario import Imposed, NoNetwork, OpenSite
from maillage.kit.database_errors import LOST
from maillage.kit.refusal import Refusal
from maillage.report import refusals

Json = dict[str, Any]


class NoPlaceThere(Refusal):
    """The question has no object, or the rules no network: the sentence says which."""

    sentence = "{why}"
    status = 422


class NotComputedYet(Refusal):
    """There is no network to compare with."""

    sentence = "Ce scénario n'a pas encore de chiffres. Attendez la fin de son calcul."


class _StopAsked(Exception):  # noqa: N818  (a signal between two steps)
    """Somebody asked for the computation to stop."""


def to_json(found: Imposed) -> Json:
    """An answer as plain values."""
    return asdict(found)


def from_json(answer: Json) -> Imposed:
    """The answer that a row keeps."""
    lists = {name: tuple(answer[name]) for name in ("inhabitants", "euros", "enter", "leave")}
    network = tuple(OpenSite(**site) for site in answer["network"])
    return Imposed(**{**answer, **lists, "network": network})


def ask(of: Scenario, commune_code: str, author: Author) -> VillagePrice:
    """Queue the question, unless it is under way or answered already for the same run."""
    run = latest(of).run
    if run.state != RunState.DONE:
        raise NotComputedYet
    refuse(run, commune_code)
    with transaction.atomic():
        held = Run.objects.select_for_update().get(pk=run.pk)
        known = held.villages.filter(commune_code=commune_code).first()
        if known is not None and known.state in (*UNDER_WAY, RunState.DONE):
            return known
        if held.villages.filter(state__in=UNDER_WAY).count() >= MOST_UNDER_WAY:
            raise TooManyUnderWay(most=MOST_UNDER_WAY)
        row = known or VillagePrice(run=held, commune_code=commune_code)
        row.state, row.step, row.refusal, row.answer = RunState.QUEUED, "", "", {}
        row.stop_asked_at = row.finished_at = None
        row.asked_by, row.asked_at = author.by, author.at
        row.save()
        _note("scenarios.ask_village", of, row, author)
        # queued by the same transaction: neither a row without a job nor the reverse
        app.configure_task("scenarios.village").defer(village_id=row.pk)
    return row


def refuse(run: Run, commune_code: str) -> None:
    """What can be said at once, before any computation."""
    try:
        computing.refuse_village(tried.ground_of(run), tried.network_of(run), commune_code)
    except BadInput as error:
        raise NoPlaceThere(why=refusals.for_page(refusals.sentence(error))) from error


def stop(of: Scenario, row: VillagePrice, author: Author) -> None:
    """Ask for it to end before its next step."""
    with transaction.atomic():
        held = VillagePrice.objects.select_for_update().get(pk=row.pk)
        if held.state not in UNDER_WAY:
            raise AlreadyOver
        held.stop_asked_at = author.at
        if held.state == RunState.QUEUED:
            # the worker will find it over and leave it
            held.state, held.finished_at = RunState.STOPPED, author.at
        held.save(update_fields=["stop_asked_at", "state", "finished_at"])
        _note("scenarios.stop_village", of, row, author)


def carry_out(row: VillagePrice, now: Callable[[], datetime]) -> None:
    """Compute it; delivered twice, it has one effect. A refusal is kept in the row."""
    if row.state not in UNDER_WAY:
        return
    try:
        answer = _computed(row)
        _update(row, RunState.DONE, answer=to_json(answer), finished_at=now())
    except _StopAsked:
        _update(row, RunState.STOPPED, finished_at=now())
    except Refusal as refusal:
        _update(row, RunState.REFUSED, refusal=str(refusal), finished_at=now())
    except LOST:
        # the database went away: the job is tried again, and its row waits for it
        raise
    except Exception:
        # the row must not say « en cours » for ever; the fault itself goes on to the log
        _update(row, RunState.FAILED, finished_at=now())
        raise


def give_up(row: VillagePrice, *, at: datetime) -> None:
    """It was begun too often, a worker died of it each time: say so and leave it."""
    _update(row, RunState.FAILED, finished_at=at)


def _computed(row: VillagePrice) -> Imposed:
    _step(row, computing.VILLAGE_STEPS[0])
    ground, network = tried.whole_ground_of(row.run), tried.network_of(row.run)
    try:
        with reading():
            return computing.impose(
                ground, network, row.commune_code, lambda name: _step(row, name)
            )
    except NoNetwork as none:
        # « ne plus l'imposer » is no remedy: it is the question
        others = tuple(r for r in none.relaxations if r.rule != "required")
        why = refusals.no_village(ground.commune_name(row.commune_code), others, none.candidates)
        raise NoPlaceThere(why=refusals.for_page(why)) from none


def _step(row: VillagePrice, name: str) -> None:
    """Say where it stands, and end there if somebody asked."""
    kept = VillagePrice.objects.filter(pk=row.pk, stop_asked_at=None, state__in=UNDER_WAY)
    if not kept.update(state=RunState.RUNNING, step=name):
        raise _StopAsked


def _update(row: VillagePrice, state: RunState, **values: object) -> None:
    kept = VillagePrice.objects.filter(pk=row.pk, state__in=UNDER_WAY)
    kept.update(state=state, step="", **values)


def _note(act: str, of: Scenario, row: VillagePrice, author: Author) -> None:
    record(
        act,
        ("village", row.pk),
        by=author.by,
        at=author.at,
        scope=of.scopes[0],
        commune=row.commune_code,
    )
