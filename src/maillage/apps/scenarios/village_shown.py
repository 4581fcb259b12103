"""What the pages of « Pourquoi pas ce village ? » say, as plain values."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from maillage.apps.scenarios import tried, villages
from maillage.apps.scenarios.compared import own_ids
from maillage.apps.scenarios.models import Scenario, Version, VillagePrice
from maillage.apps.studies import asked
from maillage.apps.studies.compute import UNDER_WAY
from maillage.apps.studies.follow import FOLLOWING
from maillage.apps.studies.models import RunState
from maillage.core import scenario as computing
from maillage.core.scenario import Assessed
from maillage.kit.components import Link, Message, Progress
from maillage.kit.tables import Cell, Column, Mark, Row, Table, sorted_by
from maillage.report import french, what_if
from maillage.report import map as drawn
from maillage.report import village as words
from maillage.report.layers import MINUTES
from maillage.report.village import Asked

Sides = list[dict[str, Any]]


def listed(of: Scenario, version: Version, query: QueryDict) -> Table:
    """The communes where the network opens nothing, those that stay far first."""
    ground, network = tried.ground_of(version.run), tried.network_of(version.run)
    far = tried.of_version(version).now.coverage.uncovered
    taken, closed = computing.served(ground, network), computing.without_candidate(ground)
    known = {row.commune_code: row for row in version.run.villages.all()}
    columns = (
        Column("name", _("Commune"), is_sortable=True),
        Column("people", _("Habitants"), is_numeric=True, is_sortable=True),
        Column("far", _("Restent loin"), is_numeric=True, is_sortable=True, origin="modelled"),
        Column("answer", _("Avec un lieu")),
    )
    members = ground.territory.communes.select("commune_code", "name", "population")
    rows = [
        Row(
            {
                "name": Link(name, f"{of.get_absolute_url()}villages/{code}/"),
                "people": people,
                "far": far.get(code, 0),
                "answer": _("Aucun lieu possible") if code in closed else _said(known.get(code)),
            },
            key=code,
        )
        for code, name, people in members.iter_rows()
        if code not in taken
    ]
    rows.sort(key=lambda row: (-far.get(row.key, 0), row.key))
    return Table("communes", _("Communes sans lieu"), columns, sorted_by(rows, columns, query))


def _said(row: VillagePrice | None) -> Cell:
    if row is None or row.state == RunState.STOPPED:
        return _("Pas encore calculé")
    if row.state == RunState.DONE:
        return words.short(villages.from_json(row.answer))
    if row.state == RunState.REFUSED:
        return _("Aucun réseau permis")
    return RunState(row.state).label


def progress(row: VillagePrice, href: str, stop_href: str) -> Progress:
    """Its steps, asked again at its own address."""
    steps = computing.VILLAGE_STEPS
    return Progress(
        label=french.STEPS.get(row.step, _("En attente d’un calculateur")),
        poll_href=f"{href}?{FOLLOWING}=1",
        done=steps.index(row.step) if row.step in steps else 0,
        total=len(steps),
        stop_href=stop_href,
    )


def ended(row: VillagePrice) -> Message | None:
    """Why a question that is over has no answer; None when it has one, or is under way."""
    if row.state == RunState.REFUSED:
        return Message("warning", row.refusal)
    if row.state == RunState.STOPPED:
        return Message("info", _("Ce calcul a été arrêté. Rien n’a changé."))
    if row.state == RunState.FAILED:
        return Message("danger", _("Ce calcul s’est interrompu. Relancez-le."))
    return None


def is_under_way(row: VillagePrice | None) -> bool:
    """Whether a worker has it, or will."""
    return row is not None and row.state in UNDER_WAY


def answer(of: Scenario, version: Version, row: VillagePrice) -> dict[str, Any]:
    """The answer: the finding, what is given up, both networks side by side."""
    ground = tried.whole_ground_of(version.run)
    found = villages.from_json(row.answer)
    said = Asked(
        commune=ground.commune_name(row.commune_code),
        found=found,
        network=tried.network_of(version.run),
        is_drawn=asked.from_json(version.run.request).network is not None,
        gain_per_mini=int(ground.assumptions.value("siting.min_gain_per_mini")),
        places={c.id: c.name for c in ground.options.anywhere},
    )
    without, with_it = (tried.judged(version.run, n) for n in (said.network, found.network))
    tiers = {s.candidate_id: s.tier for s in (*said.network, *found.network)}
    return {
        "title": words.title(said),
        "reasons": words.reasons(said),
        "proof": words.proof(said),
        "is_proved": found.is_proved,
        "columns": [
            _side("sans", of.title, without),
            _side("avec", _("Avec {name}").format(name=said.commune), with_it),
        ],
        "measures": _measures(said, without, with_it),
        "changes": [
            (_("Ouvrent"), [Mark("tier", tiers[p], said.places[p]) for p in found.enter]),
            (_("N’ouvrent plus"), [Mark("tier", tiers[p], said.places[p]) for p in found.leave]),
        ],
        "legend": [(c.colour, c.label) for c in MINUTES],
    }


def _side(mark: str, title: str, judged: Assessed) -> dict[str, Any]:
    svg = drawn.draw(drawn.of_outcome(judged, "after"), drawn.PANEL)
    return {"title": title, "svg": own_ids(svg, mark)}


def _measures(said: Asked, *sides: Assessed) -> list[dict[str, Any]]:
    covered = [s.coverage for s in sides]
    return [
        {
            "key": "portee",
            "label": _("Habitants à portée"),
            "values": [
                (
                    french.number(c.inhabitants),
                    f"{french.share(c.after.central, 1)}, "
                    f"{french.share_between(c.after.low, c.after.high)}",
                )
                for c in covered
            ],
        },
        {
            "key": "trajet",
            "label": _("Trajet moyen"),
            "values": [
                (what_if.minutes(c.mean_after.central), what_if.minutes_between(c.mean_after))
                for c in covered
            ],
        },
        {
            "key": "cout",
            "label": _("Coût annuel le plus bas"),
            "values": [
                (french.planned_euros(euros), _("chaque lieu au plus petit"))
                for euros in reversed(said.found.euros)
            ],
        },
        {
            "key": "lieux",
            "label": _("Lieux"),
            "values": [(what_if.sites_and_seats(s.sites), what_if.tiers(s.sites)) for s in sides],
        },
    ]
