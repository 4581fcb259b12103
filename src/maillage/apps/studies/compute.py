"""Compute a study: asked from a page or the API, carried out by a worker, stopped on demand."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from maillage.apps.journal.record import record
from maillage.apps.studies import asked, store
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.territories import fingerprint
from maillage.apps.territories.sources import (
    FROM_THE_TABLES,
    Roads,
    TablesSource,
    reading,
    source_of,
)
from maillage.core import assumptions, scenario, territory
from maillage.core.scenario import NoNetwork, Request
from maillage.kit.database_errors import LOST
from maillage.kit.refusal import Refusal
from maillage.report import refusals

UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
MOST_UNDER_WAY = 8


class AlreadyComputing(Refusal):
    """One computation of a question at a time."""

    sentence = "Ce calcul est déjà en cours. Suivez-le, ou arrêtez-le d'abord."


class TooManyUnderWay(Refusal):
    """A worker is shared: one study does not fill its queue."""

    sentence = (
        "{most} calculs de cette étude attendent déjà. Arrêtez-en un, ou attendez qu'un se termine."
    )


class AlreadyOver(Refusal):
    """There is nothing left to stop."""

    sentence = "Ce calcul est déjà terminé."


class Infeasible(Refusal):
    """No network obeys the rules: which one to relax, and by how much."""

    sentence = "{why}"


class _StopAsked(Exception):  # noqa: N818  (a signal between two steps)
    """Somebody asked for the computation to stop."""


def ask(
    study: Study,
    request: Request,
    data_folder: str,
    *,
    by: int | None,
    at: datetime,
    values: Mapping[str, float] | None = None,
) -> Run:
    """Queue a computation; refused where the server has no tables, or when it is under way.

    values  the assumptions that it fixes, by key
    """
    source_of(study.territory_id, data_folder)
    question = asked.to_json(request, values)
    try:
        with transaction.atomic():
            locked = Study.objects.select_for_update().get(pk=study.pk)
            if locked.runs.filter(state__in=UNDER_WAY).count() >= MOST_UNDER_WAY:
                raise TooManyUnderWay(most=MOST_UNDER_WAY)
            run = Run.objects.create(
                study=locked,
                number=store.next_number(locked),
                request=question,
                question=asked.digest(question),
                asked_by=by,
                asked_at=at,
            )
            record("studies.ask", ("run", run.pk), by=by, at=at, scope=study.scopes[0])
            # queued by the same transaction: neither a row without a job nor the reverse
            app.configure_task("studies.compute").defer(run_id=run.pk)
    except IntegrityError as error:
        raise AlreadyComputing from error
    return run


def stop(run: Run, *, by: int | None, at: datetime) -> None:
    """Ask for a computation to end before its next step."""
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if locked.state not in UNDER_WAY:
            raise AlreadyOver
        locked.stop_asked_at = at
        if locked.state == RunState.QUEUED:
            # the worker will find it over and leave it
            locked.state, locked.finished_at = RunState.STOPPED, at
        locked.save(update_fields=["stop_asked_at", "state", "finished_at"])
        record("studies.stop", ("run", run.pk), by=by, at=at, scope=run.study.scopes[0])


def carry_out(
    run: Run, data_folder: str, now: Callable[[], datetime], roads: Roads = FROM_THE_TABLES
) -> None:
    """Compute what was asked; delivered twice, it has one effect. A refusal is kept in the row."""
    if run.state not in UNDER_WAY:
        return
    try:
        _compute(run, source_of(run.study.territory_id, data_folder, roads), now)
    except _StopAsked:
        _update(run, RunState.STOPPED, finished_at=now())
    except Refusal as refusal:
        _update(run, RunState.REFUSED, refusal=str(refusal), finished_at=now())
    except LOST:
        # the database went away: the job is tried again, and its row waits for it
        raise
    except Exception:
        # the row must not say « en cours » for ever; the fault itself goes on to the log
        _update(run, RunState.FAILED, finished_at=now())
        raise


def give_up(run: Run, *, at: datetime) -> None:
    """It was begun too often, a worker died of it each time: say so and leave it."""
    _update(run, RunState.FAILED, finished_at=at)


def _compute(run: Run, source: TablesSource, now: Callable[[], datetime]) -> None:
    _step(run, "tables")
    request = asked.from_json(run.request)
    with reading():
        assumed = assumptions.load().with_values(asked.values_of(run.request))
        tables = source(assumed)
    key = fingerprint.of_tables(tables, assumed, asked=run.request)
    if _reuse(run, key, now()):
        return
    try:
        with reading():
            place = territory.assemble(tables, assumed)
            outcome = scenario.evaluate(place, request, assumed, lambda name: _step(run, name))
    except NoNetwork as none:
        why = refusals.no_network(none.relaxations, none.candidates)
        raise Infeasible(why=refusals.for_page(why)) from none
    _step(run, "files")
    with reading():
        written = store.write(outcome, run.study, key, at=now())
    if not _finish(run, written, now()):
        store.discard(written)
        raise _StopAsked


def _reuse(run: Run, key: str, at: datetime) -> bool:
    """The same question was answered: its files are this run's."""
    known = run.study.runs.filter(fingerprint=key, state=RunState.DONE).order_by("-number").first()
    if known is None:
        return False
    written = {
        "folder": known.folder,
        "files": known.files,
        "fingerprint": key,
        "summary": known.summary,
    }
    if not _finish(run, written, at):
        raise _StopAsked
    return True


def _finish(run: Run, written: dict[str, object], at: datetime) -> bool:
    """The row names its files, unless it is over already or somebody asked for it to stop."""
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if locked.state not in UNDER_WAY or locked.stop_asked_at:
            return False
        Run.objects.filter(pk=run.pk).update(
            state=RunState.DONE, step="", finished_at=at, **written
        )
        record(
            "studies.compute",
            ("run", run.pk),
            by=run.asked_by,
            at=at,
            scope=run.study.scopes[0],
            fingerprint=written["fingerprint"],
        )
    return True


def _step(run: Run, name: str) -> None:
    """Say where it stands, and end there if somebody asked."""
    kept = Run.objects.filter(pk=run.pk, stop_asked_at=None, state__in=UNDER_WAY)
    if not kept.update(state=RunState.RUNNING, step=name):
        raise _StopAsked


def _update(run: Run, state: RunState, **values: object) -> None:
    Run.objects.filter(pk=run.pk, state__in=UNDER_WAY).update(state=state, step="", **values)
