"""The calendar of a contract: terms, notice, periods to charge, the part of a period by days.

An end is the first day without. A period to charge is a calendar month or quarter, cut by the
days on which the contract begins and ends. Days are those of the place: they come in as dates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from maillage.core import money, programme

ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3}
PRORATIONS = ("days", "whole")
# a term is found by stepping: no contract of ours is renewed more often
MOST_TERMS = 1_200


@dataclass(frozen=True)
class Terms:
    """How long a contract lasts and how it ends.

    months          of the first term, None without end
    renewal_months  of each term that follows by tacit renewal, 0 when there is none
    notice_months   between the notice and the end
    ends_anytime    whether a notice ends it within a term, or only at the end of one
    """

    starts_on: date
    months: int | None
    renewal_months: int = 0
    notice_months: int = 0
    ends_anytime: bool = False

    def __post_init__(self) -> None:
        """ValueError for what no form can send."""
        if self.months is not None and self.months < 1:
            raise ValueError("a term lasts a month at least")
        if min(self.renewal_months, self.notice_months) < 0:
            raise ValueError("months are counted from 0")


@dataclass(frozen=True)
class Due:
    """A period to charge: the days of the contract within a month or a quarter.

    first, end              days charged, `end` excluded
    whole_first, whole_end  of the calendar period
    """

    first: date
    end: date
    whole_first: date
    whole_end: date

    @property
    def is_whole(self) -> bool:
        """Whether nothing is cut."""
        return (self.first, self.end) == (self.whole_first, self.whole_end)

    @property
    def days(self) -> int:
        """How many days are charged."""
        return (self.end - self.first).days

    @property
    def whole_days(self) -> int:
        """How many days the calendar period has."""
        return (self.whole_end - self.whole_first).days


def term_ends(terms: Terms) -> Iterator[date]:
    """The end of each term in order; nothing for a contract without end."""
    if terms.months is None:
        return
    months = terms.months
    yield programme.after(terms.starts_on, months)
    if not terms.renewal_months:
        return
    for _ in range(MOST_TERMS):
        # counted from the first day, so that 31 January does not become the 28th for ever
        months += terms.renewal_months
        yield programme.after(terms.starts_on, months)


def term_end(terms: Terms, on: date) -> date | None:
    """The end of the term under way on a day; None without end.

    The last term is the one of every later day.
    """
    last = None
    for last in term_ends(terms):
        if last > on:
            return last
    return last


def natural_end(terms: Terms) -> date | None:
    """When it ends without anybody saying so; None when it goes on."""
    return None if terms.months is None or terms.renewal_months else _first_term(terms)


def earliest_end(terms: Terms, given_on: date) -> date:
    """The first end that a notice given on a day may have."""
    noticed = max(programme.after(given_on, terms.notice_months), terms.starts_on + ONE_DAY)
    if terms.months is None or terms.ends_anytime:
        last = natural_end(terms)
        return noticed if last is None else min(noticed, last)
    end = _first_term(terms)
    for end in term_ends(terms):
        if end >= noticed:
            return end
    # not renewed: it ends by itself, whatever the notice
    return end


def notice_limit(terms: Terms, ends_on: date) -> date:
    """The last day on which a notice still makes the contract end that day."""
    # a month may be shorter than the one before: 31 January and 28 January both reach 28 February
    day = programme.after(ends_on, -terms.notice_months) + timedelta(days=3)
    while programme.after(day, terms.notice_months) > ends_on:
        day -= ONE_DAY
    return day


def dues(starts_on: date, ends_on: date | None, every: str, until: date) -> Iterator[Due]:
    """The periods that begin on `until` at the latest, in order."""
    months = MONTHS[every]
    whole_first = starts_on.replace(month=(starts_on.month - 1) // months * months + 1, day=1)
    while True:
        whole_end = programme.after(whole_first, months)
        first = max(starts_on, whole_first)
        end = whole_end if ends_on is None else min(ends_on, whole_end)
        if first > until or end <= first:
            return
        yield Due(first, end, whole_first, whole_end)
        whole_first = whole_end


def part_cents(price_cents: int, due: Due, rule: str) -> int:
    """What is owed of the price of a whole period.

    rule  `days`: in proportion to days; `whole`: a period that has begun is due
    """
    if rule not in PRORATIONS:
        raise ValueError(rule)
    if rule == "whole":
        return price_cents
    begin = (due.first - due.whole_first).days
    return money.between_marks(price_cents, begin, begin + due.days, due.whole_days)


def _first_term(terms: Terms) -> date:
    return programme.after(terms.starts_on, terms.months or 0)
