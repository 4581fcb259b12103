"""Import a list that was previewed: all its lines, or none."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from maillage.apps.journal.record import record
from maillage.apps.premises.columns import Columns, of_row
from maillage.apps.premises.list_plan import Plan, plan_of
from maillage.apps.premises.models import Import, ImportState, Premises
from maillage.apps.territories.models import Territory
from maillage.kit.refusal import Refusal

A_BATCH = 1_000


class AlreadyImported(Refusal):
    """The button was pressed twice."""

    sentence = "Cette liste est déjà importée. Retrouvez ses locaux dans la liste."


class ListHasFaults(Refusal):
    """All or nothing."""

    sentence = "La liste a encore des erreurs. Corrigez le fichier, puis envoyez-le de nouveau."


class NothingToImport(Refusal):
    """Every line says what is already known."""

    sentence = "Tous ces locaux sont déjà décrits ainsi. Il n'y a rien à importer."


class ChangedMeanwhile(Refusal):
    """What the preview said is not what would be done."""

    sentence = (
        "Des locaux ont changé depuis cet aperçu. Relisez-le : il montre maintenant ce qui sera "
        "fait."
    )


def import_list(of: Import, *, shown: str, by: int | None, at: datetime) -> Import:
    """Add and change what the preview said.

    shown  the digest of the plan that the person read
    """
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=of.territory_id)
        held = Import.objects.select_for_update().select_related("territory").get(pk=of.pk)
        if held.state != ImportState.WAITING:
            raise AlreadyImported
        plan = plan_of(held.territory, held.name, held.text)
        _refuse(plan, shown)
        held.before = _changed(plan, at) + _added(held.territory, plan, at)
        held.added, held.changed = len(plan.adds), len(plan.changes)
        held.state, held.text, held.done_at = ImportState.DONE, "", at
        held.save()
        record(
            "premises.import",
            ("premises_import", held.pk),
            by=by,
            at=at,
            scope=held.territory.scopes[0],
            added=held.added,
            changed=held.changed,
        )
    return held


def _refuse(plan: Plan, shown: str) -> None:
    if plan.faults:
        raise ListHasFaults
    if plan.digest != shown:
        raise ChangedMeanwhile
    if not plan.is_ready:
        raise NothingToImport


def _changed(plan: Plan, at: datetime) -> list[dict[str, Any]]:
    before = []
    rows = []
    names: set[str] = set()
    for change in plan.changes:
        row = change.premises
        kept = of_row(row)
        before.append({"premises": row.pk, "version": row.version + 1, "fields": kept})
        for name, (_, value) in change.columns.items():
            setattr(row, name, value)
            names.add(name)
        row.version += 1
        row.changed_at = at
        rows.append(row)
    if rows:
        Premises.objects.bulk_update(rows, [*sorted(names), "version", "changed_at"], A_BATCH)
    return before


def _added(territory: Territory, plan: Plan, at: datetime) -> list[dict[str, Any]]:
    rows = [_row(territory, said, at) for _, said in plan.adds]
    try:
        with transaction.atomic():
            made = Premises.objects.bulk_create(rows, A_BATCH)
    except IntegrityError as error:
        raise ChangedMeanwhile from error
    return [{"premises": row.pk, "version": row.version, "fields": None} for row in made]


def _row(territory: Territory, said: Columns, at: datetime) -> Premises:
    return Premises(territory=territory, **said, created_at=at, changed_at=at)
