"""The plan of a site against what happened, from the first day; other apps add their measures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.apps.sites.models import Site, SiteStage, SiteTarget, Stage, Tier
from maillage.kit.components import Text
from maillage.kit.tables import Cell, Column, Row, Table
from maillage.report import french

# what a year brings, by name: « occupied_days », « operation », « investment », « inhabitants »
Measured = Mapping[str, Cell]
Measure = Callable[[Site, datetime], Measured]
_MEASURES: list[Measure] = []
NOT_YET: Text = gettext_lazy("Pas encore mesuré")


def also(measure: Measure) -> None:
    """Another app measures something of a site; called from its AppConfig.ready."""
    _MEASURES.append(measure)


def measured(site: Site, at: datetime) -> Measured:
    """What the apps measure, together."""
    found: dict[str, Cell] = {}
    for measure in _MEASURES:
        found |= measure(site, at)
    return found


@dataclass(frozen=True)
class Opening:
    """When a site opens, or opened; `is_done` on the day given."""

    on: date
    is_done: bool


def opening(stages: list[SiteStage], on: date) -> Opening | None:
    """The first day that it is open; None when nobody said."""
    days = sorted(stage.starts_on for stage in stages if stage.stage == Stage.OPEN)
    return Opening(days[0], days[0] <= on) if days else None


def slippage(planned_year: int, found: Opening | None, on: date) -> str:
    """How far the opening is from the year planned, in words."""
    if found is None or not found.is_done:
        late = (found.on.year if found else on.year) - planned_year
        if late > 0:
            years = ngettext("{n} an de retard", "{n} ans de retard", late).format(n=late)
            return _("{years} sur le plan").format(years=years)
    if found is None:
        return _("pas encore datée")
    gap = found.on.year - planned_year
    if gap == 0:
        return _("l’année prévue")
    if gap > 0:
        return ngettext("{n} an après le plan", "{n} ans après le plan", gap).format(n=gap)
    return ngettext("{n} an avant le plan", "{n} ans avant le plan", -gap).format(n=-gap)


def table(
    site: Site, target: SiteTarget, seats: int, stages: list[SiteStage], at: datetime
) -> Table:
    """Each promise beside what is there; what nobody measures yet says so."""
    columns = (
        Column("what", _("Sujet")),
        Column("planned", _("Prévu"), origin="modelled"),
        Column("real", _("Réel")),
        Column("gap", _("Écart")),
    )
    on = at.date()
    real = measured(site, at)
    found = opening(stages, on)
    rows = [
        _row("tier", _("Niveau"), Tier(target.tier).label, _tier(site), ""),
        _row("seats", _("Places"), french.number(target.seats), seats, _gap(seats, target.seats)),
        _row(
            "opening",
            _("Ouverture"),
            str(target.opening_year),
            _opening(found),
            slippage(target.opening_year, found, on),
        ),
        *(
            _row(name, words, said, real.get(name, str(NOT_YET)), "")
            for name, words, said in _promised(target)
        ),
    ]
    return Table(
        "prevu-reel", _("Prévu et réel, sujet par sujet"), columns, rows, note=_note(target)
    )


def _row(key: str, what: str, planned: str, real: Cell, gap: str) -> Row:
    return Row({"what": what, "planned": planned, "real": real, "gap": gap}, key=key)


def _promised(target: SiteTarget) -> list[tuple[str, str, str]]:
    days = interval(target.occupied_days_low, target.occupied_days, target.occupied_days_high)
    return [
        ("occupied_days", _("Journées occupées par an, en régime de croisière"), days),
        (
            "inhabitants",
            _("Habitants dont c’est le lieu le plus proche"),
            _("{n}, cas central").format(n=french.number(target.inhabitants)),
        ),
        (
            "investment",
            _("Investissement, hors taxes"),
            _euros(target.investment_eur_low, target.investment_eur, target.investment_eur_high),
        ),
        (
            "operation",
            _("Fonctionnement par an, hors taxes"),
            _euros(target.operation_eur_low, target.operation_eur, target.operation_eur_high),
        ),
    ]


def payers(target: SiteTarget) -> list[str]:
    """Who was to pay, in sentences."""
    said = []
    if target.investment_eur:
        said.append(
            _("Investissement : {payers}.").format(
                payers=_split(_("communes"), _("subventions"), target.grants_share)
            )
        )
    payers_words = _split(_("intercommunalité"), _("employeurs"), target.employers_share)
    return [*said, _("Fonctionnement : {payers}.").format(payers=payers_words)]


def _split(first: str, second: str, second_share: float) -> str:
    if not second_share:
        return first
    return f"{first} {french.share(1 - second_share)}, {second} {french.share(second_share)}"


def _tier(site: Site) -> Cell:
    return Tier(site.tier).label if site.tier else None


def _gap(real: int, planned: int) -> str:
    if real == planned:
        return _("comme prévu")
    sign = "+" if real > planned else "−"
    return f"{sign}{french.number(abs(real - planned))}"


def _opening(found: Opening | None) -> Cell:
    if found is None:
        return None
    words = _("ouvert le {day}") if found.is_done else _("prévue le {day}")
    return words.format(day=french.day(found.on))


def interval(low: float, central: float, high: float) -> str:
    """1 940 (de 1 396 à 2 044); what is certain stands alone."""
    if round(low) == round(high):
        return french.number(central)
    return f"{french.number(central)} ({french.between(low, high)})"


def _euros(low: float, central: float, high: float) -> str:
    if not high:
        return _("aucun")
    ends = _("de {low} à {high}").format(
        low=french.planned_euros(low), high=french.planned_euros(high)
    )
    return f"{french.planned_euros(central)} ({ends})"


def _note(target: SiteTarget) -> str:
    words = _("Prévu : étude « {study} », scénario {letter}, version {version}.")
    said = words.format(
        study=target.study_title, letter=target.scenario_letter, version=target.version
    )
    if not target.is_in_plan:
        said += " " + _("La dernière version adoptée ne prévoit plus ce lieu.")
    return said
