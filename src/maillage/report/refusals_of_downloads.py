"""The refusals of a download: what the publisher's server said, and what to do about it."""

import math
from collections.abc import Callable

from maillage.report import french
from maillage.report.refusals_of_lines import Facts, file_of, short

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "address_not_web": lambda _: (
        "Une adresse donnée n'en est pas une. Écrivez-la en entier, par exemple "
        "https://exemple.fr/fichier.zip."
    ),
    "address_without_table": lambda _: (
        "Écrivez une table, le signe = et une adresse : --address flows=https://exemple.fr/flux.zip."
    ),
    "address_unknown_table": lambda f: (
        f"Il n'y a pas de table « {f['table']} » à télécharger. Il y a : {_names(f['known'])}."
    ),
    "addresses_unreadable": lambda f: (
        f"{file_of(f)} n'est pas une liste d'adresses"
        + (f" (table « {f['table']} »)" if f["table"] else "")
        + '. Écrivez une ligne par table : flows = "https://exemple.fr/flux.zip", ou une section '
        "[flows] avec url, et au besoin file et sha256."
    ),
    "download_name_unknown": lambda f: (
        f"« {f['name']} » n'est pas un nom de fichier connu pour la table « {_id(f)} ». Donnez le "
        "nom à garder dans un fichier d'adresses (file = …), comme docs/fetching.md le montre."
    ),
    "download_not_found": lambda f: (
        f"Le fichier n'est plus à l'adresse {f['address']}. Prenez la nouvelle sur la page de "
        f"l'éditeur ({f['page']}) et donnez-la avec --address."
    ),
    "download_forbidden": lambda f: (
        f"{_server(f)} refuse de donner ce fichier. Téléchargez-le depuis un navigateur "
        f"({f['page']}) et déposez-le dans le dossier."
    ),
    "download_refused": lambda f: (
        f"{_server(f)} a répondu par une erreur ({f['status']}). Relancez la commande plus tard, "
        f"ou téléchargez le fichier depuis un navigateur ({f['page']})."
    ),
    "download_unreachable": lambda f: (
        f"{_server(f)} ne répond pas. Vérifiez votre connexion et votre serveur mandataire "
        "(HTTPS_PROXY), puis relancez la commande."
    ),
    "download_cut": lambda f: (
        f"La connexion à {f['host']} se coupe sans cesse. Ce qui est venu est gardé : relancez la "
        "même commande pour reprendre."
    ),
    "download_wait_too_long": lambda f: (
        f"L'éditeur demande d'attendre {french.count(_minutes(f), 'minute')} avant de redemander. "
        "Relancez la même commande ensuite."
    ),
    "download_certificate": lambda f: (
        f"Le certificat de {f['host']} n'est pas reconnu par cette machine. Si votre réseau passe "
        "par un serveur mandataire, ajoutez son certificat à ceux du système."
    ),
    "download_redirect": lambda f: (
        f"L'adresse {f['address']} renvoie vers {f['host']} sans rester en https. Donnez l'adresse "
        "finale, en https, avec --address."
    ),
    "download_too_heavy": lambda f: (
        f"Le fichier de {f['host']} dépasse {short(f['most_mb'])} Mo, bien plus que cette table : "
        f"rien n'est gardé. Vérifiez l'adresse sur {f['page']}."
    ),
    "download_altered": lambda f: (
        f"Le fichier {f['name']} n'a pas l'empreinte attendue : il a changé chez l'éditeur, ou "
        "s'est abîmé en route. Relancez ; s'il a changé, acceptez-le en donnant son adresse : "
        f"--address {f['table']}=ADRESSE."
    ),
    "download_web_page": lambda f: (
        f"À la place de {f['name']}, une page web est venue : l'adresse a changé, ou le réseau "
        f"demande de s'identifier. Cherchez le fichier sur {f['page']}."
    ),
    "download_not_expected": lambda f: (
        f"Ce qui est venu n'est pas un fichier {f['name']} entier. Relancez ; si cela revient, "
        f"cherchez l'adresse sur {f['page']}."
    ),
    "download_archive": lambda f: (
        f"L'archive venue ne contient pas {f['name']}, ou bien plus grand que prévu. Cherchez "
        f"l'adresse sur {f['page']}."
    ),
    "download_region_unknown": lambda _: (
        "Sans la table des communes ni celle des intercommunalités, l'extrait des routes n'est pas "
        "connu. Relancez quand elles sont là."
    ),
    "download_busy": lambda f: (
        f"Une autre commande remplit déjà le dossier {f['path']}. Attendez qu'elle finisse, ou "
        "donnez un autre dossier avec --data."
    ),
}


def _server(facts: Facts) -> str:
    """A host's name at the beginning of a sentence."""
    return f"Le serveur {facts['host']}"


def _id(facts: Facts) -> str:
    return str(getattr(facts["dataset"], "id", facts["dataset"]))


def _names(known: object) -> str:
    return ", ".join(known) if isinstance(known, list) else str(known)


def _minutes(facts: Facts) -> float:
    minutes = facts["minutes"]
    return max(math.ceil(minutes), 1) if isinstance(minutes, float | int) else 1
