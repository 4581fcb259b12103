"""What the places and rooms of GRR become: guessed from their names, then chosen by somebody."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maillage.apps.sites.models import Site, Space, SpaceKind
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import search_key
from maillage.core.sources.grr_export import Area, Export, Room

NEW, NOTHING, WITH = "new", "none", "with:"
# words of a room's name, the first that fits; a thing that is no place is left out
_KINDS: tuple[tuple[str, str], ...] = (
    (r"\b(vehicule|voiture|minibus|camion|utilitaire|velo|remorque|barnum|tables?|chaises?)\b", ""),
    (r"\b(video ?projecteur|retroprojecteur|sono|ordinateurs?|tablettes?|materiel)\b", ""),
    (r"\b(laser|decoupe\w*|imprimante 3d|fraiseuse|brodeuse)\b", SpaceKind.MACHINE),
    (r"\b(cabine|box|bulle)\b", SpaceKind.PHONE_BOX),
    (r"\b(atelier|fablab|laboratoire|cuisine)\b", SpaceKind.WORKSHOP),
    (r"\b(coworking|cowork|open ?space|plateau|espace partage|postes?)\b", SpaceKind.OPEN_SPACE),
    (r"\b(bureaux?|permanences?)\b", SpaceKind.OFFICE),
)


@dataclass(frozen=True)
class Place:
    """A site of GRR, or an area that stands in none, with its rooms."""

    key: str
    name: str
    town: str
    address: str
    areas: tuple[Area, ...]
    rooms: tuple[Room, ...]


@dataclass(frozen=True)
class PlaceChoice:
    """What a place becomes.

    becomes  NOTHING, NEW (a site of that name and commune), the key of a site, or WITH the key of
             another place: the same site as it
    """

    becomes: str = NOTHING
    name: str = ""
    commune_code: str = ""

    @property
    def site(self) -> int | None:
        """The key of the site that is there already."""
        return int(self.becomes) if self.becomes.isdigit() else None


@dataclass(frozen=True)
class Choices:
    """What each place and each room becomes; a room: NOTHING, "new:<kind>" or "space:<key>"."""

    places: Mapping[str, PlaceChoice] = field(default_factory=dict)
    rooms: Mapping[int, str] = field(default_factory=dict)

    def host(self, key: str) -> str:
        """The place whose site a place shares: itself, or the one that it goes with."""
        other = self.places[key].becomes.removeprefix(WITH)
        is_shared = self.places[key].becomes.startswith(WITH) and other in self.places
        return other if is_shared else key

    def of_host(self, key: str) -> PlaceChoice:
        """What becomes of that one; a place that goes with one that goes elsewhere is nowhere."""
        found = self.places[self.host(key)]
        return PlaceChoice() if found.becomes.startswith(WITH) else found

    def packed(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "places": {k: [c.becomes, c.name, c.commune_code] for k, c in self.places.items()},
            "rooms": {str(key): becomes for key, becomes in self.rooms.items()},
        }


def unpacked(kept: Mapping[str, Any]) -> Choices:
    """What was kept."""
    return Choices(
        {key: PlaceChoice(*said) for key, said in kept.get("places", {}).items()},
        {int(key): becomes for key, becomes in kept.get("rooms", {}).items()},
    )


def places_of(export: Export) -> list[Place]:
    """The places of an export that have rooms, by name; rooms without area are in none."""
    sites = {site.id: site for site in export.sites}
    areas: dict[str, list[Area]] = {}
    for area in sorted(export.areas, key=lambda area: (area.rank, area.id)):
        key = f"s{area.site_id}" if area.site_id in sites else f"a{area.id}"
        areas.setdefault(key, []).append(area)
    return sorted(
        (place for key, held in areas.items() if (place := _place(key, held, export)).rooms),
        key=lambda place: (place.name.casefold(), place.key),
    )


def _place(key: str, areas: Sequence[Area], export: Export) -> Place:
    order = {area.id: n for n, area in enumerate(areas)}
    rooms = sorted(
        (room for room in export.rooms if room.area_id in order),
        key=lambda room: (order[room.area_id], room.rank, room.id),
    )
    site = next((s for s in export.sites if f"s{s.id}" == key), None)
    return Place(
        key,
        site.name if site else areas[0].name,
        site.town if site else "",
        site.address if site else "",
        tuple(areas),
        tuple(rooms),
    )


@dataclass(frozen=True)
class Known:
    """What a territory has already: its sites, the spaces of each, its communes."""

    sites: Mapping[int, Site]
    spaces: Mapping[int, Sequence[Space]]
    communes: Mapping[str, str]

    def space(self, site: int | None, becomes: str) -> Space | None:
        """The space that a room becomes, when it is one of that site."""
        key = becomes.removeprefix("space:")
        of_site = self.spaces.get(site or 0, ())
        return next((s for s in of_site if becomes != key and str(s.pk) == key), None)


def known(territory: Territory) -> Known:
    """Read in two queries."""
    rows = Site.objects.filter(territory=territory, removed_at=None).order_by("name", "pk")
    sites = {site.pk: site for site in rows}
    spaces: dict[int, list[Space]] = {}
    for space in Space.objects.present().filter(site__in=sites).order_by("rank", "pk"):
        space.site = sites[space.site_id]
        spaces.setdefault(space.site_id, []).append(space)
    members = {member["code"]: member["name"] for member in territory.members}
    return Known(sites, spaces, members)


def proposed(places: Sequence[Place], there: Known, said: Choices) -> Choices:
    """What somebody said, and a guess for the rest: the same name is the same place."""
    keys = {place.key for place in places}
    chosen: dict[str, PlaceChoice] = {}
    for place in places:
        choice = said.places.get(place.key) or _guess(place, there)
        is_known = choice.becomes in (NEW, NOTHING) or choice.site in there.sites
        is_shared = choice.becomes.startswith(WITH) and choice.becomes != f"{WITH}{place.key}"
        if not is_known and not (is_shared and choice.becomes.removeprefix(WITH) in keys):
            choice = _guess(place, there)
        chosen[place.key] = choice
    hosts = Choices(chosen)
    rooms = {
        room.id: _room(room, place, hosts.of_host(place.key), there, said.rooms.get(room.id))
        for place in places
        for room in place.rooms
    }
    return Choices(chosen, rooms)


def _guess(place: Place, there: Known) -> PlaceChoice:
    town = search_key(place.town)
    codes = [code for code, name in there.communes.items() if search_key(name) == town]
    code = codes[0] if town and codes else ""
    same = [
        site
        for site in there.sites.values()
        if search_key(site.name) == search_key(place.name)
        and (not code or site.commune_code == code)
    ]
    if same:
        return PlaceChoice(str(same[0].pk), place.name, code)
    if not any(kind_of(room, place) for room in place.rooms):
        # vehicles, projectors: nowhere to go to
        return PlaceChoice(NOTHING, place.name, code)
    return PlaceChoice(NEW, place.name, code)


def _room(room: Room, place: Place, choice: PlaceChoice, there: Known, said: str | None) -> str:
    if choice.becomes == NOTHING:
        return NOTHING
    if said is not None and (not said.startswith("space:") or there.space(choice.site, said)):
        return said
    wanted = search_key(name_of(room, place))
    for space in there.spaces.get(choice.site or 0, ()):
        if search_key(space.name) == wanted:
            return f"space:{space.pk}"
    kind = kind_of(room, place)
    return f"{NEW}:{kind}" if kind else NOTHING


def kind_of(room: Room, place: Place) -> str:
    """The kind that a name tells, of the room then of its area; "" for what is no space."""
    area = next((area.name for area in place.areas if area.id == room.area_id), "")
    for name in (room.name, area):
        words = search_key(name)
        for pattern, kind in _KINDS:
            if re.search(pattern, words):
                return str(kind)
    return str(SpaceKind.MEETING_ROOM)


def name_of(room: Room, place: Place) -> str:
    """Its name, with that of its area when two rooms of the place have the same."""
    name = room.name or f"Ressource {room.id}"
    same = [other for other in place.rooms if search_key(other.name) == search_key(room.name)]
    if len(same) == 1:
        return name
    area = next((area.name for area in place.areas if area.id == room.area_id), "")
    longer = f"{name} ({area})"
    twins = [other for other in same if other.area_id == room.area_id]
    return longer if len(twins) == 1 else f"{longer} {room.id}"
