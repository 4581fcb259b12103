"""The network as its page shows it: figures, a table, what waits for somebody."""

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.dashboards.network import DAYS, FEWEST_PEOPLE, Line, Network
from maillage.apps.sites.models import Stage, Tier
from maillage.core.periods import PARIS
from maillage.kit.components import Figure, Link
from maillage.kit.tables import Cell, Column, Number, Row, Table
from maillage.report import files, french, moments, shown
from maillage.report.shown import Cell as Value
from maillage.report.shown import Grid

COLUMNS = (
    Column("name", _("Lieu")),
    Column("tier", _("Type")),
    Column("stage", _("État")),
    Column("seats", _("Places"), is_numeric=True),
    Column("occupancy", _("Occupation"), is_numeric=True, origin="observed"),
    Column("bookings", _("Réservations"), is_numeric=True),
    Column("people", _("Personnes"), is_numeric=True),
    Column("arrivals", _("Arrivées"), is_numeric=True),
    Column("sold", _("Ventes"), is_numeric=True),
    Column("waiting", _("À traiter")),
)
SOURCE = _("réservations et horaires de la plateforme")


def figures(found: Network) -> list[Figure]:
    """What the whole network did."""
    between = _("du {first} au {last}").format(
        first=french.day(found.first), last=french.day(found.last)
    )
    lines = found.lines
    made = [
        Figure(
            _("Lieux ouverts"),
            french.number(sum(_is_open(line) for line in lines)),
            "observed",
            SOURCE,
            detail=french.count(sum(line.seats for line in lines), _("place"), _("places")),
        ),
        Figure(
            _("Réservations"),
            french.number(sum(line.bookings for line in lines)),
            "observed",
            SOURCE,
            vintage=between,
        ),
        Figure(
            _("Ventes"),
            french.cents(sum(line.sold_cents for line in lines)),
            "observed",
            SOURCE,
            vintage=between,
        ),
    ]
    if found.occupancy is not None:
        made.insert(
            1,
            Figure(
                _("Occupation"),
                french.share(found.occupancy),
                "observed",
                SOURCE,
                vintage=between,
                detail=_("heures-places réservées, parmi celles qui sont ouvertes"),
            ),
        )
    return made


def table(found: Network) -> Table:
    """A line a site."""
    return Table(
        "lieux",
        _("Les lieux du réseau, {days} jours").format(days=DAYS),
        COLUMNS,
        [Row(_cells(line), key=str(line.site.pk)) for line in found.lines],
        empty=_("Aucun lieu encore. Reprenez un scénario retenu, ou décrivez un lieu."),
    )


def alerts(found: Network) -> list[tuple[str, Link]]:
    """What waits for somebody, site by site: a sentence, and where to go."""
    made = []
    for line in found.lines:
        day = Link(line.site.name, reverse("day", args=(line.site.pk,)))
        if line.requests:
            said = french.count(line.requests, _("demande à approuver"), _("demandes à approuver"))
            requests = reverse("requests", args=(line.site.pk,))
            made.append((said, Link(line.site.name, requests)))
        if line.incidents:
            said = french.count(line.incidents, _("incident ouvert"), _("incidents ouverts"))
            made.append((said, day))
        if line.closed_from is not None:
            local = line.closed_from.astimezone(PARIS)
            made.append((_("fermeture à partir du {day}").format(day=moments.moment(local)), day))
    return made


def csv(found: Network) -> bytes:
    """The table, for a spreadsheet."""
    heads = tuple(
        shown.Column(c.key, str(c.label), c.is_numeric) for c in COLUMNS if c.key != "waiting"
    )
    rows = tuple(tuple(_value(_cells(line)[head.key]) for head in heads) for line in found.lines)
    return files.grid_excel(Grid("", heads, rows))


def _cells(line: Line) -> dict[str, Cell]:
    site = line.site
    return {
        "name": Link(site.name, reverse("site_kept", args=(site.pk,))),
        "tier": Tier(site.tier).label if site.tier else _("non renseigné"),
        "stage": Stage(line.stage.stage).label if line.stage else _("non renseigné"),
        "seats": line.seats,
        "occupancy": _share(line.occupancy),
        "bookings": line.bookings,
        "people": _people(line.people),
        "arrivals": line.arrivals,
        "sold": Number(line.sold_cents / 100, french.cents(line.sold_cents)),
        "waiting": _waiting(line),
    }


def _people(value: int | None) -> Cell:
    return _("moins de {n}").format(n=FEWEST_PEOPLE) if value is None else value


def _share(value: float | None) -> Cell:
    return _("non renseigné") if value is None else Number(value, french.share(value))


def _waiting(line: Line) -> str:
    count = line.requests + line.incidents
    return french.count(count, _("point"), _("points")) if count else "—"


def _value(cell: Cell) -> Value:
    if isinstance(cell, Number):
        return Value(cell.text, cell.value)
    if isinstance(cell, Link):
        return shown.words(str(cell.text))
    if isinstance(cell, int | float):
        return Value(str(cell), cell)
    return shown.words(str(cell))


def _is_open(line: Line) -> bool:
    return line.stage is not None and line.stage.stage == Stage.OPEN
