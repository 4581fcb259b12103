"""Receive a list of premises: read, compared, kept until it is confirmed; nothing else changes."""

from datetime import datetime, timedelta

from maillage.apps.premises.list_plan import UnusableList, plan_of
from maillage.apps.premises.models import Import
from maillage.apps.territories.models import Territory
from maillage.core.bad_input import BadInput
from maillage.core.sources import lines
from maillage.kit.throttle import Limit, count
from maillage.report import refusals

LISTS = Limit("premises-lists", 60, timedelta(hours=1))
NAME_MAX = 200


def receive(
    territory: Territory, name: str, data: bytes, *, by: int | None, at: datetime
) -> Import:
    """A file as it was sent, waiting for its preview to be confirmed.

    Raises UnusableList when the file as a whole cannot be read.
    """
    count(LISTS, str(by), at=at)
    try:
        text = lines.text_of(name, data)
    except BadInput as error:
        raise UnusableList(why=refusals.for_page(refusals.sentence(error))) from error
    plan_of(territory, name, text)
    return Import.objects.create(
        territory=territory,
        name=name[:NAME_MAX],
        text=text,
        asked_by=by,
        asked_at=at,
    )
