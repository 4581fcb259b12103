"""Scenarios of a study, with the files of a real result where a page reads them."""

from datetime import timedelta

from factories import studies
from maillage.apps.people import secret as secrets
from maillage.apps.scenarios.models import Scenario, Share, VillagePrice
from maillage.apps.scenarios.open_scenario import of_run
from maillage.apps.scenarios.tried import network_of
from maillage.apps.scenarios.versions import Author, latest
from maillage.apps.scenarios.villages import to_json
from maillage.apps.studies.models import RunState, Study
from maillage.core.scenario import Imposed, OpenSite, Outcome

AT = studies.AT


def author(reason: str = "", by: int | None = None) -> Author:
    """Somebody, some day."""
    return Author(by, AT, reason)


def scenario(of: Study, outcome: Outcome, title: str = "Trois bourgs et sept relais") -> Scenario:
    """A scenario whose network the search found."""
    return of_run(studies.computed(of, outcome), title, author())


def shared(of: Scenario, label: str) -> Share:
    """A link to its latest version; nobody knows the secret."""
    return Share.objects.create(
        version=latest(of),
        secret_hash=secrets.digest(secrets.draw()),
        label=label,
        created_at=AT,
        expires_at=AT + timedelta(days=3650),
    )


def answered(of: Scenario, commune_code: str) -> VillagePrice:
    """An invented answer for a commune: one more mini-cowork, a hundred inhabitants nearer."""
    run = latest(of).run
    network = (*network_of(run), OpenSite(commune_code, "mini", 2))
    found = Imposed(
        network, True, (44_832, 44_732), (105_800, 103_000), (commune_code,), (), 0, True
    )
    return VillagePrice.objects.create(
        run=run,
        commune_code=commune_code,
        state=RunState.DONE,
        answer=to_json(found),
        asked_at=AT,
        finished_at=AT,
    )


def waiting(of: Scenario, commune_code: str) -> VillagePrice:
    """A question of a commune that no worker has begun."""
    run = latest(of).run
    return VillagePrice.objects.create(run=run, commune_code=commune_code, asked_at=AT)


__all__ = ["AT", "answered", "author", "of_run", "scenario", "shared", "waiting"]
