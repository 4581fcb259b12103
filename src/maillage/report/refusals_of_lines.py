"""The refusals of tables that somebody wrote: which line, which column, what to write instead."""

from collections.abc import Callable, Mapping
from pathlib import Path

Facts = Mapping[str, object]


def file_name(facts: Facts) -> str:
    """The name of the file, without its folder."""
    path = facts["path"]
    return path.name if isinstance(path, Path) else str(path)


def file_of(facts: Facts) -> str:
    """The beginning of a sentence about a file."""
    return f"Le fichier {file_name(facts)}"


def short(value: object) -> str:
    """A number without useless decimals, or a text as it is."""
    return f"{value:g}".replace(".", ",") if isinstance(value, float | int) else str(value)


def place(facts: Facts) -> str:
    """The beginning of a sentence about a cell."""
    return f"{file_of(facts)}, ligne {facts['line']}, colonne « {facts['column']} »"


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "file_too_heavy": lambda f: (
        f"{file_of(f)} pèse plus de {short(f['most_mb'])} Mo. Partagez-le en plusieurs fichiers."
    ),
    "file_too_long": lambda f: (
        f"{file_of(f)} a plus de {short(f['most'])} lignes. Partagez-le en plusieurs fichiers."
    ),
    "list_too_long": lambda f: (
        f"{file_of(f)} décrit plus de {short(f['most'])} locaux, le plus qu'un territoire en "
        "tient. Gardez ceux qui pourraient accueillir un lieu."
    ),
    "file_too_wide": lambda f: (
        f"{file_of(f)} a plus de {f['most']} colonnes. Gardez celles du modèle."
    ),
    "file_duplicate_column": lambda f: (
        f"{file_of(f)} a deux colonnes de même nom ({', '.join(f['columns'])}). "  # type: ignore[arg-type]
        "Gardez-en une."
    ),
    "file_unreadable_line": lambda f: (
        f"{file_of(f)}, à partir de la ligne {f['line']} : un guillemet est ouvert et ne se "
        "referme pas, ou une cellule est démesurée. Corrigez cette ligne."
    ),
    "file_line_too_wide": lambda f: (
        f"{file_of(f)}, ligne {f['line']} : {f['cells']} cellules pour {f['columns']} colonnes. "
        "Mettez entre guillemets le texte qui contient le séparateur."
    ),
    "table_without_lines": lambda f: (
        f"{file_of(f)} n'a que ses titres. Écrivez au moins une ligne."
    ),
    "weight_negative": lambda _: "Un poids va de 0 à 10. Écrivez 0 pour ne pas compter un critère.",
    "weights_all_zero": lambda _: "Tous les poids sont à zéro. Donnez-en un à un critère au moins.",
    "fit_out_seats": lambda f: f"Le nombre de places va de 1 à {f['most']}. Corrigez-le.",
    "fit_out_area_too_small": lambda f: (
        f"Il faut {short(f['needed_m2'])} m² pour une première place ; vous en donnez "
        f"{short(f['area_m2'])}. Corrigez la surface."
    ),
    "line_empty_value": lambda f: f"{place(f)} : valeur vide. Complétez-la ou retirez la ligne.",
    "line_not_a_number": lambda f: (
        f"{place(f)} : « {f['value']} » n'est pas un nombre. Écrivez-le en chiffres, sans unité."
    ),
    "line_not_positive": lambda f: (
        f"{place(f)} : « {f['value']} » n'est pas plus grand que zéro. "
        "Écrivez la surface en m², ou rien si vous l'ignorez."
    ),
    "line_unknown_choice": lambda f: (
        f"{place(f)} : « {f['value']} » est inconnu. Écrivez {' ou '.join(f['allowed'])}."  # type: ignore[arg-type]
    ),
    "line_code_lost_zero": lambda f: (
        f"{place(f)} : le code « {f['value']} » a perdu son zéro. Écrivez {f['repaired']} "
        "(dans un tableur, mettez la colonne au format texte)."
    ),
    "line_bad_code": lambda f: (
        f"{place(f)} : « {f['value']} » n'est pas un code commune Insee. "
        "Écrivez ses 5 caractères, par exemple 01004 ou 2A004."
    ),
    "line_swapped_coordinates": lambda f: (
        f"{place(f)} : longitude et latitude sont inversées. Mettez lon={f['lat']} et "
        f"lat={f['lon']}."
    ),
    "line_projected_coordinates": lambda f: (
        f"{place(f)} : {f['lon']}, {f['lat']} ne sont pas des degrés. Convertissez-les en "
        "longitude et latitude (WGS 84)."
    ),
    "line_half_position": lambda f: (
        f"{place(f)} : il manque la moitié de la position. Écrivez lon et lat, ou aucun des deux."
    ),
    "line_control_character": lambda f: (
        f"{place(f)} : un caractère invisible s'y trouve. Tapez de nouveau cette cellule."
    ),
    "line_too_long": lambda f: (
        f"{place(f)} : le texte dépasse {f['most']} caractères. Raccourcissez-le."
    ),
    "line_formula": lambda f: (
        f"{place(f)} : « {f['value']} » commence comme une formule de tableur. "
        "Commencez par une lettre ou un chiffre."
    ),
    "line_too_large": lambda f: (
        f"{place(f)} : « {f['value']} » dépasse {short(f['most'])} m². "
        "Écrivez la surface du local, en m²."
    ),
    "line_minutes": lambda f: (
        f"{place(f)} : « {f['value']} » n'est pas une durée de 0 à {f['most']} minutes. "
        "Corrigez-la."
    ),
    "line_said_twice": lambda f: (
        f"{place(f)} : « {f['value']} » est déjà à la ligne {f['before']}. Gardez une des deux."
    ),
    "line_commune_elsewhere": lambda f: (
        f"{place(f)} : la commune {f['value']} n'est pas du territoire. "
        "Retirez la ligne ou corrigez le code."
    ),
    "line_far_from_town": lambda f: (
        f"{place(f)} : le point est à {short(f['km'])} km du bourg de {f['commune']}. "
        "Corrigez lon, lat ou le code de la commune."
    ),
    "line_two_premises": lambda f: (
        f"{place(f)} : cet identifiant est celui de « {f['by_id']} », ce nom celui d'un autre "
        "local déjà décrit. Corrigez l'un des deux."
    ),
    "line_outside_mainland": lambda f: (
        f"{place(f)} : le point {f['lon']}, {f['lat']} est hors de la métropole. "
        "Vérifiez ses coordonnées."
    ),
}
