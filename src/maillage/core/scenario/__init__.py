"""A territory and some choices in; a network, its proof, its money and its impact out."""

from maillage.core.scenario.around import Here, Instead, gains, here, losses
from maillage.core.scenario.assess import Assessed, Coverage, Site, assess
from maillage.core.scenario.broken import Broken, broken
from maillage.core.scenario.evaluate import (
    STEPS,
    Outcome,
    best_with,
    evaluate,
)
from maillage.core.scenario.ground import Ground, existing_places, lay
from maillage.core.scenario.moves import Close, Date, Move, Open, Resize, Shift, after, between
from maillage.core.scenario.nearby import Around, Zones
from maillage.core.scenario.request import Network, OpenSite, Request
from maillage.core.scenario.robust import Robust, robust
from maillage.core.scenario.search import NoNetwork
from maillage.core.scenario.village import (
    VILLAGE_STEPS,
    Imposed,
    impose,
    refuse_village,
    served,
    without_candidate,
)

# a network and what was computed of it, with or without the search that found it
Judged = Assessed | Outcome

__all__ = [
    "STEPS",
    "VILLAGE_STEPS",
    "Around",
    "Assessed",
    "Broken",
    "Close",
    "Coverage",
    "Date",
    "Ground",
    "Here",
    "Imposed",
    "Instead",
    "Judged",
    "Move",
    "Network",
    "NoNetwork",
    "Open",
    "OpenSite",
    "Outcome",
    "Request",
    "Resize",
    "Robust",
    "Shift",
    "Site",
    "Zones",
    "after",
    "assess",
    "best_with",
    "between",
    "broken",
    "evaluate",
    "existing_places",
    "gains",
    "here",
    "impose",
    "lay",
    "losses",
    "refuse_village",
    "robust",
    "served",
    "without_candidate",
]
