"""A deposit: received, kept in part with a reason, returned. It is never income, nor taxed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held
from maillage.apps.contracts.models import (
    SIGNED,
    Contract,
    Deposit,
    DepositMovement,
    Movement,
    State,
)
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal
from maillage.report import french


class NoDeposit(Refusal):
    """None was agreed."""

    sentence = _("Ce contrat n’a pas de dépôt de garantie.")


class MoreThanAgreed(Refusal):
    """What is lodged is what the contract says."""

    sentence = _("Il reste {left} à recevoir sur ce dépôt. Corrigez le montant.")
    status = 422


class MoreThanHeld(Refusal):
    """Nobody keeps or returns what was not received."""

    sentence = _("Le dépôt détenu est de {left}. Corrigez le montant.")
    status = 422


class NotEnded(Refusal):
    """A deposit is settled when the contract is over."""

    sentence = _("Le contrat n’est pas terminé : le dépôt se règle après le dernier jour.")


class NotYet(Refusal):
    """Money is noted once it moved."""

    sentence = _("Le {day} est à venir : notez le mouvement le jour où il a lieu.")
    status = 422


class Nothing(Refusal):
    """A movement moves something."""

    sentence = _("Indiquez un montant au-dessus de 0.")
    status = 422


class UndoneBefore(Refusal):
    """An error is reversed once."""

    sentence = _("Ce mouvement est déjà annulé. Actualisez la page.")


@dataclass(frozen=True)
class Moved:
    """Cents that moved on a day; `means` for money, `reason` for what is kept."""

    cents: int
    on: date
    means: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A deposit in a list: what was agreed, received, kept, returned, what is still held."""

    contract: Contract
    due_cents: int
    received_cents: int
    kept_cents: int
    returned_cents: int

    @property
    def held_cents(self) -> int:
        """What the operator holds."""
        return self.received_cents - self.kept_cents - self.returned_cents

    @property
    def is_to_return(self) -> bool:
        """Whether the contract is over and something is still held."""
        return self.contract.state == State.ENDED and self.held_cents > 0


def receive(contract: Contract, moved: Moved, *, by: int | None, at: datetime) -> DepositMovement:
    """The party lodged it, whole or in part. Raises NoDeposit, MoreThanAgreed, NotYet."""
    with transaction.atomic():
        row, deposit = _held(contract, moved, at)
        left = deposit.due_cents - deposit.cents(Movement.RECEIVED)
        if moved.cents > left:
            raise MoreThanAgreed(left=french.cents(left))
        return _move(row, deposit, Movement.RECEIVED, moved, by, at)


def keep_part(contract: Contract, moved: Moved, *, by: int | None, at: datetime) -> DepositMovement:
    """Keep some of it, saying why. Raises NoDeposit, NotEnded, MoreThanHeld, NotYet."""
    return _take(contract, Movement.KEPT, moved, by, at)


def give_back(contract: Contract, moved: Moved, *, by: int | None, at: datetime) -> DepositMovement:
    """Return what is owed back. Raises NoDeposit, NotEnded, MoreThanHeld, NotYet."""
    return _take(contract, Movement.RETURNED, moved, by, at)


def undo(movement: DepositMovement, *, by: int | None, at: datetime) -> DepositMovement:
    """A movement noted by mistake is reversed, and both stay. Raises UndoneBefore, MoreThanHeld."""
    with transaction.atomic():
        row = held(movement.deposit.contract)
        deposit = Deposit.objects.select_for_update().get(pk=movement.deposit_id)
        is_done = DepositMovement.objects.filter(reverses=movement).exists()
        if is_done or movement.reverses_id is not None:
            raise UndoneBefore
        left = deposit.held_cents()
        if movement.kind == Movement.RECEIVED and movement.amount_cents > left:
            raise MoreThanHeld(left=french.cents(left))
        made = DepositMovement.objects.create(
            deposit=deposit,
            kind=movement.kind,
            amount_cents=-movement.amount_cents,
            on=at.date(),
            means=movement.means,
            reason=movement.reason,
            reverses=movement,
            by=by,
            at=at,
        )
        note("deposit_undo", row, by=by, at=at, cents=movement.amount_cents, kind=movement.kind)
    return made


def lines(operators: Sequence[Organisation], *, site: int | None = None) -> list[Line]:
    """The deposits of some bodies, for those who settle and collect; two queries."""
    rows = Contract.objects.filter(operator__in=operators, deposit__isnull=False)
    if site is not None:
        rows = rows.filter(site=site)
    sums: dict[tuple[int, str], int] = {
        (one["deposit__contract"], one["kind"]): one["total"]
        for one in DepositMovement.objects.filter(deposit__contract__in=rows)
        .values("deposit__contract", "kind")
        .annotate(total=Sum("amount_cents"))
    }
    found = rows.select_related("operator", "party_person", "party_organisation", "deposit")
    return [
        Line(
            row,
            row.deposit.due_cents,
            *(sums.get((row.pk, kind), 0) for kind in Movement.values),
        )
        for row in found.order_by("pk")
    ]


def _take(
    contract: Contract, kind: Movement, moved: Moved, by: int | None, at: datetime
) -> DepositMovement:
    with transaction.atomic():
        row, deposit = _held(contract, moved, at)
        if row.state != State.ENDED:
            raise NotEnded
        left = deposit.held_cents()
        if moved.cents > left:
            raise MoreThanHeld(left=french.cents(left))
        return _move(row, deposit, kind, moved, by, at)


def _held(contract: Contract, moved: Moved, at: datetime) -> tuple[Contract, Deposit]:
    row = held(contract, *SIGNED)
    deposit = Deposit.objects.select_for_update().filter(contract=row).first()
    if deposit is None:
        raise NoDeposit
    if moved.cents <= 0:
        raise Nothing
    if moved.on > at.date():
        raise NotYet(day=french.day(moved.on))
    return row, deposit


def _move(
    row: Contract, deposit: Deposit, kind: Movement, moved: Moved, by: int | None, at: datetime
) -> DepositMovement:
    made = DepositMovement.objects.create(
        deposit=deposit,
        kind=kind,
        amount_cents=moved.cents,
        on=moved.on,
        means=moved.means,
        reason=moved.reason,
        by=by,
        at=at,
    )
    acts = {
        Movement.RECEIVED: "deposit_receive",
        Movement.KEPT: "deposit_keep",
        Movement.RETURNED: "deposit_return",
    }
    note(acts[kind], row, by=by, at=at, cents=moved.cents)
    return made
