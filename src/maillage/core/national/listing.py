"""The intercommunalities of a folder of tables, the longest to compute first."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import communes, registry
from maillage.core.sources.shelf import Shelf

# Seconds of processor of one plan, by its communes: fitted in docs/scale.md. It only orders the
# queue and announces an end; nothing that is computed depends on it.
_COST_S, _COST_EXPONENT = 0.0117, 1.28


@dataclass(frozen=True)
class Place:
    """One intercommunality to plan.

    department  where most of its communes are
    cost_s      seconds of processor that its plan should take
    """

    siren: str
    name: str
    department: str
    communes: int
    cost_s: float


def places(
    shelf: Shelf, only: Collection[str] = (), departments: Collection[str] = ()
) -> tuple[Place, ...]:
    """The mainland intercommunalities, the longest first: a queue that ends together.

    only         SIREN to keep, none: all
    departments  codes to keep, none: all; an intercommunality is of the one of most communes
    Raises BadInput `national_unknown_siren`, `national_unknown_department`, and those of the
    tables.
    """
    path = registry.require(shelf.path, "communes")
    epci = registry.require(shelf.path, "epci")
    listed = shelf.once(communes.read, path, epci)
    known = shelf.once(communes.read_epcis, epci)
    every = _every(listed, known)
    if unknown := _unknown(only, every["siren"]):
        raise BadInput("national_unknown_siren", codes=unknown)
    if unknown := _unknown(departments, listed["department"]):
        raise BadInput("national_unknown_department", codes=unknown)
    if only:
        every = every.filter(pl.col("siren").is_in(list(only)))
    if departments:
        every = every.filter(pl.col("department").is_in(list(departments)))
    found = [
        Place(siren, name, department, count, expected_s(count))
        for siren, name, department, count in every.iter_rows()
    ]
    return tuple(sorted(found, key=lambda place: (-place.cost_s, place.siren)))


def expected_s(communes_count: int) -> float:
    """Seconds of processor that a plan of so many communes should take."""
    return float(_COST_S * communes_count**_COST_EXPONENT)


def _every(listed: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    by_department = (
        listed.drop_nulls("epci_siren")
        .group_by("epci_siren", "department")
        .len()
        .sort("epci_siren", "len", "department", descending=[False, True, False])
        .group_by("epci_siren", maintain_order=True)
        .agg(pl.col("department").first(), communes=pl.col("len").sum())
    )
    return known.join(by_department, left_on="siren", right_on="epci_siren").select(
        "siren", "name", "department", "communes"
    )


def _unknown(asked: Collection[str], known: pl.Series) -> list[str]:
    return sorted(set(asked) - set(known))
