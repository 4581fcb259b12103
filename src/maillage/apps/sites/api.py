"""Sites for programs: those of the public directory, their spaces."""

from functools import partial
from typing import Annotated, Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from maillage.apps.sites.api_schemas import SiteLine, SpaceLine
from maillage.apps.sites.models import Seat, Site, SiteStage, Space, stage_on
from maillage.kit import api
from maillage.kit.api import A_PAGE, Limit, Offset, Page, href
from maillage.kit.clock import now
from maillage.kit.pages import anyone

LARGEST = 2**31 - 1
SiteId = Annotated[int, Path(ge=1, le=LARGEST, description="Numéro du lieu.")]
Siren = Annotated[str, Query(pattern=r"^[0-9]{9}$", description="Ceux de ce territoire seulement.")]

router = Router(tags=["Lieux"])
read = partial(api.operation, router, "GET", rule=anyone, scope="sites:read")


def listed(_person: Any) -> QuerySet[Site]:
    """The directory."""
    stages = Prefetch("stages", SiteStage.objects.order_by("starts_on"))
    return Site.objects.listed().prefetch_related(stages).order_by("name", "pk")


def one(person: Any, site_id: SiteId) -> Site:
    """A site of the directory."""
    found = listed(person).filter(pk=site_id).first()
    if found is None:
        raise Http404(site_id)
    return found


def spaces_of(person: Any, site_id: SiteId) -> QuerySet[Space]:
    """What may be booked there."""
    site = one(person, site_id)
    return Space.objects.bookable().filter(site=site).order_by("rank", "pk")


@read(
    "",
    "sites",
    of=listed,
    answers={200: Page[SiteLine]},
    summary="Lister les lieux",
    description="Les lieux de l’annuaire public, ouverts ou à venir.",
)
def sites(
    request: HttpRequest,
    rows: QuerySet[Site],
    territory: Siren = "",
    limit: Limit = A_PAGE,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The list."""
    if territory:
        rows = rows.filter(territory_id=territory)
    return api.part_of(request, rows, _line, limit, offset)


@read(
    "/{site_id}",
    "site_sheet",
    of=one,
    answers={200: SiteLine},
    summary="Lire un lieu",
    description="Sa fiche, ses horaires ; null veut dire non renseigné.",
)
def site(request: HttpRequest, found: Site) -> dict[str, Any]:  # noqa: ARG001
    """One site."""
    return _line(found)


@read(
    "/{site_id}/spaces",
    "spaces",
    of=spaces_of,
    answers={200: Page[SpaceLine]},
    summary="Lister les espaces d’un lieu",
    description="Ceux qui se réservent, avec leurs règles.",
)
def spaces(
    request: HttpRequest, rows: QuerySet[Space], limit: Limit = A_PAGE, offset: Offset = 0
) -> dict[str, Any]:
    """The spaces, with the seats below each: three queries."""
    part = api.part_of(request, rows, lambda row: row, limit, offset)
    below = _seats_below(part["items"])
    part["items"] = [_space(row, below[row.pk]) for row in part["items"]]
    return part


def _seats_below(rows: list[Space]) -> dict[int, int]:
    wanted = {row.pk for row in rows}
    count = dict.fromkeys(wanted, 0)
    paths = Seat.objects.filter(
        space__path__overlap=sorted(wanted), removed_at=None, space__removed_at=None
    )
    for path in paths.values_list("space__path", flat=True):
        for space in wanted.intersection(path):
            count[space] += 1
    return count


def _line(row: Site) -> dict[str, Any]:
    stage = stage_on(list(row.stages.all()), now().date())
    return {
        "id": row.pk,
        "name": row.name,
        "territory": row.territory_id,
        "tier": row.tier or None,
        "stage": stage.stage if stage else None,
        "commune_code": row.commune_code,
        "commune_name": row.commune_name,
        "address": row.address or None,
        "lon": row.lon,
        "lat": row.lat,
        "opening_hours": row.opening_hours or None,
        "is_step_free": row.is_step_free,
        "has_fibre": row.has_fibre,
        "services": row.services,
        "equipment": row.equipment,
        "updated_on": row.changed_at.date(),
        "href": href("site_sheet", site_id=row.pk),
        "spaces": href("spaces", site_id=row.pk),
        "page": api.address(row.get_absolute_url()),
    }


def _space(row: Space, seats: int) -> dict[str, Any]:
    names = (
        "name", "kind", "sold_by", "most_people", "needs_approval", "audiences", "step_min",
        "shortest_min", "longest_min", "free_cancel_min",
    )  # fmt: skip
    return {
        "id": row.pk,
        "parent": row.parent_id,
        "seats": seats,
        **{name: getattr(row, name) for name in names},
        "availability": href("availability", space_id=row.pk),
    }
