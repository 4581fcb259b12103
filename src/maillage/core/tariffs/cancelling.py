"""What a cancellation keeps: nothing up to the deadline, the voted share afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from maillage.core import money
from maillage.core.periods import Period

_WHOLE_BP = 10_000


@dataclass(frozen=True)
class CancellationPolicy:
    """Of a space: free until so many minutes before it begins, then a share is kept.

    kept_bp  hundredths of a percent of what was charged, from 0 to 10 000
    """

    free_until_minutes: int
    kept_bp: int

    def __post_init__(self) -> None:
        """ValueError for a share above the whole, or a deadline after the beginning."""
        if self.free_until_minutes < 0 or not 0 <= self.kept_bp <= _WHOLE_BP:
            raise ValueError("a deadline comes before, and a share is from 0 to 10 000")


@dataclass(frozen=True)
class Refund:
    """What is kept and given back of what was charged at one rate of tax; tax included."""

    vat_rate_bp: int
    kept_cents: int
    refunded_cents: int


def deadline(policy: CancellationPolicy, period: Period) -> datetime:
    """The last instant, in UTC, when cancelling is free; minutes are elapsed ones."""
    return period.begins - timedelta(minutes=policy.free_until_minutes)


def kept_share(policy: CancellationPolicy, period: Period, cancelled_at: datetime) -> int:
    """Hundredths of a percent of what was charged; nothing at the deadline itself."""
    return 0 if cancelled_at.astimezone(UTC) <= deadline(policy, period) else policy.kept_bp


def gives_back(kept_bp: int) -> bool:
    """Whether the units of a plan and the tickets come back: only when nothing is kept."""
    return kept_bp == 0


def refunds(by_rate: Mapping[int, int], kept_bp: int) -> tuple[Refund, ...]:
    """What was charged, by rate of tax, shared between kept and given back, to the cent.

    by_rate  vat_rate_bp -> cents, tax included; half a cent goes to the person
    """
    found = []
    for rate, charged in sorted(by_rate.items()):
        back, kept = money.split(charged, [_WHOLE_BP - kept_bp, kept_bp])
        found.append(Refund(rate, kept_cents=kept, refunded_cents=back))
    return tuple(found)
