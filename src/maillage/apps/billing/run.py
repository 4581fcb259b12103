"""Invoice a month: begun once, stopped and resumed, the same documents however often it is asked.

Each payer is one act: her documents and her line of the run are written together.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from maillage.apps.billing import drafts, parties, printing, to_invoice
from maillage.apps.billing.drafts import Draft
from maillage.apps.billing.issue import (
    MovedError,
    NotDrawn,
    Ready,
    drafts_of,
    issue,
    places,
    profile_of,
    refuse_faults,
    settle,
    words_of,
)
from maillage.apps.billing.models import (
    Document,
    Outcome,
    Run,
    RunItem,
    RunState,
    Series,
)
from maillage.apps.billing.numbers import Place
from maillage.apps.billing.preview import until_of
from maillage.apps.billing.printing import Printed, Printers
from maillage.apps.billing.sweep import sweep
from maillage.apps.contracts.charge_due import charge_due
from maillage.apps.journal.record import record
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation
from maillage.core.periods import PARIS
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled

UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
A_CHUNK = 50
# presses beside this process; below so many payers the second would cost more than it gives
PRINTERS, WORTH_TWO = 2, 10
IN_FLIGHT = 3
# a run that has said nothing for so long is taken up again
SILENT_S = 90
Clock = Callable[[], datetime]


class AlreadyRunning(Refusal):
    """One run of an operator at a time."""

    sentence = _("Une facturation est déjà en cours pour {name}. Suivez-la, ou arrêtez-la d’abord.")


class NotBegun(Refusal):
    """The services of a month to come are not due."""

    sentence = _("Ce mois n’a pas commencé. Choisissez le mois en cours ou un mois passé.")


class AlreadyOver(Refusal):
    """There is nothing left to stop, or to take up."""

    sentence = _("Cette facturation est terminée. Ouvrez-en une nouvelle si des ventes restent.")


class _Stopped(Exception):  # noqa: N818  (a signal between two payers)
    """Somebody asked for the run to stop."""


def start(operator: Organisation, month: date, *, by: int | None, at: datetime) -> Run:
    """Queue the invoicing of a month; refused while another one goes on.

    month  its first day
    """
    profile_of(operator)
    if month > at.astimezone(PARIS).date():
        raise NotBegun
    try:
        with transaction.atomic():
            made = Run.objects.create(
                operator=operator, month=month, state=RunState.QUEUED, by=by, asked_at=at
            )
            _record("billing.run", made, by, at)
            _queue(made)
    except IntegrityError as error:
        raise AlreadyRunning(name=operator.name) from error
    return made


def stop(run: Run, *, by: int | None, at: datetime) -> None:
    """Ask for a run to end after the payer it is invoicing."""
    with transaction.atomic():
        held = Run.objects.select_for_update().get(pk=run.pk)
        if held.state not in UNDER_WAY:
            raise AlreadyOver
        held.stop_asked_at = at
        if held.state == RunState.QUEUED:
            # the worker will find it over and leave it
            held.state, held.ended_at = RunState.STOPPED, at
        held.save(update_fields=["stop_asked_at", "state", "ended_at"])
        _record("billing.stop", held, by, at)


def resume(run: Run, *, by: int | None, at: datetime) -> Run:
    """Take up a run that was stopped, that fell silent, or in which payers failed."""
    try:
        with transaction.atomic():
            held = Run.objects.select_for_update().get(pk=run.pk)
            failed = held.items.filter(outcome=Outcome.FAILED)
            if not (is_silent(held, at) or held.state == RunState.STOPPED or failed.exists()):
                raise AlreadyOver
            failed.update(outcome="", why="")
            held.state, held.stop_asked_at, held.ended_at = RunState.QUEUED, None, None
            held.save(update_fields=["state", "stop_asked_at", "ended_at"])
            _record("billing.resume", held, by, at)
            _queue(held)
    except IntegrityError as error:
        raise AlreadyRunning(name=run.operator.name) from error
    return held


def is_silent(run: Run, at: datetime) -> bool:
    """Whether nobody seems to carry a run any more."""
    last = run.beat_at or run.asked_at
    return run.state in UNDER_WAY and (at - last).total_seconds() > SILENT_S


def carry_out(run_id: int, now: Clock) -> None:
    """Invoice every payer of a run that is not done yet; delivered twice, it has one effect."""
    run = Run.objects.select_related("operator").get(pk=run_id)
    if run.state not in UNDER_WAY:
        return
    sweep(run.operator)
    try:
        _beat(run, now())
        _list_payers(run, now)
        todo = run.items.filter(outcome="").order_by("pk")
        payers = [Payer(p, o) for p, o in todo.values_list("payer_person", "payer_organisation")]
        with Printers(PRINTERS if len(payers) >= WORTH_TWO else 1) as printers:
            _Carrier(run, printers, now).carry(payers)
    except _Stopped:
        _end(run, RunState.STOPPED, now())
        return
    except Refusal as refusal:
        # the profile, not a payer: what is not done says why
        run.items.filter(outcome="").update(outcome=Outcome.FAILED, why=str(refusal))
    _end(run, RunState.DONE, now())


def give_up(run_id: int, *, at: datetime) -> None:
    """It was begun too often, a worker died of it each time: it waits for somebody."""
    run = Run.objects.get(pk=run_id)
    _end(run, RunState.STOPPED, at)


@dataclass(frozen=True)
class _Given:
    """The documents of a payer, handed to printers, at the places they should have."""

    payer: Payer
    drafts: tuple[Draft, ...]
    places: tuple[Place, ...]
    answers: tuple[Future[Printed], ...]
    at: datetime


class _Carrier:
    """Hands payers to printers a few ahead, and settles them in order."""

    def __init__(self, run: Run, printers: Printers, now: Clock) -> None:
        self.run = run
        self.printers = printers
        self.now = now
        self.profile = profile_of(run.operator)
        self.until = until_of(run.month, run.asked_at.astimezone(PARIS).date())
        self.flying: deque[_Given] = deque()

    def carry(self, payers: Iterable[Payer]) -> None:
        for chunk in batched(payers, A_CHUNK):
            for found, buyer in self._read(chunk):
                self._give(found, buyer)
                if len(self.flying) > IN_FLIGHT:
                    self._settle(self.flying.popleft())
        while self.flying:
            self._settle(self.flying.popleft())

    def _read(self, chunk: tuple[Payer, ...]) -> Iterator[tuple[to_invoice.Waiting, parties.Buyer]]:
        found = {
            one.payer: one
            for one in to_invoice.waiting(self.run.operator, until=self.until, payers=chunk)
        }
        described = parties.buyers(self.run.operator, found)
        for payer in chunk:
            if payer in found:
                yield found[payer], described[payer]
            else:
                self._note(payer, Outcome.NOTHING)

    def _give(self, found: to_invoice.Waiting, buyer: parties.Buyer) -> None:
        try:
            made = drafts_of(found, self.profile, buyer, until=self.until)
        except Refusal as refusal:
            self._note(found.payer, Outcome.FAILED, str(refusal))
            return
        at = self.now()
        expected = self._expected(made, at)
        answers = [
            self.printers.give(drafts.drawn(draft, self.profile, place), at=at)
            for draft, place in zip(made, expected, strict=True)
        ]
        self.flying.append(_Given(found.payer, tuple(made), expected, tuple(answers), at))

    def _expected(self, made: list[Draft], at: datetime) -> tuple[Place, ...]:
        """The places after those of the documents that are being printed."""
        series = {row.kind: row for row in Series.objects.filter(operator=self.run.operator)}
        printing = [draft for given in self.flying for draft in given.drafts]
        today = at.astimezone(PARIS).date()
        found = places([*printing, *made], self.profile, series, today=today)
        return tuple(found[len(printing) :])

    def _settle(self, given: _Given) -> None:
        _beat(self.run, self.now())
        try:
            ready = self._ready(given)
            settled(lambda: self._issue(given, ready))
        except Refusal as refusal:
            self._note(given.payer, Outcome.FAILED, str(refusal))

    def _ready(self, given: _Given) -> list[Ready]:
        ready = []
        for draft, place, answer in zip(given.drafts, given.places, given.answers, strict=True):
            try:
                files = answer.result()
            except printing.NOT_DRAWN as error:
                raise NotDrawn(name=draft.buyer.party.name, why=words_of(error)) from error
            refuse_faults(draft, files.faults)
            ready.append(Ready(draft, place, files))
        return ready

    def _issue(self, given: _Given, ready: list[Ready]) -> None:
        def note(made: list[Document]) -> None:
            self._note(given.payer, Outcome.ISSUED, document=made[0])

        try:
            settle(ready, self.profile, by=self.run.by, at=given.at, then=note)
        except MovedError:
            # a page issued for the same payer meanwhile
            made = issue(
                self.run.operator, given.payer, until=self.until, by=self.run.by, at=given.at,
                then=note,
            )  # fmt: skip
            if not made:
                self._note(given.payer, Outcome.NOTHING)

    def _note(
        self, payer: Payer, outcome: str, why: str = "", document: Document | None = None
    ) -> None:
        """Write what became of a payer, once: a second carrier changes nothing."""
        self.run.items.filter(
            payer_person=payer.person_id, payer_organisation=payer.organisation_id, outcome=""
        ).update(outcome=outcome, why=why, document=document)


def _list_payers(run: Run, now: Clock) -> None:
    """One item for each payer who has something to be invoiced; listed again, none is added twice.

    What contracts owe is charged first.
    """
    until = until_of(run.month, run.asked_at.astimezone(PARIS).date())
    charge_due(run.operator, until - drafts.A_DAY, by=run.by, at=now())
    known = set(run.items.values_list("payer_person", "payer_organisation"))
    found = to_invoice.waiting(run.operator, until=until)
    RunItem.objects.bulk_create(
        (
            RunItem(
                run=run,
                payer_person_id=one.payer.person_id,
                payer_organisation_id=one.payer.organisation_id,
            )
            for one in found
            if (one.payer.person_id, one.payer.organisation_id) not in known
        ),
        ignore_conflicts=True,
    )
    Run.objects.filter(pk=run.pk).update(total=run.items.count())


def _beat(run: Run, at: datetime) -> None:
    """Say that it still works, and end there if somebody asked."""
    going = Run.objects.filter(pk=run.pk, stop_asked_at=None, state__in=UNDER_WAY)
    if not going.update(state=RunState.RUNNING, beat_at=at):
        raise _Stopped


def _end(run: Run, state: RunState, at: datetime) -> None:
    Run.objects.filter(pk=run.pk, state__in=UNDER_WAY).update(state=state, ended_at=at)


def _queue(run: Run) -> None:
    # queued by the same transaction: neither a row without a job nor the reverse
    app.configure_task("billing.run").defer(run_id=run.pk)


def _record(act: str, run: Run, by: int | None, at: datetime) -> None:
    scope = run.operator.scopes[0]
    record(act, ("billing_run", run.pk), by=by, at=at, scope=scope, month=f"{run.month:%Y-%m}")
