"""The sites somebody keeps as a list; the parts of one sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.apps.sites import completeness, reality, words
from maillage.apps.sites.completeness import Counts
from maillage.apps.sites.models import Site, SiteHolder, SiteStage, stage_on
from maillage.kit.components import Empty, Link, Text
from maillage.kit.tables import Cell, Column, Mark, Number, Row, Table, sorted_by
from maillage.report import french

# named in the list before the rest is counted
MOST_NAMED = 2
COLUMNS = (
    Column("name", gettext_lazy("Lieu"), is_sortable=True),
    Column("commune", gettext_lazy("Commune"), is_sortable=True),
    Column("stage", gettext_lazy("Étape")),
    Column("opening", gettext_lazy("Ouverture")),
    Column("seats", gettext_lazy("Places"), is_numeric=True, is_sortable=True),
    Column("missing", gettext_lazy("À compléter"), is_sortable=True),
    Column("listed", gettext_lazy("Annuaire")),
)
PARTS: tuple[tuple[str, Text], ...] = (
    ("identite", gettext_lazy("Le lieu")),
    ("adresse", gettext_lazy("Adresse et point")),
    ("acces", gettext_lazy("Accès")),
    ("equipement", gettext_lazy("Équipement et services")),
    ("gestion", gettext_lazy("Gestion et encaissement")),
    ("securite", gettext_lazy("Sécurité")),
)


@dataclass(frozen=True)
class Part:
    """A part of a sheet: what it says, where it is written."""

    code: str
    title: Text
    facts: list[tuple[Text, str | None]]
    href: str


def table(sites: Sequence[Site], query: QueryDict, on: date) -> Table:
    """One line each; the stages of the sites are read already."""
    counts = completeness.counts(sites)
    by_name = sorted(sites, key=lambda site: french.sort_key(site.name))
    rows = [_row(site, counts[site.pk], on) for site in by_name]
    return Table("lieux", _("Les lieux"), COLUMNS, sorted_by(rows, COLUMNS, query))


def _row(site: Site, counts: Counts, on: date) -> Row:
    stages = list(site.stages.all())
    found = reality.opening(stages, on)
    missing = completeness.missing(site, counts, has_opening=found is not None)
    return Row(
        {
            "name": _name(site),
            "commune": site.commune_name,
            "stage": stage(stages, on),
            "opening": None
            if found is None
            else Number(found.on.toordinal(), french.day(found.on)),
            "seats": _seats(counts),
            "missing": Number(len(missing), _missing(missing)),
            "listed": _("affiché") if site.is_listed else _("non affiché"),
        },
        key=str(site.pk),
    )


def _name(site: Site) -> Cell:
    href = reverse("site_kept", args=(site.pk,))
    return Mark("tier", site.tier, site.name, href) if site.tier else Link(site.name, href)


def _seats(counts: Counts) -> Cell:
    if not counts.out_of_order:
        return counts.seats
    broken = _("{n} dont {broken} hors service")
    return Number(counts.seats, broken.format(n=counts.seats, broken=counts.out_of_order))


def _missing(missing: Sequence[Link]) -> str:
    if not missing:
        return _("rien")
    return french.listed([str(link.text).lower() for link in missing], MOST_NAMED)


def stage(stages: Sequence[SiteStage], on: date) -> Cell:
    """The stage of a day, as a badge."""
    code = stage_code(stages, on)
    return Mark("state", code) if code else None


def stage_code(stages: Sequence[SiteStage], on: date) -> str:
    """Its code; "" before the first."""
    found = stage_on(list(stages), on)
    return found.stage if found else ""


def lead(sites: Sequence[Site], on: date) -> str:
    """How many, how many open."""
    if not sites:
        return ""
    opened = sum(stage_code(list(site.stages.all()), on) == "open" for site in sites)
    every = ngettext("{n} lieu", "{n} lieux", len(sites)).format(n=len(sites))
    return _("{every}, dont {n}.").format(every=every, n=french.count(opened, "ouvert", "ouverts"))


def nothing(*, may_open: bool) -> Empty:
    """No site yet, and how one enters the network."""
    if not may_open:
        return Empty(
            _("Aucun lieu ne vous est confié."),
            _("La personne chargée de mission vous confie un lieu depuis la page des personnes."),
        )
    return Empty(
        _("Aucun lieu dans le réseau."),
        _(
            "Un scénario retenu s’adopte depuis sa page : ses lieux entrent ici avec ce que le "
            "plan en attend. Un lieu s’ouvre aussi sans étude."
        ),
        Link(_("Ouvrir la fiche d’un lieu"), reverse("site_new")),
    )


def parts(site: Site, holders: Sequence[SiteHolder]) -> list[Part]:
    """The sheet, part by part."""
    facts: dict[str, Any] = {**words.facts(site), "gestion": words.governance(site, holders)}
    return [
        Part(code, title, facts[code], reverse("site_sheet", args=(site.pk, code)))
        for code, title in PARTS
    ]


def spaces_words(counts: Counts) -> str:
    """4 espaces, 18 places dont 1 hors service."""
    if not counts.spaces and not counts.seats:
        return _("Aucun espace décrit.")
    spaces = french.count(counts.spaces, "espace réservable", "espaces réservables")
    seats = french.count(counts.seats, "place")
    broken = _(", dont {n} hors service").format(n=counts.out_of_order)
    return f"{spaces}, {seats}{broken if counts.out_of_order else ''}."
