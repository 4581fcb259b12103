"""Files for a bank: direct debits (pain.008) and transfers (pain.001), in euros, in the SEPA zone.

Written by `sepaxml`, whose clock and chance are then replaced by what the caller gives, and
checked against the schema of the message: the same orders give the same bytes.
method  docs/method/accounting.md
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib import resources

from lxml import etree
from sepaxml import SepaDD, SepaTransfer
from text_unidecode import unidecode

from maillage.core import identifiers
from maillage.core.bad_input import BadInput

MOST_NAME = 70
MOST_TEXT = 140
MOST_REFERENCE = 35
# the number of a group follows the name of the message, within the same length
MOST_MESSAGE = 31
MOST_CENTS = 99_999_999_999
# EPC217-08: the letters that every bank takes; a reference neither begins nor ends with "/"
_UNUSUAL = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")
_REFERENCE = re.compile(r"[A-Za-z0-9?:().,'+-]+(?:[/ ][A-Za-z0-9?:().,'+-]+)*")
_NOT_SAID = "NOTPROVIDED"
# where a bank's code must be written, and where none is needed
_NEEDS_BIC = "pain.008.001.02"


class SequenceType(StrEnum):
    """Where a debit stands in the life of its mandate."""

    FIRST = "FRST"
    RECURRENT = "RCUR"
    ONE_OFF = "OOFF"
    FINAL = "FNAL"


class Version(StrEnum):
    """Which generation of messages a bank takes."""

    OF_2009 = "2009"
    OF_2019 = "2019"


DEBITS = {Version.OF_2009: "pain.008.001.02", Version.OF_2019: "pain.008.001.08"}
TRANSFERS = {Version.OF_2009: "pain.001.001.03", Version.OF_2019: "pain.001.001.09"}


@dataclass(frozen=True)
class Account:
    """An account and whose it is; `bic` may be "": banks find it by themselves."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True)
class Debit:
    """What is taken from an account under a mandate.

    end_to_end_id  given back with the answer of the bank: unique in a file
    mandate_id     the reference of the mandate (RUM)
    text           what the debtor reads on his statement
    """

    end_to_end_id: str
    amount_cents: int
    debtor: Account
    mandate_id: str
    signed_on: date
    sequence: SequenceType
    collect_on: date
    text: str


@dataclass(frozen=True)
class Transfer:
    """What is paid to an account; as `Debit`."""

    end_to_end_id: str
    amount_cents: int
    creditor: Account
    execute_on: date
    text: str


@dataclass(frozen=True)
class Message:
    """The name of a file, unique at its sender, its moment, its version."""

    id: str
    at: datetime
    version: Version = Version.OF_2019


def debits(creditor: Account, creditor_id: str, orders: Sequence[Debit], message: Message) -> bytes:
    """A pain.008: one group for each day and each sequence type, CORE scheme.

    creditor_id  ICS
    Raises BadInput `sepa_nothing`, `sepa_name_empty`, `sepa_amount`, `sepa_reference`,
    `sepa_twice`, `sepa_elsewhere`, `sepa_bic_unknown`, `sepa_day_past`, `sepa_mandate_later`,
    `sepa_unfit`, and those of `identifiers`.
    """
    _refuse_unfit(orders, message)
    schema = DEBITS[message.version]
    for order in orders:
        _refuse_reference(order.mandate_id)
        if order.signed_on > order.collect_on:
            raise BadInput("sepa_mandate_later", reference=order.mandate_id)
    file = SepaDD(
        {
            **_account(creditor, schema),
            "batch": True,
            "creditor_id": identifiers.creditor_id(creditor_id),
            "currency": "EUR",
        },
        schema=schema,
        clean=False,
    )
    for order in sorted(orders, key=lambda order: (order.collect_on, order.sequence)):
        _refuse_past(order.collect_on, message)
        file.add_payment(
            {
                **_account(order.debtor, schema),
                "amount": order.amount_cents,
                "type": order.sequence.value,
                "collection_date": order.collect_on,
                "mandate_id": order.mandate_id,
                "mandate_date": order.signed_on,
                "description": _text(order.text) or order.end_to_end_id,
                "endtoend_id": order.end_to_end_id,
            }
        )
    return _signed(file.export(validate=False), schema, message)


def transfers(payer: Account, orders: Sequence[Transfer], message: Message) -> bytes:
    """A pain.001: one group for each day. Raises BadInput as `debits` does."""
    _refuse_unfit(orders, message)
    schema = TRANSFERS[message.version]
    file = SepaTransfer(
        {**_account(payer, schema), "batch": True, "currency": "EUR"}, schema=schema, clean=False
    )
    for order in sorted(orders, key=lambda order: order.execute_on):
        _refuse_past(order.execute_on, message)
        file.add_payment(
            {
                **_account(order.creditor, schema),
                "amount": order.amount_cents,
                "execution_date": order.execute_on,
                "description": _text(order.text) or order.end_to_end_id,
                "endtoend_id": order.end_to_end_id,
            }
        )
    return _signed(file.export(validate=False), schema, message)


def written(text: str, most: int) -> str:
    """A text in the letters of SEPA, cut at its length; what has none becomes a space."""
    latin = unidecode(text).replace("&", "+")
    return " ".join(_UNUSUAL.sub(" ", latin).split()).strip("/ ")[:most].rstrip("/ ")


def is_reference(text: str) -> bool:
    """Whether a text may stand as a reference, unchanged from one bank to another."""
    return len(text) <= MOST_REFERENCE and _REFERENCE.fullmatch(text) is not None


def _text(text: str) -> str:
    return written(text, MOST_TEXT)


def _account(account: Account, schema: str) -> dict[str, str]:
    """The party as `sepaxml` takes it."""
    name = written(account.name, MOST_NAME)
    if not any(letter.isalnum() for letter in name):
        raise BadInput("sepa_name_empty", name=account.name[:MOST_NAME])
    iban = identifiers.iban(account.iban)
    if not identifiers.is_sepa(iban):
        raise BadInput("sepa_elsewhere", name=name)
    bic = identifiers.bic(account.bic) if account.bic.strip() else ""
    if not bic and schema == _NEEDS_BIC:
        bic = identifiers.bic_of(iban)
    if not bic and schema == _NEEDS_BIC:
        raise BadInput("sepa_bic_unknown", name=name)
    return {"name": name, "IBAN": iban} | ({"BIC": bic} if bic else {})


def _refuse_unfit(orders: Sequence[Debit] | Sequence[Transfer], message: Message) -> None:
    if not orders:
        raise BadInput("sepa_nothing")
    if len(message.id) > MOST_MESSAGE:
        raise BadInput("sepa_reference", reference=message.id[:MOST_REFERENCE])
    _refuse_reference(message.id)
    seen: set[str] = set()
    for order in orders:
        _refuse_reference(order.end_to_end_id)
        if order.end_to_end_id in seen:
            raise BadInput("sepa_twice", reference=order.end_to_end_id)
        seen.add(order.end_to_end_id)
        if not 0 < order.amount_cents <= MOST_CENTS:
            raise BadInput("sepa_amount", reference=order.end_to_end_id)


def _refuse_reference(reference: str) -> None:
    if not is_reference(reference):
        raise BadInput("sepa_reference", reference=reference[:MOST_REFERENCE])


def _refuse_past(on: date, message: Message) -> None:
    if on < message.at.date():
        raise BadInput("sepa_day_past", on=on)


def _signed(data: bytes, schema: str, message: Message) -> bytes:
    """The message under the name and the moment that were given, once its schema takes it."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    space = {"p": f"urn:iso:std:iso:20022:tech:xsd:{schema}"}
    written_at = message.at.replace(tzinfo=None, microsecond=0).isoformat()
    _set(root.iterfind(".//p:GrpHdr/p:MsgId", space), [message.id])
    _set(root.iterfind(".//p:GrpHdr/p:CreDtTm", space), [written_at])
    groups = root.findall(".//p:PmtInf/p:PmtInfId", space)
    _set(groups, [f"{message.id}-{n:03d}" for n in range(1, len(groups) + 1)])
    for agent in root.iterfind(".//p:FinInstnId", space):
        if not len(agent):
            other = etree.SubElement(agent, f"{{{space['p']}}}Othr")
            etree.SubElement(other, f"{{{space['p']}}}Id").text = _NOT_SAID
    _refuse_misshapen(root, schema)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _set(nodes: Iterable[etree._Element], texts: Sequence[str]) -> None:
    for node, text in zip(nodes, texts, strict=True):
        node.text = text


def _refuse_misshapen(root: etree._Element, name: str) -> None:
    shipped = resources.files("sepaxml") / "schemas" / f"{name}.xsd"
    with resources.as_file(shipped) as path:
        schema = etree.XMLSchema(etree.parse(str(path)))
    if not schema.validate(root):
        where = schema.error_log[0]
        raise BadInput("sepa_unfit", schema=name, where=str(where.path or where.line))
