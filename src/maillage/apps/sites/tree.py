"""The spaces of a site in the order of their tree."""

from collections.abc import Iterable, Sequence

from maillage.apps.sites.models import Space
from maillage.report import french

DASH = "\N{EN DASH}\N{NO-BREAK SPACE}"


def in_order(spaces: Iterable[Space]) -> list[tuple[Space, int]]:
    """Each space with its depth, a parent before its parts, by rank then by name."""
    rows = list(spaces)
    present = {space.pk for space in rows}
    by_parent: dict[int | None, list[Space]] = {}
    for space in rows:
        # what hangs from something removed is shown at the top
        parent = space.parent_id if space.parent_id in present else None
        by_parent.setdefault(parent, []).append(space)
    found: list[tuple[Space, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        parts = by_parent.get(parent, [])
        for space in sorted(parts, key=lambda s: (s.rank, french.sort_key(s.name))):
            found.append((space, depth))
            walk(space.pk, depth + 1)

    walk(None, 0)
    return found


def indented(spaces: Sequence[Space]) -> list[tuple[int, str]]:
    """For a list to choose from: parts are set back under their whole."""
    return [(space.pk, f"{depth * DASH}{space.name}") for space, depth in in_order(spaces)]
