"""The scenarios of the demonstration: its network, proposed, and the town centres alone."""

from datetime import datetime

from django.db import transaction

from maillage.apps.scenarios import decide
from maillage.apps.scenarios.models import Scenario
from maillage.apps.scenarios.moves import written
from maillage.apps.scenarios.open_scenario import copy, of_run
from maillage.apps.scenarios.tried import network_of
from maillage.apps.scenarios.versions import Author, latest
from maillage.apps.studies import compute
from maillage.apps.studies.models import Run
from maillage.core.scenario import Close, Network

WHOLE, ALONE = "Trois bourgs et sept relais", "Trois bourgs seuls"
# what the command finds with other options: neither three nor seven
WHOLE_OTHERWISE, ALONE_OTHERWISE = "Le réseau proposé", "Sans les mini-coworks"


def lay(run: Run, *, at: datetime) -> None:
    """Once: a study that has scenarios keeps them."""
    author = Author(None, at)
    network = network_of(run)
    kept = tuple(site for site in network if site.tier != "mini")
    whole_title, alone_title = _titles(network)
    first = run.study.scenarios.filter(number=1).first() or _propose(run, whole_title, author)
    if run.study.scenarios.count() > 1 or kept in ((), network):
        return
    closed = [written(Close(site.candidate_id)) for site in network if site.tier == "mini"]
    alone = copy(latest(first), alone_title, kept, closed, "", author)
    # a job waits for it too, and will find it done
    compute.carry_out(latest(alone).run, "", lambda: at)


@transaction.atomic
def _propose(run: Run, title: str, author: Author) -> Scenario:
    made = of_run(run, title, author)
    decide.propose(made, author)
    made.refresh_from_db()
    return made


def _titles(network: Network) -> tuple[str, str]:
    tiers = [site.tier for site in network]
    if (tiers.count("hub"), tiers.count("mini")) == (3, 7):
        return WHOLE, ALONE
    return WHOLE_OTHERWISE, ALONE_OTHERWISE
