"""Charge what contracts owe, a month or a quarter at a time, once each: the ledger alone bills.

The first and the last period are cut by days; when an end moves, what was charged follows.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held
from maillage.apps.contracts.models import SIGNED, ChargedPeriod, Contract
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer, Sale
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import Organisation
from maillage.core import contract_terms, periods
from maillage.core.contract_terms import Due
from maillage.core.periods import PARIS
from maillage.report import french

ORIGIN = "contract_period"
LABEL_MAX = 200


def charge_due(
    operator: Organisation, until: date, *, by: int | None, at: datetime
) -> list[Charge]:
    """The charges of every period that begins on `until` at the latest and was not charged.

    Asked again, it charges nothing more.
    """
    rows = Contract.objects.filter(
        operator=operator, state__in=SIGNED, is_charged=True, starts_on__lte=until
    )
    made = []
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            made += charge_contract(held(Contract(pk=pk)), until, by=by, at=at)
    return made


def charge_all(until: date, *, at: datetime) -> int:
    """The same for each operator that has contracts; how many charges."""
    operators = Organisation.objects.filter(contracts_kept__state__in=SIGNED).distinct()
    return sum(len(charge_due(one, until, by=None, at=at)) for one in operators.order_by("pk"))


def charge_contract(
    contract: Contract, until: date, *, by: int | None, at: datetime
) -> list[Charge]:
    """Within the transaction of a verb that holds the contract."""
    if not contract.is_charged or contract.state not in SIGNED:
        return []
    known = set(contract.periods.values_list("whole_first_on", flat=True))
    made = []
    for due in contract_terms.dues(contract.starts_on, contract.ends_on, contract.every, until):
        if due.whole_first in known:
            continue
        cents = contract_terms.part_cents(contract.price_cents, due, contract.proration)
        period = ChargedPeriod.objects.create(
            contract=contract,
            whole_first_on=due.whole_first,
            first_on=due.first,
            end_on=due.end,
            amount_cents=cents,
            at=at,
        )
        made += ledger.charge(_sale(contract, period), [_line(contract, due, cents)], at=at)
    if made:
        cents = sum(one.amount_cents for one in made)
        note("charge", contract, by=by, at=at, periods=len(made), cents=cents)
    return made


def follow_end(contract: Contract, *, by: int | None, at: datetime) -> int:
    """Bring what was charged to the end as it is now; cents given back (< 0) or added.

    Within the transaction of a verb that holds the contract.
    """
    moved = 0
    for period in contract.periods.order_by("whole_first_on"):
        due = _as_it_is(contract, period)
        cents = (
            contract_terms.part_cents(contract.price_cents, due, contract.proration) if due else 0
        )
        if due is not None and (due.end, cents) == (period.end_on, period.amount_cents):
            continue
        moved += _move(contract, period, due, cents, at)
    if moved:
        note("charge", contract, by=by, at=at, periods=0, cents=moved)
    return moved


def _as_it_is(contract: Contract, period: ChargedPeriod) -> Due | None:
    found = contract_terms.dues(
        contract.starts_on, contract.ends_on, contract.every, period.whole_first_on
    )
    same = [due for due in found if due.whole_first == period.whole_first_on]
    if same:
        return same[0]
    # the first period begins after the first day of its month
    found = contract_terms.dues(
        contract.starts_on, contract.ends_on, contract.every, period.first_on
    )
    return next((due for due in found if due.whole_first == period.whole_first_on), None)


def _move(
    contract: Contract, period: ChargedPeriod, due: Due | None, cents: int, at: datetime
) -> int:
    more = cents - period.amount_cents
    origin = (ORIGIN, period.pk)
    if more < 0:
        label = f"Fin du contrat {contract.reference}"
        ledger.give_back(origin, kept_cents=cents, label=label, at=at)
    elif more > 0 and due is not None:
        first = Charge.objects.of(*origin).count() + 1
        ledger.charge(_sale(contract, period), [_line(contract, due, more)], at=at, first=first)
    period.amount_cents = cents
    if due is not None:
        period.end_on = due.end
    period.save(update_fields=["amount_cents", "end_on"])
    return more


def _sale(contract: Contract, period: ChargedPeriod) -> Sale:
    return Sale(
        contract.operator_id,
        Payer(contract.payer_person_id, contract.payer_organisation_id),
        contract.party_person_id,
        contract.scope,
        (ORIGIN, period.pk),
    )


def _line(contract: Contract, due: Due, cents: int) -> ledger.Line:
    service = periods.days(due.first, due.end - contract_terms.ONE_DAY, PARIS)
    worth = contract_terms.part_cents(contract.worth_cents, due, contract.proration)
    return ledger.Line(
        label=_label(contract, due)[:LABEL_MAX],
        begins=service.begins,
        ends=service.ends,
        quantity=Decimal(1),
        unit=contract.every,
        unit_cents=cents,
        amount_cents=cents,
        includes_tax=contract.includes_tax,
        vat_rate_bp=contract.vat_rate_bp,
        in_kind_cents=worth,
        why={
            "contract": contract.reference,
            "days": due.days,
            "of_days": due.whole_days,
            "price_cents": contract.price_cents,
        },
    )


def _label(contract: Contract, due: Due) -> str:
    what = contract.place or (contract.site.name if contract.site else contract.operator.name)
    last = due.end - contract_terms.ONE_DAY
    when = f"du {french.day(due.first)} au {french.day(last)}"
    part = "" if due.is_whole else f", {due.days} jours sur {due.whole_days}"
    return f"Contrat {contract.reference}, {what}, {when}{part}"
