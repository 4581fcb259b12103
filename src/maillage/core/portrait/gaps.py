"""What the tables do not hold, and who could say it."""

from maillage.core.portrait.measured import Gap
from maillage.core.territory import Territory

# Gaps that no official table fills, whatever the territory
ALWAYS = (
    Gap("survey", ("residents", "employers")),
    Gap("premises", ("communes",)),
)


def found_in(territory: Territory) -> tuple[Gap, ...]:
    """The gaps of a territory, those which change the study most first."""
    read = {source.dataset.id: source.vintage for source in territory.tables.sources}
    gaps = []
    if territory.tables.flows.is_empty():
        gaps.append(Gap("flows", ("insee",)))
    gaps += ALWAYS
    if "third_places" in read:
        gaps.append(Gap("places_since", ("epci", "hosts"), {"vintage": read["third_places"]}))
    else:
        gaps.append(Gap("places", ("epci", "hosts")))
    gaps += _modes(territory)
    if territory.roads is None:
        gaps.append(Gap("roads", ("operator",)))
    gaps.append(Gap("vacant_dwellings", ("insee", "communes")))
    gaps += [
        Gap(code, ("insee",), note.facts)
        for note in territory.notes
        for code in _BY_NOTE.get(note.code, ())
    ]
    gaps += [Gap(dataset, (who,)) for dataset, who in _FILES.items() if dataset not in read]
    if not territory.tables.outlines:
        gaps.append(Gap("outlines", ("ign",)))
    return tuple(gaps)


def _modes(territory: Territory) -> tuple[Gap, ...]:
    """How people go to work: only the detail file tells, and not every copy of it."""
    trips = territory.tables.trips
    if trips is None:
        return (Gap("modes", ("insee",), {"has_detail": False}),)
    is_told = trips["mode"].null_count() < len(trips)
    return () if is_told else (Gap("modes", ("insee",), {"has_detail": True}),)


_BY_NOTE = {"no_work_figures": ("work_figures",), "no_equipment_figures": ("equipment_figures",)}
_FILES = {"service_houses": "anct", "stations": "sncf"}
