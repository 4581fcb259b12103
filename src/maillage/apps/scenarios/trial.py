"""What the page of a scenario says of a network that somebody tries, as plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.premises import for_study
from maillage.apps.scenarios import moves
from maillage.apps.scenarios.tried import Tried
from maillage.apps.studies import study_page
from maillage.core import scenario
from maillage.core.candidates import Candidate
from maillage.core.scenario import Close, Date, Move, Open, Resize, Shift
from maillage.kit.components import Figure, Share
from maillage.kit.refusal import Refusal
from maillage.kit.tables import Cell, Column, Mark, Number, Row, Table, sorted_by
from maillage.report import charts, french, what_if
from maillage.report import map as drawn
from maillage.report.map import live
from maillage.report.map import of_outcome as scene_of
from maillage.report.what_if import TriedSite

MOVES = "coup"
SITE = "lieu"
TABLE = "lieux"
# the caption of the bar of payers
PAYERS_TITLE = "Qui paie quoi, sur toutes les années du budget (cas central)"
MOST_GAINS = 8
MOST_DEPENDENTS = 4


class UnreadableAct(Refusal):
    """A form of the page came without what it needs."""

    sentence = "Il manque le lieu, le type ou le nombre. Complétez la ligne, puis recommencez."
    status = 422


@dataclass(frozen=True)
class Address:
    """Where the page stands: every state is an address, so undo and share are links."""

    path: str
    moves: tuple[str, ...]
    site: str = ""
    view: str = ""
    views: tuple[str, ...] = tuple(study_page.VIEWS)

    def to(self, *, moves: Iterable[str] | None = None, site: str | None = None) -> str:
        """The same page elsewhere."""
        kept = self.moves if moves is None else tuple(moves)
        chosen = self.site if site is None else site
        pairs = [(MOVES, text) for text in kept]
        pairs += [(SITE, chosen)] if chosen else []
        pairs += [("vue", self.view)] if self.view else []
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def after(self, move: Move, *, site: str | None = None) -> str:
        """The page once one more move is made."""
        return self.to(moves=(*self.moves, moves.written(move)), site=site)


def asked_move(query: QueryDict) -> Move | None:
    """The move that a form of the page asks for, None when it asks for none."""
    act, where = query.get("action", ""), query.get("sur", "")
    if not act:
        return None
    try:
        match act:
            case "ouvrir":
                return Open(_given(query, "ou"), _given(query, "type"))
            case "retirer":
                return Close(where)
            case "deplacer":
                return Shift(where, _given(query, "vers"))
            case "places":
                return Resize(where, int(_given(query, "valeur")))
            case "annee":
                return Date(where, int(_given(query, "valeur")))
    except ValueError:
        pass
    raise UnreadableAct


def _given(query: QueryDict, name: str) -> str:
    value = query.get(name, "").strip()
    if not value:
        raise UnreadableAct
    return value


def focus_of(move: Move) -> str:
    """The site that the page shows once a move is made."""
    match move:
        case Close():
            return ""
        case Shift(_, to):
            return to
        case _:
            return move.place


def figures(tried: Tried) -> list[Figure]:
    """The key figures, and what they were."""
    drawn = what_if.keys(tried.now, tried.saved)
    return [
        Figure(
            label=key.label,
            value=key.value,
            # the sites and their seats are what somebody chose
            origin="declared" if n == CHOSEN else "modelled",
            source=what_if.MODEL,
            unit=key.unit,
            interval=key.interval,
            detail=key.detail,
            before="" if key.was else key.before,
            was=key.was,
        )
        for n, key in enumerate(drawn)
    ]


CHOSEN = 2


def said(tried: Tried, address: Address) -> dict[str, Any]:
    """What a try changes: its moves one by one, who gains and loses, the rules it leaves."""
    names = {c.id: c.name for c in tried.now.ground.options.anywhere}
    texts = [move_words(moves.read(text), names) for text in tried.moves]
    return {
        "headline": what_if.headline(tried.now),
        "loss": what_if.loss(tried.now, tried.curve),
        "changes": what_if.changes(tried.now, tried.saved),
        "rules": [what_if.rule(b) for b in scenario.broken(tried.now.ground, tried.now)],
        "moves": texts,
        "undo": address.to(moves=tried.moves[:-1], site="") if tried.moves else "",
        "undo_all": address.to(moves=(), site=""),
    }


def move_words(move: Move, names: dict[str, str]) -> str:
    """A move in French; a place that is gone keeps its mark."""

    def name(place: str) -> str:
        return names.get(place, place)

    match move:
        case Open(place, tier):
            return _("{name} : {tier} ajouté").format(name=name(place), tier=french.TIERS[tier])
        case Close(place):
            return _("{name} : retiré").format(name=name(place))
        case Shift(place, to):
            return _("{name} : déplacé à {to}").format(name=name(place), to=name(to))
        case Resize(place, seats):
            count = french.count(seats, "place")
            return _("{name} : {seats}").format(name=name(place), seats=count)
        case Date(place, year):
            return _("{name} : ouverture en {year}").format(name=name(place), year=year)


def sites(found: Sequence[TriedSite], address: Address, query: QueryDict) -> Table:
    """Every site; the list does everything the map does."""
    columns = (
        Column("name", _("Lieu"), is_sortable=True),
        Column("kind", _("Type"), is_sortable=True),
        Column("seats", _("Places"), is_numeric=True, is_sortable=True),
        Column("inhabitants", _("Habitants desservis"), is_numeric=True, origin="modelled"),
        Column("lost", _("Perte si retiré"), is_numeric=True, is_sortable=True),
        Column("opening", _("Ouverture"), is_sortable=True),
        Column("investment", _("Investissement")),
        Column("payer", _("Qui paie")),
    )
    rows = [
        Row(
            {
                "name": Mark("tier", s.tier, s.name, f"{address.to(site=s.id)}#lieu"),
                "kind": s.kind,
                "seats": s.seats,
                "inhabitants": _("sur accord") if s.inhabitants is None else s.inhabitants,
                "lost": _lost(s.lost),
                "opening": _("ouvert") if s.is_existing else str(s.opening_year),
                "investment": s.investment,
                "payer": s.payer,
            },
            key=s.id,
            is_selected=s.id == address.site,
        )
        for s in found
    ]
    return Table(TABLE, _("Les lieux du scénario"), columns, sorted_by(rows, columns, query))


def _lost(lost: int | None) -> Cell:
    return _("sans objet") if lost is None else Number(lost, french.number(-lost))


def site(tried: Tried, sites: Sequence[TriedSite], address: Address) -> dict[str, Any] | None:
    """The chosen site: why here, what would replace it, what can be done with it."""
    found = next((s for s in sites if s.id == address.site), None)
    if found is None:
        return None
    ground = tried.now.ground
    around = scenario.here(ground, tried.now.network, found.id)
    names = {c.id: c.name for c in ground.options.anywhere}
    widest = max((abs(i.loss) for i in around.replacements), default=0)
    dependents = what_if.dependents(tried.now, found.id) if found.tier != "corpo" else ()
    candidate = ground.candidate(found.id)
    return {
        **vars(found),
        "seats_text": french.count(found.seats, "place"),
        "dependents": dependents,
        "dependents_named": french.listed(list(dependents), MOST_DEPENDENTS),
        "hosts": french.hosts([(h.kind, h.count) for h in candidate.hosts]),
        "replacements": [
            {
                "name": names[i.place],
                "text": what_if.instead(i),
                "width": round(100 * abs(i.loss) / widest) if widest else 0,
                "is_gain": i.loss < 0,
                "href": address.after(Shift(found.id, i.place), site=i.place),
            }
            for i in around.replacements
        ],
        "elsewhere": _free(tried),
        "cost_key": what_if.cost_key(tried.now, found.id),
        **_premises(tried, found.id),
        "remove_href": address.after(Close(found.id), site=""),
        "close_href": address.to(site=""),
    }


def _premises(tried: Tried, place: str) -> dict[str, str]:
    """The sheet and the fit-out of the building that a site would take, when one is described."""
    key = place.removeprefix(for_study.PREFIX)
    if key == place:
        return {}
    parts = (tried.now.territory.siren, key)
    return {
        "premises_href": reverse("premises", args=parts),
        "fit_out_href": reverse("premises_fit_out", args=parts),
    }


def _free(tried: Tried) -> list[tuple[str, str]]:
    """Every place where no site stands: its mark, its name and its commune."""
    taken = {s.candidate_id for s in tried.now.network}
    free = [c for c in tried.now.ground.options.anywhere if c.id not in taken]
    return [
        (c.id, _full_name(c)) for c in sorted(free, key=lambda c: french.sort_key(_full_name(c)))
    ]


def _full_name(candidate: Candidate) -> str:
    if candidate.name == candidate.commune_name:
        return candidate.name
    return f"{candidate.name} ({candidate.commune_name})"


def to_add(tried: Tried, address: Address) -> dict[str, Any]:
    """Where one more site would bring people within reach, the most first; and everywhere else."""
    ground = tried.now.ground
    gains = scenario.gains(ground, tried.now.network)
    best = sorted(
        (g for g in gains.items() if g[1] > 0 and "mini" in ground.candidate(g[0]).tiers),
        key=lambda pair: -pair[1],
    )
    return {
        "best": [
            {
                "name": ground.candidate(place).name,
                "text": f"+{french.number(gain)}{french.NBSP}hab.",
                "href": address.after(Open(place, "mini"), site=place),
            }
            for place, gain in best[:MOST_GAINS]
        ],
        "everywhere": _free(tried),
        "tiers": [(tier, words[:1].upper() + words[1:]) for tier, words in french.TIERS.items()],
    }


def uncovered(tried: Tried, villages_href: str = "") -> list[tuple[str, str, str]]:
    """The communes left beyond, the most inhabitants first.

    villages_href  where one asks « Pourquoi pas ce village ? » of those without a place
    """
    taken = scenario.served(tried.saved.ground, tried.saved.network)
    names = dict(tried.now.territory.communes.select("commune_code", "name").iter_rows())
    return [
        (
            names[code],
            french.count(people, "habitant"),
            f"{villages_href}{code}/" if villages_href and code not in taken else "",
        )
        for code, people in tried.now.coverage.uncovered.items()
        if people
    ]


def phasing(tried: Tried) -> Table:
    """What opens each year, what it costs and who pays: the years add up to the total."""
    columns = (
        Column("year", _("Année")),
        Column("opens", _("Ouvrent")),
        Column("invested", _("Communes investissent"), is_numeric=True),
        Column("grants", _("Subventions"), is_numeric=True),
        Column("epci", _("Intercommunalité, net"), is_numeric=True),
        Column("employers", _("Employeurs"), is_numeric=True),
    )
    years = tried.now.money.years
    opened: dict[int, list[str]] = {}
    for s in tried.now.sites:
        if not s.candidate.is_existing:
            opened.setdefault(s.opening_year, []).append(s.candidate.name)
    rows, totals = [], [0, 0, 0, 0]
    for line in years:
        amounts = (
            line.investment_cents["communes"],
            line.investment_cents["grants"],
            line.operation_cents["epci"] - line.income_cents,
            line.operation_cents["employers"],
        )
        totals = [t + a for t, a in zip(totals, amounts, strict=True)]
        names = french.listed(opened.get(line.year, [])) or _("rien de nouveau")
        rows.append(_money_row(str(line.year), names, amounts))
    total = _money_row(
        _("Total"), french.count(sum(map(len, opened.values())), "ouverture"), totals
    )
    return Table("phasage", _("Le réseau, année par année"), columns, rows, total=total)


def _money_row(year: str, opens: str, cents: Iterable[int]) -> Row:
    keys = ("invested", "grants", "epci", "employers")
    amounts = {
        key: Number(amount, french.planned_cents(amount))
        for key, amount in zip(keys, cents, strict=True)
    }
    return Row({"year": year, "opens": opens, **amounts}, key=year)


def payers(tried: Tried) -> list[Share]:
    """Who pays what, over all the years of the budget."""
    paid: dict[str, int] = {}
    for line in charts.paid(tried.now).values():
        for payer, cents in line.items():
            paid[payer] = paid.get(payer, 0) + max(0, cents)
    return [
        Share(code, french.PAYERS[code], amount, french.planned_cents(amount))
        for code in charts.PAYERS
        if (amount := paid.get(code, 0)) > 0
    ]


def on_map(tried: Tried, address: Address) -> dict[str, Any]:
    """What map.js moves: cells by minutes, links and markers, and where a site may be dropped."""
    return {
        "is_changed": tried.is_changed,
        "selected": address.site,
        "address": address.to(site=""),
        "views": views(address),
        "alternative": drawn.alternative(tried.now, "after"),
        "layers": drawn_layers(tried) if tried.is_changed else None,
        "places": [
            {"id": c.id, "name": _full_name(c), "lon": c.lon, "lat": c.lat}
            for c in tried.now.ground.options.anywhere
        ],
    }


def views(address: Address) -> list[str]:
    """The addresses of what the map may show, in the order of its toolbar."""
    return [replace(address, view=name).to() for name in address.views]


def drawn_layers(tried: Tried) -> dict[str, Any]:
    """The layers that a move changes; the cells by their minutes alone, in their fixed order."""
    scene = scene_of(tried.now, "after")
    return {
        "minutes": live.minutes_of(scene),
        "links": live.links(scene),
        "markers": live.markers(scene),
        "labels": live.labels(scene),
    }
