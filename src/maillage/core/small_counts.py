"""Counts of people that are too small to be shown, and those that would give them away.

A group of fewer than `LEAST` people is hidden. When their total is shown, a single hidden group
would be found by a subtraction, and a few of them might be too few together: the next smallest is
hidden too, until what is hidden is two groups or more and `LEAST` people or more.
"""

from collections.abc import Mapping

LEAST = 5
"""People, of the smallest group that is shown (the usual bound of published statistics)."""


def hidden(counts: Mapping[str, int], *, least: int = LEAST) -> frozenset[str]:
    """The groups whose counts are not shown beside their total; a group of nobody is no secret.

    counts   people in each group, whole and not below 0
    returns  the names of the groups to hide; every one that has somebody when the total itself is
             below `least`, and then `is_total_hidden`
    ValueError  a count is below 0
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count of people is not below 0")
    somebody = sorted((count, name) for name, count in counts.items() if count)
    found = {name for count, name in somebody if count < least}
    for count, name in somebody:
        together = sum(counts[one] for one in found)
        if not found or (len(found) > 1 and together >= least):
            break
        if count >= least:
            found.add(name)
    return frozenset(found)


def is_total_hidden(counts: Mapping[str, int], *, least: int = LEAST) -> bool:
    """Whether the total would tell of a group that is hidden: too few people, or one group."""
    found = hidden(counts, least=least)
    together = sum(counts[name] for name in found)
    return bool(found) and (len(found) < 2 or together < least)
