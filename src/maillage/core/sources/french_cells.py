"""Titles, days, months, counts and amounts as French software and spreadsheets write them."""

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

_AMOUNT = re.compile(r"([+-]?) ?([0-9]{1,3}(?:[ .]?[0-9]{3}){0,3})(?:,([0-9]{1,2}))?")
_POINTED = re.compile(r"([+-]?) ?([0-9]{1,12})\.([0-9]{1,2})")
_COUNT = re.compile(r"[0-9]{1,3}(?:[ .]?[0-9]{3}){0,2}(?:[,.]0+)?")
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_MONTH = re.compile(r"(?:([0-9]{1,2})[/.-]([0-9]{4}))|(?:([0-9]{4})[/.-]([0-9]{1,2}))")
_CENTURY = 2000


def plain(title: str) -> str:
    """A title in small letters, without accents, signs nor spaces beside one another."""
    bare = unicodedata.normalize("NFKD", title.replace("\u20ac", " eur ")).lower()
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def own_titles(titles: Iterable[str], names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What is looked for -> the file's own title for it.

    names  by what is looked for, the titles that mean it, as `plain` writes them; the first of
           them that the file has is taken
    """
    own: dict[str, str] = {}
    for title in titles:
        own.setdefault(plain(title), title)
    return {
        what: next(own[name] for name in known if name in own)
        for what, known in names.items()
        if not own.keys().isdisjoint(known)
    }


def cents(written: str) -> int | None:
    """Signed cents of "1 234,56", "-12,00 EUR", "1.234,5" or "1234.56"; None when it is none."""
    text = _spaced(written)
    found = _POINTED.fullmatch(text) or _AMOUNT.fullmatch(text)
    if found is None:
        return None
    sign, whole, part = found.groups()
    amount = int(re.sub(r"[ .]", "", whole) + (part or "").ljust(2, "0"))
    return -amount if sign == "-" else amount


def count(written: str) -> int | None:
    """A whole number of "1 234" or "1234,0"; None when it is none, or below 0."""
    text = _spaced(written)
    if not _COUNT.fullmatch(text):
        return None
    return int(re.sub(r"[ .]", "", re.sub(r"[,.]0{1,2}$", "", text)))


def day(written: str) -> date | None:
    """A day of "06/10/2026", "6.10.26" or "2026-10-06"; None when it is none."""
    try:
        if found := _DAY.fullmatch(written.strip()):
            first, month, year = (int(part) for part in found.groups())
            return date(year if year >= _CENTURY else _CENTURY + year, month, first)
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        return None


def month(written: str) -> tuple[date, date] | None:
    """The first and the last day of "10/2026" or "2026-10"; None when it is none."""
    found = _MONTH.fullmatch(written.strip())
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part]
    year, number = max(parts), min(parts)
    try:
        return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
    except ValueError:
        return None


def _spaced(written: str) -> str:
    """A number with plain spaces and minus, without the sign of euros."""
    text = unicodedata.normalize("NFKC", written).replace("\u2212", "-").strip()
    return re.sub(r"\s*(?:\u20ac|EUR)$", "", text)
