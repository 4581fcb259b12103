"""What is wrong with the numbers given to a location problem, in French."""

from collections.abc import Callable

from maillage.report import french
from maillage.report.refusals_of_lines import Facts, short

# sites or origins named one by one in a sentence
NAMED = 5

WHAT = {
    "cost": "Le coût",
    "weight": "Le poids",
    "demand": "La demande",
    "capacity": "La capacité",
    "price": "Le prix",
    "benefit": "Le gain",
    "within": "La distance de couverture",
    "times": "Le nombre de couvertures",
    "budget": "Le budget",
    "minutes": "La durée de trajet",
    "passing": "Le poids des trajets",
    "probability": "Le poids du scénario de demande",
    "income_eur": "La recette par place",
    "tolerance": "L'écart toléré",
}

_CONTRADICTIONS = {
    "both": "imposés et interdits à la fois : {sites}. Retirez-les de l'une des deux listes.",
    "more_than_asked": (
        "plus de sites imposés que de sites à ouvrir : {sites}. Imposez-en moins, ou ouvrez-en "
        "davantage."
    ),
    "over_quota": (
        "plus de sites imposés que leur groupe n'en permet : {sites}. Relevez le plafond du "
        "groupe, ou n'imposez pas ces sites."
    ),
    "over_budget": (
        "les sites imposés coûtent plus que le budget : {sites}. Relevez le budget, ou n'imposez "
        "pas ces sites."
    ),
}


def _numbers(value: object) -> str:
    """Numbers of sites or origins, the first ones named."""
    names = [str(n) for n in value] if isinstance(value, tuple | list) else [str(value)]
    return french.listed(names, NAMED)


def _what(facts: Facts) -> str:
    return WHAT.get(str(facts["what"]), f"« {facts['what']} »")


def _place(facts: Facts) -> str:
    column = facts["column"]
    return f"ligne {facts['row']}" + ("" if column is None else f", colonne {column}")


def _contradiction(facts: Facts) -> str:
    words = _CONTRADICTIONS.get(str(facts["reason"]), "{sites}.")
    return f"Règles contradictoires : {words.format(sites=_numbers(facts['sites']))}"


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "impossible_number": lambda f: (
        f"{_what(f)} ({_place(f)}, compté depuis 0) vaut {short(f['value'])} : il faut un nombre, "
        "zéro ou plus. Corrigez-le."
    ),
    "wrong_shape": lambda f: (
        f"{_what(f)} n'a pas la bonne longueur : {short(f['given'])} au lieu de "
        f"{short(f['expected'])}. Donnez une valeur par ligne ou par site."
    ),
    "unknown_site": lambda f: (
        f"Le site {f['site']} n'existe pas : les sites possibles vont de 0 au nombre de sites "
        f"({short(f['candidates'])}) moins un. Corrigez son numéro."
    ),
    "too_many_sites": lambda f: (
        f"Vous demandez {short(f['asked'])} sites ; il faut en ouvrir au moins un, et "
        f"{short(f['candidates'])} au plus peuvent l'être. Changez ce nombre, ou interdisez moins "
        "de sites."
    ),
    "contradictory_sites": _contradiction,
    "unreachable": lambda f: (
        f"Aucun site permis n'atteint : {_numbers(f['origins'])} (numéros d'origines). Ajoutez un "
        "site à leur portée, ou retirez ces origines."
    ),
    "nothing_to_certify": lambda _: (
        "Ce résultat n'a ni site ni preuve : il n'y a rien à certifier. Changez les règles ou "
        "laissez plus de temps, puis recommencez."
    ),
}
