"""The share of a shop for a quarter, computed from the ledger and the days of use."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.apps.bookings.models import Booking, State
from maillage.apps.ledger.models import Charge
from maillage.apps.settlement.models import HostAgreement, HostStatement
from maillage.apps.settlement.quarters import A_DAY, last_of, next_quarter, quarter_of
from maillage.apps.sites.models import ALL_BP
from maillage.core import money

# what settles is no receipt of a site
OWN_ORIGINS = ("host_statement", "pair_settlement", "cost_transfer")
# as prices count them: a longer stay on a day is two half-days
HALF_DAY_MIN = 300


@dataclass(frozen=True)
class Share:
    """What a quarter gives a shop; amounts in cents, see `HostStatement`.

    charges  identifiers of the lines of the ledger that no statement shared yet
    """

    quarter: date
    first: date
    last: date
    charges: tuple[int, ...]
    receipts_cents: int
    receipts_gross_cents: int
    days: int
    half_days: int
    computed_cents: int
    carried_in_cents: int
    minimum_cents: int
    due_cents: int
    tax_cents: int
    carried_out_cents: int

    @property
    def digest(self) -> str:
        """Names what was read, so that nothing else is issued."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def next_due(agreement: HostAgreement) -> date:
    """The first quarter without a statement."""
    last = agreement.statements.order_by("-quarter").first()
    return next_quarter(last.quarter) if last else quarter_of(agreement.starts_on)


def is_owed(agreement: HostAgreement, quarter: date) -> bool:
    """Whether the agreement holds on some day of a quarter."""
    return agreement.ends_on is None or quarter < agreement.ends_on


def read(agreement: HostAgreement, quarter: date) -> Share:
    """What a quarter gives, as the ledger is now; its days are those of the agreement."""
    first = max(quarter, agreement.starts_on)
    last = last_of(quarter)
    if agreement.ends_on is not None:
        last = min(last, agreement.ends_on - A_DAY)
    charges = list(_charges(agreement, quarter))
    net, gross = totals((c.amount_cents, c.includes_tax, c.vat_rate_bp) for c in charges)
    days, half_days = used(agreement.site_id, agreement.site.zone, first, last)
    computed = by_rule(agreement, net, half_days)
    before = agreement.statements.order_by("-quarter").first()
    carried = before.carried_out_cents if before else 0
    minimum = money.between_marks(
        agreement.minimum_cents,
        (first - quarter).days,
        (last - quarter).days + 1,
        (last_of(quarter) - quarter).days + 1,
    )
    due = max(computed + carried, minimum, 0)
    return Share(
        quarter=quarter,
        first=first,
        last=last,
        charges=tuple(c.pk for c in charges),
        receipts_cents=net,
        receipts_gross_cents=gross,
        days=days,
        half_days=half_days,
        computed_cents=computed,
        carried_in_cents=carried,
        minimum_cents=minimum,
        due_cents=due,
        tax_cents=money.with_tax(due, agreement.vat_rate_bp) - due,
        carried_out_cents=min(computed + carried, 0),
    )


def by_rule(agreement: HostAgreement, receipts_cents: int, half_days: int) -> int:
    """Before tax: a share of receipts, below 0 when they are, or so much a half-day."""
    if agreement.half_day_cents is not None:
        return agreement.half_day_cents * half_days
    share_bp = agreement.share_bp or 0
    part = money.between_marks(abs(receipts_cents), 0, share_bp, ALL_BP)
    return part if receipts_cents >= 0 else -part


def totals(lines: Iterable[tuple[int, bool, int]]) -> tuple[int, int]:
    """(before tax, with tax) of (cents, whether they include tax, rate): rounded once a rate."""
    by_rate: dict[tuple[bool, int], int] = {}
    for cents, includes_tax, rate_bp in lines:
        key = (includes_tax, rate_bp)
        by_rate[key] = by_rate.get(key, 0) + cents
    net = gross = 0
    for (includes_tax, rate_bp), cents in by_rate.items():
        other = money.without_tax if includes_tax else money.with_tax
        counterpart = other(abs(cents), rate_bp) * (-1 if cents < 0 else 1)
        net += counterpart if includes_tax else cents
        gross += cents if includes_tax else counterpart
    return net, gross


def used(site_id: int, zone_name: str, first: date, last: date) -> tuple[int, int]:
    """(days, half-days) of use at a site over some days, all seats counted."""
    zone = ZoneInfo(zone_name)
    whole = DateTimeTZRange(
        datetime.combine(first, time(), zone), datetime.combine(last + A_DAY, time(), zone)
    )
    rows = Booking.objects.filter(site=site_id, state=State.CONFIRMED, period__overlap=whole)
    days = half_days = 0
    for period, party in rows.values_list("period", "party"):
        begins, ends = period.lower.astimezone(zone), period.upper.astimezone(zone)
        for minutes in _minutes_a_day(begins, ends, first, last):
            days += party
            half_days += party * (1 + (minutes > HALF_DAY_MIN))
    return days, half_days


def _minutes_a_day(begins: datetime, ends: datetime, first: date, last: date) -> list[int]:
    """The minutes of each local day that a stay touches, among those asked for."""
    found = []
    on = max(begins.date(), first)
    while on <= last:
        starts = max(begins, datetime.combine(on, time(), begins.tzinfo))
        stops = min(ends, datetime.combine(on + A_DAY, time(), begins.tzinfo))
        if starts >= stops:
            break
        found.append(int((stops - starts).total_seconds() // 60))
        on += A_DAY
    return found


def _charges(agreement: HostAgreement, quarter: date) -> Iterable[Charge]:
    """Lines of the site that no statement shared, from the first day of the agreement on."""
    zone = ZoneInfo(agreement.site.zone)
    until = next_quarter(quarter)
    if agreement.ends_on is not None:
        until = min(until, agreement.ends_on)
    return (
        Charge.objects.filter(
            operator_id=agreement.collector_id,
            scope_kind="site",
            scope_key=str(agreement.site_id),
            at__gte=datetime.combine(agreement.starts_on, time(), zone),
            at__lt=datetime.combine(until, time(), zone),
            host_share=None,
        )
        .exclude(origin_kind__in=OWN_ORIGINS)
        .order_by("pk")
        .only("pk", "amount_cents", "includes_tax", "vat_rate_bp")
    )


def of_statement(statement: HostStatement) -> tuple[int, int]:
    """(before tax, with tax) of the charges that a statement shared, read again."""
    rows = Charge.objects.filter(host_share__statement=statement)
    return totals(rows.values_list("amount_cents", "includes_tax", "vat_rate_bp"))
