"""How residents go to work, in words, tables and a picture: what only the detail file tells."""

from maillage.core.portrait import Group, Measured, Portrait, Trips
from maillage.core.portrait.trips import LONG_KM
from maillage.report import charts, french, shown
from maillage.report.charts import Spec
from maillage.report.shown import Cell, Column, Grid

UNTOLD = "untold"
NOT_TOLD = "Non précisé"
TOO_FEW = "trop peu"
NO_ROW = Grid("", (), ())


def modes(portrait: Portrait) -> Grid:
    """Workers by mode, the most used first, with how many of them go far."""
    trips = portrait.work.trips
    if trips is None or not trips.modes:
        return NO_ROW
    columns = (
        Column("mode", "Moyen de transport"),
        Column("persons", "Actifs", is_numeric=True),
        Column("persons_low", "Actifs, bas", is_numeric=True),
        Column("persons_high", "Actifs, haut", is_numeric=True),
        Column("share", "Part", is_numeric=True),
        Column("far_share", _far_words(), is_numeric=True),
    )
    return Grid(
        "Comment on va au travail",
        columns,
        tuple(
            (shown.words(_mode(g.key)), *_ranged(g.workers.value, trips.fewest), *_shares(g))
            for g in ranked(trips)
        ),
        (
            shown.words("Ensemble"),
            *_ranged(trips.workers.value, trips.fewest),
            _everyone(trips),
            _part(trips.far),
        ),
    )


def categories(portrait: Portrait) -> Grid:
    """Workers by category, then by category and mode where both are told.

    The ends of the orders of magnitude come last: the page leaves them to the files.
    """
    trips = portrait.work.trips
    if trips is None or not trips.categories:
        return NO_ROW
    keys = _crossing(trips)
    counted = [("workers", "Ensemble"), *((key or UNTOLD, _mode(key)) for key in keys)]
    columns = (
        Column("category", "Catégorie"),
        Column("share", "Part", is_numeric=True),
        Column("far_share", _far_words(), is_numeric=True),
        *(Column(name, label, is_numeric=True) for name, label in counted),
        *(
            Column(f"{name}_{end}", f"{label}, {words}", is_numeric=True)
            for name, label in counted
            for end, words in (("low", "bas"), ("high", "haut"))
        ),
    )
    by_both = {(category, mode): n for category, mode, n in trips.crossed.iter_rows()}
    rows = tuple(
        _category(
            category_words(group.key),
            [group.workers.value] + [by_both.get((group.key, key), 0.0) for key in keys],
            _shares(group),
            trips.fewest,
        )
        for group in trips.categories
    )
    by_mode = [group.workers.value for group in ranked(trips) if keys]
    whole = (_everyone(trips), _part(trips.far))
    total = _category("Ensemble", [trips.workers.value, *by_mode], whole, trips.fewest)
    caption = "Actifs selon la catégorie" + (" et le moyen de transport" if keys else "")
    return Grid(caption, columns, rows, total)


def categories_shown(portrait: Portrait) -> Grid:
    """The same as the page shows it: whom, how many, how far, then how."""
    grid = categories(portrait)
    first = ("category", "workers", "far_share")
    others = [column.key for column in grid.columns if column.key not in (*first, "share")]
    return grid.only(*first, *(key for key in others if not key.endswith(("_low", "_high"))))


def _crossing(trips: Trips) -> list[str | None]:
    return [group.key for group in ranked(trips)] if len(trips.crossed) else []


def _category(
    name: str, counts: list[float], shares: tuple[Cell, Cell], fewest: float
) -> tuple[Cell, ...]:
    found = [_ranged(count, fewest) for count in counts]
    ends = [end for _, *both in found for end in both]
    return (shown.words(name), *shares, *(central for central, *_ in found), *ends)


def modes_title(trips: Trips) -> str:
    """The mode that most use."""
    first = ranked(trips)[0]
    if first.key is None or first.share is None:
        return "Comment on va au travail"
    return (
        f"Comment on va au travail : {french.share(first.share.value)} des actifs "
        f"{french.MODES[first.key]}"
    )


def modes_text(trips: Trips) -> str:
    """What a mode is, and what is not given."""
    car = "La voiture compte camions et fourgonnettes." if _has(trips, "car") else ""
    return " ".join(filter(None, ("Moyen principal, dit au recensement.", car, _caution(trips))))


def categories_title(trips: Trips) -> str:
    """Which category goes farthest."""
    known = [(g.far.value, g.key) for g in trips.categories if g.far is not None and g.key]
    if len(known) < 2:
        return "Qui va au travail, selon la catégorie"
    far, key = max(known)
    who = category_words(key)
    return f"{who} : {french.share(far)} travaillent à plus de {LONG_KM:.0f} km"


def categories_text(trips: Trips) -> str:
    """How many go far and part-time, and what is not given."""
    parts = []
    if trips.far is not None:
        parts.append(
            f"{french.share(trips.far.value)} de tous les actifs travaillent à plus de "
            f"{LONG_KM:.0f} km, à vol d'oiseau, de bourg à bourg."
        )
    if trips.part_time is not None:
        parts.append(f"{french.share(trips.part_time.value)} travaillent à temps partiel.")
    if not trips.modes:
        parts.append(_caution(trips))
    return " ".join(parts).strip()


def chart(portrait: Portrait) -> Spec:
    """Workers by mode, the most used first; an order of magnitude is a thin bar to its end."""
    trips = portrait.work.trips
    rows: list[Spec] = []
    for group in ranked(trips) if trips else ():
        count = group.workers.value
        label = french.magnitude(count, trips.fewest) if trips and count < trips.fewest else ""
        share = french.share(group.share.value) if group.share and not label else ""
        rows.append({"mode": _mode(group.key), "value": count, "label": label or share})
    return charts.bars(rows, "mode", "value", {"value": charts.SAPIN})


def ranked(trips: Trips) -> list[Group]:
    """The modes, the most used first, those who do not tell last."""
    return sorted(trips.modes, key=lambda g: (g.key is None, -g.workers.value))


def category_words(key: str | None) -> str:
    """Cadres et professions intellectuelles supérieures."""
    return _sentence(french.CATEGORIES[key]) if key else NOT_TOLD


def _mode(key: str | None) -> str:
    return _sentence(french.MODES[key]) if key else NOT_TOLD


def _far_words() -> str:
    return f"Part à plus de {LONG_KM:.0f} km"


def _has(trips: Trips, mode: str) -> bool:
    return any(group.key == mode for group in trips.modes)


def _caution(trips: Trips) -> str:
    """What few people do to a number; said only where there are few."""
    counts = [g.workers.value for g in (*trips.modes, *trips.categories)]
    counts += trips.crossed["workers"].to_list()
    if all(count >= trips.fewest for count in counts):
        return ""
    few = french.number(trips.fewest)
    return (
        f"Sous {few} actifs, un nombre n'est qu'un ordre de grandeur, et aucune part n'en est "
        "tirée."
    )


def _shares(group: Group) -> tuple[Cell, Cell]:
    return _part(group.share), _part(group.far)


def _part(share: Measured | None) -> Cell:
    return Cell(TOO_FEW, None) if share is None else shown.share(share.value)


def _everyone(trips: Trips) -> Cell:
    return Cell(TOO_FEW, None) if trips.workers.value < trips.fewest else shown.share(1.0)


def _ranged(workers: float, fewest: float) -> tuple[Cell, Cell, Cell]:
    """As counted; under the limit an order of magnitude, and its ends."""
    if workers >= fewest:
        return shown.number(workers), Cell("", None), Cell("", None)
    low, high = french.magnitude_bounds(workers, fewest)
    words = Cell(french.magnitude(workers, fewest), None)
    return words, Cell(french.number(low), low), Cell(french.number(high), high)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
