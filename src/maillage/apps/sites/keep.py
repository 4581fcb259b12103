"""Open the sheet of a site, correct one part of it."""

from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils.text import slugify

from maillage.apps.sites import hours
from maillage.apps.sites.models import Site
from maillage.apps.sites.versions import Author, held_at, note
from maillage.apps.territories.models import Territory
from maillage.core import periods
from maillage.kit.refusal import Refusal
from maillage.report import french

SLUG_MAX = 60


class AlreadyThere(Refusal):
    """One site per name in a commune."""

    sentence = (
        "« {name} » existe déjà à {commune}. Ouvrez sa page, ou donnez un autre nom à ce lieu."
    )


class NotListable(Refusal):
    """The directory is read by everybody: what it says must be known."""

    sentence = "L'annuaire public demande {missing}. Complétez la fiche, puis affichez-y ce lieu."
    status = 422


@dataclass(frozen=True)
class Identity:
    """What a site is called and what it does; "" and [] unknown."""

    name: str
    tier: str = ""
    description: str = ""
    functions: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Place:
    """Where it is: its commune must be known, the rest may wait."""

    commune_code: str
    commune_name: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    directions: str = ""


@dataclass(frozen=True)
class Hours:
    """When it is open: OpenStreetMap syntax, "" unknown; whose clocks, whose bank holidays."""

    opening_hours: str = ""
    zone: str = "Europe/Paris"
    holiday_area: str = "metropole"


@dataclass(frozen=True)
class Access:
    """How one comes in; None unknown."""

    is_step_free: bool | None = None
    accessibility: str = ""


@dataclass(frozen=True)
class Equipment:
    """What one finds there; empty: unknown."""

    equipment: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    has_fibre: bool | None = None


@dataclass(frozen=True)
class Safety:
    """As the safety commission writes it."""

    safety_type: str = ""
    safety_category: int | None = None
    capacity_limit: int | None = None


@dataclass(frozen=True)
class Listing:
    """Whether the public directory shows it."""

    is_listed: bool = field(default=False)


Part = Identity | Place | Hours | Access | Equipment | Safety | Listing
NAMES = {
    Identity: "identity",
    Place: "place",
    Hours: "hours",
    Access: "access",
    Equipment: "equipment",
    Safety: "safety",
    Listing: "listing",
}


def open_site(
    territory: Territory,
    identity: Identity,
    place: Place,
    author: Author,
    *,
    is_demonstration: bool = False,
    adopted_from: str = "",
) -> Site:
    """A new sheet: unlisted, and everything else unknown."""
    with transaction.atomic():
        # two persons who describe the same place wait for each other
        Territory.objects.select_for_update(no_key=True).get(pk=territory.pk)
        _refuse_double(territory.pk, identity.name, place.commune_code, place.commune_name)
        made = Site.objects.create(
            territory=territory,
            slug=free_slug(territory.pk, identity.name, place.commune_name),
            **_columns(identity),
            **_columns(place),
            is_demonstration=is_demonstration,
            adopted_from=adopted_from,
            created_at=author.at,
            changed_at=author.at,
        )
        note("sites.open", made, author)
    return made


def correct(site: Site, part: Part, author: Author, *, version: int) -> Site:
    """Write one part of the sheet again.

    version  the one that the person read: a later one means that somebody else wrote meanwhile
    Raises SomebodyElseEdited, AlreadyThere, NotListable, hours.Unreadable.
    """
    if isinstance(part, Hours):
        part = _checked(part)
    with transaction.atomic():
        row = held_at(site, version)
        before = {name: getattr(row, name) for name in _columns(part)}
        for name, value in _columns(part).items():
            setattr(row, name, value)
        if isinstance(part, Identity | Place):
            _refuse_double(
                row.territory_id, row.name, row.commune_code, row.commune_name, besides=row.pk
            )
        if isinstance(part, Listing) and part.is_listed:
            _refuse_unready(row)
        row.version += 1
        row.changed_at = author.at
        row.save(update_fields=[*before, "version", "changed_at"])
        note("sites.correct", row, author, part=NAMES[type(part)], version=row.version)
    return row


def free_slug(territory_id: str, name: str, commune: str) -> str:
    """The part of its public address: its name, then its commune, then a number."""
    taken = set(Site.objects.filter(territory_id=territory_id).values_list("slug", flat=True))
    stem = slugify(name)[: SLUG_MAX - 4].strip("-") or "lieu"
    longer = f"{stem}-{slugify(commune)}"[: SLUG_MAX - 4].strip("-")
    tries = (stem, longer, *(f"{longer}-{n}" for n in range(2, 1_000)))
    return next(slug for slug in tries if slug not in taken)


def _refuse_double(
    territory_id: str, name: str, commune_code: str, commune: str, besides: int = 0
) -> None:
    others = Site.objects.filter(territory_id=territory_id, removed_at=None).exclude(pk=besides)
    if others.filter(name__iexact=name, commune_code=commune_code).exists():
        raise AlreadyThere(name=name, commune=commune)


def _refuse_unready(site: Site) -> None:
    known = {
        "son adresse": site.address,
        "son point sur la carte": site.lon is not None,
        "ses heures d'ouverture": site.opening_hours,
    }
    missing = [words for words, is_known in known.items() if not is_known]
    if missing:
        raise NotListable(missing=french.listed(missing))


def _checked(part: Hours) -> Hours:
    if part.zone not in available_timezones() or part.holiday_area not in periods.AREAS:
        raise ValueError(part)
    text = part.opening_hours
    written = hours.checked(text, ZoneInfo(part.zone), part.holiday_area) if text else ""
    return Hours(written, part.zone, part.holiday_area)


def _columns(part: Part) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(part).items()
    }
