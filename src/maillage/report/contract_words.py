"""A contract in French: the fields of its articles, filled in once, and its document.

Fields come from a closed list and are replaced as text: what is between braces and is not one of
them stays as it was typed, and what a value holds is never read again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from maillage.core.contract_terms import Terms
from maillage.report import french, typeset

TEMPLATE = "contract.typ"
ONE_DAY = timedelta(days=1)
FIELDS = {
    "organisme": "nom de l’organisme",
    "cocontractant": "nom de la personne ou de la structure",
    "lieu": "nom du lieu",
    "adresse_du_lieu": "adresse du lieu",
    "place": "ce qui est mis à disposition",
    "debut": "premier jour",
    "duree": "phrase sur la durée",
    "reconduction": "phrase sur le renouvellement",
    "preavis": "phrase sur la fin et le préavis",
    "prix": "phrase sur le prix",
    "prorata": "phrase sur les périodes entamées",
    "payeur": "nom de qui paie",
    "depot": "phrase sur le dépôt de garantie",
    "agrement": "phrase sur l’agrément de domiciliation",
    "reglement": "phrase sur le règlement intérieur",
    "conditions_particulieres": "conditions particulières",
}
_FIELD = re.compile(r"\{\{ ?([a-z_]+) ?\}\}")
_PERIODS = {"month": "mois", "quarter": "trimestre"}


@dataclass(frozen=True)
class Facts:
    """What a contract says, as plain values.

    price_cents  of a month or quarter (`every`); `is_charged` False: none is asked
    approval     of a domiciliation: (number, prefecture, last day)
    """

    operator: str
    operator_number: str
    party: str
    party_number: str
    party_address: str
    signatory: str
    signatory_title: str
    payer: str
    site: str
    site_address: str
    place: str
    terms: Terms
    ends_on: date | None
    is_charged: bool
    price_cents: int
    worth_cents: int
    includes_tax: bool
    vat_rate_bp: int
    every: str
    proration: str
    deposit_cents: int
    particulars: str
    rules_version: int | None
    approval: tuple[str, str, date] | None


@dataclass(frozen=True)
class Article:
    """A numbered article, as typed."""

    title: str
    text: str


def fields(facts: Facts) -> dict[str, str]:
    """The value of each field of the closed list."""
    return {
        "organisme": facts.operator,
        "cocontractant": facts.party,
        "lieu": facts.site or "désigné par les parties",
        "adresse_du_lieu": facts.site_address or "adresse à convenir",
        "place": facts.place or "les espaces communs",
        "debut": french.day(facts.terms.starts_on),
        "duree": length(facts.terms),
        "reconduction": renewal(facts.terms),
        "preavis": notice(facts.terms),
        "prix": price(facts),
        "prorata": proration(facts),
        "payeur": facts.payer,
        "depot": deposit(facts.deposit_cents),
        "agrement": approval(facts.approval),
        "reglement": rules(facts.rules_version),
        "conditions_particulieres": facts.particulars or "Aucune condition particulière.",
    }


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its fields replaced, once; the rest stays as typed."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_fields(text: str) -> list[str]:
    """What looks like a field and is none, in order: it would be printed as typed."""
    return [found[0] for found in _FIELD.finditer(text) if found[1] not in FIELDS]


def months(count: int) -> str:
    """1 mois, 12 mois."""
    return f"{count}{french.NBSP}mois"


def length(terms: Terms) -> str:
    """How long it lasts."""
    if terms.months is None:
        return "Il n’a pas de terme."
    return f"La durée est de {months(terms.months)}."


def renewal(terms: Terms) -> str:
    """What happens at the end of the term."""
    if terms.months is None:
        return ""
    if not terms.renewal_months:
        return "Il n’y a pas de reconduction tacite."
    return f"Il y a reconduction tacite, par périodes de {months(terms.renewal_months)}."


def notice(terms: Terms) -> str:
    """How it ends."""
    when = (
        "à tout moment"
        if terms.ends_anytime or terms.months is None
        else "à la fin de chaque période"
    )
    if not terms.notice_months:
        return f"Chaque partie peut y mettre fin {when}, par écrit, sans préavis."
    return (
        f"Chaque partie peut y mettre fin {when}, par écrit, avec un préavis de "
        f"{months(terms.notice_months)}."
    )


def price(facts: Facts) -> str:
    """What is asked for a period."""
    if not facts.is_charged:
        return "Aucun prix n’est demandé."
    if not facts.price_cents:
        worth = french.cents(facts.worth_cents)
        valued = (
            f" Sa valeur est de {worth} par {_PERIODS[facts.every]}." if facts.worth_cents else ""
        )
        return f"La mise à disposition est gratuite.{valued}"
    amount = french.cents(facts.price_cents)
    rate = french.number(facts.vat_rate_bp / 100, 2 if facts.vat_rate_bp % 100 else 0)
    tax = "TTC" if facts.includes_tax else "HT"
    vat = f"TVA de {rate}{french.NBSP}%" if facts.vat_rate_bp else "sans TVA"
    return f"Le prix est de {amount} {tax} par {_PERIODS[facts.every]} ({vat})."


def proration(facts: Facts) -> str:
    """What the first and the last period cost."""
    if not facts.is_charged or not facts.price_cents:
        return ""
    if facts.proration == "whole":
        return f"Tout {_PERIODS[facts.every]} commencé est dû."
    return f"Un {_PERIODS[facts.every]} incomplet est dû au prorata des jours."


def deposit(cents: int) -> str:
    """What is lodged, and when it is returned."""
    if not cents:
        return "Aucun dépôt n’est demandé."
    amount = french.cents(cents)
    return (
        f"Un dépôt de garantie de {amount} est versé à l’entrée. Il n’est pas soumis à la TVA. "
        "Il est rendu à la fin, moins ce qui resterait dû, chaque somme gardée étant motivée."
    )


def approval(given: tuple[str, str, date] | None) -> str:
    """The number that a domiciliation must bear."""
    if given is None:
        return ""
    number, prefecture, ends_on = given
    return (
        f"Agrément préfectoral n° {number}, {prefecture}, valable jusqu’au {french.day(ends_on)}."
    )


def rules(version: int | None) -> str:
    """The house rules that come with it."""
    if version is None:
        return "Le lieu n’a pas de règlement intérieur écrit."
    return f"Le règlement intérieur, version {version}, est joint et accepté."


def words(
    heading: tuple[str, str, str],
    articles: Sequence[Article],
    facts: Facts,
    house_rules: str,
    law: Sequence[str],
) -> dict[str, Any]:
    """The data of the document.

    heading  reference, title, subtitle
    """
    values = fields(facts)
    reference, title, subtitle = heading
    return {
        "reference": reference,
        "title": title,
        "subtitle": subtitle,
        "parties": [
            _party("L’organisme", facts.operator, facts.operator_number, "", ""),
            _party(
                "Le cocontractant",
                facts.party,
                facts.party_number,
                facts.party_address,
                _signatory(facts),
            ),
        ],
        "articles": [
            {
                "title": f"Article {n}. {filled(one.title, values)}",
                "paragraphs": _paragraphs(filled(one.text, values)),
            }
            for n, one in enumerate(articles, 1)
        ],
        "rules_title": rules_title(facts.rules_version),
        "rules": _paragraphs(house_rules),
        "law": list(law),
        "signing": (
            "Signé électroniquement par les deux parties. Le fichier de preuve dit qui a signé, "
            "quand et comment (règlement européen 910/2014, art. 25)."
        ),
        "description": f"{title} entre {facts.operator} et {facts.party}.",
    }


def rules_title(version: int | None) -> str:
    """Above the house rules."""
    return f"Annexe. Règlement intérieur, version {version}" if version else ""


def pdf(said: dict[str, Any], *, at: datetime) -> bytes:
    """The document: tagged PDF/A-3a and PDF/UA-1."""
    return typeset.compile_template(TEMPLATE, said, {}, at)


def _signatory(facts: Facts) -> str:
    title = f", {facts.signatory_title}" if facts.signatory_title else ""
    return f"représenté par {facts.signatory}{title}" if facts.signatory != facts.party else ""


def _party(label: str, *parts: str) -> dict[str, str]:
    name, number, address, represented = parts
    said = ", ".join(part for part in (number, address, represented) if part)
    return {"label": label, "name": name, "said": said}


def _paragraphs(text: str) -> list[str]:
    return [line for line in (one.strip() for one in text.splitlines()) if line]
