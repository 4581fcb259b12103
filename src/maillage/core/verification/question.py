"""A location problem as its instance states it: who is how far from what, under which rules.

Axes: i origins, j candidate sites, a arcs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.core.verification.archive import Archive
from maillage.core.verification.verdict import Wrong

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

KINDS = (
    "p_median", "max_benefit", "max_cover", "set_cover", "p_center",
    "capacitated_p_median", "capacitated_max_cover",
)  # fmt: skip
COVERING = ("max_cover", "set_cover", "capacitated_max_cover")
CAPACITATED = ("capacitated_p_median", "capacitated_max_cover")
MAXIMISED = ("max_benefit", "max_cover", "capacitated_max_cover")

# relative distance at which two sums of the same numbers are one; the same for amounts that a
# linear solver shared out
SUMS, SHARED = 1e-9, 1e-6

# pairs of an origin and a site looked at together: some 100 MB of work
CHUNK = 2_000_000


@dataclass(frozen=True)
class Arcs:
    """Some pairs: the number of the origin, that of the site, their cost or benefit."""

    origin: Whole
    site: Whole
    value: Numbers

    def kept(self, keep: Flags) -> "Arcs":
        """The arcs of a mask."""
        return Arcs(self.origin[keep], self.site[keep], self.value[keep])


@dataclass(frozen=True)
class Question:
    """One location problem.

    p              sites that open, None for a set cover
    within         largest cost of a covering, None for the others
    times          sites that each origin needs within reach (set cover), else 1
    weight         [i] weights, or demands of a capacitated problem
    fixed, forbidden  [j]
    price          [j] of a set cover, 1 each for the others
    capacity       [j], None where there is none
    group, most    [j], [c] quotas, None where there is none
    spent, budget  [j] prices under the budget, and the most
    """

    kind: str
    origins: int
    sites: int
    p: int | None
    within: float | None
    times: int
    weight: Numbers
    fixed: Flags
    forbidden: Flags
    price: Numbers
    capacity: Numbers | None
    group: Whole
    most: Whole
    spent: Numbers
    budget: float
    matrix: dict[str, NDArray[Any]]

    @property
    def tolerance(self) -> float:
        """Relative distance below which two values of this problem are one."""
        return SUMS if self.capacity is None else SHARED

    @property
    def is_covering_all(self) -> bool:
        """Whether sites are paid for until everybody is served, rather than counted."""
        return self.kind in ("set_cover", "p_center")

    def arcs(self) -> Iterator[Arcs]:
        """Every pair that counts, some at a time: within reach, near enough for a covering."""
        for arcs in self._pairs():
            keep = np.isfinite(arcs.value)
            if self.within is not None:
                keep &= arcs.value <= self.within
            yield arcs.kept(keep)

    def _pairs(self) -> Iterator[Arcs]:
        if "value" in self.matrix:
            yield from self._listed()
            return
        step = max(1, CHUNK // max(1, self.sites))
        for first in range(0, self.origins, step):
            block = self._block(first, min(first + step, self.origins))
            rows = np.repeat(np.arange(len(block)) + first, self.sites)
            yield Arcs(rows, np.tile(np.arange(self.sites), len(block)), block.ravel())

    def _block(self, first: int, last: int) -> Numbers:
        if "matrix" in self.matrix:
            return np.asarray(self.matrix["matrix"][first:last])
        apart = self.matrix["origin_xy"][first:last, None, :] - self.matrix["site_xy"][None, :, :]
        return np.asarray(np.hypot(apart[..., 0], apart[..., 1]))

    def _listed(self) -> Iterator[Arcs]:
        start, site, value = (self.matrix[name] for name in ("row_start", "column", "value"))
        for first in range(0, len(site), CHUNK):
            last = min(first + CHUNK, len(site))
            origin = np.searchsorted(start, np.arange(first, last), side="right") - 1
            yield Arcs(origin, site[first:last].astype(np.int64), value[first:last])


def question(instance: Archive) -> Question:
    """The problem that an instance states. Raises Wrong where it makes no sense."""
    kind = instance.text("kind")
    n, m = instance.count("origins"), instance.count("sites")
    known = instance.header.keys()
    counted = kind != "set_cover"
    weights = "demand" if kind in CAPACITATED else "weight"
    has_quotas = "group" in instance.arrays
    group = instance.array("group", "<i8", (m,)) if has_quotas else np.zeros(m, np.int64)
    most = instance.array("most", "<i8", (-1,)) if has_quotas else np.array([m])
    if m and not 0 <= group.min() <= group.max() < len(most):
        raise Wrong("array_number", file=instance.file, name="group")
    has_budget = "budget" in known
    return Question(
        kind, n, m,
        p=instance.count("p") if counted else None,
        within=instance.number("within") if kind in COVERING else None,
        times=instance.count("times") if kind == "set_cover" else 1,
        weight=_optional(instance, weights, n),
        fixed=instance.array("fixed", "|b1", (m,)),
        forbidden=instance.array("forbidden", "|b1", (m,)),
        price=_optional(instance, "price", m) if not counted else np.ones(m),
        capacity=_amounts(instance, "capacity", m, can_be_infinite=True)
        if kind in CAPACITATED
        else None,
        group=group, most=most,
        spent=_amounts(instance, "spent", m) if has_budget else np.zeros(m),
        budget=instance.number("budget") if has_budget else np.inf,
        matrix=_matrix(instance, n, m, can_be_far=kind != "max_benefit"),
    )  # fmt: skip


def _optional(instance: Archive, name: str, length: int) -> Numbers:
    return _amounts(instance, name, length) if name in instance.arrays else np.ones(length)


def _amounts(
    instance: Archive, name: str, length: int, *, can_be_infinite: bool = False
) -> Numbers:
    found = instance.array(name, "<f8", (length,))
    is_possible = (found >= 0) & (can_be_infinite | np.isfinite(found))
    if not is_possible.all():
        raise Wrong("array_number", file=instance.file, name=name)
    return found


def _matrix(instance: Archive, n: int, m: int, *, can_be_far: bool) -> dict[str, NDArray[Any]]:
    """The costs: all of them, those within reach by row, or places in the plane."""
    if "origin_xy" in instance.arrays:
        places = {
            "origin_xy": instance.array("origin_xy", "<f8", (n, 2)),
            "site_xy": instance.array("site_xy", "<f8", (m, 2)),
        }
        if not all(np.isfinite(xy).all() for xy in places.values()):
            raise Wrong("array_number", file=instance.file, name="origin_xy")
        return places
    if "matrix" in instance.arrays:
        found = {"matrix": instance.array("matrix", "<f8", (n, m))}
    else:
        found = _rows(instance, n, m)
    values = next(reversed(found.values()))
    if values.min(initial=0.0) < 0 or not (can_be_far or np.isfinite(values).all()):
        raise Wrong("array_number", file=instance.file, name="matrix")
    return found


def _rows(instance: Archive, n: int, m: int) -> dict[str, NDArray[Any]]:
    start = instance.array("row_start", "<i8", (n + 1,))
    column = instance.array("column", "<i4", (-1,))
    value = instance.array("value", "<f8", (len(column),))
    ends_meet = start[0] == 0 and start[-1] == len(column) and (np.diff(start) >= 0).all()
    if not ends_meet or column.min(initial=0) < 0 or column.max(initial=-1) >= m:
        raise Wrong("array_number", file=instance.file, name="column")
    # ascending in each row, so that no pair is written twice
    is_first = np.zeros(len(column) + 1, dtype=np.bool_)
    is_first[start] = True
    if len(column) and not (is_first[1:-1] | (np.diff(column) > 0)).all():
        raise Wrong("array_number", file=instance.file, name="column")
    return {"row_start": start, "column": column, "value": value}
