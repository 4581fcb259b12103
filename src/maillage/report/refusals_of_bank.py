"""The refusals of numbers of accounts and bodies, of bank files and of accounting files."""

from collections.abc import Callable
from datetime import date

from maillage.report import french
from maillage.report.refusals_of_lines import Facts, file_of, place, short

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
_UNWEIGHED = {
    "seats": "aucun partenaire n'a de place",
    "days": "personne n'est venu sur cette période",
    "fixed": "toutes les parts sont à zéro",
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
    "bank_is_pdf": lambda f: (
        f"{file_of(f)} est un PDF : un relevé à lire, pas un fichier de mouvements. Téléchargez "
        "chez votre banque le relevé au format CAMT.053 (XML), ou à défaut CSV."
    ),
    "bank_xml_unsafe": lambda f: (
        f"{file_of(f)} contient une déclaration (DOCTYPE) ou un encodage qu'un relevé de banque "
        "n'a pas. Rien n'a été lu. Téléchargez-le de nouveau sur le site de votre banque."
    ),
    "bank_xml_broken": lambda f: (
        f"{file_of(f)} n'est pas un fichier XML entier. Téléchargez-le de nouveau."
    ),
    "bank_not_camt": lambda f: (
        f"{file_of(f)} ne contient pas de relevé CAMT.053. Demandez à votre banque le relevé de "
        "compte « CAMT.053 », ni le 052 (en cours de journée) ni le 054 (avis)."
    ),
    "bank_too_heavy": lambda f: (
        f"{file_of(f)} pèse plus de {short(f['most_mb'])} Mo. Téléchargez une période plus courte."
    ),
    "bank_too_many_lines": lambda f: (
        f"{file_of(f)} a plus de {short(f['most'])} mouvements. Téléchargez une période plus "
        "courte."
    ),
    "bank_not_euros": lambda f: (
        f"{file_of(f)} contient des montants en « {f['currency']} ». Seuls les comptes en euros "
        "sont lus : choisissez le relevé du compte en euros."
    ),
    "bank_amount": lambda f: (
        f"{file_of(f)} contient un montant illisible (« {f['value']} »). Rien n'a été lu. "
        "Téléchargez-le de nouveau, ou signalez-le à votre banque."
    ),
    "bank_line_without_date": lambda f: (
        f"{file_of(f)} contient un mouvement sans date. Rien n'a été lu. Téléchargez-le de "
        "nouveau, ou signalez-le à votre banque."
    ),
    "bank_balances": lambda f: (
        f"{file_of(f)} ne tombe pas juste : solde de départ {_euros(f['opening_cents'])}, "
        f"{_euros(f['reached_cents'])} après ses mouvements, mais {_euros(f['closing_cents'])} "
        "annoncés. Des lignes manquent ou ont été changées. Rien n'a été lu : téléchargez-le de "
        "nouveau, sans l'ouvrir dans un tableur."
    ),
    "bank_running_balance": lambda f: (
        f"{file_of(f)} ne tombe pas juste : la colonne du solde ne suit pas les montants. Des "
        "lignes manquent ou ont été changées. Rien n'a été lu : téléchargez-le de nouveau, sans "
        "l'ouvrir dans un tableur."
    ),
    "bank_csv_columns": lambda f: (
        f"{file_of(f)} n'a pas les colonnes d'un export de banque. Il faut une date, un libellé, "
        "et un montant (ou un débit et un crédit), avec leurs titres. Préférez le format "
        "CAMT.053 si votre banque le propose."
    ),
    "sepa_nothing": lambda _: (
        "Aucun ordre à transmettre à la banque. Choisissez au moins un paiement."
    ),
    "sepa_name_empty": lambda f: (
        f"Le nom « {f['name']} » n'a aucune lettre que les banques lisent. Écrivez-le en lettres "
        "latines."
    ),
    "sepa_amount": lambda f: (
        f"Le montant de {f['reference']} n'est pas celui d'un ordre : au moins un centime, au "
        "plus 999 999 999,99 €. Corrigez-le ou retirez-le du fichier."
    ),
    "sepa_reference": lambda f: (
        f"La référence « {f['reference']} » ne passe pas d'une banque à l'autre : 35 caractères "
        "au plus (31 pour le nom d'un fichier), lettres sans accent, chiffres et tirets. "
        "Changez-la."
    ),
    "sepa_twice": lambda f: (
        f"La référence {f['reference']} est deux fois dans le fichier : une des deux réponses de "
        "la banque serait perdue. Retirez l'un des deux ordres."
    ),
    "sepa_elsewhere": lambda f: (
        f"Le compte de {f['name']} est hors de la zone SEPA : il ne peut être ni prélevé ni payé "
        "par ce fichier. Demandez-lui un compte de la zone, ou un autre moyen de paiement."
    ),
    "sepa_bic_unknown": lambda f: (
        f"Le BIC de la banque de {f['name']} manque, et cette version de fichier l'exige. "
        "Demandez-le, ou choisissez la version de 2019."
    ),
    "sepa_day_past": lambda f: (
        f"Le {_day(f['on'])} est passé. Choisissez un jour à venir, puis refaites le fichier."
    ),
    "sepa_mandate_later": lambda f: (
        f"Le mandat {f['reference']} est signé après le jour du prélèvement. Corrigez la date de "
        "signature, ou prélevez plus tard."
    ),
    "sepa_unfit": lambda f: (
        f"Le fichier n'est pas conforme à son schéma ({f['schema']}, {f['where']}). Rien n'a été "
        "transmis. Signalez-le avec l'heure : c'est un défaut du logiciel."
    ),
    "share_negative": lambda _: "Un poids de la clé est négatif. Écrivez 0 pour qui ne paie rien.",
    "share_nobody": lambda f: (
        f"La clé ne pèse personne : {_UNWEIGHED.get(str(f['basis']), 'tous les poids sont à zéro')}"
        ". Donnez un poids à un partenaire au moins, ou choisissez une autre clé."
    ),
    "share_not_whole": lambda f: (
        f"Les parts fixes font {short(f['percent'])} % au lieu de 100 %. Corrigez l'une d'elles."
    ),
    "account_unknown": lambda f: (
        f"« {f['key']} » n'est pas un usage de compte connu. Les usages sont : "
        f"{', '.join(str(one) for one in f['known'])}."  # type: ignore[attr-defined]
    ),
    "account_unfit": lambda f: (
        f"Le compte « {f['number']} » ne convient pas : trois chiffres du plan comptable pour "
        f"commencer, douze caractères au plus, de la classe du compte habituel ({f['usual']}). "
        "Corrigez-le, ou laissez le compte habituel."
    ),
    "fec_empty": lambda _: (
        "Aucune écriture sur cette période : il n'y a pas de fichier à remettre. Choisissez une "
        "autre période."
    ),
    "fec_columns": lambda _: (
        "La première ligne n'a pas les 18 colonnes de l'article A. 47 A-1 du livre des "
        "procédures fiscales, dans leur ordre. Produisez le fichier de nouveau."
    ),
    "fec_line": lambda f: (
        f"Ligne {f['line']}, {f['column']} : « {f['value']} » ne convient pas. Produisez le "
        "fichier de nouveau, sans l'ouvrir dans un tableur."
    ),
    "fec_number": lambda f: (
        f"Ligne {f['line']} : les numéros d'écriture doivent se suivre sans trou, dans l'ordre "
        "des dates. Produisez le fichier de nouveau."
    ),
    "fec_unbalanced": lambda f: (
        f"L'écriture {f['number']} n'est pas équilibrée : {_euros(f['debit_cents'])} au débit, "
        f"{_euros(f['credit_cents'])} au crédit. Le fichier n'est pas remis. Signalez-le : c'est "
        "un défaut du logiciel."
    ),
    "chorus_without_siret": lambda f: (
        f"Chorus Pro désigne un acheteur par son SIRET. Il manque pour "
        f"{french.listed([str(one) for one in f['names']])}. "  # type: ignore[attr-defined]
        "Complétez ces payeurs, puis refaites la liste."
    ),
    "line_bad_date": lambda f: (
        f"{place(f)} : « {f['value']} » n'est pas une date. Écrivez-la jour/mois/année, par "
        "exemple 06/10/2026."
    ),
    "line_bad_month": lambda f: (
        f"{place(f)} : « {f['value']} » n'est pas un mois. Écrivez-le par exemple 10/2026."
    ),
    "line_bad_period": lambda f: (
        f"{place(f)} : la période finit avant de commencer, ou dure plus de {f['most']} jours. "
        "Corrigez l'une des deux dates."
    ),
    "line_bad_count": lambda f: (
        f"{place(f)} : « {f['value']} » n'est pas un nombre de pages. Écrivez un nombre entier, "
        f"de 0 à {short(f['most'])}."
    ),
    "line_bad_amount": lambda f: (
        f"{place(f)} : « {f['value']} » n'est pas un montant. Écrivez-le avec une virgule, par "
        "exemple 1234,56."
    ),
    "line_two_amounts": lambda f: (
        f"{place(f)} : un débit et un crédit sur la même ligne. Gardez l'un des deux."
    ),
    "line_without_amount": lambda f: (
        f"{place(f)} : aucun montant sur cette ligne. Complétez-la ou retirez-la."
    ),
}


def _euros(cents: object) -> str:
    return french.cents(cents) if isinstance(cents, int) else str(cents)


def _day(value: object) -> str:
    return french.day(value) if isinstance(value, date) else str(value)
