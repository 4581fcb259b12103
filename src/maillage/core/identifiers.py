"""Numbers that name an account or a body, as people type them: spaces, dots and small letters.

Each function gives the number as files want it, without any space, or raises BadInput with the
`kind` of number: `identifier_empty`, `identifier_characters`, `identifier_length`,
`identifier_key`, and what it names itself. No refusal repeats the number: it may reach a log.
"""

import re
import unicodedata

from schwifty import BIC, IBAN
from schwifty import exceptions as bank_faults
from stdnum import exceptions as number_faults
from stdnum import luhn
from stdnum.fr import siret as stdnum_siret
from stdnum.fr import tva
from stdnum.iso7064 import mod_97_10

from maillage.core.bad_input import BadInput

_BETWEEN = re.compile(r"[\s.\-_/\u200b\u2011\ufeff]+")
_MOST_TYPED = 60
_SIREN_LENGTH = 9
_SIRET_LENGTH = 14
_VAT_LENGTH = 13
_CREDITOR = re.compile(r"([A-Z]{2})([0-9]{2})([A-Z0-9]{3})([A-Z0-9]{1,28})")
_FRENCH_CREDITOR_LENGTH = 13


def iban(text: str) -> str:
    """An account number of any country that has them; the French bank key is checked too.

    Raises BadInput `iban_country`, `iban_form` as well.
    """
    typed = _typed("iban", text)
    try:
        expected = IBAN(typed, allow_invalid=True).spec.iban_length
    except bank_faults.InvalidCountryCode as error:
        raise BadInput("iban_country", country=typed[:2]) from error
    if len(typed) != expected:
        raise BadInput("identifier_length", kind="iban", found=len(typed), wanted=expected)
    try:
        return str(IBAN(typed, validate_bban=typed[:2] in ("FR", "MC")))
    except (bank_faults.InvalidChecksumDigits, bank_faults.InvalidBBANChecksum) as error:
        raise BadInput("identifier_key", kind="iban") from error
    except bank_faults.SchwiftyException as error:
        raise BadInput("iban_form", country=typed[:2]) from error


def is_sepa(number: str) -> bool:
    """Whether an account that `iban` accepted can be debited or paid in euros by SEPA."""
    return bool(IBAN(number).in_sepa_zone)


def bic_of(number: str) -> str:
    """The code of the bank that holds an account that `iban` accepted, "" when not known."""
    return str(IBAN(number).bic or "")


def bic(text: str) -> str:
    """The code of a bank: 8 or 11 characters. Raises BadInput `bic_form` as well."""
    typed = _typed("bic", text)
    try:
        return str(BIC(typed, enforce_swift_compliance=True))
    except bank_faults.InvalidLength as error:
        raise BadInput("bic_form", found=len(typed)) from error
    except bank_faults.InvalidCountryCode as error:
        raise BadInput("iban_country", country=typed[4:6]) from error
    except bank_faults.SchwiftyException as error:
        raise BadInput("identifier_characters", kind="bic") from error


def siren(text: str) -> str:
    """The nine digits of a French body."""
    typed = _digits("siren", text, _SIREN_LENGTH)
    try:
        return luhn.validate(typed)
    except number_faults.ValidationError as error:
        raise BadInput("identifier_key", kind="siren") from error


def siret(text: str) -> str:
    """The fourteen digits of a place of a French body; those of La Poste have their own key."""
    typed = _digits("siret", text, _SIRET_LENGTH)
    try:
        return stdnum_siret.validate(typed)
    except number_faults.ValidationError as error:
        raise BadInput("identifier_key", kind="siret") from error


def vat_number(text: str) -> str:
    """A French VAT number: FR, a key of two characters, a SIREN.

    Raises BadInput `vat_not_french` as well.
    """
    typed = _typed("vat", text)
    if not typed.startswith("FR"):
        raise BadInput("vat_not_french")
    if len(typed) != _VAT_LENGTH:
        raise BadInput("identifier_length", kind="vat", found=len(typed), wanted=_VAT_LENGTH)
    try:
        return "FR" + tva.validate(typed[2:])
    except number_faults.InvalidFormat as error:
        raise BadInput("identifier_characters", kind="vat") from error
    except number_faults.ValidationError as error:
        raise BadInput("identifier_key", kind="vat") from error


def creditor_id(text: str) -> str:
    """Who may debit accounts by SEPA (ICS): country, key, activity code, national number.

    The activity code takes no part in the key (EPC262-08).
    Raises BadInput `creditor_form` as well.
    """
    typed = _typed("ics", text)
    parts = _CREDITOR.fullmatch(typed)
    if parts is None:
        raise BadInput("creditor_form")
    country, key, _, national = parts.groups()
    if country == "FR" and len(typed) != _FRENCH_CREDITOR_LENGTH:
        raise BadInput(
            "identifier_length", kind="ics", found=len(typed), wanted=_FRENCH_CREDITOR_LENGTH
        )
    if not mod_97_10.is_valid(national + country + key):
        raise BadInput("identifier_key", kind="ics")
    return typed


def _typed(kind: str, text: str) -> str:
    """What was typed, in capitals and without what people write between groups."""
    typed = _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:_MOST_TYPED])).upper()
    if not typed:
        raise BadInput("identifier_empty", kind=kind)
    if not (typed.isascii() and typed.isalnum()):
        raise BadInput("identifier_characters", kind=kind)
    return typed


def _digits(kind: str, text: str, expected: int) -> str:
    typed = _typed(kind, text)
    if not typed.isdecimal():
        raise BadInput("identifier_characters", kind=kind)
    if len(typed) != expected:
        raise BadInput("identifier_length", kind=kind, found=len(typed), wanted=expected)
    return typed
