"""What may be wrong in the numbers given to a location problem, each with the facts to mend it.

Each is a `BadInput`, worded in French by `report.refusals_of_siting`.
"""

from collections.abc import Sequence

from maillage.core.bad_input import BadInput


class ImpossibleNumber(BadInput):
    """A cost, weight, capacity, price or limit that is "not a number" or below zero.

    facts: what ("cost", "weight", …), row and column of the first one (None: it has none), value
    """

    def __init__(
        self, what: str, value: float, *, row: int | None = None, column: int | None = None
    ) -> None:
        super().__init__("impossible_number", what=what, value=value, row=row, column=column)


class NotNumbers(BadInput):
    """Texts, dates, objects or rows of unequal lengths where numbers are needed. facts: what."""

    def __init__(self, what: str) -> None:
        super().__init__("not_numbers", what=what)


class TooLarge(BadInput):
    """Numbers whose sums would lose what tells two choices apart. facts: what, most."""

    def __init__(self, what: str, *, most: float) -> None:
        super().__init__("too_large", what=what, most=most)


class UnclearArcs(BadInput):
    """A sparse matrix that does not tell one cost for each pair.

    facts: reason ("twice": two costs for one pair, "zeros": a format that fills with zeros),
    row, column (None for "zeros"), layout (the sparse format)
    """

    def __init__(
        self, reason: str, *, row: int | None = None, column: int | None = None, layout: str
    ) -> None:
        super().__init__("unclear_arcs", reason=reason, row=row, column=column, layout=layout)


class NoOrigins(BadInput):
    """A cost matrix without a row: there is nobody to reach. facts: none."""

    def __init__(self) -> None:
        super().__init__("no_origins", count=0)


class WrongShape(BadInput):
    """Arrays whose lengths do not agree.

    facts: what, expected and given lengths
    """

    def __init__(self, what: str, *, expected: object, given: object) -> None:
        super().__init__("wrong_shape", what=what, expected=expected, given=given)


class UnknownSite(BadInput):
    """A fixed or forbidden site that is not a candidate. facts: site, candidates (their number)."""

    def __init__(self, site: int, *, candidates: int) -> None:
        super().__init__("unknown_site", site=site, candidates=candidates)


class TooManySites(BadInput):
    """More sites asked than may open, or fewer than one. facts: asked, candidates allowed."""

    def __init__(self, asked: int, *, candidates: int) -> None:
        super().__init__("too_many_sites", asked=asked, candidates=candidates)


class ContradictorySites(BadInput):
    """Sites both fixed and forbidden, or more fixed than asked or than a quota or budget allows.

    facts: reason ("both", "more_than_asked", "over_quota", "over_budget"), sites
    """

    def __init__(self, reason: str, sites: Sequence[int]) -> None:
        super().__init__("contradictory_sites", reason=reason, sites=tuple(sites))


class Unreachable(BadInput):
    """Origins that no allowed site reaches, in a problem where each needs one.

    facts: origins, all of them
    """

    def __init__(self, origins: Sequence[int]) -> None:
        super().__init__("unreachable", origins=tuple(origins))


class NothingToCertify(BadInput):
    """A result without sites, without proof or without any bound. facts: status."""

    def __init__(self, status: str) -> None:
        super().__init__("nothing_to_certify", status=status)
