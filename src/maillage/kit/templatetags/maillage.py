"""The tags that draw the components, and the filters that write numbers and dates in French."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from maillage.kit import components, fields, tables
from maillage.kit.filters import FILTERS
from maillage.report import french

register = template.Library()

UNKNOWN = format_html('<span class="unknown">{}</span>', _("Non renseigné"))
_SHAPES = {
    "hub": '<path d="M10 .8 18 5.4v9.2L10 19.2 2 14.6V5.4z"/>',
    "mini": '<circle cx="10" cy="10" r="8"/>',
    "corpo": '<path d="M2.5 2.5h15v15h-15z"/>',
    "existing": '<path d="M10 3 18 17H2z"/>',
}


@functools.cache
def _icon_body(name: str) -> SafeString:
    found = finders.find(f"vendor/icons/{name}.svg")
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"no icon {name}: name it in web/icons.txt, ./run setup")
    text = Path(found).read_text(encoding="utf-8")
    body = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    return mark_safe("".join(line.strip() for line in body.splitlines()))  # noqa: S308 (a file of ours)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An outline icon; alone, it needs a label."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" role="img"'
            ' aria-label="{}">{}</svg>',
            label,
            _icon_body(name),
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{}</svg>',
        _icon_body(name),
    )


@register.simple_tag
def origin(code: str) -> SafeString:
    """The badge of a number's origin."""
    label, name = components.ORIGINS[code]
    return _badge("origin", code, label, name)


@register.simple_tag
def state(code: str) -> SafeString:
    """The state of a place or of a scenario."""
    label, name = components.STATES[code]
    return _badge("state", code, label, name)


@register.simple_tag
def late(words: Any) -> SafeString:
    """What is behind its day: amber, never red."""
    return format_html('<span class="tag late-tag">{}{}</span>', icon("clock"), words)


def _badge(family: str, code: str, label: object, name: str) -> SafeString:
    return format_html(
        '<span class="tag {0}-tag {0}-tag-{1}">{2}{3}</span>', family, code, icon(name), label
    )


@register.simple_tag
def tier(code: str, label: Any = None) -> SafeString:
    """The shape of a tier and its words: the tier's own unless given; none for a mere ornament."""
    words = components.TIERS[code] if label is None else label
    shape = format_html(
        '<svg class="shape shape-{}" viewBox="0 0 20 20" width="16" height="16"'
        ' aria-hidden="true">{}</svg>',
        code,
        mark_safe(_SHAPES[code]),  # noqa: S308 (a constant)
    )
    return format_html('<span class="tier">{}{}</span>', shape, words) if words else shape


@register.simple_tag
def minutes(value: float) -> SafeString:
    """The yellow cartouche: minutes only."""
    return format_html('<span class="borne">{}{}min</span>', french.number(value), french.NBSP)


@register.inclusion_tag("components/figures.html")
def figure(value: components.Figure) -> dict[str, Any]:
    """One figure, alone."""
    return {"figures": [value], "is_key": False}


@register.inclusion_tag("components/figures.html")
def figures(values: Sequence[components.Figure], *, is_key: bool = True) -> dict[str, Any]:
    """The row of key figures under the heading, or a plain row inside a section."""
    return {"figures": values, "is_key": is_key}


@register.inclusion_tag("components/table.html", takes_context=True)
def table(context: template.Context, value: tables.Table) -> dict[str, Any]:
    """A table with its sort links, its total and its downloads."""
    query = context["request"].GET if "request" in context else None
    lines = [(row, _cells(value, row)) for row in value.rows]
    return {
        "table": value,
        "heads": [tables.head(column, value, query) for column in value.columns],
        "lines": lines,
        "total": _cells(value, value.total, "") if value.total else None,
    }


def _cells(
    value: tables.Table, row: tables.Row, unknown: str = UNKNOWN
) -> list[tuple[tables.Column, Any]]:
    cells = ((column, row.cells.get(column.key)) for column in value.columns)
    return [(column, unknown if cell is None else _cell(cell, column)) for column, cell in cells]


def _cell(cell: tables.Cell, column: tables.Column) -> Any:
    match cell:
        case int() | float():
            return french.number(cell, column.decimals)
        case tables.Number(text=text):
            return text
        case components.Link():
            return _linked(cell.text, cell.href)
        case tables.Mark():
            return _mark(cell)
        case tables.Act():
            return _act(cell)
        case _:
            return cell


def _act(act: tables.Act) -> SafeString:
    return format_html(
        '<button class="btn btn-outline btn-small" form="{}" name="{}" value="{}">{}'
        '<span class="visually-hidden"> ({})</span></button>',
        act.form,
        act.name,
        act.value,
        act.text,
        act.detail,
    )


def _mark(mark: tables.Mark) -> SafeString:
    match mark.family:
        case "tier" if mark.href:
            parts = tier(str(mark.code), ""), _linked(mark.text, mark.href)
            return format_html('<span class="tier">{}{}</span>', *parts)
        case "tier":
            return tier(str(mark.code), mark.text or None)
        case "state":
            return state(str(mark.code))
        case "origin":
            return origin(str(mark.code))
        case "minutes":
            return minutes(float(mark.code))
        case _:
            raise ValueError(f"no mark of family {mark.family}")


def _linked(text: object, href: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', href, text)


@register.inclusion_tag("components/document.html")
def document(value: components.Document) -> dict[str, Any]:
    """A file to download: title, type, size."""
    return {"document": value}


@register.inclusion_tag("components/documents.html")
def documents(values: Sequence[components.Document]) -> dict[str, Any]:
    """Several files on a line."""
    return {"documents": values}


@register.inclusion_tag("components/filters.html")
def filters(value: components.Filters) -> dict[str, Any]:
    """A GET form and its active filters."""
    return {"filters": value}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(crumbs: Sequence[components.Crumb]) -> dict[str, Any]:
    """Where the page stands; on a phone, only its parent."""
    parent = next((crumb for crumb in reversed(crumbs) if crumb.href), None)
    return {"crumbs": crumbs, "parent": parent}


@register.inclusion_tag("components/empty.html")
def empty(value: components.Empty) -> dict[str, Any]:
    """What is missing, why it matters, one act."""
    return {"empty": value}


@register.inclusion_tag("components/message.html")
def message(value: components.Message) -> dict[str, Any]:
    """The answer to an act."""
    return {"message": value, "icon_name": components.MESSAGES[value.kind]}


@register.inclusion_tag("components/dialog.html")
def dialog(value: components.Dialog) -> dict[str, Any]:
    """The page that asks before a dangerous act."""
    return {"dialog": value}


@register.inclusion_tag("components/progress.html")
def progress(value: components.Progress) -> dict[str, Any]:
    """A long work under way, asking for news by itself."""
    return {"progress": value}


@register.simple_tag
def progress_refresh(value: components.Progress) -> SafeString:
    """Without JavaScript, the page asks for news by loading itself again."""
    if value.is_over:
        return SafeString("")
    return SafeString('<noscript><meta http-equiv="refresh" content="5"></noscript>')


@register.inclusion_tag("components/shares.html")
def shares(values: Sequence[components.Share], caption: str) -> dict[str, Any]:
    """One stacked bar, and the labelled table that says the same."""
    total = sum(part.amount for part in values)
    at, drawn = 0.0, []
    for part in values:
        width = 100 * part.amount / total if total else 0.0
        drawn.append(
            {
                "part": part,
                "x": f"{at:.3f}",
                "width": f"{width:.3f}",
                "share": french.share(width / 100),
            }
        )
        at += width
    return {"parts": drawn, "caption": caption}


@register.inclusion_tag("components/timeline.html")
def timeline(
    steps: Sequence[components.Step], axis: components.Axis | None = None
) -> dict[str, Any]:
    """Dated steps, done and to come; along an axis of months, each with its bar."""
    return {"steps": steps, "axis": axis}


@register.inclusion_tag("components/map.html")
def map_panel(value: components.MapPanel) -> dict[str, Any]:
    """The server's drawing, and the interactive map that replaces it."""
    return {"map": value, "data_id": f"{value.id}-data", "svg": mark_safe(value.svg)}  # noqa: S308 (drawn by report.map)


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """The pages of a long list."""
    query = components.without(context["request"].GET, "page")
    return {"page": page, "base": query if query == "?" else f"{query}&"}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A field: label above, hint under the label, error under the field."""
    return fields.drawn(bound)


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """Every field of a form, in its order."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """The errors of a form, each a link to its field."""
    return {"errors": fields.errors_of(form), "others": form.non_field_errors()}


for name, write in FILTERS.items():
    register.filter(name, write)
