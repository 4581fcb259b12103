"""CAMT.053 (ISO 20022 bank to customer statement), any version, read by `lxml`.

Names are matched without their version's namespace: 02 and 08 differ in a few depths only.
A document type, an entity or a text that is not UTF-8 or Latin is refused before parsing.
"""

import re
from datetime import date, datetime
from pathlib import Path

from lxml import etree

from maillage.core.bad_input import BadInput
from maillage.core.periods import PARIS
from maillage.core.sources.bank.statement import (
    MOST_NAME,
    MOST_REASON,
    MOST_REFERENCE,
    MOST_REMITTANCE,
    BankLine,
    Statement,
    named,
    proved,
    tidy,
)

MOST_BYTES = 5_000_000
# banks that give a moment give it in any zone: the day is that of their customers
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_READ_AS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"}
# ISO 20022 allows five decimals; euros have two
_AMOUNT = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,2}0{0,3})?")
# ISO 20022 says "none" so
_NO_REFERENCE = {"NOTPROVIDED", "NOT PROVIDED", "NONREF"}
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_WITHIN = ("ITBD",)
_SIGNS = {"CRDT": 1, "DBIT": -1}


def read(name: str, data: bytes) -> tuple[Statement, ...]:
    """The statements of a CAMT.053 file, each with the sum of its lines proved by its balances.

    Raises BadInput `bank_xml_unsafe`, `bank_xml_broken`, `bank_not_camt`, `bank_too_heavy`,
    `bank_not_euros`, `bank_amount`, `bank_line_without_date`, and those of `statement.proved`.
    """
    root = _parsed(name, data)
    message = _one(root, "BkToCstmrStmt")
    statements = [] if message is None else _all(message, "Stmt")
    if not statements:
        raise BadInput("bank_not_camt", path=Path(name))
    return named(proved(name, _Reader(name, node).statement()) for node in statements)


def _parsed(name: str, data: bytes) -> etree._Element:
    """The tree without namespaces; nothing that could open a file or grow reaches the parser."""
    path = Path(name)
    if len(data) > MOST_BYTES:
        raise BadInput("bank_too_heavy", path=path, most_mb=MOST_BYTES // 1_000_000)
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    encoding = declared[1].lower() if declared else b"utf-8"
    # in UTF-16 or UTF-7 a document type would not be seen
    if encoding not in _READ_AS or b"\0" in data or re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.I):
        raise BadInput("bank_xml_unsafe", path=path)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput("bank_xml_broken", path=path) from error
    for node in root.iter():
        node.tag = etree.QName(node).localname
    return root


class _Reader:
    """One statement: what it refuses names the file."""

    def __init__(self, name: str, node: etree._Element) -> None:
        self._path = Path(name)
        self._name = name
        self._node = node
        self._iban = _text(node, "Acct/Id/IBAN").replace(" ", "").upper()

    def statement(self) -> Statement:
        balances = self._balances()
        entries = _all(self._node, "Ntry")
        booked = [entry for entry in entries if _status(entry) == "BOOK"]
        lines = [line for entry in booked for line in self._lines(entry)]
        return Statement(
            account_iban=self._iban[:34],
            currency="EUR",
            opening_cents=_balance(balances, _OPENING, _WITHIN, first=True),
            closing_cents=_balance(balances, _CLOSING, _WITHIN, first=False),
            lines=tuple(lines),
            left_out=len(entries) - len(booked),
        )

    def _balances(self) -> list[tuple[str, int]]:
        """(code, signed cents), in the order of the file."""
        return [
            (_text(node, "Tp/CdOrPrtry/Cd"), self._signed(node)) for node in _all(self._node, "Bal")
        ]

    def _signed(self, node: etree._Element) -> int:
        """The amount of a balance or an entry, with its sign."""
        sign = _SIGNS.get(_text(node, "CdtDbtInd"))
        amount = _one(node, "Amt")
        if sign is None or amount is None:
            raise BadInput("bank_amount", path=self._path, value=_text(node, "Amt"))
        return sign * self._cents(amount)

    def _cents(self, amount: etree._Element) -> int:
        """Whole cents of euros; a part of a cent is refused."""
        if amount.get("Ccy") != "EUR":
            currency = tidy(amount.get("Ccy"), 3)
            raise BadInput("bank_not_euros", path=self._path, currency=currency)
        written = (amount.text or "").strip()
        if not _AMOUNT.fullmatch(written):
            raise BadInput("bank_amount", path=self._path, value=tidy(written, 40))
        whole, _, part = written.partition(".")
        return int(whole + part[:2].ljust(2, "0"))

    def _lines(self, entry: etree._Element) -> list[BankLine]:
        """The payments of an entry when the bank gives the amount of each, else the entry whole.

        What it details never changes what it books: parts that do not add up (fees kept by the
        bank, another currency) leave the entry whole.
        """
        whole = self._signed(entry)
        details = [tx for group in _all(entry, "NtryDtls") for tx in _all(group, "TxDtls")]
        if len(details) > 1:
            said = [self._part(tx, whole) for tx in details]
            parts = [part for part in said if part is not None]
            if len(parts) == len(details) and sum(parts) == whole:
                return [
                    self._line(entry, tx, part) for tx, part in zip(details, parts, strict=True)
                ]
        return [self._line(entry, details[0] if len(details) == 1 else None, whole)]

    def _part(self, tx: etree._Element, whole: int) -> int | None:
        """The signed amount of one payment of a batch; None when the bank does not say it."""
        amount = _one(tx, "Amt")
        if amount is None:
            amount = _one(tx, "AmtDtls/TxAmt/Amt")
        if amount is None or amount.get("Ccy") != "EUR":
            return None
        sign = _SIGNS.get(_text(tx, "CdtDbtInd"), 1 if whole >= 0 else -1)
        return sign * self._cents(amount)

    def _line(self, entry: etree._Element, tx: etree._Element | None, cents: int) -> BankLine:
        booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
        if booked_on is None:
            raise BadInput("bank_line_without_date", path=self._path)
        detail = entry if tx is None else tx
        reason = _text(detail, "RtrInf/Rsn/Cd") or _text(detail, "RtrInf/Rsn/Prtry")
        is_back = bool(reason) or _text(entry, "RvslInd").lower() in ("true", "1")
        name, iban = self._other(detail, is_debtor=(cents > 0) != is_back)
        return BankLine(
            entry_ref=tidy(
                _text(entry, "AcctSvcrRef") or _text(detail, "Refs/AcctSvcrRef"), MOST_REFERENCE
            ),
            booked_on=booked_on,
            value_on=_day(entry, "ValDt") or booked_on,
            amount_cents=cents,
            counterparty=name,
            counterparty_iban=iban,
            remittance=_remittance(entry, detail),
            end_to_end_id=_reference(detail, "Refs/EndToEndId"),
            mandate_id=_reference(detail, "Refs/MndtId"),
            return_reason=tidy(reason, MOST_REASON),
        )

    def _other(self, detail: etree._Element, *, is_debtor: bool) -> tuple[str, str]:
        """The name and the account of the other party.

        is_debtor  whether it is who pays; the other role is taken where this one is empty
        """
        for role in ("Dbtr", "Cdtr") if is_debtor else ("Cdtr", "Dbtr"):
            name = _text(detail, f"RltdPties/{role}/Nm") or _text(
                detail, f"RltdPties/{role}/Pty/Nm"
            )
            iban = _text(detail, f"RltdPties/{role}Acct/Id/IBAN").replace(" ", "").upper()
            if (name or iban) and iban != self._iban:
                return tidy(name, MOST_NAME), tidy(iban, 34)
        return "", ""


def _balance(
    balances: list[tuple[str, int]],
    codes: tuple[str, ...],
    pages: tuple[str, ...],
    *,
    first: bool,
) -> int | None:
    """The balance of one of the codes, else that of the page of a statement in several pages."""
    for wanted in (codes, pages):
        found = [cents for code, cents in balances if code in wanted]
        if found:
            return found[0 if first else -1]
    return None


def _status(entry: etree._Element) -> str:
    return _text(entry, "Sts/Cd") or _text(entry, "Sts")


def _remittance(entry: etree._Element, detail: etree._Element) -> str:
    """What was written, then the references of a structured remittance, else the bank's words."""
    written = [node.text for node in _all(detail, "RmtInf/Ustrd")]
    for path in (
        "RmtInf/Strd/CdtrRefInf/Ref",
        "RmtInf/Strd/RfrdDocInf/Nb",
        "RmtInf/Strd/AddtlRmtInf",
    ):
        written += [node.text for node in _all(detail, path)]
    said = tidy(" ".join(text for text in written if text), MOST_REMITTANCE)
    if said:
        return said
    own = _text(detail, "AddtlTxInf") or _text(entry, "AddtlNtryInf")
    return tidy(own or _text(detail, "RtrInf/AddtlInf"), MOST_REMITTANCE)


def _reference(detail: etree._Element, path: str) -> str:
    reference = tidy(_text(detail, path), MOST_REFERENCE)
    return "" if reference.upper() in _NO_REFERENCE else reference


def _day(node: etree._Element, path: str) -> date | None:
    """The day of a date, or of a moment as it is in France; None when it is not one."""
    on, at = _text(node, f"{path}/Dt"), _text(node, f"{path}/DtTm")
    try:
        if on:
            return date.fromisoformat(on[:10])
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment.astimezone(PARIS) if moment.tzinfo else moment).date()


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    return list(node.findall(path))


def _one(node: etree._Element, path: str) -> etree._Element | None:
    return node.find(path)


def _text(node: etree._Element, path: str) -> str:
    return str(node.findtext(path) or "").strip()
