"""A territory and some choices in; a network, its proof, its money and its impact out."""

from maillage.core.scenario.around import Here, Instead, gains, here, losses
from maillage.core.scenario.assess import Assessed, Coverage, Site, assess
from maillage.core.scenario.broken import Broken, broken
from maillage.core.scenario.evaluate import (
    STEPS,
    NoNetwork,
    Outcome,
    best_with,
    evaluate,
)
from maillage.core.scenario.ground import Ground, existing_places, lay
from maillage.core.scenario.moves import Close, Date, Move, Open, Resize, Shift, after
from maillage.core.scenario.nearby import Around, Zones
from maillage.core.scenario.request import Network, OpenSite, Request
from maillage.core.scenario.robust import Robust, robust

# a network and what was computed of it, with or without the search that found it
Judged = Assessed | Outcome

__all__ = [
    "STEPS",
    "Around",
    "Assessed",
    "Broken",
    "Close",
    "Coverage",
    "Date",
    "Ground",
    "Here",
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
    "broken",
    "evaluate",
    "existing_places",
    "gains",
    "here",
    "lay",
    "losses",
    "robust",
]
