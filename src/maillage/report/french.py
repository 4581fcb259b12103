"""French words, numbers, euros and dates: for the terminal, the pages and the PDF alike."""

import re
import unicodedata
from datetime import date

from maillage.core.assumptions import CHOSEN
from maillage.core.money import Range

MOST_DECIMALS = 2
NARROW = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"

TIERS = {"hub": "site structurant", "mini": "mini-cowork", "corpo": "corpoworking"}
TIERS_PLURAL = {"hub": "sites structurants", "mini": "mini-coworks", "corpo": "corpoworkings"}

HOSTS = {
    "restaurant": "café ou restaurant",
    "bakery": "boulangerie",
    "grocery": "épicerie ou supérette",
    "post": "point poste",
    "library": "bibliothèque",
    "service_house": "espace France services",
}
HOSTS_PLURAL = {
    "restaurant": "cafés ou restaurants",
    "bakery": "boulangeries",
    "grocery": "épiceries ou supérettes",
    "post": "points poste",
    "library": "bibliothèques",
    "service_house": "espaces France services",
}

EQUIPMENT_PLURAL = {
    "bakery": "boulangeries",
    "restaurant": "cafés ou restaurants",
    "grocery": "épiceries ou supérettes",
    "supermarket": "supermarchés ou hypermarchés",
    "post": "points poste",
    "bank": "banques",
    "school": "écoles",
    "doctor": "médecins généralistes",
    "pharmacy": "pharmacies",
}

PLACES = {
    "coworking": "Coworking",
    "fablab": "Fablab",
    "third_place": "Tiers-lieu",
    "service_house": "France services",
    "station": "Gare",
}

PUBLICS = {
    "executives": "cadres",
    "intermediate": "professions intermédiaires",
    "employees": "employés",
    "workers": "ouvriers",
    "self_employed": "indépendants",
    "associations": "associations",
    "creators": "créateurs d'activité",
    "young_people": "jeunes",
    "newcomers": "nouveaux habitants",
    "job_seekers": "demandeurs d'emploi",
}

# How one goes to work, after a verb: on y va…
MODES = {
    "none": "sans déplacement",
    "walk": "à pied",
    "bicycle": "à vélo",
    "motorbike": "en deux-roues motorisé",
    "two_wheels": "en deux-roues, vélo compris",
    "car": "en voiture",
    "transit": "en transports en commun",
}
# Socio-professional categories of the census, by their code
CATEGORIES = {
    "1": "agriculteurs exploitants",
    "2": "artisans, commerçants et chefs d'entreprise",
    "3": "cadres et professions intellectuelles supérieures",
    "4": "professions intermédiaires",
    "5": "employés",
    "6": "ouvriers",
}

PAYERS = {
    "communes": "Communes",
    "epci": "Intercommunalité",
    "employers": "Employeurs",
    "grants": "Subventions",
    "users": "Usagers",
}

ORIGINS = {"observed": "Observé", "modelled": "Modélisé", "declared": "Déclaré"}

STAGES = {
    "coverage": "Habitants à portée",
    "equity": "Commune la moins couverte",
    "seats": "Places utiles un jour de pointe",
    "cost": "Coût annuel",
}

STEPS = {
    "tables": "Lecture des tables officielles",
    "candidates": "Lieux possibles",
    "commuting": "Déplacements domicile-travail",
    "coverage": "Meilleure couverture",
    "equity": "Commune la moins couverte",
    "seats": "Places utiles",
    "cost": "Moindre coût",
    "price": "Prix à couverture égale",
    "curve": "Courbe de couverture",
    "why": "Raisons de chaque lieu",
    "slower": "Réseau pour des trajets plus lents",
    "demand": "Fréquentation, budget, trajets évités",
    "files": "Écriture des fichiers",
}

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)

_SHORT_MONTHS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)


def number(value: float, decimals: int = 0) -> str:
    """1 234,5 with a narrow no-break space and a true minus sign."""
    text = f"{abs(value):,.{decimals}f}".replace(",", NARROW).replace(".", ",")
    is_negative = value < 0 and any(digit in text for digit in "123456789")
    return f"{MINUS}{text}" if is_negative else text


def share(value: float, decimals: int = 0) -> str:
    """A share (0-1) as a percentage: 94,9 %.

    Nearly none and nearly all keep the decimals that set them apart from 0 and 100.
    """
    while decimals < MOST_DECIMALS and 0 < value < 1 and _is_rounded_away(value, decimals):
        decimals += 1
    return f"{number(value * 100, decimals)}{NBSP}%"


def _is_rounded_away(value: float, decimals: int) -> bool:
    return round(value * 100, decimals) in (0, 100)


def quantity(value: float, unit: str) -> str:
    """A parameter as written on paper: shares in percent, large numbers with their spaces."""
    if unit.startswith("share"):
        return f"{value * 100:.3g}".replace(".", ",") + f"{NBSP}%"
    if abs(value) >= 1000:
        return number(value)
    return f"{value:.6g}".replace(".", ",")


def source(words: str) -> str:
    """Where a parameter comes from."""
    return "choix de cette étude" if words == CHOSEN else words


def share_between(low: float, high: float) -> str:
    """An interval of shares: de 88 à 98 %."""
    return f"de {number(low * 100)} à {share(high)}"


def between(low: float, high: float, decimals: int = 0) -> str:
    """An interval: de 12 à 34."""
    return f"de {number(low, decimals)} à {number(high, decimals)}"


def planned_euros(euros: float) -> str:
    """Planned money, to the thousand above ten thousand: 627 000 €."""
    step = 1000 if abs(euros) >= 10_000 else 100
    return f"{number(round(euros / step) * step)}{NBSP}€"


def planned_cents(cents: int) -> str:
    """Planned money kept in cents, to the thousand."""
    return planned_euros(cents / 100)


def euros(amount: float, decimals: int = 2) -> str:
    """12,85 €."""
    return f"{number(amount, decimals)}{NBSP}€"


def cents(amount: int) -> str:
    """Money kept in cents: 12,85 €."""
    return euros(amount / 100)


def bare_cents(amount: int) -> str:
    """Money kept in cents, for the columns of a file: 12,85 or -1285,00."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100},{abs(amount) % 100:02d}"


def euros_between(amount: Range, decimals: int = 0) -> str:
    """An interval of planned money, smallest first."""
    low, high = sorted((amount.low, amount.high))
    if decimals:
        return f"de {number(low, decimals)} à {euros(high, decimals)}"
    return f"de {planned_euros(low).removesuffix(NBSP + '€')} à {planned_euros(high)}"


def day(on: date) -> str:
    """3 mars 2027, 1er avril 2027."""
    first = "1er" if on.day == 1 else str(on.day)
    return f"{first} {_MONTHS[on.month - 1]} {on.year}"


def read_day(text: str) -> str:
    """The day that an ISO date names, in words; "" for any other text."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return ""


def vintage(text: str) -> str:
    """The vintage of a file, as people read it: an ISO date becomes a day."""
    return read_day(text) or text


def short_month(on: date) -> str:
    """sept., for an axis."""
    return _SHORT_MONTHS[on.month - 1]


def count(amount: float, singular: str, plural: str | None = None) -> str:
    """1 site, 3 sites."""
    word = singular if abs(amount) < 2 else plural or f"{singular}s"
    return f"{number(amount)} {word}"


def listed(names: list[str], most: int | None = None) -> str:
    """a, b et c; beyond `most`, the rest is counted."""
    if most is not None and len(names) > most:
        left = len(names) - most
        return f"{', '.join(names[:most])} et {left} autre{'s' if left > 1 else ''}"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} et {names[-1]}"


def magnitude(workers: float, below: float) -> str:
    """A flow: exact enough above the limit, an order of magnitude under it."""
    if workers >= below:
        return number(round(workers / 10) * 10)
    low, high = magnitude_bounds(workers, below)
    return between(low, high) if low else f"moins de {number(high)}"


def magnitude_bounds(workers: float, below: float) -> tuple[float, float]:
    """The order of magnitude of a flow under the limit: at least, at most."""
    for limit in (10.0, 50.0, 100.0):
        if workers < limit:
            return 0.0, limit
    return 100.0, below


def hosts(found: list[tuple[str, int]]) -> str:
    """The possible hosts of a village: 2 cafés ou restaurants, 1 boulangerie."""
    return listed([count(n, HOSTS[kind], HOSTS_PLURAL[kind]) for kind, n in found])


def at(name: str) -> str:
    """A commune after « à »: à Fleurie, au Perréon, aux Ardillats."""
    for article, words in (("Les ", "aux "), ("Le ", "au ")):
        if name.startswith(article):
            return words + name.removeprefix(article)
    return f"à {name}"


def of(name: str) -> str:
    """A name after « de », elided before a vowel: d’Ancienne perception, de Corpoworking."""
    return f"d’{name}" if sort_key(name)[:1] in tuple("aeiouœæ") else f"de {name}"


def sort_key(name: str) -> str:
    """A name without accents or capitals, so that Émeringes stands among the E."""
    letters = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


UNITS = {
    "EUR before tax": "€ hors taxes",
    "EUR per 3 h shift": "€ par permanence de 3 h",
    "EUR per FTE and year": "€ par ETP et par an",
    "EUR per m2": "€ par m²",
    "EUR per m2 and year": "€ par m² et par an",
    "EUR per mini": "€ par mini-cowork",
    "EUR per mini and month": "€ par mini-cowork et par mois",
    "EUR per occupied seat-day": "€ par journée occupée",
    "EUR per seat": "€ par place",
    "EUR per piece": "€ pièce",
    "EUR per site and year": "€ par site et par an",
    "FTE per hub": "ETP par site structurant",
    "days per week": "jours par semaine",
    "days per year": "jours par an",
    "draws": "tirages",
    "factor": "facteur",
    "half distances": "demi-distances",
    "kgCO2e per m2 and year": "kgCO2e par m² et par an",
    "kgCO2e per vehicle km": "kgCO2e par km de véhicule",
    "km": "km",
    "km/h": "km/h",
    "m": "m",
    "m2": "m²",
    "m2 per seat": "m² par place",
    "min": "min",
    "per km": "par km",
    "persons": "habitants",
    "persons per car": "personnes par voiture",
    "road km": "km de route",
    "road km per straight km": "km de route par km à vol d'oiseau",
    "s": "s",
    "seats": "places",
    "seats per commuter": "place par actif en chemin",
    "share": "part",
    "share of basket": "part du panier",
    "share of gains": "part des gains",
    "share of income": "part de la recette",
    "share of investment": "part de l'investissement",
    "share of mature demand": "part de la fréquentation à terme",
    "share of operation": "part du fonctionnement",
    "share of public funding": "part du financement public",
    "share of self-employed": "part des indépendants",
    "share of telework days": "part des jours de télétravail",
    "share of teleworkers": "part des télétravailleurs",
    "share of employed": "part des actifs occupés",
    "share of employed residents": "part des actifs occupés",
    "share of the basket": "part du panier",
    "share of the points": "part des points",
    "share of the rooms": "part des pièces",
    "share of the weights": "part des poids",
    "share of trips": "part des trajets",
    "shifts per mini and year": "permanences par mini-cowork et par an",
    "sites": "sites",
    "sites per year": "sites par an",
    "steps": "pas",
    "weight": "poids",
    "year of the plan": "année du plan",
    "years": "ans",
}

# The uncertain parameters of demand, as the labels of a chart
PARAMETERS = {
    "demand.telework_executives": "Cadres en télétravail",
    "demand.telework_intermediate": "Professions intermédiaires en télétravail",
    "demand.telework_employees": "Employés en télétravail",
    "demand.telework_workers": "Ouvriers en télétravail",
    "demand.rural_factor": "Télétravail à la campagne",
    "demand.telework_days": "Jours de télétravail par semaine",
    "demand.third_place_share": "Télétravailleurs en lieu partagé",
    "demand.third_place_days_share": "Part de leurs jours dans ce lieu",
    "demand.desk_trades_share": "Indépendants de bureau",
    "demand.self_employed_adoption": "Indépendants qui viendraient",
    "demand.self_employed_days": "Jours par semaine d'un indépendant",
    "demand.half_distance": "Effet de la distance",
    "demand.peak_factor": "Affluence de pointe",
    "demand.executives_share": "Part des cadres",
    "demand.intermediate_share": "Part des professions intermédiaires",
    "demand.employees_share": "Part des employés",
    "demand.workers_share": "Part des ouvriers",
}


_BEFORE_SIGN = re.compile(r" (?=[:;!?»%€])|(?<=«) ")


def unbroken[T](value: T) -> T:
    """Texts of any depth whose double signs never begin a line."""
    found: object = value
    if isinstance(value, str):
        found = _BEFORE_SIGN.sub(NBSP, value)
    elif isinstance(value, dict):
        found = {key: unbroken(inner) for key, inner in value.items()}
    elif isinstance(value, list | tuple):
        found = [unbroken(inner) for inner in value]
    return found  # type: ignore[return-value]
