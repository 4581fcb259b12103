"""Scenarios of a study, with the files of a real result where a page reads them."""

from datetime import timedelta

from factories import studies
from maillage.apps.people import secret as secrets
from maillage.apps.scenarios.models import Scenario, Share
from maillage.apps.scenarios.open_scenario import of_run
from maillage.apps.scenarios.versions import Author, latest
from maillage.apps.studies.models import Study
from maillage.core.scenario import Outcome

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


__all__ = ["AT", "author", "of_run", "scenario", "shared"]
