"""Issue the statement of the costs of a site: numbered, frozen, its PDF and its CSV kept."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.apps.settlement import cost_share, cost_words
from maillage.apps.settlement.cost_share import Shared
from maillage.apps.settlement.models import (
    CostItem,
    CostLine,
    CostPart,
    CostStatement,
    CostTransfer,
)
from maillage.apps.sites.models import Site
from maillage.kit import files
from maillage.kit.refusal import Refusal

PDF, CSV = "decompte.pdf", "decompte.csv"


class NothingToShare(Refusal):
    """No cost."""

    sentence = _("Aucune dépense à partager du {first} au {last}. Notez-en une d’abord.")


class WithoutKey(Refusal):
    """All is shared, or nothing is issued."""

    sentence = _(
        "« {label} » n’a pas de clé à sa date, ou personne n’a utilisé le lieu. Votez une clé, "
        "puis émettez."
    )


class CostsChanged(Refusal):
    """What was read is not what would be issued."""

    sentence = _("Les dépenses ou la clé ont changé depuis cet aperçu. Relisez-le, puis émettez.")


def issue(
    site: Site, shared: Shared, body: Organisation, *, by: int | None, at: datetime
) -> CostStatement:
    """All the costs of a time that no statement shared, in the name of a body.

    shared  what the person read
    """
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=body.pk)
        held = CostItem.objects.select_for_update().filter(
            pk__in=[line.item_id for line in shared.lines]
        )
        list(held.order_by("pk"))
        now_shared = cost_share.read(site, shared.first, shared.last)
        _refuse(now_shared, shared)
        made = _statement(site, now_shared, body, by, at)
        record(
            "cost.issue", ("cost_statement", made.pk), by=by, at=at, scope=site.scopes[0],
            number=made.number, total_cents=made.total_cents,
        )  # fmt: skip
    return made


def _refuse(found: Shared, shown: Shared) -> None:
    if not found.lines:
        raise NothingToShare(first=f"{found.first:%d/%m/%Y}", last=f"{found.last:%d/%m/%Y}")
    for line in found.unshared:
        raise WithoutKey(label=line.label)
    if found.digest != shown.digest:
        raise CostsChanged


def _statement(
    site: Site, shared: Shared, body: Organisation, by: int | None, at: datetime
) -> CostStatement:
    n = CostStatement.objects.filter(body=body).count() + 1
    folder = f"settlement/{uuid.uuid4().hex}"
    made = CostStatement(
        site=site,
        body=body,
        n=n,
        number=f"DEC-{shared.last.year}-{n:06d}",
        first=shared.first,
        last=shared.last,
        total_cents=shared.total_cents,
        folder=folder,
        by=by,
        at=at,
    )
    words = cost_words.words(site, shared)
    made.files = files.write_folder(
        folder,
        {PDF: cost_words.pdf(made, shared, words, at), CSV: cost_words.csv(shared, words)},
    )
    made.save(force_insert=True)
    for line in shared.lines:
        row = CostLine.objects.create(
            statement=made,
            **{name: value for name, value in vars(line).items() if name != "parts"},
        )
        CostPart.objects.bulk_create(CostPart(line=row, **vars(part)) for part in line.parts)
    CostTransfer.objects.bulk_create(
        CostTransfer(statement=made, **vars(one)) for one in shared.transfers
    )
    return made


def times_of(site: Site) -> tuple[date, date] | None:
    """From the first to the last day of the costs that wait; None without any."""
    rows = CostItem.objects.filter(site=site, removed_at=None, shared=None)
    days = list(rows.values_list("first_on", "last_on"))
    if not days:
        return None
    return min(first for first, _last in days), max(last for _first, last in days)
