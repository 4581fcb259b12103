"""Give a scenario another title."""

from django.db import transaction

from maillage.apps.scenarios.models import Scenario
from maillage.apps.scenarios.open_scenario import NoTitle
from maillage.apps.scenarios.versions import Author, RetainedIsClosed, locked, note


def rename(scenario: Scenario, title: str, author: Author) -> None:
    """What was voted keeps the title it was voted under."""
    if not title.strip():
        raise NoTitle
    with transaction.atomic():
        held = locked(scenario)
        if held.state == "retained":
            raise RetainedIsClosed
        held.title = title.strip()
        held.save(update_fields=["title"])
        note("scenarios.rename", held, author)
