"""Fill the list of territories from the perimeters of the year; nothing is ever removed from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import search_lines, short_name
from maillage.apps.territories.sources import reading
from maillage.core import sample
from maillage.core.sources import communes, registry

BATCH = 500


@dataclass(frozen=True)
class Member:
    """A commune of a territory; `population` is None where no table gives it."""

    code: str
    name: str
    population: int | None


@dataclass(frozen=True)
class Listed:
    """An intercommunality as a table of perimeters lists it."""

    siren: str
    name: str
    members: tuple[Member, ...]

    @property
    def population(self) -> int | None:
        """Inhabitants, None as soon as one commune has no figure."""
        counts = [member.population for member in self.members]
        return None if None in counts else sum(c for c in counts if c is not None)


@dataclass(frozen=True)
class Registered:
    """How many territories are new, how many were already in the list."""

    new: int
    known: int


def register(
    listed: Sequence[Listed], *, by: int | None, at: datetime, is_demonstration: bool = False
) -> Registered:
    """Add or bring up to date; a name that changes stays as an alias."""
    with transaction.atomic():
        sirens = [entry.siren for entry in listed]
        known = {t.pk: t for t in Territory.objects.select_for_update().filter(pk__in=sirens)}
        rows = [_row(entry, known.get(entry.siren)) for entry in listed]
        for row in rows:
            row.is_demonstration = is_demonstration
        Territory.objects.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["siren"],
            update_fields=[f.name for f in Territory._meta.concrete_fields if not f.primary_key],
        )
        done = Registered(new=len(rows) - len(known), known=len(known))
        record(
            "territories.register",
            ("territories", len(rows)),
            by=by,
            at=at,
            new=done.new,
            known=done.known,
        )
    return done


def _row(entry: Listed, known: Territory | None) -> Territory:
    aliases = known.aliases.splitlines() if known else []
    if known and known.name != entry.name and known.name not in aliases:
        aliases.append(known.name)
    return Territory(
        siren=entry.siren,
        name=entry.name,
        aliases="\n".join(aliases),
        search_name=search_lines([entry.name, short_name(entry.name), *aliases]),
        communes=len(entry.members),
        population=entry.population,
        members=[
            {"code": m.code, "name": m.name, "population": m.population} for m in entry.members
        ],
        search_members=search_lines(m.name for m in entry.members),
    )


def listed_in_sample() -> tuple[Listed, ...]:
    """The embedded territory alone."""
    inside = sample.load().communes.filter("is_member").sort("commune_code")
    return (Listed(sample.SIREN, sample.NAME, _members(inside.iter_rows(named=True))),)


def listed_in(folder: Path) -> tuple[Listed, ...]:
    """Every intercommunality of a folder of official tables that has communes in the mainland."""
    with reading():
        epci = registry.require(folder, "epci")
        listed = communes.read(registry.require(folder, "communes"), epci)
        epcis = communes.read_epcis(epci)
    members = listed.drop_nulls("epci_siren").sort("epci_siren", "commune_code")
    by_epci = members.partition_by("epci_siren", as_dict=True)
    return tuple(
        Listed(siren, name, _members(by_epci[(siren,)].iter_rows(named=True)))
        for siren, name in epcis.select(pl.col("siren"), pl.col("name")).rows()
        if (siren,) in by_epci
    )


def _members(rows: Iterable[dict[str, Any]]) -> tuple[Member, ...]:
    return tuple(
        Member(row["commune_code"], row["name"], _whole(row["population"])) for row in rows
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
