"""Whom an operator may debit, as its invoices say it."""

from collections.abc import Sequence

from django.db.models import Q

from maillage.apps.billing import parties
from maillage.apps.collecting.models import Mandate
from maillage.apps.collecting.sign_mandate import last_day
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation
from maillage.report import e_invoice


def declare() -> None:
    """Told once the models are ready."""
    parties.debited_by(debits)


def debits(operator: Organisation, payers: Sequence[Payer]) -> dict[Payer, parties.Debit]:
    """The live mandate of each payer who has one; in one query.

    Neither one that the bank refused last, nor one given for a single debit: an invoice that
    promises a debit would wait for nothing.
    """
    of_payers = Q(payer_person__in=[p.person_id for p in payers if p.person_id]) | Q(
        payer_organisation__in=[p.organisation_id for p in payers if p.organisation_id]
    )
    rows = Mandate.objects.filter(
        of_payers, operator=operator, revoked_at=None, trouble="", is_recurrent=True
    ).exclude(operator__billing_profile__creditor_id="")
    return {
        Payer(row.payer_person_id, row.payer_organisation_id): parties.Debit(
            e_invoice.Mandate(row.reference, row.operator.billing_profile.creditor_id, row.iban),
            last_day(row),
        )
        for row in rows.select_related("operator__billing_profile")
    }
