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
    "time_limit_s": "La limite de temps",
    "origins": "La coordonnée d'une origine",
    "sites": "La coordonnée d'un site",
    "group": "Le groupe d'un site",
    "most": "Le plafond d'un groupe",
    "p": "Le nombre de sites à ouvrir",
    "fixed": "La liste des sites imposés",
    "forbidden": "La liste des sites interdits",
}

# what a number must be, where "zero or more" is not it
_NEEDED = {
    "origins": "un nombre fini",
    "sites": "un nombre fini",
    "group": "un nombre entier, zéro ou plus",
    "most": "un nombre entier, zéro ou plus",
}

_UNCLEAR = {
    "twice": (
        "donne deux coûts pour la même paire ({place}, compté depuis 0). Gardez-en un seul : le "
        "moindre, sans doute."
    ),
    "zeros": (
        "est au format {layout}, qui ne distingue pas un coût nul d'une absence. Convertissez-la "
        "en coo, csr ou csc."
    ),
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


def _at(facts: Facts) -> str:
    """Where a number is, nothing for a number that stands alone."""
    return "" if facts["row"] is None else f" ({_place(facts)}, compté depuis 0)"


def _unclear(facts: Facts) -> str:
    words = _UNCLEAR.get(str(facts["reason"]), "n'est pas claire. Donnez un coût par paire.")
    return f"La matrice creuse {words.format(place=_place(facts), layout=facts['layout'])}"


def _contradiction(facts: Facts) -> str:
    words = _CONTRADICTIONS.get(str(facts["reason"]), "{sites}.")
    return f"Règles contradictoires : {words.format(sites=_numbers(facts['sites']))}"


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "impossible_number": lambda f: (
        f"{_what(f)}{_at(f)} vaut {short(f['value'])} : il faut "
        f"{_NEEDED.get(str(f['what']), 'un nombre, zéro ou plus')}. Corrigez-le."
    ),
    "not_numbers": lambda f: (
        f"{_what(f)} : il faut des nombres, en lignes de même longueur, sans texte, ni date, ni "
        "case vide. Convertissez ou complétez ces valeurs."
    ),
    "too_large": lambda f: (
        f"{_what(f)} passe {short(f['most'])} en tout : deux choix voisins ne s'y distinguent "
        "plus. Changez d'unité (des kilomètres au lieu de mètres, des milliers)."
    ),
    "unclear_arcs": _unclear,
    "no_origins": lambda _: (
        "Il n'y a aucune origine, donc personne à rapprocher d'un site. Donnez au moins une ligne "
        "de coûts."
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
        f"Nombre de sites demandé : {short(f['asked'])} ; il faut en ouvrir au moins un, et "
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
