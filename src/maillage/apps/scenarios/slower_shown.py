"""The network that holds when trips are slower, beside the scenario's own."""

from collections.abc import Mapping
from typing import Any

from maillage.apps.scenarios import moves
from maillage.apps.scenarios.trial import Address
from maillage.apps.scenarios.tried import Tried
from maillage.apps.territories import parts
from maillage.core import scenario
from maillage.core.scenario import OpenSite


def of_words(words: Mapping[str, Any] | None, tried: Tried, address: Address) -> dict[str, Any]:
    """The network for slower trips beside the saved one, and the address that tries it.

    words  of page.json; none where the scenario did not ask, or is of an earlier version
    """
    if not words:
        return {}
    wanted = tuple(OpenSite(**site) for site in words["network"])
    found = scenario.between(tried.saved.network, wanted) if wanted else ()
    texts = tuple(moves.written(move) for move in found)
    return {
        "title": words["title"],
        "lines": words["lines"],
        "table": parts.grid("prudence", words["table"]) if words["table"] else None,
        "href": address.to(moves=texts, site="") if 0 < len(texts) <= moves.MOST else "",
    }
