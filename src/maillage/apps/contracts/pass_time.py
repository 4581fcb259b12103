"""What the calendar does to contracts: they begin, they end; both are told before a renewal."""

from datetime import date, datetime, timedelta

from django.db import transaction

from maillage.apps.contracts import charge_due, seats
from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held, saved
from maillage.apps.contracts.models import LIVE, Contract, State
from maillage.apps.contracts.rules import keepers
from maillage.core import contract_terms
from maillage.kit import mail

# before the last day on which a notice still counts
TOLD_BEFORE = timedelta(days=30)


def begin_due(*, at: datetime) -> int:
    """Those whose first day has come run; how many."""
    rows = Contract.objects.filter(state=State.SIGNED, starts_on__lte=at.date())
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = held(Contract(pk=pk))
            if row.state != State.SIGNED:
                continue
            row.state = State.RUNNING
            saved(row)
            note("begin", row, by=None, at=at)
            done += 1
    return done


def end_due(*, at: datetime) -> int:
    """Those whose last day is past end; how many."""
    rows = Contract.objects.filter(state__in=LIVE, ends_on__lte=at.date())
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            done += _end(held(Contract(pk=pk)), at)
    return done


def alert_due(*, at: datetime) -> int:
    """Tell both sides that a term ends soon, while a notice still counts; how many contracts."""
    rows = Contract.objects.filter(
        state=State.RUNNING, months__isnull=False, renewal_months__gt=0, ends_on=None
    )
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            done += _alert(held(Contract(pk=pk)), at)
    return done


def renewal(contract: Contract, on: date) -> tuple[date, date] | None:
    """(end of the term under way, last day to give notice) once it is time to think of it."""
    if contract.months is None or not contract.renewal_months or contract.ends_on is not None:
        return None
    end = contract_terms.term_end(contract.terms, on)
    if end is None:
        return None
    limit = contract_terms.notice_limit(contract.terms, end)
    return (end, limit) if limit - TOLD_BEFORE <= on <= limit else None


def _end(row: Contract, at: datetime) -> bool:
    if row.state not in LIVE or not row.is_over(at.date()):
        return False
    seats.free(row, by=None, at=at)
    row.state = State.ENDED
    saved(row)
    charge_due.charge_contract(row, at.date(), by=None, at=at)
    note("end", row, by=None, at=at)
    mail.send("contracts/emails/ended.txt", row.signatory_email, _words(row))
    return True


def _alert(row: Contract, at: datetime) -> bool:
    coming = renewal(row, at.date())
    if row.state != State.RUNNING or coming is None or row.alerted_for == coming[0]:
        return False
    row.alerted_for = coming[0]
    saved(row)
    words = _words(row) | {"renews_on": coming[0], "limit": coming[1]}
    mail.send("contracts/emails/renewal.txt", row.signatory_email, words)
    for person in keepers(row, at.date()):
        mail.send("contracts/emails/renewal_desk.txt", person.email, words)
    note("alert", row, by=None, at=at, until=coming[0].isoformat())
    return True


def _words(row: Contract) -> dict[str, object]:
    return {
        "name": row.signatory_name,
        "party": row.party_name,
        "operator": row.operator.name,
        "reference": row.reference,
        "pk": row.pk,
        "months": row.renewal_months,
        "has_deposit": row.deposit_cents > 0,
    }
