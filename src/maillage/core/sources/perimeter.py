"""Which intercommunality a text designates: a SIREN, a name, or something else to refuse."""

import difflib
import re

import polars as pl

from maillage.core import geo
from maillage.core.bad_input import BadInput


def find_epci(text: str, epcis: pl.DataFrame, communes: pl.DataFrame) -> tuple[str, str, str]:
    """SIREN, name and kind of the intercommunality that a SIREN or a name designates.

    Raises BadInput `perimeter_is_department`, `perimeter_is_commune`, `unknown_perimeter`.
    """
    text = text.strip()
    by_siren = {siren: (siren, name, kind) for siren, name, kind in epcis.rows()}
    if text in by_siren:
        return _with_members(by_siren[text], communes)
    wanted = normalised(text)
    same_name = [row for row in by_siren.values() if wanted and normalised(row[1]) == wanted]
    if len(same_name) == 1:
        return _with_members(same_name[0], communes)
    _refuse_other_levels(text, by_siren, communes)
    raise BadInput("unknown_perimeter", text=text, nearest=_nearest(text, by_siren))


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
        epci = as_commune["epci_siren"][0]
        raise BadInput(
            "perimeter_is_commune",
            commune=as_commune["name"][0],
            epci=by_siren[epci][:2] if epci in by_siren else None,
        )


def _nearest(text: str, by_siren: dict[str, tuple[str, str, str]]) -> list[tuple[str, str]]:
    if text.isdigit():
        keys = difflib.get_close_matches(text, list(by_siren), n=5, cutoff=0.6)
        return [by_siren[key][:2] for key in keys]
    names = {normalised(row[1]): row for row in by_siren.values()}
    found = difflib.get_close_matches(normalised(text), list(names), n=5, cutoff=0.4)
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
