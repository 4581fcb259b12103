"""The refusals of numbers of accounts and bodies, of bank files and of accounting files."""

from collections.abc import Callable

from maillage.report.refusals_of_lines import Facts

_NAMED = {
    "iban": "L'IBAN",
    "bic": "Le BIC",
    "siren": "Le SIREN",
    "siret": "Le SIRET",
    "vat": "Le numéro de TVA",
    "ics": "L'identifiant créancier SEPA (ICS)",
}
_MADE_OF = {
    "iban": "Il ne contient que des lettres et des chiffres, deux lettres pour commencer",
    "bic": "Il commence par six lettres, par exemple AGRIFRPP",
    "siren": "Il n'a que des chiffres, neuf",
    "siret": "Il n'a que des chiffres, quatorze",
    "vat": "Il s'écrit FR, une clé de deux caractères, puis les neuf chiffres du SIREN",
    "ics": "Il ne contient que des lettres et des chiffres, par exemple FR72ZZZ123456",
}
_FOUND_ON = {
    "iban": "Recopiez-le depuis un relevé d'identité bancaire.",
    "bic": "Recopiez-le depuis un relevé d'identité bancaire.",
    "siren": "Recopiez-le depuis l'avis de situation de l'organisme.",
    "siret": "Recopiez-le depuis l'avis de situation de l'établissement.",
    "vat": "Recopiez-le depuis une facture de l'organisme, ou laissez vide s'il n'en a pas.",
    "ics": "Recopiez-le depuis le courrier de votre banque.",
}


def _named(facts: Facts) -> str:
    return _NAMED.get(str(facts["kind"]), str(facts["kind"]))


def _made_of(facts: Facts) -> str:
    return _MADE_OF.get(str(facts["kind"]), "")


def _found_on(facts: Facts) -> str:
    return _FOUND_ON.get(str(facts["kind"]), "Recopiez-le depuis son document.")


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "identifier_empty": lambda f: f"{_named(f)} est vide. {_found_on(f)}",
    "identifier_characters": lambda f: (
        f"{_named(f)} contient un caractère qui n'en est pas. {_made_of(f)}. {_found_on(f)}"
    ),
    "identifier_length": lambda f: (
        f"{_named(f)} a {f['found']} caractères au lieu de {f['wanted']}. {_found_on(f)}"
    ),
    "identifier_key": lambda f: (
        f"{_named(f)} ne tombe pas juste : sa clé de contrôle signale une erreur de frappe. "
        f"{_found_on(f)}"
    ),
    "iban_country": lambda f: (
        f"« {f['country']} » n'est pas un pays qui donne des comptes de cette forme. Un compte "
        "français commence par FR. Recopiez-le depuis un relevé d'identité bancaire."
    ),
    "iban_form": lambda f: (
        f"Cet IBAN n'a pas la forme de ceux du pays {f['country']} : une lettre y tient la place "
        "d'un chiffre, ou l'inverse. Recopiez-le depuis un relevé d'identité bancaire."
    ),
    "bic_form": lambda f: (
        f"Un BIC a 8 ou 11 caractères ; celui-ci en a {f['found']}. Recopiez-le depuis un relevé "
        "d'identité bancaire."
    ),
    "vat_not_french": lambda _: (
        "Un numéro de TVA français commence par FR. Recopiez-le depuis une facture de l'organisme, "
        "ou laissez vide s'il n'en a pas."
    ),
    "creditor_form": lambda _: (
        "Un identifiant créancier SEPA (ICS) s'écrit deux lettres, deux chiffres, trois "
        "caractères, puis un numéro, par exemple FR72ZZZ123456. Recopiez-le depuis le courrier "
        "de votre banque."
    ),
}
