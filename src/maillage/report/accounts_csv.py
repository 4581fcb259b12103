"""Tables for who keeps accounts: entries, revenue orders, deposits on Chorus Pro, Paheko.

Each is a `Grid`: `files.grid_csv` writes it as open data, `files.grid_excel` for a French
spreadsheet; both make inert what a spreadsheet would run.
method  docs/method/accounting.md
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from maillage.core.accounting import Entry
from maillage.core.bad_input import BadInput
from maillage.report.shown import Cell, Column, Grid, money


@dataclass(frozen=True)
class Address:
    """Who owes, as a public accountant needs it."""

    name: str
    siren: str = ""
    siret: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"


@dataclass(frozen=True)
class RevenueOrder:
    """A sum that a public body asks its accountant to collect: the draft of a « titre ».

    document    the invoice that proves it
    imputation  account of the budget (M57), as the body gave it; "" when it did not
    """

    document: str
    issued_on: date
    due_on: date
    debtor: Address
    subject: str
    net_cents: int
    tax_cents: int
    imputation: str = ""


@dataclass(frozen=True)
class Deposit:
    """An e-invoice to be deposited on Chorus Pro for a public buyer.

    file          name of the Factur-X PDF
    service_code, engagement  asked by some buyers, "" otherwise
    """

    file: str
    document: str
    issued_on: date
    buyer: Address
    service_code: str
    engagement: str
    net_cents: int
    tax_cents: int


def entries(found: Iterable[Entry], journals: Mapping[str, str]) -> Grid:
    """Every line of every entry, in the order given."""
    columns = (
        Column("journal", "Journal"),
        Column("journal_name", "Libellé du journal"),
        Column("date", "Date"),
        Column("piece", "Pièce"),
        Column("account", "Compte"),
        Column("account_name", "Libellé du compte"),
        Column("third", "Tiers"),
        Column("third_name", "Nom du tiers"),
        Column("label", "Libellé"),
        Column("debit_eur", "Débit (€)", is_numeric=True),
        Column("credit_eur", "Crédit (€)", is_numeric=True),
        Column("lettering", "Lettrage"),
    )
    rows = tuple(
        (
            *_texts(entry.journal, journals[entry.journal], entry.on.isoformat(), entry.piece),
            *_texts(posting.account.number, posting.account.label),
            *_texts(*((posting.third.code, posting.third.name) if posting.third else ("", ""))),
            *_texts(entry.label),
            money(posting.debit_cents),
            money(posting.credit_cents),
            *_texts(posting.lettering),
        )
        for entry in found
        for posting in entry.postings
    )
    return Grid("Écritures comptables", columns, rows)


def revenue_orders(orders: Sequence[RevenueOrder]) -> Grid:
    """« Bordereau de titres »: one line an order, numbered from 1, and the total to collect."""
    columns = (
        Column("number", "N° d’ordre", is_numeric=True),
        Column("document", "Facture"),
        Column("issued_on", "Date"),
        Column("due_on", "Échéance"),
        *_BUYER,
        Column("subject", "Objet"),
        Column("imputation", "Imputation"),
        *_AMOUNTS,
    )
    rows = tuple(
        (
            Cell(str(number), number),
            *_texts(order.document, order.issued_on.isoformat(), order.due_on.isoformat()),
            *_buyer(order.debtor),
            *_texts(order.subject, order.imputation),
            *_amounts(order.net_cents, order.tax_cents),
        )
        for number, order in enumerate(orders, 1)
    )
    net, tax = sum(one.net_cents for one in orders), sum(one.tax_cents for one in orders)
    blank = len(columns) - len(_AMOUNTS) - 1
    total = (Cell("Total", "Total"), *_texts(*[""] * blank), *_amounts(net, tax))
    return Grid("Bordereau de titres de recettes", columns, rows, total)


def chorus(deposits: Sequence[Deposit]) -> Grid:
    """The list that goes with the files to deposit on Chorus Pro.

    Raises BadInput `chorus_without_siret`, naming the buyers: the portal finds them by it.
    """
    lacking = [one.buyer.name for one in deposits if not one.buyer.siret]
    if lacking:
        raise BadInput("chorus_without_siret", names=list(dict.fromkeys(lacking)))
    columns = (
        Column("file", "Fichier"),
        Column("document", "Facture"),
        Column("issued_on", "Date"),
        *_BUYER,
        Column("service_code", "Code service"),
        Column("engagement", "N° d’engagement"),
        *_AMOUNTS,
    )
    rows = tuple(
        (
            *_texts(one.file, one.document, one.issued_on.isoformat()),
            *_buyer(one.buyer),
            *_texts(one.service_code, one.engagement),
            *_amounts(one.net_cents, one.tax_cents),
        )
        for one in deposits
    )
    return Grid("Dépôts sur Chorus Pro", columns, rows)


def paheko(found: Iterable[Entry]) -> Grid:
    """Entries for Paheko's import of simple ones: a line for each debit and its credit.

    The number of an entry is left empty: Paheko gives it. Written with `files.grid_excel`.
    source  Paheko, « Importer des écritures comptables simples en CSV »
    """
    columns = (
        Column("number", "Numéro d'écriture"),
        Column("label", "Libellé"),
        Column("date", "Date"),
        Column("notes", "Remarques"),
        Column("piece", "Numéro pièce comptable"),
        Column("payment", "Référence paiement"),
        Column("debit", "Compte de débit"),
        Column("credit", "Compte de crédit"),
        Column("amount", "Montant", is_numeric=True),
    )
    rows = tuple(
        (
            *_texts("", entry.label, f"{entry.on:%d/%m/%Y}", _thirds(entry), entry.piece, ""),
            *_texts(debit, credit),
            money(cents),
        )
        for entry in found
        for debit, credit, cents in _pairs(entry)
    )
    return Grid("Écritures pour Paheko", columns, rows)


_BUYER = (
    Column("debtor", "Débiteur"),
    Column("siren", "SIREN"),
    Column("siret", "SIRET"),
    Column("street", "Adresse"),
    Column("postcode", "Code postal"),
    Column("city", "Commune"),
    Column("country", "Pays"),
)
_AMOUNTS = (
    Column("net_eur", "Montant HT (€)", is_numeric=True),
    Column("tax_eur", "TVA (€)", is_numeric=True),
    Column("gross_eur", "Montant TTC (€)", is_numeric=True),
)


def _pairs(entry: Entry) -> Iterator[tuple[str, str, int]]:
    """(debit account, credit account, cents): the same sums on each account as the entry."""
    debits = [(one.account.number, one.debit_cents) for one in entry.postings if one.debit_cents]
    for posting in entry.postings:
        left = posting.credit_cents
        while left:
            account, available = debits.pop(0)
            cents = min(left, available)
            yield account, posting.account.number, cents
            left -= cents
            if available > cents:
                debits.insert(0, (account, available - cents))


def _thirds(entry: Entry) -> str:
    return ", ".join(dict.fromkeys(one.third.name for one in entry.postings if one.third))


def _buyer(of: Address) -> tuple[Cell, ...]:
    return _texts(of.name, of.siren, of.siret, of.street, of.postcode, of.city, of.country)


def _amounts(net_cents: int, tax_cents: int) -> tuple[Cell, ...]:
    return tuple(money(cents) for cents in (net_cents, tax_cents, net_cents + tax_cents))


def _texts(*values: str) -> tuple[Cell, ...]:
    return tuple(Cell(value, value) for value in values)
