"""Open a means of payment, name it, give it its account, close it."""

from datetime import datetime

from django.db import transaction

from maillage.apps.collecting.means_kept import Choice
from maillage.apps.collecting.models import Means
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation


def set_means(operator: Organisation, asked: Choice, *, by: int, at: datetime) -> Means:
    """A local currency or a crowdfunding line is one more means; money keeps the row it has."""
    with transaction.atomic():
        row, _is_new = Means.objects.update_or_create(
            operator=operator,
            code=asked.code,
            defaults={"label": asked.label, "account": asked.account, "is_open": asked.is_open},
            create_defaults={
                "label": asked.label,
                "kind": asked.kind,
                "account": asked.account,
                "is_open": asked.is_open,
            },
        )
        record(
            "collecting.set_means",
            ("means", row.pk),
            by=by,
            at=at,
            scope=operator.scopes[0],
            code=row.code,
        )
    return row
