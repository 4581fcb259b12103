"""Numbers of bodies and accounts as typed: written as files want them, or refused by field."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from maillage.core import identifiers
from maillage.core.bad_input import BadInput
from maillage.kit.refusal import Refusal
from maillage.report import refusals

READ: Mapping[str, Callable[[str], str]] = {
    "siren": identifiers.siren,
    "siret": identifiers.siret,
    "vat_number": identifiers.vat_number,
    "iban": identifiers.iban,
    "bic": identifiers.bic,
    "creditor_id": identifiers.creditor_id,
}


class WrongNumber(Refusal):
    """A number that names nobody."""

    sentence = "{why}"


class OfAnotherBody(Refusal):
    """A place and a VAT number are those of the body."""

    sentence = _(
        "Le SIREN, le SIRET et le numéro de TVA ne sont pas du même organisme. Relisez-les."
    )


def read(name: str, typed: str) -> str:
    """A number as files want it; "" stays "". Raises WrongNumber with the sentence of its field."""
    if not typed.strip():
        return ""
    try:
        return READ[name](typed)
    except BadInput as bad:
        raise WrongNumber(why=refusals.sentence(bad)) from bad


def all_read(said: Mapping[str, object]) -> dict[str, object]:
    """Every column of a party, its numbers read."""
    return {name: read(name, str(value)) if name in READ else value for name, value in said.items()}


def refuse_strangers(siren: str, siret: str, vat_number: str) -> None:
    """Refuse a place or a French VAT number of another body."""
    is_place = not (siren and siret) or siret.startswith(siren)
    is_taxed = not (siren and vat_number.startswith("FR")) or vat_number.endswith(siren)
    if not (is_place and is_taxed):
        raise OfAnotherBody
