"""Lists of studies and of their computations, and the next thing to do in one of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people import rights
from maillage.apps.studies.compute import UNDER_WAY
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.studies.rules import PLATFORM
from maillage.apps.studies.shown import published
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now
from maillage.kit.components import Document, Empty, Link
from maillage.kit.tables import Cell, Column, Number, Row, Table, sorted_by
from maillage.report import french

A_PAGE = 50
OfRun = Callable[[Run], Cell]


@dataclass(frozen=True)
class Published:
    """A published study as the list shows it."""

    title: str
    href: str
    territory: str
    headline: str
    published_at: Any
    report: Document


def where_may_open(person: Any) -> Iterable[Territory]:
    """The territories that a person may study."""
    scopes = rights.scopes_where(person, "studies.compute", on=now().date())
    keys = [key for kind, key in scopes if kind == "territory"]
    if PLATFORM in scopes:
        return (
            Territory.objects.filter(portraits__isnull=False).distinct().order_by("name")[:A_PAGE]
        )
    return Territory.objects.filter(pk__in=keys).order_by("name")


def table(studies: Iterable[Any], query: QueryDict) -> Table:
    """The studies with their latest result."""
    columns = (
        Column("title", _("Étude"), is_sortable=True),
        Column("territory", _("Territoire"), is_sortable=True),
        Column("share", _("Habitants à portée"), is_numeric=True, origin="modelled"),
        Column("sites", _("Lieux"), is_numeric=True, is_sortable=True),
        Column("computed", _("Calculée le"), is_sortable=True),
        Column("public", _("Publique")),
    )
    rows = [
        Row(
            {
                "title": Link(study.title, reverse("study", args=(study.pk, study.slug))),
                "territory": study.territory.name,
                "share": share(study.summary),
                "sites": study.summary["sites"] if study.summary else None,
                "computed": _day(study.computed_at),
                "public": _("Oui") if study.published_at else _("Non"),
            },
            key=str(study.pk),
        )
        for study in studies
    ]
    return Table("etudes", _("Études"), columns, sorted_by(rows, columns, query))


def share(summary: dict[str, Any] | None) -> Number | None:
    """A modelled share never stands alone."""
    if not summary:
        return None
    low, high = french.share(summary["share_low"]), french.share(summary["share_high"])
    central = french.share(summary["share_after"])
    return Number(summary["share_after"], f"{central} (de {low} à {high})")


def _day(at: Any) -> Number | None:
    return Number(at.timestamp(), french.day(at.date())) if at else None


def runs_table(study: Study, runs: Sequence[Run], act: OfRun | None = None) -> Table:
    """Every computation of a study, the latest first.

    act  what the last column offers on those that are finished
    """
    columns: tuple[Column, ...] = (
        Column("number", _("Calcul")),
        Column("state", _("État")),
        Column("asked", _("Demandé le")),
        Column("share", _("Habitants à portée"), is_numeric=True, origin="modelled"),
        Column("sites", _("Lieux"), is_numeric=True),
        Column("seats", _("Places"), is_numeric=True),
    )
    if act is not None:
        columns = (*columns, Column("act", _("Scénario")))
    rows = [
        Row(
            {
                "number": Link(
                    _("Calcul {n}").format(n=run.number),
                    reverse("run", args=(study.pk, study.slug, run.number)),
                ),
                "state": RunState(run.state).label,
                "asked": _day(run.asked_at),
                "share": share(run.summary),
                "sites": run.summary.get("sites"),
                "seats": run.summary.get("seats"),
                "act": act(run) if act and run.state == RunState.DONE else "",
            },
            key=str(run.number),
        )
        for run in runs
    ]
    return Table("calculs", _("Les calculs de cette étude"), columns, rows)


def next_thing(study: Study, runs: Sequence[Run]) -> str:
    """What to do now, in one sentence."""
    if any(run.state in UNDER_WAY for run in runs):
        return _("Un calcul est en cours : suivez-le.")
    found = [run.number for run in runs if run.is_found]
    if not found:
        return _("Lancez un premier calcul.")
    if not study.published_at:
        return _("Relisez le résultat avec les communes, puis publiez-le.")
    if max(found) > (study.published_run or 0):
        return _("Un résultat plus récent attend d’être relu, puis publié.")
    return _("L’étude est publique : présentez-la aux élus avec le rapport.")


def published_studies(siren: str = "") -> list[Published]:
    """Each published study as the list shows it."""
    return [
        Published(
            title=of.study.title,
            href=of.home,
            territory=of.study.territory.name,
            headline=of.words["headline"],
            published_at=of.study.published_at,
            report=of.document(_("Rapport pour les élus"), "report.pdf", "application/pdf"),
        )
        for of in published(siren)
    ]


def nothing_to_read(*, may_open: bool) -> Empty:
    """An empty list, and how it fills."""
    return Empty(
        _("Aucune étude à lire."),
        _("Une étude propose le meilleur réseau de lieux de travail, prouvé et chiffré.")
        if may_open
        else _(
            "Vos rôles n’ouvrent l’étude d’aucun territoire. "
            "Demandez-la à la personne chargée de mission."
        ),
    )


def nothing_published() -> Empty:
    """Nobody published a study yet."""
    return Empty(
        _("Aucune étude publiée."),
        _("Les portraits des territoires sont déjà ouverts."),
        Link(_("Voir les territoires"), reverse("territories")),
    )


def without_tables(territory: Territory) -> Empty:
    """This server cannot study this territory."""
    return Empty(
        _("Les tables officielles de ce territoire ne sont pas sur ce serveur."),
        _("Sans elles, aucun calcul. La personne qui administre le serveur indique leur dossier."),
        Link(_("Voir le portrait du territoire"), reverse("territory", args=(territory.pk,))),
    )
