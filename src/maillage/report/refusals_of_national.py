"""The refusals of the country's run: whom it was asked for, and the machines that compute."""

from collections.abc import Callable

from maillage.report import french
from maillage.report.refusals_of_lines import Facts

_AGAIN = "Ce qui est calculé est gardé : relancez la même commande pour finir."

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "national_unknown_siren": lambda f: (
        f"Aucune intercommunalité de métropole n'a le SIREN {_listed(f['codes'])}. "
        "Vérifiez --only : neuf chiffres chacun."
    ),
    "national_unknown_department": lambda f: (
        f"Aucun département de métropole n'a le code {_listed(f['codes'])}. "
        "Écrivez par exemple --departement 61 ou --departement 2A."
    ),
    "national_nothing_asked": lambda _: (
        "Aucune intercommunalité n'est à la fois dans --only et dans --departement. "
        "Gardez l'une des deux options."
    ),
    "no_extract_in_folder": lambda f: (
        f"Le dossier {f['path']} ne contient aucun extrait OpenStreetMap (.osm.pbf). Déposez-y "
        "ceux des régions (download.geofabrik.de/europe/france.html), ou retirez --roads."
    ),
    "scheduler_address": lambda f: (
        f"« {f['address']} » n'est pas l'adresse d'un ordonnanceur Dask. Écrivez-la en entier, par "
        "exemple tcp://192.0.2.10:8786."
    ),
    "cluster_not_installed": lambda _: (
        "L'option --scheduler demande Dask, qui n'est pas installé : "
        "pip install 'maillage[cluster]'. Sans elle, --workers calcule sur cette machine."
    ),
    "cluster_unreachable": lambda f: (
        f"Pas d'ordonnanceur Dask à l'adresse {f['address']} (attendu {f['seconds']} s). Vérifiez "
        "l'adresse, le port et le pare-feu, ou calculez ici avec --workers. Rien n'a été calculé."
    ),
    "cluster_without_workers": lambda f: (
        f"L'ordonnanceur {f['address']} n'a aucun worker. Lancez-en (dask worker {f['address']}), "
        "puis recommencez."
    ),
    "cluster_other_version": lambda f: (
        f"Le worker {f['worker']} n'a pas la même version de Maillage ou de ses bibliothèques que "
        "cette machine : ses plans ne se compareraient pas. Installez la même partout."
    ),
    "cluster_without_tables": lambda f: (
        f"Le worker {f['worker']} ne voit pas le dossier {f['path']}. Les tables doivent être au "
        "même chemin sur toutes les machines : un dossier partagé convient."
    ),
    "cluster_lost": lambda f: (
        f"L'ordonnanceur {f['address']} ne répond plus : il s'est arrêté ou le réseau est coupé. "
        + _AGAIN
    ),
}


def _listed(codes: object) -> str:
    return french.listed([str(code) for code in codes], 5) if isinstance(codes, list) else ""
