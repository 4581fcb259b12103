"""Write what a booking takes of plans, carnets and employers' quotas; give it back in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from maillage.apps.journal.record import OutsideTransactionError
from maillage.apps.memberships.models import Use
from maillage.apps.tariffs.models import Unit
from maillage.core import money, tariffs


@dataclass(frozen=True)
class Origin:
    """The booking that takes, and the site where it is."""

    kind: str
    key: object
    site_id: int


@dataclass(frozen=True)
class EmployerDay:
    """Half-days of a day that a body pays for."""

    seat_id: int
    on: date
    half_days: int


def spend(
    origin: Origin, spends: Sequence[tariffs.Spend], *, spared_cents: int, at: datetime
) -> list[Use]:
    """Take what a quote takes; `spared_cents` is what the public would have paid for it."""
    _inside_transaction()
    values = money.split(spared_cents, [s.units for s in spends]) if spends else []
    return Use.objects.bulk_create(
        Use(
            **_spent(one),
            **_where(origin),
            on=one.on,
            unit=one.unit,
            units=one.units,
            taken=one.taken,
            value_cents=value,
            at=at,
        )
        for one, value in zip(spends, values, strict=True)
    )


def spend_of_employer(origin: Origin, days: Iterable[EmployerDay], *, at: datetime) -> None:
    """Count the half-days that a body pays for."""
    _inside_transaction()
    Use.objects.bulk_create(
        Use(
            employer_seat_id=one.seat_id,
            **_where(origin),
            on=one.on,
            unit=Unit.HALF_DAY,
            units=one.half_days,
            taken=one.half_days,
            at=at,
        )
        for one in days
    )


def give_back(kind: str, key: object, *, at: datetime) -> int:
    """Give back all that an origin still takes; how many uses."""
    _inside_transaction()
    standing = list(Use.objects.of(kind, key).standing())
    Use.objects.bulk_create(
        Use(
            subscription_id=one.subscription_id,
            quota_id=one.quota_id,
            carnet_id=one.carnet_id,
            employer_seat_id=one.employer_seat_id,
            origin_kind=one.origin_kind,
            origin_key=one.origin_key,
            site_id=one.site_id,
            on=one.on,
            unit=one.unit,
            units=one.units,
            taken=-one.taken,
            value_cents=-one.value_cents,
            reverses=one,
            at=at,
        )
        for one in standing
    )
    return len(standing)


def _spent(one: tariffs.Spend) -> dict[str, int]:
    if one.kind == "pass":
        return {"carnet_id": int(one.id)}
    subscription, quota, _window = one.id.split(":")
    return {"subscription_id": int(subscription), "quota_id": int(quota)}


def _where(origin: Origin) -> dict[str, object]:
    return {
        "origin_kind": origin.kind,
        "origin_key": str(origin.key),
        "site_id": origin.site_id,
    }


def _inside_transaction() -> None:
    if not connection.in_atomic_block:
        raise OutsideTransactionError("memberships.spend")
