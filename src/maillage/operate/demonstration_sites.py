"""The sites of the demonstration: a hub, a shop, a corporate space, one that is only planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction

from maillage.apps.people.models import Organisation
from maillage.apps.scenarios import adopt, adoption_plan
from maillage.apps.scenarios.models import Scenario, ScenarioState
from maillage.apps.scenarios.versions import Author as ScenarioAuthor
from maillage.apps.scenarios.versions import latest
from maillage.apps.sites import keep, keep_holders, keep_parts, keep_space
from maillage.apps.sites.keep_holders import Governed, Held
from maillage.apps.sites.keep_space import Described
from maillage.apps.sites.models import (
    Audience,
    Governance,
    MeasureOrigin,
    Site,
    SoldBy,
    Space,
    SpaceKind,
    Stage,
    Tier,
)
from maillage.apps.sites.set_stage import set_stage
from maillage.apps.sites.versions import Author
from maillage.apps.studies.models import Study
from maillage.apps.territories.models import Territory
from maillage.core import sample
from maillage.operate.personas import ASSOCIATION, EMPLOYER, EPCI, SHOP, Body

EVERYBODY = tuple(Audience.values)
EMPLOYERS_AND_MEMBERS = (Audience.MEMBER, Audience.RESIDENT, Audience.PUBLIC)


@dataclass(frozen=True)
class Part:
    """A space, its seats, its own parts."""

    said: Described
    seats: int = 0
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Laid:
    """A site of the demonstration.

    shares     organisation and hundredths of a percent
    candidate  the place of the study whose promises it bears
    stages     stage and days from the day of the demonstration
    """

    identity: keep.Identity
    place: keep.Place
    governance: str
    operator: Body
    parts: Sequence[keep.Part]
    spaces: tuple[Part, ...]
    stages: tuple[tuple[str, int], ...]
    shares: tuple[tuple[Body, int], ...] = ()
    candidate: str = ""
    services: tuple[keep_parts.ServiceSaid, ...] = ()
    measures: tuple[tuple[float, float], ...] = ()
    is_listed: bool = field(default=True)


def _room(name: str, people: int, **said: object) -> Described:
    room = Described(
        SpaceKind.MEETING_ROOM,
        name,
        most_people=people,
        audiences=EVERYBODY,
        buffer_after_min=10,
        free_cancel_min=24 * 60,
        late_kept_percent=50,
    )
    return replace(room, **said)  # type: ignore[arg-type]


def _desks(name: str, audiences: tuple[str, ...] = EVERYBODY) -> Described:
    return Described(
        SpaceKind.OPEN_SPACE, name, sold_by=SoldBy.SEAT, audiences=audiences, free_cancel_min=60
    )


SITES: Mapping[str, Laid] = {
    "hub": Laid(
        keep.Identity(
            "Le Pressoir (fictif)",
            Tier.HUB,
            "Un plateau partagé, deux salles, deux bureaux et un atelier, dans un ancien pressoir.",
            ("open_space", "office", "meeting_room", "workshop", "services"),
            "pressoir@exemple.invalid",
            "04 00 00 00 01",
        ),
        keep.Place(
            "69019",
            "Belleville-en-Beaujolais",
            "12 rue du Cuvage (fictif)",
            4.74538,
            46.1095,
            "À cinq minutes à pied de la gare ; parking derrière le bâtiment.",
        ),
        Governance.ASSOCIATION,
        ASSOCIATION,
        (
            keep.Hours("Mo-Fr 08:30-18:30; Sa 09:00-12:30; PH off"),
            keep.Access(is_step_free=True, accessibility="Porte automatique, sanitaire adapté."),
            keep.Equipment(
                ("wifi", "screen", "video", "printer", "lockers", "kitchen"),
                ("welcome", "mail", "advice"),
                has_fibre=True,
            ),
            keep.Safety("L", 5, 60),
        ),
        (
            Part(_desks("Grand plateau"), 12),
            Part(
                _room("Salle A+B", 16),
                parts=(Part(_room("Salle A", 10), 1), Part(_room("Salle B", 6), 1)),
            ),
            Part(Described(SpaceKind.OFFICE, "Bureau 1", audiences=EVERYBODY, most_people=2), 1),
            Part(Described(SpaceKind.OFFICE, "Bureau 2", audiences=EVERYBODY, most_people=2), 1),
            Part(
                Described(
                    SpaceKind.PHONE_BOX,
                    "Cabine",
                    audiences=EVERYBODY,
                    step_min=15,
                    shortest_min=15,
                    longest_min=60,
                ),
                1,
            ),
            Part(
                Described(
                    SpaceKind.MACHINE,
                    "Découpeuse laser",
                    audiences=EVERYBODY,
                    needs_certification=True,
                ),
                1,
            ),
        ),
        ((Stage.WORKS, -420), (Stage.OPEN, -60)),
        candidate="69019",
        services=(
            keep_parts.ServiceSaid(
                "France services (fictif)",
                sample.NAME,
                "Mo,Th 09:00-12:00,13:30-17:00; PH off",
                "Sans rendez-vous le matin.",
            ),
        ),
        measures=((912.0, 640.0), (884.0, 610.0)),
    ),
    "mini": Laid(
        keep.Identity(
            "Épicerie Le Tilleul (fictif)",
            Tier.MINI,
            "Deux places au calme, au fond de l’épicerie.",
            ("open_space",),
            "tilleul@exemple.invalid",
        ),
        keep.Place("69036", "Cercié", "3 place du Tilleul (fictif)", 4.67118, 46.12),
        Governance.SHOP,
        EPCI,
        (
            keep.Hours("Tu-Sa 07:30-12:30,15:00-19:00; Su 08:00-12:00; PH off"),
            keep.Access(is_step_free=True),
            keep.Equipment(("wifi",), ("coffee", "shop"), has_fibre=True),
            keep.Safety("M", 5, 19),
        ),
        (Part(_desks("Coin travail"), 2),),
        ((Stage.OPEN, -150),),
        shares=((SHOP, 10_000),),
        measures=((210.0, 45.0),),
    ),
    "corpo": Laid(
        keep.Identity(
            "Corpoworking des Chambards (fictif)",
            Tier.CORPO,
            "Huit places pour les salariés des entreprises voisines, ouvertes à tous.",
            ("open_space",),
            "chambards@exemple.invalid",
        ),
        keep.Place(
            "69019", "Belleville-en-Beaujolais", "Zone des Chambards (fictif)", 4.7328, 46.1182
        ),
        Governance.CO_MANAGED,
        EPCI,
        (
            keep.Hours("Mo-Fr 07:30-19:00; PH off"),
            keep.Access(is_step_free=True),
            keep.Equipment(("wifi", "screen", "video", "bikes"), (), has_fibre=True),
            keep.Safety("W", 5, 20),
        ),
        (Part(_desks("Plateau des Chambards", EMPLOYERS_AND_MEMBERS), 8),),
        ((Stage.OPEN, -90),),
        shares=((EPCI, 6_000), (EMPLOYER, 4_000)),
        candidate="corpo-69019",
    ),
    "planned": Laid(
        keep.Identity("Ancienne perception (fictif)", Tier.HUB, functions=("open_space",)),
        keep.Place("69018", "Beaujeu", "1 place de la Perception (fictif)", 4.58687, 46.1544),
        Governance.EPCI,
        EPCI,
        (),
        (),
        ((Stage.PLANNED, -30), (Stage.WORKS, 120), (Stage.OPEN, 480)),
        candidate="69018",
        is_listed=False,
    ),
}


def body(of: Body) -> Organisation:
    """An organisation of the demonstration's register."""
    found, _ = Organisation.objects.get_or_create(
        name=of.name,
        territory_siren=sample.SIREN,
        defaults={"kind": of.kind, "siren": of.siren, "is_demonstration": True},
    )
    return found


def lay(*, at: datetime) -> dict[str, int]:
    """The sites by key, laid once."""
    territory = Territory.objects.get(pk=sample.SIREN)
    author = Author(None, at)
    return {key: _lay(territory, laid, author).pk for key, laid in SITES.items()}


def promise(study: Study, *, at: datetime) -> None:
    """What the study's first scenario promises of them; it is adopted where it is retained."""
    scenario = Scenario.objects.filter(study=study, number=1).select_related("study").first()
    if scenario is None:
        return
    author, version = ScenarioAuthor(None, at), latest(scenario)
    version.scenario = scenario
    planned = {one.promise.candidate: one for one in adoption_plan.sites_of(version)}
    with transaction.atomic():
        for laid in SITES.values():
            site = _found(study.territory_id, laid)
            if site and laid.candidate in planned and not hasattr(site, "target"):
                adopt.promise(site, planned[laid.candidate], version, author)
    if scenario.state == ScenarioState.RETAINED and adoption_plan.preview(version).make:
        adopt.adopt(scenario, author)


def _found(territory_id: str, laid: Laid) -> Site | None:
    rows = Site.objects.filter(territory_id=territory_id, name=laid.identity.name)
    return rows.select_related("target").first()


@transaction.atomic
def _lay(territory: Territory, laid: Laid, author: Author) -> Site:
    found = _found(territory.pk, laid)
    if found:
        return found
    site = keep.open_site(territory, laid.identity, laid.place, author, is_demonstration=True)
    for part in laid.parts:
        site = keep.correct(site, part, author, version=site.version)
    operator = body(laid.operator).pk
    held = [Held(body(of).pk, share) for of, share in laid.shares]
    governed = Governed(laid.governance, operator, operator, held)
    site = keep_holders.keep_holders(site, governed, author, version=site.version)
    if laid.is_listed:
        site = keep.correct(site, keep.Listing(is_listed=True), author, version=site.version)
    _lay_spaces(site, laid.spaces, author)
    _lay_rest(site, laid, author)
    return site


def _lay_spaces(
    site: Site, parts: Sequence[Part], author: Author, parent: Space | None = None
) -> None:
    for rank, part in enumerate(parts):
        said = replace(part.said, rank=rank)
        made = keep_space.add(site, said, author, parent=parent, seats=part.seats)
        _lay_spaces(site, part.parts, author, made)


def _lay_rest(site: Site, laid: Laid, author: Author) -> None:
    today = author.at.date()
    for stage, days in laid.stages:
        set_stage(site, stage, date.fromordinal(today.toordinal() + days), author)
    for service in laid.services:
        keep_parts.add_service(site, service, author)
    for months, (down, up) in enumerate(laid.measures):
        on = date.fromordinal(today.toordinal() - 30 * (months + 1))
        said = keep_parts.MeasureSaid(on, down, up, MeasureOrigin.MEASURED)
        keep_parts.add_measure(site, said, author)
