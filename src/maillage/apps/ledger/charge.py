"""Write what was sold, give it back: in the transaction of the act that sold it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.apps.journal.record import OutsideTransactionError
from maillage.apps.ledger.models import Charge

Key = tuple[str, object]
LONGEST_LABEL = 200


@dataclass(frozen=True)
class Payer:
    """Who pays: a person or a body, one of them."""

    person_id: int | None = None
    organisation_id: int | None = None

    def __post_init__(self) -> None:
        if (self.person_id is None) == (self.organisation_id is None):
            raise ValueError("a payer is a person or an organisation")


@dataclass(frozen=True)
class Sale:
    """For which operator, payer and user, at which site something is sold."""

    operator_id: int
    payer: Payer
    user_id: int | None
    scope: tuple[str, str]
    origin: Key


@dataclass(frozen=True)
class Line:
    """One line of a sale, see `Charge`."""

    label: str
    begins: datetime
    ends: datetime
    quantity: Decimal
    unit: str
    unit_cents: int
    amount_cents: int
    includes_tax: bool
    vat_rate_bp: int
    in_kind_cents: int = 0
    why: dict[str, Any] = field(default_factory=dict)


def charge(sale: Sale, lines: Iterable[Line], *, at: datetime, first: int = 1) -> list[Charge]:
    """The charges of one sale, numbered from `first`; lines at 0 are kept."""
    _inside_transaction()
    return Charge.objects.bulk_create(
        [_charge(sale, line, number, at) for number, line in enumerate(lines, first)]
    )


def give_back(
    origin: Key, *, kept_cents: int, label: str, at: datetime
) -> tuple[int, list[Charge]]:
    """Reverse the charges of an origin, all but `kept_cents` of them; the cents given back.

    Each reversal keeps the rate of the charge it reverses; what is kept is taken from the first.
    """
    _inside_transaction()
    standing = _standing(origin)
    number = max((c.line for c, _ in standing), default=0)
    number = max(number, Charge.objects.of(*origin).count())
    made, left = [], kept_cents
    for one, still_cents in standing:
        kept = min(left, still_cents)
        left -= kept
        if still_cents > kept:
            number += 1
            made.append(_reversal(one, still_cents - kept, number, label, at))
    Charge.objects.bulk_create(made)
    return -sum(c.amount_cents for c in made), made


def reversals(parts: Sequence[tuple[Charge, int]], *, label: str, at: datetime) -> list[Charge]:
    """Reversals of some cents of charges, numbered but not written yet.

    parts  a charge, and what of it is given back: above 0, at most what is still owed
    label  before the label of the charge
    """
    first: dict[Key, int] = {}
    made = []
    for one, cents in parts:
        origin = (one.origin_kind, one.origin_key)
        if origin not in first:
            known = Charge.objects.of(*origin).order_by("-line").values_list("line", flat=True)
            first[origin] = known.first() or 0
        first[origin] += 1
        said = f"{label}{one.label}"[:LONGEST_LABEL]
        made.append(_reversal(one, cents, first[origin], said, at))
    return made


def write(reversals: Sequence[Charge]) -> None:
    """Write reversals; another act of the same origin meanwhile is an IntegrityError."""
    _inside_transaction()
    Charge.objects.bulk_create(reversals)


def still_owed(charges: Sequence[Charge]) -> dict[int, int]:
    """Cents of each charge that are not given back, by its key."""
    still = {one.pk: one.amount_cents for one in charges}
    rows = Charge.objects.filter(reverses__in=still).values_list("reverses_id", "amount_cents")
    for pk, cents in rows:
        still[pk] += cents
    return still


def _standing(origin: Key) -> list[tuple[Charge, int]]:
    """The charges of an origin that are not yet given back, with the cents still owed."""
    every = list(Charge.objects.of(*origin))
    still = {c.pk: c.amount_cents for c in every if c.reverses_id is None}
    for c in every:
        if c.reverses_id is not None:
            still[c.reverses_id] += c.amount_cents
    return [(c, still[c.pk]) for c in every if still.get(c.pk, 0) > 0]


def _reversal(one: Charge, cents: int, number: int, label: str, at: datetime) -> Charge:
    copied = {
        name: getattr(one, name)
        for name in (
            "operator_id", "payer_person_id", "payer_organisation_id", "user_id", "scope_kind",
            "scope_key", "origin_kind", "origin_key", "service", "unit", "unit_cents",
            "includes_tax", "vat_rate_bp",
        )
    }  # fmt: skip
    share = Decimal(cents) / Decimal(one.unit_cents) if one.unit_cents else Decimal(1)
    return Charge(
        **copied,
        line=number,
        label=label,
        quantity=-share.quantize(Decimal("0.001")),
        amount_cents=-cents,
        reverses=one,
        at=at,
    )


def _charge(sale: Sale, line: Line, number: int, at: datetime) -> Charge:
    kind, key = sale.origin
    return Charge(
        operator_id=sale.operator_id,
        payer_person_id=sale.payer.person_id,
        payer_organisation_id=sale.payer.organisation_id,
        user_id=sale.user_id,
        scope_kind=sale.scope[0],
        scope_key=sale.scope[1],
        origin_kind=kind,
        origin_key=str(key),
        line=number,
        label=line.label,
        service=DateTimeTZRange(line.begins, line.ends),
        quantity=line.quantity,
        unit=line.unit,
        unit_cents=line.unit_cents,
        amount_cents=line.amount_cents,
        includes_tax=line.includes_tax,
        vat_rate_bp=line.vat_rate_bp,
        in_kind_cents=line.in_kind_cents,
        why=line.why,
        at=at,
    )


def _inside_transaction() -> None:
    if not connection.in_atomic_block:
        raise OutsideTransactionError("ledger.charge")
