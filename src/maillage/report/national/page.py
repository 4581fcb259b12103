"""The pages of the country: one finding, a map, the same table in four orders; no script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

from maillage.core.national import Country, Neighboured
from maillage.report import french, travel_words
from maillage.report.national import drawing, words
from maillage.report.national.tables import Failed


@dataclass(frozen=True)
class Order:
    """One order of the table: its page, the words of its link, the column that it follows."""

    page: str
    label: str
    column: int
    key: Callable[[Neighboured], object]


ORDERS = (
    Order(
        "index.html",
        "Les moins couvertes",
        3,
        lambda n: (n.share_with_neighbours, n.plan.siren),
    ),
    Order(
        "par-cout.html",
        "Les plus coûteuses",
        7,
        lambda n: (-n.plan.yearly_net_eur.central, n.plan.siren),
    ),
    Order("par-ecart.html", "Les moins prouvées", 8, lambda n: (-n.plan.gap, n.plan.siren)),
    Order("par-nom.html", "Par nom", 0, lambda n: (french.sort_key(n.plan.name), n.plan.siren)),
)
COLUMNS = (
    *("Intercommunalité", "Aujourd'hui", "Son plan seul", "Avec ses voisines"),
    *("Commune la moins couverte", "Lieux", "Investissement", "Reste par an", "Preuve", "Trajets"),
)


@dataclass(frozen=True)
class FileLine:
    """A file that was read, and how many plans read it; 0: it only draws the map."""

    title: str
    publisher: str
    vintage: str
    licence: str
    file: str
    plans: int


@dataclass(frozen=True)
class Shown:
    """What the pages show.

    places     how many intercommunalities were asked for
    departments  code of the département of each, by SIREN
    map        SVG text, "" without outlines
    sources    what was read, with the map's outlines
    computed_on  the day, in words
    """

    country: Country
    places: int
    departments: dict[str, str]
    failed: Sequence[Failed]
    within_min: float
    map: str
    sources: Sequence[FileLine]
    computed_on: str


def pages(shown: Shown) -> dict[str, bytes]:
    """Each page by its name."""
    return {order.page: _page(shown, order).encode() for order in ORDERS}


def alternative(country: Country) -> str:
    """The map in words."""
    counts = dict.fromkeys(drawing.CLASSES, 0)
    for found in country.places:
        counts[drawing.class_of(found.share_with_neighbours)] += 1
    parts = [f"{c.label} : {french.number(n)}" for c, n in counts.items() if n]
    return (
        "Carte des intercommunalités selon la part de leurs habitants à portée d'un lieu. "
        f"{' ; '.join(parts)}. Le tableau dit la même chose ligne à ligne."
    )


def _said(text: str) -> str:
    """A text for a page: no sign of it is markup, no double sign begins a line."""
    return escape(french.unbroken(text))


def _page(shown: Shown, order: Order) -> str:
    style, logo = (
        resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
        for name in ("page.css", "logo.svg")
    )
    title = _said(words.finding(shown.country, shown.within_min))
    is_first = order is ORDERS[0]
    about = "" if is_first else f" ({order.label.lower()})"
    body = [_head(shown, title), _map(shown)] if is_first else [_short_head(order)]
    body += [_table(shown, order)]
    if is_first:
        body += [_failures(shown), _meanings(shown), _sources(shown)]
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Les intercommunalités de France{about} · Maillage</title>\n"
        f"<style>\n{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#contenu">Aller au contenu</a>\n'
        f'<header><div class="wide"><span class="logo" aria-hidden="true">{logo}</span>'
        '<span class="brand">Maillage</span>'
        '<span class="about">Les intercommunalités de métropole</span></div></header>\n'
        f'<main id="contenu" class="wide">\n{"".join(body)}</main>\n'
        f"{_footer(shown)}</body>\n</html>\n"
    )


def _head(shown: Shown, title: str) -> str:
    figures = "".join(
        f'<li><span class="big">{_said(f.value)}</span><strong>{_said(f.label)}</strong>'
        f'<p class="small">{_said(f.detail)}</p>{_badge(f.kind)}</li>\n'
        for f in words.figures(shown.country)
    )
    scope = _said(words.scope(shown.country, shown.places, len(shown.failed)))
    return f'<h1>{title}</h1>\n<p class="lead">{scope}</p>\n<ul class="figures">\n{figures}</ul>\n'


def _short_head(order: Order) -> str:
    return (
        f"<h1>Les intercommunalités de métropole : {_said(order.label.lower())}</h1>\n"
        '<p class="lead"><a href="index.html">La carte, les chiffres d\'ensemble et la méthode</a>'
        " sont sur la première page.</p>\n"
    )


def _badge(kind: str) -> str:
    return f'<span class="badge {kind}">{words.KINDS[kind]}</span>'


def _map(shown: Shown) -> str:
    counts = [drawing.class_of(n.share_with_neighbours) for n in shown.country.places]
    legend = "".join(
        f'<li><i style="background:{c.colour}"></i>{_said(c.label)}'
        f"<b>{french.number(counts.count(c))}</b></li>\n"
        for c in drawing.CLASSES
    )
    drawn = f'<div class="map">{shown.map}</div>' if shown.map else _without_map()
    return (
        '<section aria-labelledby="carte">\n<h2 id="carte">Où le maillage est le plus lâche</h2>\n'
        f'<div class="reading">{drawn}\n<div><p class="say">Part des habitants qui auraient un '
        f"lieu à moins de {shown.within_min:.0f} minutes en voiture, lieux des voisines compris, "
        f"et nombre d'intercommunalités. {_badge('modelled')}</p>\n"
        f'<ul class="legend">\n{legend}</ul>\n'
        f'<p class="say">{_said(words.border_line(shown.country))}</p></div></div>\n</section>\n'
    )


def _without_map() -> str:
    return (
        '<p class="say">Pas de carte : le dossier de tables n\'a pas de contours de toutes les '
        "communes (contours_communes_france_*.parquet).</p>"
    )


def _table(shown: Shown, order: Order) -> str:
    links = "".join(
        f'<li><a href="{o.page}#tableau"{" aria-current=page" if o is order else ""}>'
        f"{_said(o.label)}</a></li>\n"
        for o in ORDERS
    )
    heads = "".join(
        f'<th scope="col"{_sorted(n, order)}>{_said(name)}</th>' for n, name in enumerate(COLUMNS)
    )
    found = sorted(shown.country.places, key=order.key)  # type: ignore[arg-type]
    rows = "".join(_row(n, shown.departments[n.plan.siren], order) for n in found)
    return (
        '<section aria-labelledby="tableau">\n<h2 id="tableau">Chaque intercommunalité</h2>\n'
        f'<nav aria-label="Ordre du tableau"><ul class="sorts">\n{links}</ul></nav>\n'
        '<div class="scroll" tabindex="0" role="region" aria-label="Tableau des intercommunalités">'
        f"<table>\n<caption>Parts des habitants à moins de {shown.within_min:.0f} minutes, cas "
        f"central.</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table>"
        "</div>\n</section>\n"
    )


def _sorted(column: int, order: Order) -> str:
    return ' class="sorted"' if column == order.column else ""


def _row(found: Neighboured, department: str, order: Order) -> str:
    plan = found.plan
    tiers = [site.tier for site in plan.sites]
    sites = " + ".join(str(tiers.count(tier)) for tier in ("hub", "mini", "corpo"))
    cells = (
        french.share(plan.before.central),
        french.share(plan.after.central),
        f"{french.share(found.share_with_neighbours)}{_bar(found.share_with_neighbours)}",
        french.share(plan.worst_commune_share),
        f'<span class="whole">{sites}</span>',
        f'<span class="whole">{french.planned_euros(plan.investment_eur.central)}</span>',
        f'<span class="whole">{french.planned_euros(plan.yearly_net_eur.central)}</span>',
        words.proof(found)
        if plan.status == "proved"
        else f'<span class="gap">{words.proof(found)}</span>',
        words.TRAVEL[plan.is_by_road],
    )
    about = f"{_said(department)} · {french.number(plan.population)} hab."
    head = f'<th scope="row">{_said(plan.name)}<span>{about}</span></th>'
    line = "".join(f"<td{_sorted(n + 1, order)}>{cell}</td>" for n, cell in enumerate(cells))
    return f'<tr id="s{plan.siren}">{head}{line}</tr>\n'


def _bar(share: float) -> str:
    colour = drawing.class_of(share).colour
    return (
        '<span class="bar" aria-hidden="true"><svg viewBox="0 0 100 5" preserveAspectRatio="none">'
        f'<rect width="{share * 100:.1f}" height="5" fill="{colour}"/></svg></span>'
    )


def _failures(shown: Shown) -> str:
    if not shown.failed:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{_said(f.place.name)}<span>{_said(f.place.department)} · '
        f"{f.place.siren}</span></th><td>{_said(f.reason)}</td></tr>\n"
        for f in sorted(shown.failed, key=lambda f: french.sort_key(f.place.name))
    )
    return (
        '<section aria-labelledby="echecs">\n<h2 id="echecs">Celles qui n\'ont pas de plan</h2>\n'
        '<p class="say">Elles sont essayées de nouveau à la prochaine exécution. Leurs habitants '
        "ne comptent dans aucun total.</p>\n"
        '<div class="scroll" tabindex="0" role="region" aria-label="Intercommunalités sans plan">'
        '<table class="words">\n<thead><tr><th scope="col">Intercommunalité</th>'
        f'<th scope="col">Raison</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n'
        "</section>\n"
    )


def _meanings(shown: Shown) -> str:
    roads = sum(n.plan.is_by_road for n in shown.country.places)
    travel = (
        f"{french.number(roads)} par la route, {french.number(len(shown.country.places) - roads)} "
        "d'après la distance. Les deux sont modélisés : les vitesses sont des hypothèses."
    )
    every = (*words.MEANINGS, words.Meaning("Trajets", travel, "modelled"))
    terms = "".join(
        f"<dt>{_said(m.name)}</dt><dd>{_said(m.words)} {_badge(m.kind)}</dd>\n" for m in every
    )
    return (
        '<section aria-labelledby="lire">\n<h2 id="lire">Comment lire ces nombres</h2>\n'
        '<p class="say">Les totaux additionnent les cas bas entre eux et les cas hauts entre eux : '
        "ce sont des bornes larges, pas un intervalle de confiance.</p>\n"
        f"<dl>\n{terms}</dl>\n</section>\n"
    )


def _sources(shown: Shown) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_said(s.title)}<span>{_said(s.file)}</span></th>'
        f"<td>{_said(s.publisher)}</td><td>{_said(french.vintage(s.vintage))}</td>"
        f"<td>{_said(s.licence)}</td><td>{_readers(s)}</td></tr>\n"
        for s in shown.sources
    )
    return (
        '<section aria-labelledby="sources">\n<h2 id="sources">Les sources et leurs licences</h2>\n'
        '<div class="scroll" tabindex="0" role="region" aria-label="Sources">'
        '<table class="words">\n<thead><tr><th scope="col">Table</th><th scope="col">Éditeur</th>'
        '<th scope="col">Millésime</th><th scope="col">Licence</th><th scope="col">Plans qui la '
        f"lisent</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n</section>\n"
    )


def _readers(line: FileLine) -> str:
    return french.number(line.plans) if line.plans else "carte"


def _footer(shown: Shown) -> str:
    roads = any(n.plan.is_by_road for n in shown.country.places)
    credit = f" Routes : {travel_words.CREDIT} ({travel_words.LICENCE})." if roads else ""
    return (
        '<footer><div class="wide">'
        f"Calculé le {shown.computed_on} par Maillage. Les mêmes nombres, avec leurs cas bas et "
        'haut : <a href="national.parquet">national.parquet</a>, <a href="sites.parquet">'
        f'sites.parquet</a>, <a href="echecs.csv">echecs.csv</a>.{credit}</div></footer>\n'
    )
