"""Go on after numbers known outside: after a restore, or when another software numbered before."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import numbers
from maillage.apps.billing.models import DocumentKind, Series
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal


class AlreadyBeyond(Refusal):
    """A series never goes back."""

    sentence = _(
        "La série en est déjà au numéro {last}. Indiquez le plus grand numéro que vos clients ont "
        "reçu, {last} au moins."
    )


def resume(
    operator: Organisation, kind: str, after: int, reason: str, *, by: int | None, at: datetime
) -> Series:
    """The next document of a kind takes the number after the one known outside.

    after   the highest number that somebody received
    reason  kept in the journal: an accountant reads why numbers lack here
    """
    numbers.opened(operator)
    with transaction.atomic():
        row = numbers.locked(operator, [kind])[kind]
        if after < row.last_number:
            raise AlreadyBeyond(last=row.last_number)
        row.starts_after = row.last_number = after
        row.save(update_fields=["starts_after", "last_number"])
        record(
            "billing.resume_series",
            ("series", row.pk),
            by=by,
            at=at,
            scope=operator.scopes[0],
            reason=reason,
            kind=DocumentKind(kind).value,
            after=after,
        )
    return row
