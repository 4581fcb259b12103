"""Which intercommunality a text designates: a SIREN, a name, or something else to refuse."""

import difflib
import re

import polars as pl

from maillage.core import geo
from maillage.core.bad_input import BadInput

# Names proposed to a person: at most so many, at least so alike (0-1, difflib's ratio)
_SHOWN = 5
_LIKENESS = 0.6


def find_epci(text: str, epcis: pl.DataFrame, communes: pl.DataFrame) -> tuple[str, str, str]:
    """SIREN, name and kind of the intercommunality that a SIREN or a name designates.

    Raises BadInput `empty_perimeter`, `perimeter_is_department`, `perimeter_is_commune`,
    `perimeter_is_communes`, `perimeter_overseas`, `unknown_perimeter`.
    """
    text = _without_spaces_if_number(text.strip())
    if not text:
        raise BadInput("empty_perimeter")
    by_siren = {siren: (siren, name, kind) for siren, name, kind in epcis.rows()}
    if text in by_siren:
        return _with_members(by_siren[text], communes)
    wanted = normalised(text)
    same_name = [row for row in by_siren.values() if wanted and normalised(row[1]) == wanted]
    if len(same_name) == 1:
        return _with_members(same_name[0], communes)
    _refuse_other_levels(text, by_siren, communes)
    if not same_name:
        _refuse_commune_name(text, by_siren, communes)
    nearest = [row[:2] for row in same_name] or _nearest(text, by_siren)
    raise BadInput("unknown_perimeter", text=text, nearest=nearest)


def _without_spaces_if_number(text: str) -> str:
    """200 067 817 as 200067817, whatever the kind of space."""
    joined = "".join(text.split())
    return joined if joined.isdigit() else text


def _with_members(epci: tuple[str, str, str], communes: pl.DataFrame) -> tuple[str, str, str]:
    if communes.filter(pl.col("epci_siren") == epci[0]).is_empty():
        raise BadInput("perimeter_overseas", siren=epci[0], name=epci[1])
    return epci


def _refuse_other_levels(
    text: str, by_siren: dict[str, tuple[str, str, str]], communes: pl.DataFrame
) -> None:
    in_department = communes.filter(
        (pl.col("department") == text.upper()) & pl.col("epci_siren").is_in(list(by_siren))
    )
    if not in_department.is_empty():
        sirens = sorted(set(in_department["epci_siren"]))
        raise BadInput(
            "perimeter_is_department", text=text, epcis=[by_siren[siren][:2] for siren in sirens]
        )
    # a département's own SIREN is 22, its code, then a key
    if geo.SIREN.match(text) and text.startswith("22") and text not in by_siren:
        _refuse_other_levels(text[2:4], by_siren, communes)
    as_commune = communes.filter((pl.col("commune_code") == text) | (pl.col("siren") == text))
    if not as_commune.is_empty():
        name, epci = as_commune.select("name", "epci_siren").row(0)
        raise BadInput("perimeter_is_commune", commune=name, epci=_epci_of(epci, by_siren))


def _refuse_commune_name(
    text: str, by_siren: dict[str, tuple[str, str, str]], communes: pl.DataFrame
) -> None:
    """The name of one commune, or of several: their intercommunalities are the answer."""
    wanted = normalised(text)
    named = [
        (name, department, _epci_of(epci, by_siren))
        for name, department, epci in communes.select("name", "department", "epci_siren").rows()
        if wanted and normalised(name) == wanted
    ]
    if len(named) == 1:
        raise BadInput("perimeter_is_commune", commune=named[0][0], epci=named[0][2])
    if named:
        raise BadInput("perimeter_is_communes", text=text, named=named[:_SHOWN])


def _epci_of(
    siren: str | None, by_siren: dict[str, tuple[str, str, str]]
) -> tuple[str, str] | None:
    return by_siren[siren][:2] if siren in by_siren else None


def _nearest(text: str, by_siren: dict[str, tuple[str, str, str]]) -> list[tuple[str, str]]:
    if text.isdigit():
        keys = difflib.get_close_matches(text, list(by_siren), n=_SHOWN, cutoff=_LIKENESS)
        return [by_siren[key][:2] for key in keys]
    names = {normalised(row[1]): row for row in by_siren.values()}
    found = difflib.get_close_matches(normalised(text), list(names), n=_SHOWN, cutoff=_LIKENESS)
    return [names[key][:2] for key in found]


def normalised(name: str) -> str:
    """A name without case, accents, punctuation and small words, to compare names."""
    plain = name.lower().translate(_PLAIN)
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join(word for word in words if word not in _SMALL_WORDS)


_PLAIN = str.maketrans("àâäçéèêëîïôöùûüÿœ’", "aaaceeeeiioouuuyo'")
_SMALL_WORDS = frozenset(
    [
        *("cc", "ca", "cu", "me", "communaute", "communes", "commune", "agglomeration"),
        *("d", "de", "du", "des", "l", "la", "le", "les", "et", "en"),
    ]
)
