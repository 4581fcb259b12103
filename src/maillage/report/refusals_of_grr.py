"""What is wrong with an export of GRR's database, in French."""

from collections.abc import Callable

from maillage.report import french
from maillage.report.refusals_of_lines import Facts, file_of, short

_EXPORT = (
    "Sauvegardez la base dans l'administration de GRR, ou exportez-la de phpMyAdmin, structure et "
    "données"
)
_MOST_NAMES = 8


def _listed(value: object) -> str:
    return french.listed(
        [str(name) for name in value] if isinstance(value, list) else [str(value)], _MOST_NAMES
    )


def _place(facts: Facts) -> str:
    return f"{file_of(facts)}, ligne {facts['line']}, table « {facts['table']} »"


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "dump_too_heavy": lambda f: (
        f"{file_of(f)} pèse plus de {short(f['most_mb'])} Mo une fois décompressé. Exportez "
        "seulement les tables de GRR, sans ses journaux (log, log_mail, log_resa)."
    ),
    "dump_bad_archive": lambda f: (
        f"{file_of(f)} est une archive coupée, protégée, ou qui ne contient pas un seul fichier "
        ".sql. Exportez de nouveau, ou envoyez le fichier .sql lui-même."
    ),
    "dump_not_sql": lambda f: (
        f"{file_of(f)} n'est pas l'export d'une base de données. {_EXPORT}, format SQL."
    ),
    "dump_not_grr": lambda f: (
        f"{file_of(f)} est l'export d'une base, mais pas celle de GRR (tables lues : "
        f"{_listed(f['tables'])}). {_EXPORT}."
    ),
    "dump_missing_tables": lambda f: (
        f"{file_of(f)} n'a qu'une partie de GRR : il manque {_listed(f['tables'])}. "
        "Exportez toutes les tables de GRR en une fois."
    ),
    "dump_several_grr": lambda f: (
        f"{file_of(f)} contient plusieurs GRR. Donnez le préfixe de celui à reprendre : "
        f"{_listed(f['prefixes'])}."
    ),
    "dump_unknown_prefix": lambda f: (
        f"{file_of(f)} n'a aucune table de GRR au préfixe « {f['prefix']} ». "
        "Corrigez le préfixe, ou laissez-le vide."
    ),
    "dump_truncated": lambda f: (
        f"{file_of(f)} est coupé : à partir de la ligne {f['line']}, la suite manque. "
        "Exportez de nouveau, et attendez la fin du téléchargement."
    ),
    "dump_unreadable": lambda f: (
        f"{_place(f)} : une valeur est illisible. Exportez de nouveau, sans retoucher le fichier."
    ),
    "dump_wrong_width": lambda f: (
        f"{_place(f)} : {f['cells']} valeurs pour {f['columns']} colonnes. "
        "Exportez de nouveau, sans retoucher le fichier."
    ),
    "dump_without_structure": lambda f: (
        f"{file_of(f)} ne dit pas les colonnes de la table « {f['table']} ». "
        "Exportez la structure avec les données."
    ),
    "dump_lost_table": lambda f: (
        f"{_place(f)} : GRR n'a pas pu la lire, elle est peut-être endommagée. Faites-la réparer "
        "dans phpMyAdmin (« Réparer la table »), puis exportez de nouveau."
    ),
    "dump_missing_columns": lambda f: (
        f"{file_of(f)} : il manque à la table « {f['table']} » {_listed(f['columns'])}. "
        "Mettez GRR à jour (3.3 ou plus récent), puis exportez toutes ses colonnes."
    ),
    "dump_bad_value": lambda f: (
        f"{_place(f)}, colonne « {f['column']} » : « {f['value']} » n'est pas une valeur de GRR. "
        "Exportez de nouveau, sans retoucher le fichier."
    ),
    "dump_duplicate_id": lambda f: (
        f"{_place(f)} : l'identifiant {f['id']} y est deux fois. "
        "Exportez de nouveau, une seule base par fichier."
    ),
}
