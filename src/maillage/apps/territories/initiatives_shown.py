"""Initiatives as pages show them: the sentences, the table, the map, the open data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.territories import reading
from maillage.apps.territories.initiatives import Listed, Near, Placed, near_town
from maillage.apps.territories.models import InitiativeKind, InitiativeStatus
from maillage.apps.territories.parts import Shown
from maillage.core.overlap import Overlap
from maillage.kit.components import Document, Link
from maillage.kit.tables import Column, Mark, Number, Row, Table, sorted_by
from maillage.report import french, shown
from maillage.report.files import grid_csv, grid_excel
from maillage.report.map import sketch
from maillage.report.shown import Cell, Grid

LIST_ID = "initiatives"
STATES = {status: f"initiative_{status}" for status in InitiativeStatus.values}
OPEN_DATA, EXCEL = "initiatives.csv", "initiatives-excel.csv"


@dataclass(frozen=True)
class Alert:
    """Two places that serve the same people: what, how sure, where to read, what to do."""

    text: str
    interval: str
    act: str
    links: tuple[Link, ...]
    is_in_town: bool


def title(of: Listed) -> str:
    """The finding of the list."""
    count, rule = len(of.placed), french.number(of.rule_min)
    if not count:
        return _("Aucune initiative de commune n’est décrite")
    if len(of.near) == 1:
        return alert(of.near[0]).text.removesuffix(".")
    if of.near:
        return _("%(n)s rapprochements à moins de %(rule)s minutes") % {
            "n": len(of.near), "rule": rule,
        }  # fmt: skip
    said = ngettext("%(n)s initiative de commune", "%(n)s initiatives de communes", count)
    return said % {"n": count}


def alerts(near: Sequence[Near]) -> list[Alert]:
    """Each pair in words, the nearest first."""
    return [alert(pair) for pair in near]


def alert(near: Near) -> Alert:
    """One pair in words."""
    said = _worded_pair(near)
    return replace(said, text=french.unbroken(said.text))


def _worded_pair(near: Near) -> Alert:
    one, other, times = near.one, near.other, near.times
    if isinstance(other, Placed):
        return Alert(
            _between_projects(one, other, times),
            interval(times),
            _("Réunissez les deux communes.")
            if one.row.commune_code != other.row.commune_code
            else _("Réunissez ceux qui les portent."),
            (_link(one), _link(other)),
            one.is_in_town or other.is_in_town,
        )
    facts = {"commune": one.row.commune_name, "name": other.name, "where": other.commune_name}
    said = (
        _("Un projet là où un lieu est déjà ouvert : {commune}, {name} ({where}).")
        if _is_same_place(times)
        else _("Un projet à {minutes} d’un lieu déjà ouvert : {commune}, {name} ({where}).")
    )
    return Alert(
        said.format(minutes=_minutes(times), **facts),
        interval(times),
        _("Voyez d’abord ce que ce lieu peut accueillir."),
        (_link(one),),
        one.is_in_town,
    )


def _between_projects(one: Placed, other: Placed, times: Overlap) -> str:
    first, second = one.row.commune_name, other.row.commune_name
    if one.row.commune_code == other.row.commune_code:
        said = (
            _("Deux projets au même endroit : {first}.")
            if _is_same_place(times)
            else _("Deux projets à {minutes} l’un de l’autre, dans la même commune : {first}.")
        )
    else:
        said = _("Deux projets à {minutes} l’un de l’autre : {first} et {second}.")
    return said.format(minutes=_minutes(times), first=first, second=second)


def around_town(of: Listed, code: str) -> list[str]:
    """What this commune prepares, then what is near its town, one sentence each."""
    own = [_own_sentence(p) for p in of.of_commune(code)]
    near = [
        _near_sentence(placed, times)
        for placed, times in near_town(of, code)
        if placed.row.commune_code != code
    ]
    return [french.unbroken(said) for said in (*own, *near)]


def _own_sentence(placed: Placed) -> str:
    return _("« {title} », dans la commune : {status} depuis le {day}.").format(
        title=placed.row.title,
        status=str(InitiativeStatus(placed.row.status).label).lower(),
        day=french.day(placed.since),
    )


def _near_sentence(placed: Placed, times: Overlap) -> str:
    range_ = interval(times)
    return _("« {title} », à {commune}, {status} : à {minutes} du bourg{range}.").format(
        title=placed.row.title,
        commune=placed.row.commune_name,
        status=str(InitiativeStatus(placed.row.status).label).lower(),
        minutes=_minutes(times),
        range=f" ({range_})" if range_ else "",
    )


def _is_same_place(times: Overlap) -> bool:
    return times.high == 0


def _minutes(times: Overlap) -> str:
    if times.minutes < 1:
        return _("moins d’une minute")
    return french.count(round(times.minutes), "minute")


def interval(times: Overlap) -> str:
    """The range of a modelled time: entre 7 et 11 minutes; "" where its words say it already."""
    if times.high < 1:
        return ""
    decimals = 0 if round(times.low) < round(times.high) else 1
    low, high = french.number(times.low, decimals), french.number(times.high, decimals)
    return _("entre {low} et {high} minutes").format(low=low, high=high)


def _link(placed: Placed) -> Link:
    row = placed.row
    return Link(row.title, reverse("initiative", args=(row.territory_id, row.pk)))


def kept(placed: Sequence[Placed], asked: dict[str, Any]) -> list[Placed]:
    """Those that the filters keep."""
    status, code = asked.get("etat"), asked.get("commune")
    return [
        p
        for p in placed
        if (not status or p.row.status == status) and (not code or p.row.commune_code == code)
    ]


def table(of: Listed, placed: Sequence[Placed], query: QueryDict) -> Table:
    """One line an initiative, with the number that the map bears."""
    columns = (
        Column("title", _("Initiative"), is_sortable=True),
        Column("status", _("État")),
        Column("commune", _("Commune"), is_sortable=True),
        Column("number", _("N°"), is_numeric=True, is_sortable=True),
        Column("kind", _("Nature"), is_sortable=True),
        Column("since", _("Depuis le"), is_sortable=True),
        Column("seats", _("Places"), is_numeric=True, is_sortable=True),
        Column("opening", _("Ouverture"), is_numeric=True, is_sortable=True),
    )
    is_open = any(p.row.is_public for p in of.placed)
    rows = [
        Row(
            {
                "title": _link(p),
                "number": Number(p.number, str(p.number)),
                "commune": p.row.commune_name,
                "kind": InitiativeKind(p.row.kind).label,
                "status": Mark("state", STATES[p.row.status]),
                "since": Number(p.since.toordinal(), french.day(p.since)),
                "seats": p.row.seats,
                "opening": None if p.row.opening_year is None else _year(p.row.opening_year),
            },
            key=str(p.row.pk),
        )
        for p in placed
    ]
    return Table(
        LIST_ID,
        _("Initiatives des communes"),
        columns,
        sorted_by(rows, columns, query),
        downloads=_files(of) if is_open else (),
        note=_("N° : celui de la carte. Les fichiers contiennent les initiatives publiques.")
        if is_open
        else _("N° : celui de la carte."),
    )


def _files(of: Listed) -> list[Document]:
    entries = (
        (_("Données ouvertes"), "initiatives_csv", open_data(of)),
        (_("Excel FR"), "initiatives_excel", excel(of)),
    )
    return [
        Document(title, reverse(route, args=(of.territory.pk,)), "text/csv", len(data))
        for title, route, data in entries
    ]


def _year(year: int) -> Number:
    return Number(year, str(year))


def drawing(of: Listed, placed: Sequence[Placed]) -> SafeString | None:
    """The map of what is listed, None without outlines."""
    layers = _layers(of.of)
    if not layers.get("outlines"):
        return None
    numbers = {p.number for p in placed}
    pairs = [
        (n.one.at, n.other.at, _minutes(n.times))
        for n in of.near
        if n.one.number in numbers
        and (not isinstance(n.other, Placed) or n.other.number in numbers)
    ]
    drawn = sketch.Sketch(
        layers=layers,
        alternative=alternative(of, placed),
        points=[
            sketch.Numbered(p.at, p.number, p.row.status, f"{p.number}. {p.row.title}")
            for p in placed
            if p.at
        ],
        pairs=[(start, end, words) for start, end, words in pairs if start and end],
    )
    # drawn by report.map, which escapes what people wrote
    return mark_safe(sketch.draw(drawn))  # noqa: S308


def alternative(of: Listed, placed: Sequence[Placed]) -> str:
    """The map in one sentence."""
    names = sorted({p.row.commune_name for p in placed if p.at}, key=french.sort_key)
    if not names:
        return _("Carte du territoire, sans initiative placée.")
    near = (
        ngettext("%(n)s rapprochement en rouge.", "%(n)s rapprochements en rouge.", len(of.near))
        % {"n": len(of.near)}
        if of.near
        else _("Aucun rapprochement.")
    )
    said = _("Carte des initiatives : {names}.").format(names=french.listed(names, most=8))
    return f"{said} {near}"


def _layers(of: Shown | None) -> dict[str, Any]:
    if of is None:
        return {}
    names = {name: f"{name}.geojson" for name in ("outlines", "places", "labels")}
    return {name: reading.document(of.folder, file) for name, file in names.items() if of.has(file)}


def open_data(of: Listed) -> bytes:
    """The public initiatives: comma, point, UTF-8."""
    return grid_csv(_grid(of))


def excel(of: Listed) -> bytes:
    """The same for a French spreadsheet."""
    whole = _grid(of)
    return grid_excel(replace(whole, rows=tuple(tuple(_worded(c) for c in r) for r in whole.rows)))


def _worded(cell: Cell) -> Cell:
    """Words instead of codes."""
    is_code = isinstance(cell.value, str) and cell.value not in ("true", "false")
    return Cell(cell.text, cell.text) if is_code else cell


def _grid(of: Listed) -> Grid:
    columns = (
        shown.Column("id", "Numéro"),
        shown.Column("commune_code", "Code de la commune"),
        shown.Column("commune_name", "Commune"),
        shown.Column("title", "Initiative"),
        shown.Column("kind", "Nature"),
        shown.Column("status", "État"),
        shown.Column("status_since", "Depuis le"),
        shown.Column("carrier", "Portée par"),
        shown.Column("seats", "Places"),
        shown.Column("opening_year", "Ouverture"),
        shown.Column("lon", "Longitude"),
        shown.Column("lat", "Latitude"),
        shown.Column("is_town", "Position du bourg"),
        shown.Column("published_on", "Publique depuis le"),
        shown.Column("edited_on", "Dernière modification le"),
    )
    rows = tuple(_cells(p) for p in of.placed if p.row.is_public)
    return Grid("Initiatives des communes", columns, rows)


def _cells(p: Placed) -> tuple[Cell, ...]:
    row, (lon, lat) = p.row, p.at or (None, None)
    said: tuple[tuple[float | str | None, str], ...] = (
        (row.pk, ""), (row.commune_code, ""), (row.commune_name, ""), (row.title, ""),
        (row.kind, str(InitiativeKind(row.kind).label)),
        (row.status, str(InitiativeStatus(row.status).label)),
        (p.since.isoformat(), ""),
        (row.carrier.name if row.carrier else None, ""),
        (row.seats, ""), (row.opening_year, ""), (lon, ""), (lat, ""),
        ("true" if p.is_in_town else "false", _("oui") if p.is_in_town else _("non")),
        (row.published_at.date().isoformat() if row.published_at else None, ""),
        (row.edited_at.date().isoformat(), ""),
    )  # fmt: skip
    return tuple(Cell(text or ("" if value is None else str(value)), value) for value, text in said)
