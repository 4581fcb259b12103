"""Have a year archived: what refuses is said at once, the rest is late work."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.apps.accounts.archive_year import refuse_unready
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal

TASK = "accounts.archive"
WAITING, FAILED = ("todo", "doing"), ("failed", "aborted")


class BeingArchived(Refusal):
    """Somebody asked for it a moment ago."""

    sentence = _("L’archive de {year} se prépare déjà. Elle apparaîtra sur la page des exports.")


def ask_archive(body: Organisation, year: int, *, by: int | None, at: datetime) -> None:
    """Queue the archive of a year."""
    refuse_unready(body, year)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=body.pk)
        if state(body, year) in WAITING:
            raise BeingArchived(year=year)
        record(
            "accounts.ask_archive",
            ("organisation", body.pk),
            by=by,
            at=at,
            scope=body.scopes[0],
            year=year,
        )
        app.configure_task(TASK).defer(organisation_id=body.pk, year=year, by=by)


def state(body: Organisation, year: int) -> str:
    """Where the latest work for a year is, "" when nobody asked for it."""
    rows = ProcrastinateJob.objects.filter(
        task_name=TASK, args__organisation_id=body.pk, args__year=year
    )
    return str(rows.order_by("-pk").values_list("status", flat=True).first() or "")
