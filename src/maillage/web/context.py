"""What every page shows around its own content."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from maillage.apps.people.rights import roles_of
from maillage.apps.sites.bodies import bodies
from maillage.kit import read_only
from maillage.kit.clock import now
from maillage.web import navigation
from maillage.web.accessibility import mention

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Someone:
    """The signed-in person, as the header shows them."""

    name: str
    initials: str
    acting_as: str


def of_every_page(request: HttpRequest) -> dict[str, Any]:
    """Navigation, person, banners and theme."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("maillage-theme", "auto")
    found: dict[str, Any] = {
        "is_demonstration": settings.DEMONSTRATION,
        "is_read_only": read_only.is_on(),
        "theme": theme if theme in THEMES else "auto",
        "accessibility_mention": mention(),
        "person": None,
        "territory_name": "",
        "nav": (),
        "rooms": (),
    }
    if user is None:
        return found
    roles = roles_of(user, on=now().date())
    menu = navigation.of(roles, request.path, has_accounts=bool(bodies(user, "billing.read")))
    if user.is_authenticated:
        acting = roles[0].position.title if roles else ""
        found["person"] = Someone(user.name, user.initials, acting)
    return found | {
        "nav": menu.items,
        "nav_style": menu.style,
        "rooms": navigation.rooms(user, request.path),
        "territory_name": menu.territory_name,
    }
