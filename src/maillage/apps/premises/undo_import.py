"""Undo an import: exactly what was there comes back, unless somebody wrote since."""

from datetime import datetime
from typing import Any

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.premises.import_list import A_BATCH
from maillage.apps.premises.keep import last_editor
from maillage.apps.premises.models import Import, ImportState, Premises
from maillage.apps.territories.models import Territory
from maillage.kit.refusal import Refusal


class NotDone(Refusal):
    """There is nothing to undo."""

    sentence = "Cet import n'est pas fait, ou il est déjà annulé. Revenez à la liste des locaux."


class EditedSince(Refusal):
    """Undoing would lose somebody's work."""

    sentence = (
        "{who} a modifié « {name} » depuis cet import : l'annuler effacerait son travail. "
        "Corrigez les fiches une à une."
    )


def undo(of: Import, *, by: int | None, at: datetime) -> Import:
    """Remove what the import added, write back what it changed."""
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=of.territory_id)
        held = Import.objects.select_for_update().select_related("territory").get(pk=of.pk)
        if held.state != ImportState.DONE:
            raise NotDone
        _write_back(held.before, at)
        held.state, held.before = ImportState.UNDONE, []
        held.save(update_fields=["state", "before"])
        record(
            "premises.undo_import",
            ("premises_import", held.pk),
            by=by,
            at=at,
            scope=held.territory.scopes[0],
        )
    return held


def _write_back(before: list[dict[str, Any]], at: datetime) -> None:
    asked = [entry["premises"] for entry in before]
    locked = Premises.objects.select_for_update().filter(pk__in=asked).order_by("pk")
    rows = {row.pk: row for row in locked}
    for entry in before:
        row = rows.get(entry["premises"])
        if row is None or row.version != entry["version"]:
            raise EditedSince(
                who=last_editor(entry["premises"]), name=row.name if row else "un local"
            )
    added = [entry["premises"] for entry in before if entry["fields"] is None]
    Premises.objects.filter(pk__in=added).delete()
    restored = [_as_before(rows[e["premises"]], e["fields"], at) for e in before if e["fields"]]
    if restored:
        names = [*next(e["fields"] for e in before if e["fields"]), "version", "changed_at"]
        Premises.objects.bulk_update(restored, names, A_BATCH)


def _as_before(row: Premises, fields: dict[str, Any], at: datetime) -> Premises:
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at = at
    return row
