"""The list of premises: what is asked, what answers, what nobody knows enough to say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.apps.premises import words
from maillage.apps.premises.fitting import Fit
from maillage.apps.premises.forms import FilterPremises
from maillage.apps.premises.models import Kind, Premises, State
from maillage.apps.territories.models import Territory
from maillage.kit.components import Document, Empty, Filters, Link, without
from maillage.kit.tables import Column, Mark, Number, Row, Table, sorted_by
from maillage.report import french

LIST_ID = "locaux"
A_PAGE = 100
TIERS = {Kind.BUILDING: "hub", Kind.SHOP: "mini", Kind.BUSINESS_PARK: "corpo"}
PRESET = {"surface": "50", "fibre": "on", "accessible": "on"}

COLUMNS = (
    Column("name", gettext_lazy("Local"), is_sortable=True),
    Column(
        "score", gettext_lazy("Note sur 10"), is_numeric=True, is_sortable=True, origin="modelled"
    ),
    Column("known", gettext_lazy("Connue à"), is_numeric=True, is_sortable=True),
    Column("area", gettext_lazy("Surface"), is_numeric=True, is_sortable=True),
    Column("fibre", gettext_lazy("Fibre")),
    Column("step_free", gettext_lazy("Plain-pied")),
    Column("commune", gettext_lazy("Commune"), is_sortable=True),
)


@dataclass(frozen=True)
class Found:
    """The premises that answer, and how many might if more were known."""

    fits: list[Fit]
    unsure: int


def found(fits: Iterable[Fit], asked: Mapping[str, Any]) -> Found:
    """Those that surely answer; with `incertains`, those that might too.

    In the order of what is sure: a score known from little never comes first by chance.
    """
    sure: list[Fit] = []
    unsure: list[Fit] = []
    for fit in fits:
        answers = list(_answers(fit.premises, asked))
        if False in answers:
            continue
        (unsure if None in answers else sure).append(fit)
    kept = sure + (unsure if asked.get("incertains") else [])
    kept.sort(key=lambda fit: (-fit.score.low, french.sort_key(fit.premises.name)))
    return Found(kept, len(unsure))


def _answers(premises: Premises, asked: Mapping[str, Any]) -> Iterable[bool | None]:
    """For each thing asked: yes, no, or nobody knows."""
    if least := asked.get("surface"):
        yield None if premises.area_m2 is None else premises.area_m2 >= least
    if asked.get("fibre"):
        yield premises.fibre
    if asked.get("accessible"):
        yield premises.step_free
    if kind := asked.get("sorte"):
        yield premises.kind == kind
    if code := asked.get("commune"):
        yield premises.commune_code == code
    if state := asked.get("etat"):
        yield premises.state == state if premises.state else None


def rows(fits: Sequence[Fit], query: QueryDict) -> list[Row]:
    """One line each, which leads to its sheet, in the order asked."""
    return sorted_by([_row(fit) for fit in fits], COLUMNS, query)


def table(lines: Sequence[Row], downloads: Sequence[Document]) -> Table:
    """The lines of a page."""
    return Table(
        LIST_ID,
        _("Les locaux du territoire"),
        COLUMNS,
        lines,
        downloads=downloads,
        note=_(
            "La note suit les poids du territoire ; l’intervalle tient compte de ce qui n’est pas "
            "renseigné. Les locaux sont rangés par leur note la plus basse : ce qui est sûr."
        ),
        empty=_("Aucun local ne répond sûrement à ces filtres."),
    )


def _row(fit: Fit) -> Row:
    row = fit.premises
    return Row(
        {
            "name": Mark("tier", TIERS[Kind(row.kind)], row.name, row.get_absolute_url()),
            "commune": row.commune_name,
            "score": _score(fit),
            "known": Number(fit.score.known_share, french.share(fit.score.known_share)),
            "area": None
            if row.area_m2 is None
            else Number(row.area_m2, words.area(row.area_m2) or ""),
            "fibre": words.yes_no(row.fibre),
            "step_free": words.yes_no(row.step_free),
        },
        key=str(row.pk),
    )


def _score(fit: Fit) -> Number | None:
    if fit.score.value is None:
        return None
    value = 10 * fit.score.value
    shown = f"{french.number(value, 1)} ({words.interval(fit.score)})"
    return Number(value, shown)


def lead(every: int, shown: Found) -> str:
    """How many there are, and how many answer."""
    if not every:
        return ""
    total = ngettext("{n} local décrit", "{n} locaux décrits", every).format(n=every)
    if len(shown.fits) == every:
        return f"{total}."
    return _("{total}, {n} pour ces filtres.").format(total=total, n=len(shown.fits))


def unsure(shown: Found, query: QueryDict) -> Link | None:
    """The way to those that might answer."""
    if not shown.unsure or query.get("incertains"):
        return None
    wider = query.copy()
    wider["incertains"] = "on"
    text = ngettext(
        "{n} autre local répond peut-être, faute de renseignement. L’afficher aussi",
        "{n} autres locaux répondent peut-être, faute de renseignement. Les afficher aussi",
        shown.unsure,
    )
    return Link(text.format(n=shown.unsure), f"?{wider.urlencode()}")


def filters(form: FilterPremises, query: QueryDict) -> Filters:
    """The form with each active filter as a link that removes it."""
    communes: dict[str, str] = dict(form.fields["commune"].choices)  # type: ignore[attr-defined]
    worded: dict[str, Callable[[Any], str]] = {
        "surface": lambda value: _("{n} m² ou plus").format(n=value),
        "fibre": lambda _value: _("Fibre"),
        "accessible": lambda _value: _("De plain-pied"),
        "sorte": lambda value: str(Kind(value).label),
        "commune": lambda value: communes.get(value, value),
        "etat": lambda value: str(State(value).label),
        "incertains": lambda _value: _("Avec les incertains"),
    }
    active = [
        Link(word(form.cleaned_data[name]), without(query, name, "page"))
        for name, word in worded.items()
        if form.cleaned_data.get(name)
    ]
    return Filters(form, active, "?")


def presets(territory: Territory) -> Link:
    """What most ask first."""
    address = reverse("premises_list", args=(territory.pk,), query=PRESET)
    return Link(_("50 m² ou plus, fibre, de plain-pied"), address)


def nothing(territory: Territory, *, may_keep: bool) -> Empty:
    """No premises described."""
    if not may_keep:
        return Empty(
            _("Aucun local décrit."),
            _("La personne chargée de mission les décrit, ou importe la liste des communes."),
        )
    return Empty(
        _("Aucun local décrit."),
        _("Sans local, l’étude ne connaît que des communes. Importez la liste des communes."),
        Link(_("Importer une liste"), reverse("import_new", args=(territory.pk,))),
    )
