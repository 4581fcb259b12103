"""Which lines of a payer's account settle each other."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from maillage.core.accounting.entries import Entry, Posting

_LETTERS = 26


@dataclass(frozen=True)
class Match:
    """Pieces of one payer that settle each other, since a day."""

    third: str
    pieces: frozenset[str]
    on: date


def lettered(
    entries: Iterable[Entry], matches: Sequence[Match], accounts: Collection[str]
) -> list[Entry]:
    """The entries with a code on the lines that settle each other to the cent.

    accounts  numbers whose lines are lettered: payers and suppliers
    A match whose lines do not add up to 0 stays open: letters never hide a cent.
    """
    entries = list(entries)
    codes: dict[tuple[str, str], tuple[str, date]] = {}
    count = 0
    owed: defaultdict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        for posting in _lines(entry, accounts):
            owed[_who(posting), entry.piece] += posting.debit_cents - posting.credit_cents
    for match in sorted(matches, key=lambda one: (one.on, one.third, sorted(one.pieces))):
        keys = [(match.third, piece) for piece in match.pieces]
        if all(key in owed and key not in codes for key in keys) and not sum(owed[k] for k in keys):
            codes.update(dict.fromkeys(keys, (letters(count), match.on)))
            count += 1
    return [_with(entry, codes, accounts) for entry in entries]


def letters(n: int) -> str:
    """The code of the n-th match, from 0: AAA, AAB… ZZZ, then four letters and more."""
    code = ""
    while n or len(code) < 3:
        n, rest = divmod(n, _LETTERS)
        code = chr(ord("A") + rest) + code
    return code


def _with(
    entry: Entry, codes: dict[tuple[str, str], tuple[str, date]], accounts: Collection[str]
) -> Entry:
    held = _lines(entry, accounts)

    def marked(posting: Posting) -> Posting:
        found = codes.get((_who(posting), entry.piece)) if posting in held else None
        return replace(posting, lettering=found[0], lettered_on=found[1]) if found else posting

    return replace(entry, postings=tuple(marked(posting) for posting in entry.postings))


def _lines(entry: Entry, accounts: Collection[str]) -> list[Posting]:
    return [one for one in entry.postings if one.third and one.account.number in accounts]


def _who(posting: Posting) -> str:
    return posting.third.code if posting.third else ""
