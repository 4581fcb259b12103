"""The refusals of invoices, ours and those received: what is wrong, what to do instead."""

from collections.abc import Callable
from datetime import date

from maillage.report import french
from maillage.report.refusals_of_lines import Facts, short

_WHOSE = {"seller": "Le vendeur", "buyer": "Le client"}

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "invoice_without_line": lambda _: (
        "Ce document n'a aucune ligne. Ajoutez au moins une ligne, même à 0 €."
    ),
    "invoice_quantity_zero": lambda f: (
        f"La ligne « {short(f['label'])} » a une quantité de 0. Donnez-lui une quantité."
    ),
    "invoice_line_ends_first": lambda f: (
        f"La ligne « {short(f['label'])} » finit avant de commencer. Corrigez l'une des deux dates."
    ),
    "invoice_tax_not_due": lambda f: (
        f"La ligne « {short(f['label'])} » porte de la TVA à {_rate(f)}, mais le vendeur n'en doit "
        "pas. Corrigez le taux de la grille tarifaire, ou le régime de TVA du vendeur."
    ),
    "credit_above_invoice": lambda f: (
        f"Il reste {_euros(f['left'])} à rendre au taux de {_rate(f)} sur cette facture, moins que "
        f"les {_euros(f['asked'])} demandés. Réduisez le montant de l'avoir."
    ),
    "invoice_number_unfit": lambda f: (
        f"Le numéro « {short(f['number'])} » n'est pas accepté : {short(f['most'])} signes au "
        "plus, lettres sans accent, chiffres, + - _ et /. Changez le préfixe de la série."
    ),
    "invoice_text_unfit": lambda f: (
        f"Un signe invisible suit « {short(f['text'])} » (caractère {short(f['at'])}). "
        "Effacez-le et écrivez ce texte à nouveau."
    ),
    "invoice_text_too_long": lambda f: (
        f"Le texte « {short(f['text'])}… » a {_number(f['letters'])} caractères ; une facture en "
        f"accepte {_number(f['most'])}. Raccourcissez-le."
    ),
    "invoice_due_before_issued": lambda f: (
        f"L'échéance ({_day(f['due'])}) précède la date d'émission ({_day(f['issued'])}). "
        "Repoussez l'échéance."
    ),
    "invoice_paid_above_total": lambda _: (
        "Le montant déjà payé dépasse le total. Corrigez-le, ou faites un avoir de la différence."
    ),
    "invoice_credit_without_invoice": lambda _: (
        "Un avoir corrige une facture, une facture n'en corrige pas. Choisissez la facture à "
        "corriger."
    ),
    "invoice_debit_without_mandate": lambda _: (
        "Un prélèvement demande un mandat signé et l'identifiant créancier (ICS) du vendeur. "
        "Complétez-les, ou choisissez un autre moyen de paiement."
    ),
    "invoice_exemption_unsaid": lambda _: (
        "Une ligne n'a pas de TVA sans que le motif soit dit. Écrivez le motif d'exonération dans "
        "le profil de facturation."
    ),
    "invoice_without_name": lambda f: f"{_whose(f)} n'a pas de nom. Complétez sa fiche.",
    "invoice_without_siren": lambda f: (
        f"{_whose(f)} « {short(f['name'])} » n'a pas de SIREN à 9 chiffres. Complétez sa fiche."
    ),
    "invoice_without_vat_number": lambda f: (
        f"Le vendeur « {short(f['name'])} » facture de la TVA sans numéro de TVA. Complétez son "
        "profil de facturation."
    ),
    "invoice_buyer_without_address": lambda f: (
        f"Aucune adresse électronique pour « {short(f['name'])} ». Ajoutez son adresse mail, ou "
        "son SIREN si c'est un professionnel."
    ),
    "received_too_heavy": lambda f: (
        f"Ce fichier dépasse {short(f['most_mb'])} Mo. Demandez au fournisseur un fichier plus "
        "léger, ou la facture seule."
    ),
    "received_not_invoice": lambda _: (
        "Ce fichier n'est ni une facture PDF ni un fichier XML. Envoyez le fichier reçu du "
        "fournisseur, sans le convertir."
    ),
    "received_without_xml": lambda _: (
        "Ce PDF ne contient pas de facture électronique. Demandez au fournisseur une facture "
        "Factur-X, UBL ou CII."
    ),
    "received_damaged_pdf": lambda _: (
        "Ce PDF est abîmé ou protégé par un mot de passe. Demandez-le à nouveau au fournisseur."
    ),
    "received_damaged_xml": lambda f: (
        f"Le fichier XML ne se lit pas (ligne {short(f['line'])}). Demandez-le à nouveau au "
        "fournisseur."
    ),
    "received_with_doctype": lambda _: (
        "Ce fichier XML contient une déclaration DOCTYPE, interdite dans une facture. "
        "Demandez-en un autre au fournisseur."
    ),
    "received_unknown_format": lambda f: (
        f"Ce fichier XML n'est pas une facture CII ou UBL (« {short(f['root'])} »). Vérifiez qu'il "
        "s'agit bien de la facture."
    ),
    "received_lacks": lambda f: (
        f"Il manque {_lacking(f)} dans cette facture électronique. Demandez au fournisseur de la "
        "corriger."
    ),
    "received_unreadable": lambda f: (
        f"« {short(f['text'])} » n'est pas {_expected(f)}. Demandez au fournisseur de corriger sa "
        "facture."
    ),
}

_LACKING = {
    "number": "le numéro",
    "issued_on": "la date d'émission",
    "seller": "le nom du fournisseur",
    "buyer": "le nom du client",
    "currency": "la devise",
    "gross": "le total TTC",
    "net": "le total hors taxe",
}
_EXPECTED = {"amount": "un montant", "date": "une date", "number": "un nombre"}


def _whose(facts: Facts) -> str:
    return _WHOSE.get(str(facts["whose"]), "Une partie")


def _lacking(facts: Facts) -> str:
    return _LACKING.get(str(facts["what"]), "une information")


def _expected(facts: Facts) -> str:
    return _EXPECTED.get(str(facts["what"]), "lisible")


def _rate(facts: Facts) -> str:
    rate_bp = facts["rate_bp"]
    return f"{short(rate_bp / 100)}{french.NBSP}%" if isinstance(rate_bp, int) else str(rate_bp)


def _euros(value: object) -> str:
    return french.cents(value) if isinstance(value, int) else str(value)


def _number(value: object) -> str:
    return french.number(value) if isinstance(value, int) else str(value)


def _day(value: object) -> str:
    return french.day(value) if isinstance(value, date) else str(value)
