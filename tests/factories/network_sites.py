"""Sites of a network with their spaces and seats, invented."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from factories import people, territories
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.sites.models import (
    Audience,
    Seat,
    Site,
    SiteStage,
    SoldBy,
    Space,
    SpaceKind,
    Stage,
)
from maillage.core import periods
from maillage.core.periods import Period

PARIS = ZoneInfo("Europe/Paris")
# a Wednesday
AT = datetime(2027, 3, 17, 8, tzinfo=UTC)
TOMORROW = date(2027, 3, 18)
EVERYBODY = list(Audience.values)


def slot(on: date = TOMORROW, begins: int = 9, ends: int = 12) -> Period:
    """Some whole hours of a day, in Paris."""
    return periods.hours(on, time(begins), time(ends), PARIS)


def operator(name: str = "Association du Pressoir (fictif)") -> Organisation:
    """A body that runs sites and sells their seats."""
    found, _ = Organisation.objects.get_or_create(
        name=name,
        territory_siren=territories.INVENTED,
        defaults={"kind": OrganisationKind.ASSOCIATION},
    )
    return found


def site(name: str = "Le Pressoir (fictif)", **columns) -> Site:
    """An open, listed site that opens from 8 to 20 h on weekdays, never on a bank holiday."""
    territory = columns.pop("territory", None) or territories.territory()
    body = columns.pop("operator", None) or operator()
    made = {
        "slug": f"lieu-{Site.objects.count() + 1}",
        "commune_code": "00001",
        "commune_name": "Ambre-sur-Loue",
        "lon": 4.7,
        "lat": 46.1,
        "opening_hours": "Mo-Fr 08:00-20:00; PH off",
        "is_listed": True,
        "operator": body,
        "collector": body,
        "created_at": AT,
        "changed_at": AT,
    }
    row = Site.objects.create(territory=territory, name=name, **(made | columns))
    SiteStage.objects.create(site=row, stage=Stage.OPEN, starts_on=date(2026, 1, 1))
    return row


def space(
    of: Site | None = None,
    name: str = "Grande salle",
    *,
    seats: int = 1,
    parent: Space | None = None,
    **columns,
) -> Space:
    """A bookable space with its seats; one that has parts has no seat of its own."""
    made = {
        "kind": SpaceKind.MEETING_ROOM,
        "sold_by": SoldBy.WHOLE,
        "audiences": EVERYBODY,
    } | columns
    place = of or (parent.site if parent else site())
    row = Space.objects.create(site=place, name=name, parent=parent, **made)
    row.path = [*(parent.path if parent else ()), row.pk]
    row.save(update_fields=["path"])
    Seat.objects.bulk_create(Seat(space=row, number=n) for n in range(1, seats + 1))
    return row


def open_space(of: Site | None = None, seats: int = 12, **columns) -> Space:
    """Desks sold one by one, or all together."""
    made = {"kind": SpaceKind.OPEN_SPACE, "sold_by": SoldBy.BOTH} | columns
    return space(of, made.pop("name", "Espace ouvert"), seats=seats, **made)


def halves(of: Site | None = None) -> tuple[Space, Space, Space]:
    """A room that a wall cuts in two: the whole, A and B."""
    place = of or site()
    whole = space(place, "Salle A+B", seats=0)
    return whole, space(name="Salle A", parent=whole), space(name="Salle B", parent=whole)


def member(email: str = "elise@exemple.invalid", name: str = "Élise Garonval (fictif)"):
    """Somebody who may book."""
    return people.person(email=email, name=name)
