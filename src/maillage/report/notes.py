"""What a reader must know about the inputs of a plan, in French."""

from collections.abc import Callable, Mapping

from maillage.core.sources.notes import Note
from maillage.report import french, notes_of_grr

Facts = Mapping[str, object]
MOST_NAMES = 8


def sentence(note: Note) -> str:
    """One note in words, with the option of the command line that answers it."""
    return f"{for_page(note)}{COMMAND_LINE.get(note.code, '')}"


def for_page(note: Note) -> str:
    """One note in words, for those who do not type commands."""
    return SENTENCES[note.code](note.facts)


def _names(facts: Facts, key: str = "communes") -> str:
    names = facts[key]
    return french.listed(
        [str(name) for name in names] if isinstance(names, list) else [], MOST_NAMES
    )


COMMAND_LINE = {
    "no_equipment_figures": " Décrivez les autres avec --premises.",
    "existing_hubs": " --existing-places close les retire.",
}

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "no_work_figures": lambda f: (
        f"Aucune donnée d'emploi ni d'actifs pour ce millésime : {_names(f)}. Ces communes sont "
        "couvertes par le plan, mais leur fréquentation n'est pas estimée."
    ),
    "no_equipment_figures": lambda f: (
        f"Aucune donnée d'équipement pour ce millésime : {_names(f)}. Seuls les espaces France "
        "services y comptent comme hôtes."
    ),
    "no_flow_figures": lambda f: f"Aucun flux domicile-travail pour ce millésime : {_names(f)}.",
    "cells_differ_from_population": lambda f: (
        f"Les carreaux habités comptent {french.share(_number(f['ratio']))} de la population de "
        "référence : la couverture se lit sur les carreaux."
    ),
    "communes_without_cells": lambda f: (
        f"Aucun centre de carreau habité ne tombe dans : {_names(f)}. Leurs habitants sont comptés "
        "chez leurs voisins."
    ),
    "geography_recognised": lambda f: (
        f"Le fichier {f['file']} ne suit pas les codes de sa date ({f['declared']}) : lu avec ceux "
        f"du {f['found']}."
    ),
    "unknown_codes": lambda f: (
        f"Le fichier {f['file']} a des codes communes inconnus, laissés de côté : "
        f"{_names(f, 'codes')}."
    ),
    "codes_repaired": lambda f: (
        f"Le fichier {f['file']} avait perdu le zéro de tête de ses codes de commune "
        f"({f['code']} pour 0{f['code']}) : ils ont été complétés."
    ),
    "places_left_out": lambda f: (
        f"Le fichier {f['file']} a des lignes laissées de côté : {_left_out(f)}."
    ),
    "towns_from_outlines": lambda _: (
        "Les bourgs sont placés au milieu des contours, faute de position connue : les temps de "
        "trajet en souffrent."
    ),
    "flows_differ_from_census": lambda f: (
        f"Les flux comptent {french.number(_number(f['workers']))} actifs, le recensement "
        f"{french.number(_number(f['employed']))} : autre année, ou autres âges."
    ),
    "no_town_centre": lambda f: (
        f"Aucune commune n'a les équipements d'un bourg-centre : {f['commune']}, la mieux équipée, "
        "en tient lieu."
    ),
    "mini_seats_outside_rule": lambda f: (
        f"Mini-coworks de {f['fewest']} à {f['most']} places : hors de la règle de 2 à 3 places, "
        "qui tiennent dans un commerce."
    ),
    "existing_hubs": lambda f: (
        f"Lieux ouverts repris comme sites structurants : {_names(f, 'names')}. Leur capacité, "
        "leur propriétaire et leurs comptes ne sont pas connus : le plan leur suppose des places "
        "et un fonctionnement."
    ),
    "roads_left_aside": lambda f: (
        f"L'extrait de routes {f['file']} ne couvre pas le territoire, ou ne se lit pas : les "
        "temps sont modélisés d'après la distance."
    ),
    "roads_not_installed": lambda f: (
        f"L'extrait de routes {f['file']} est là, mais cette installation ne sait pas le lire : "
        "les temps sont modélisés d'après la distance. Installez Maillage avec l'option « roads »."
    ),
    "roads_partial": lambda f: (
        f"Les routes de {_names(f, 'files')} n'approchent que {french.share(_number(f['share']))} "
        "des habitants : les temps sont modélisés d'après la distance. Ajoutez l'extrait de la "
        "région voisine."
    ),
    "premises_outside_town_centres": lambda f: (
        f"Locaux laissés de côté, car hors d'un bourg-centre : {_names(f, 'names')}."
    ),
    **notes_of_grr.SENTENCES,
}


def _left_out(facts: Facts) -> str:
    words = {
        "other_kind": ("lieu d'un autre type", "lieux d'un autre type"),
        "no_name": ("sans nom", "sans nom"),
        "no_position": ("sans position", "sans position"),
        "twice": ("en double", "en double"),
    }
    counts = [(_number(facts[key]), one, more) for key, (one, more) in words.items()]
    return french.listed([french.count(n, one, more) for n, one, more in counts if n])


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
