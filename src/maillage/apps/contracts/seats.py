"""The seats that a contract keeps: taken when it is sent, freed when it ends, kept on meanwhile."""

from datetime import date, datetime, timedelta

from django.db import transaction

from maillage.apps.bookings import blocks
from maillage.apps.bookings.kept import Holder
from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held
from maillage.apps.contracts.models import LIVE, Contract, KeptSeat
from maillage.core import periods

EVERY_DAY = frozenset(range(7))
# a block holds as many dates as a series; what goes on is kept further as time passes
KEPT_FOR = timedelta(days=periods.MOST_DATES - 2)
AHEAD = timedelta(days=90)
ONE_DAY = timedelta(days=1)


def take(contract: Contract, *, by: int | None, at: datetime) -> None:
    """Take its seats from its first day on, as far ahead as one may.

    Raises the refusals of `blocks.keep`: a seat that somebody else has on one of these days.
    """
    first = max(contract.starts_on, at.date() + ONE_DAY)
    last = _last(contract, first)
    if last < first:
        return
    holder = Holder(contract.party_person_id, contract.party_organisation_id)
    keeping = blocks.Keeping(holder, EVERY_DAY, first, last)
    for kept in contract.kept_seats.select_related("seat").order_by("seat"):
        kept.block = blocks.keep(kept.seat, keeping, by=by, at=at)
        kept.save(update_fields=["block"])


def keep_on(contract: Contract, *, by: int | None, at: datetime) -> None:
    """Keep them to the end of the contract, earlier or later than what is kept now.

    Raises SeatBooked when somebody else took one for later.
    """
    for kept in _kept(contract):
        if kept.block is not None:
            last = _last(contract, at.date())
            blocks.keep_until(kept.block, last, by=by, at=at)


def free(contract: Contract, *, by: int | None, at: datetime) -> None:
    """From now on, its seats are everybody's."""
    for kept in _kept(contract):
        if kept.block is not None:
            blocks.end(kept.block, by=by, at=at)


def extend_all(*, at: datetime) -> int:
    """Keep further ahead the seats of what goes on; how many contracts."""
    rows = Contract.objects.filter(
        state__in=LIVE,
        ends_on=None,
        kept_seats__block__ended_at=None,
        kept_seats__block__last_on__lt=at.date() + AHEAD,
    )
    pks = list(rows.order_by("pk").values_list("pk", flat=True).distinct())
    return sum(_extend(pk, at) for pk in pks)


@transaction.atomic
def _extend(pk: int, at: datetime) -> bool:
    contract = held(Contract(pk=pk))
    try:
        with transaction.atomic():
            keep_on(contract, by=None, at=at)
    except (blocks.SeatBooked, blocks.SeatGone) as refusal:
        # somebody has it further on: the manager reads it on the page of the contract
        last = contract.events.order_by("-number").first()
        if last is None or last.what != "seat":
            note("seat", contract, by=None, at=at, refusal=refusal.code)
        return False
    note("seat", contract, by=None, at=at, until=_last(contract, at.date()).isoformat())
    return True


def _kept(contract: Contract) -> list[KeptSeat]:
    rows = contract.kept_seats.filter(block__isnull=False, block__ended_at=None)
    return list(rows.select_related("block").order_by("seat"))


def _last(contract: Contract, first: date) -> date:
    end = contract.ends_on or contract.natural_end
    far = first + KEPT_FOR
    return far if end is None else min(far, end - ONE_DAY)
