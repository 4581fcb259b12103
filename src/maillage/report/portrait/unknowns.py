"""What is not known yet, as questions with who could answer."""

from collections.abc import Callable, Mapping

from maillage.core.portrait import Gap
from maillage.report import french, travel_words
from maillage.report.shown import Unknown

MOST_NAMES = 8

WHO = {
    "insee": "l'Insee",
    "ign": "l'IGN",
    "anct": "l'ANCT",
    "sncf": "SNCF Gares & Connexions",
    "residents": "les habitants",
    "employers": "les employeurs",
    "communes": "les communes",
    "epci": "l'intercommunalité",
    "hosts": "les lieux eux-mêmes",
    "operator": "la personne qui administre Maillage",
}


def words(gap: Gap) -> Unknown:
    """One gap in words."""
    question, text = SENTENCES[gap.code]
    return Unknown(
        gap.code,
        question,
        text(gap.facts) if callable(text) else text,
        french.listed([WHO[who] for who in gap.who]),
    )


def _names(facts: Mapping[str, object]) -> str:
    names = facts["communes"]
    return french.listed(list(names) if isinstance(names, list) else [], MOST_NAMES)


SENTENCES: dict[str, tuple[str, str | Callable[[Mapping[str, object]], str]]] = {
    "flows": (
        "Où vont travailler les habitants ?",
        "Les trajets domicile-travail sont modélisés. Le fichier des mobilités professionnelles "
        "de l'Insee les remplace.",
    ),
    "modes": (
        "Comment va-t-on au travail ?",
        lambda facts: (
            "Le fichier détail chargé ne dit pas le moyen de transport. Celui que publie l'Insee "
            "le dit."
            if facts["has_detail"]
            else "Le moyen de transport et le temps de travail ne sont que dans le fichier détail "
            "des mobilités professionnelles de l'Insee (MOBPRO), qui n'est pas chargé."
        ),
    ),
    "survey": (
        "Qui viendrait, et à quel prix ?",
        "Aucune table ne le dit. Une enquête de 3 minutes, au téléphone, sur papier ou en mairie.",
    ),
    "premises": (
        "Quels locaux sont disponibles ?",
        "Aucun local n'est décrit. Demandez la liste aux communes, ou ajoutez le premier.",
    ),
    "places_since": (
        "Quels lieux ont ouvert ou fermé depuis ?",
        lambda facts: (
            "Les lieux partagés sont ceux de la liste nationale "
            f"({french.vintage(str(facts['vintage']))}). Votre propre liste la remplace dans le "
            "territoire."
        ),
    ),
    "places": (
        "Quels lieux partagés existent ?",
        "La liste nationale n'est pas chargée : aucun trajet vers un lieu n'est calculé.",
    ),
    "roads": (
        "Quels sont les vrais temps de route ?",
        f"{travel_words.Times(travel_words.BY_DISTANCE).limits} L'extrait d'OpenStreetMap de la "
        "région donne les vraies routes.",
    ),
    "vacant_dwellings": (
        "Combien de logements et de locaux vacants ?",
        "Aucune table chargée ne les compte.",
    ),
    "work_figures": (
        "Combien d'actifs et d'emplois dans les communes nouvelles ?",
        lambda facts: f"Aucun chiffre pour ce millésime : {_names(facts)}.",
    ),
    "equipment_figures": (
        "Quels commerces dans les communes nouvelles ?",
        lambda facts: f"Aucun chiffre pour ce millésime : {_names(facts)}.",
    ),
    "service_houses": (
        "Où sont les espaces France services ?",
        "Leur liste n'est pas chargée ; ils peuvent accueillir un mini-cowork.",
    ),
    "stations": ("Où sont les gares ?", "Leur liste n'est pas chargée."),
    "outlines": (
        "Quels sont les contours des communes ?",
        "Sans eux, la carte ne montre que les carreaux habités.",
    ),
}
