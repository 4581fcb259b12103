"""The values that pages hand to the components: each refuses what a page must not show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.report import french
from maillage.report.layers import MINUTES

Text = str | Promise

# of the legend, in the units of its drawing
BOX_WIDTH = 88

ORIGINS: dict[str, tuple[Text, str]] = {
    "observed": (_("Observé"), "eye-check"),
    "modelled": (_("Modélisé"), "wave-sine"),
    "declared": (_("Déclaré"), "message-2"),
    "example": (_("Exemple"), "flask"),
}

STATES: dict[str, tuple[Text, str]] = {
    "draft": (_("Brouillon"), "pencil"),
    "proposed": (_("Proposé"), "message-2"),
    "retained": (_("Retenu"), "rosette-discount-check"),
    "planned": (_("Prévu"), "calendar"),
    "works": (_("En travaux"), "barrier-block"),
    "open": (_("Ouvert"), "circle-check"),
    "closed": (_("Fermé"), "lock"),
    "initiative_planned": (_("Prévue"), "calendar"),
    "initiative_ongoing": (_("En cours"), "clock"),
    "initiative_done": (_("Réalisée"), "circle-check"),
}

TIERS: dict[str, Text] = {
    "hub": _("Site structurant"),
    "mini": _("Mini-cowork"),
    "corpo": _("Corpoworking"),
    "existing": _("Lieu existant"),
}

MESSAGES = {
    "success": "circle-check",
    "info": "info-circle",
    "warning": "alert-triangle",
    "danger": "alert-circle",
}


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; `is_current` when they lead to what is shown."""

    text: Text
    href: str
    is_current: bool = False


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb; the last one, the page itself, has no address."""

    label: Text
    href: str = ""


@dataclass(frozen=True)
class Figure:
    """A key figure, never without its source and its origin.

    interval  in words, compulsory for a modelled value: « de 88 à 98 % »
    before    the value it replaces, shown before an arrow
    was       the value that was saved, struck, while another one is tried
    detail    what the value is made of: « 3 structurants, 7 minis »
    """

    label: Text
    value: str
    origin: str
    source: Text
    unit: Text = ""
    interval: Text = ""
    vintage: str = ""
    detail: Text = ""
    before: str = ""
    was: str = ""
    icon: str = ""

    def __post_init__(self) -> None:
        """A modelled number never stands alone."""
        _known(self.origin, ORIGINS)
        if not self.source:
            raise ValueError(f"the figure {self.label} has no source")
        if self.origin == "modelled" and not self.interval:
            raise ValueError(f"the modelled figure {self.label} has no interval")


@dataclass(frozen=True)
class Document:
    """A file to download, announced with its type and its size."""

    title: Text
    href: str
    media_type: str
    size_bytes: int | None = None
    on: date | None = None

    @property
    def details(self) -> str:
        """PDF, 212 ko, 17 mars 2027; a type that the title already says is not repeated."""
        kind = _FILE_TYPES.get(self.media_type, self.media_type.rpartition("/")[2].upper())
        if kind in str(self.title) or "Excel" in str(self.title):
            kind = ""
        size = "" if self.size_bytes is None else file_size(self.size_bytes)
        return ", ".join(
            word for word in (kind, size, french.day(self.on) if self.on else "") if word
        )


_FILE_TYPES = {
    "application/pdf": "PDF",
    "text/csv": "CSV",
    "text/calendar": "iCalendar",
    "application/json": "JSON",
    "application/geo+json": "GeoJSON",
    "application/zip": "ZIP",
    "image/svg+xml": "SVG",
    "text/html": "page web",
}


def file_size(size_bytes: int) -> str:
    """212 ko, 1,4 Mo."""
    if size_bytes < 1_000:
        return french.count(size_bytes, "octet")
    if round(size_bytes / 1_000) < 1_000:
        return f"{french.number(size_bytes / 1_000)}{french.NBSP}ko"
    return f"{french.number(size_bytes / 1_000_000, 1)}{french.NBSP}Mo"


@dataclass(frozen=True)
class Filters:
    """A GET form and its active filters, each a link that removes it."""

    form: forms.Form
    active: Sequence[Link]
    clear_href: str = "?"


def filters_of(form: forms.Form, query: QueryDict) -> Filters:
    """The filters of a bound GET form, with the active ones read from the query."""
    active = []
    for bound in form:
        value = query.get(bound.html_name, "")
        if value:
            shown = dict(getattr(bound.field, "choices", ())).get(value, value)
            typed = getattr(form, "cleaned_data", {}).get(bound.name)
            shown = french.day(typed) if isinstance(typed, date) else shown
            label = f"{bound.label} : {shown}"
            active.append(Link(label, without(query, bound.html_name, "page")))
    return Filters(form, active, without(query, *(bound.html_name for bound in form), "page"))


def without(query: QueryDict, *names: str) -> str:
    """The query string without some of its parameters."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return f"?{kept.urlencode()}"


@dataclass(frozen=True)
class Empty:
    """What is missing, why it matters, and one act."""

    what: Text
    why: Text = ""
    act: Link | None = None


@dataclass(frozen=True)
class Message:
    """The answer to an act, on the page where it happened; kinds: see MESSAGES."""

    kind: str
    text: Text
    act: Link | None = None

    def __post_init__(self) -> None:
        """Only the kinds that have a look."""
        _known(self.kind, MESSAGES)


@dataclass(frozen=True)
class Dialog:
    """A dangerous act: its consequence in words, the act and the way back.

    fields  hidden values posted with the act
    """

    question: Text
    consequence: Text
    act: Text
    keep: Link
    action: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """A long work under way: `done` of `total`, None when the total is not known."""

    label: Text
    poll_href: str
    done: int = 0
    total: int | None = None
    stop_href: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class Share:
    """One part of a whole: a payer's code (see report.charts.PAYERS), its words and amount."""

    code: str
    label: Text
    amount: float
    text: str


@dataclass(frozen=True)
class Stretch:
    """A part of an axis, in percent of its width: where it begins, how wide it is."""

    x: str
    width: str


@dataclass(frozen=True)
class Tick:
    """A month of an axis, in percent of its width."""

    x: str
    label: Text


@dataclass(frozen=True)
class Axis:
    """The months that the bars of a timeline share; `today` in percent, empty when outside."""

    ticks: Sequence[Tick]
    today: str = ""

    @property
    def anchor(self) -> str:
        """On which side of today its word stands, so that it stays on the drawing."""
        if not self.today:
            return ""
        return ("start", "middle", "end")[(float(self.today) > 12) + (float(self.today) > 88)]


@dataclass(frozen=True)
class Milestone:
    """Something due on a bar, in percent of its width; full once it is done."""

    x: str
    is_full: bool = False


@dataclass(frozen=True)
class Bar:
    """A step on the axis: planned as an outline, done filled, slipped hatched."""

    planned: Stretch
    done: Stretch | None = None
    slipped: Stretch | None = None
    milestones: Sequence[Milestone] = ()


@dataclass(frozen=True)
class Part:
    """What a step hands over: its name, where it stands, how late it is in words."""

    link: Link
    text: Text = ""
    late: Text = ""
    is_done: bool = False


@dataclass(frozen=True)
class Step:
    """One dated step of a timeline; state `done`, `now` or `next`.

    late   how late it is, in words, empty when it is not
    bar    where it stands on the axis of the timeline, when it has one
    parts  what it hands over
    """

    when: Text
    title: Text
    state: str = "done"
    text: Text = ""
    document: Document | None = None
    href: str = ""
    late: Text = ""
    bar: Bar | None = None
    parts: Sequence[Part] = ()


@dataclass(frozen=True)
class MapPanel:
    """A map: the server's drawing, and what the interactive one needs to replace it.

    svg          drawn by report.map, shown until the interactive map is ready, or for ever
    alternative  one sentence with the finding
    list_id      the id of the table that says the same thing
    layers       name → address: outlines, cells, links, places, markers, labels
    bounds       west, south, east, north
    views        the toolbar: « Avant », « Après » and their addresses
    view         `before` or `after`: which class colours the cells; empty: the only one
    selected     the key of the chosen site
    rule_min     the minutes of the red tick, None when there is no rule
    legend       what the colours, lines or marks say: `minutes`, `flows`, `zones` or `sites`
    how          which kind of times it shows, in a few words
    zone_min     the minutes of the zones
    tried        id of the element that says what is tried on the map, "" where nothing moves
    may_drag     whether a site may be dragged elsewhere
    """

    id: str
    svg: str
    alternative: Text
    list_id: str
    layers: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[float, float, float, float] | None = None
    views: Sequence[Link] = ()
    view: str = ""
    selected: str = ""
    source: Text = ""
    origin: str = "modelled"
    tiers: Sequence[str] = ("hub", "mini", "corpo")
    rule_min: float | None = 10
    legend: str = "minutes"
    how: Text = ""
    zone_min: float = 10
    tried: str = ""
    may_drag: bool = False

    @property
    def ramp(self) -> list[dict[str, Any]]:
        """The boxes of the legend: the fixed classes of minutes, the same on every map."""
        return [
            {"x": n * BOX_WIDTH, "colour": shown.colour, "label": shown.label}
            for n, shown in enumerate(MINUTES)
        ]

    @property
    def rule_x(self) -> float | None:
        """Where the red tick stands on the ramp: at the end of the class that the rule closes."""
        ends = [shown.up_to for shown in MINUTES]
        return (ends.index(self.rule_min) + 1) * BOX_WIDTH if self.rule_min in ends else None

    @property
    def data(self) -> dict[str, Any]:
        """What map.js reads."""
        return {
            "layers": dict(self.layers),
            "bounds": self.bounds,
            "view": self.view,
            "selected": self.selected,
            "list": self.list_id,
            "colours": [shown.colour for shown in MINUTES],
            "tried": self.tried,
        }


def _known(code: str, among: Mapping[str, object]) -> None:
    if code not in among:
        raise ValueError(f"{code!r} is none of {', '.join(among)}")
