"""What strangers may read today: the latest portraits, the published studies."""

from maillage.apps.studies.shown import Shown as Result
from maillage.apps.territories import parts
from maillage.apps.territories.models import Portrait
from maillage.apps.territories.parts import Shown


def portraits() -> list[Shown]:
    """The portrait of each loaded territory, by name."""
    found = Portrait.objects.shown().select_related("territory")
    return [parts.shown(row) for row in sorted(found, key=lambda row: row.territory.name)]


def version(portraits: list[Shown], studies: list[Result]) -> str:
    """What pages made of these change with."""
    return "|".join([*(of.version for of in portraits), *(of.version for of in studies)])
