"""The module that a town hall shows on its own site: the places of a territory, as values."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from maillage.apps.sites import directory_shown
from maillage.apps.sites.directory import Listed
from maillage.apps.sites.models import Tier

# enough for a territory; the rest is one link away
MOST = 30


@dataclass(frozen=True)
class Shown:
    """A site of the module; "" unknown."""

    name: str
    commune: str
    tier: str
    tier_label: str
    now: str
    today: str
    is_open: bool
    href: str


def shown(listed: Sequence[Listed], at: datetime) -> list[Shown]:
    """Open now first, then those that open today, then the others."""
    return [
        Shown(
            name=one.site.name,
            commune=one.site.commune_name,
            tier=one.site.tier,
            tier_label=str(Tier(one.site.tier).label) if one.site.tier else "",
            now=directory_shown.now_words(one, at),
            today=directory_shown.today_words(one),
            is_open=one.is_open,
            href=settings.BASE_URL + one.site.get_absolute_url(),
        )
        for one in listed[:MOST]
    ]


def document(name: str, href: str, sites: Sequence[Shown], at: datetime) -> dict[str, Any]:
    """The same for a program."""
    return {
        "territory": name,
        "directory": href,
        "at": at.isoformat(timespec="seconds"),
        "licence": "Licence Ouverte 2.0",
        "sites": [asdict(site) for site in sites],
    }
