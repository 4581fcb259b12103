"""Load the tables of a territory: compute its portrait, store its files, name them in a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.territories import communes_file, fingerprint, landmarks, streets
from maillage.apps.territories.models import Portrait, Territory
from maillage.apps.territories.sources import TablesSource, reading
from maillage.core import assumptions, portrait, territory
from maillage.core.assumptions import Assumptions
from maillage.core.sources.gather import Tables
from maillage.kit import files
from maillage.kit.refusal import Refusal
from maillage.report import portrait as drawn

STEPS = ("tables", "portrait", "files")


class UnknownTerritory(Refusal):
    """Nobody registered it."""

    sentence = (
        "Ce territoire n'est pas dans la liste. Ajoutez-le d'abord : "
        "« maillage territories register »."
    )


class OtherTerritory(Refusal):
    """The source holds another territory than the one asked."""

    sentence = "Ces tables sont celles de {name} ({siren}). Choisissez ce territoire."


@dataclass(frozen=True)
class _Computed:
    fingerprint: str
    files: dict[str, bytes]


def load(
    siren: str,
    source: TablesSource,
    *,
    by: int | None,
    at: datetime,
    on_step: Callable[[int], None] = lambda _done: None,
) -> Portrait:
    """The portrait of a territory from these tables; the same tables give the one already there.

    on_step  called with the number of STEPS done
    """
    if not Territory.objects.filter(pk=siren).exists():
        raise UnknownTerritory
    assumed = assumptions.load()
    tables = _read(siren, source, assumed)
    on_step(1)
    key = fingerprint.of_tables(tables, assumed)
    if not Portrait.objects.filter(territory_id=siren, fingerprint=key).exists():
        return _store(siren, _compute(tables, assumed, key, on_step), by=by, at=at)
    return _show_again(siren, key, by=by, at=at)


def _read(siren: str, source: TablesSource, assumed: Assumptions) -> Tables:
    with reading():
        tables = source(assumed)
    if tables.siren != siren:
        raise OtherTerritory(name=tables.name, siren=tables.siren)
    return tables


def _compute(
    tables: Tables, assumed: Assumptions, key: str, on_step: Callable[[int], None]
) -> _Computed:
    with reading():
        found = portrait.describe(territory.assemble(tables, assumed), assumed)
    on_step(2)
    inner = {communes_file.NAME: communes_file.of(found), landmarks.NAME: landmarks.of(found)}
    return _Computed(key, drawn.files(found) | inner | streets.of(found))


def _store(siren: str, computed: _Computed, *, by: int | None, at: datetime) -> Portrait:
    with transaction.atomic():
        # two loadings of one territory wait for each other: they write the same folder
        Territory.objects.select_for_update().get(pk=siren)
        known = Portrait.objects.filter(territory_id=siren, fingerprint=computed.fingerprint)
        if known.exists():
            return _show_again(siren, computed.fingerprint, by=by, at=at)
        folder = f"territories/{siren}/{computed.fingerprint}"
        row = Portrait.objects.create(
            territory_id=siren,
            folder=folder,
            fingerprint=computed.fingerprint,
            files=files.write_folder(folder, computed.files),
            loaded_at=at,
            loaded_by=by,
        )
        _journal(row, by=by, at=at, is_new=True)
        return row


def _show_again(siren: str, key: str, *, by: int | None, at: datetime) -> Portrait:
    """The portrait already computed from the same tables becomes the latest one."""
    with transaction.atomic():
        row = Portrait.objects.select_for_update().get(territory_id=siren, fingerprint=key)
        row.loaded_at, row.loaded_by = at, by
        row.save(update_fields=["loaded_at", "loaded_by"])
        _journal(row, by=by, at=at, is_new=False)
        return row


def _journal(row: Portrait, *, by: int | None, at: datetime, is_new: bool) -> None:
    record(
        "territories.load",
        ("portrait", row.pk),
        by=by,
        at=at,
        scope=("territory", row.territory_id),
        fingerprint=row.fingerprint,
        is_new=is_new,
    )
