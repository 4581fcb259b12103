"""Say what the invoices of an operator print of a payer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import identity, parties
from maillage.apps.billing.models import PayerDetails
from maillage.apps.journal.record import record
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = _("Ces coordonnées ont changé pendant votre saisie. Relisez-les, puis enregistrez.")


class NotAPayer(Refusal):
    """An invoice names somebody."""

    sentence = _("Donnez le nom qui sera écrit sur les factures.")


def begun(operator: Organisation, payer: Payer) -> PayerDetails:
    """The details kept of a payer, or those not saved yet, from her account or the register."""
    known = _rows(operator, payer).first()
    if known is not None:
        return known
    buyer = parties.buyers(operator, [payer])[payer]
    party = buyer.party
    return PayerDetails(
        operator=operator,
        payer_person_id=payer.person_id,
        payer_organisation_id=payer.organisation_id,
        legal_name=party.name[:120],
        siren=party.siren,
        siret=party.siret,
        electronic_address="" if party.siren else party.electronic_address,
        email=party.email,
        is_business=party.is_business,
        names_users=buyer.names_users,
        version=0,
    )


def set_payer(
    operator: Organisation,
    payer: Payer,
    columns: dict[str, Any],
    *,
    version: int,
    by: int | None,
    at: datetime,
) -> PayerDetails:
    """Keep the details of a payer; documents already issued stay as they were.

    columns  of `PayerDetails`, as typed
    version  of the details that were read, 0 for the first ones
    """
    said = identity.all_read(columns)
    if not str(said["legal_name"]).strip():
        raise NotAPayer
    identity.refuse_strangers(str(said["siren"]), str(said["siret"]), str(said["vat_number"]))
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=operator.pk)
        row = begun(operator, payer)
        if row.version != version:
            raise SomebodyElseEdited
        for name, value in said.items():
            setattr(row, name, value)
        row.version = version + 1
        row.save()
        record(
            "billing.set_payer",
            ("payer_details", row.pk),
            by=by,
            at=at,
            scope=operator.scopes[0],
            version=row.version,
        )
    return row


def _rows(operator: Organisation, payer: Payer) -> QuerySet[PayerDetails]:
    return PayerDetails.objects.filter(
        operator=operator,
        payer_person=payer.person_id,
        payer_organisation=payer.organisation_id,
    )
