"""Names of intercommunalities: how they are searched, how they are shortened."""

import re
from collections.abc import Iterable

from maillage.core.sources.perimeter import normalised

_KINDS = re.compile(
    r"^(cc|ca|cu|communaut[ée] (de communes|d'agglom[ée]ration|urbaine)|m[ée]tropole)\s+"
    r"((de la|de l'|du|des|de|d')\s*)?",
    re.IGNORECASE,
)


def search_key(*parts: str) -> str:
    """Text as it is searched: without capitals, accents, punctuation, kind or small words."""
    return normalised(" ".join(parts))


def search_lines(names: Iterable[str]) -> str:
    """Several names as they are searched, a line end before and after each."""
    keys = dict.fromkeys(search_key(name) for name in names)
    return "".join(f"\n{key}" for key in keys if key) + "\n"


def short_name(name: str) -> str:
    """« CC Saône-Beaujolais » is « Saône-Beaujolais » beside the logo."""
    return _KINDS.sub("", name.replace("’", "'")) or name
