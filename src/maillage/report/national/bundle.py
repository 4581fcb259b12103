"""Every file of the country, as bytes by file name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from maillage.core.national import Country, Read, Record, Shapes, country_of
from maillage.core.sources import registry
from maillage.report import french
from maillage.report.national import drawing, page, tables
from maillage.report.national.tables import Failed

NATIONAL, SITES, FAILURES = "national.parquet", "sites.parquet", "echecs.csv"


@dataclass(frozen=True)
class Facts:
    """What a run left.

    places      how many intercommunalities were asked for
    within_min  the minutes within which an inhabitant is covered
    outlines    the file of the map's outlines, None without any
    """

    records: Sequence[Record]
    failed: Sequence[Failed]
    places: int
    within_min: float
    shapes: Shapes
    outlines: Read | None


def produced(facts: Facts, *, at: datetime) -> dict[str, bytes]:
    """The tables and the pages."""
    country = country_of([record.plan for record in facts.records])
    failed = [f.place.siren for f in facts.failed]
    drawn = drawing.draw(country, failed, facts.shapes, page.alternative(country))
    shown = page.Shown(
        country=country,
        places=facts.places,
        departments={r.plan.siren: r.department for r in facts.records},
        failed=facts.failed,
        within_min=facts.within_min,
        map=drawn,
        sources=_sources(country, facts.outlines if drawn else None),
        computed_on=french.day(at.date()),
    )
    return {
        NATIONAL: tables.parquet(tables.national(country, facts.records)),
        SITES: tables.parquet(tables.sites(country)),
        FAILURES: tables.failures_csv(facts.failed),
        **page.pages(shown),
    }


def _sources(country: Country, outlines: Read | None) -> list[page.FileLine]:
    """Each file with the number of plans that read it."""
    used = Counter(read for found in country.places for read in found.plan.read)
    if outlines is not None and outlines not in used:
        used[outlines] = 0
    order = list(registry.datasets())
    by_table = sorted(used, key=lambda read: (order.index(read.dataset), read.file))
    return [_line(read, used[read]) for read in by_table]


def _line(read: Read, plans: int) -> page.FileLine:
    known = registry.edition(read.dataset, read.file)
    return page.FileLine(
        known.title, known.publisher, read.vintage, known.licence, read.file, plans
    )
