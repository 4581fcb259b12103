"""CAMT.053 in two versions and two dialects: every field, to the cent, and what is refused."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from maillage.core.bad_input import BadInput
from maillage.core.sources import bank
from maillage.core.sources.bank import statement as statements

SAMPLES = Path(__file__).resolve().parents[3] / "reference" / "bank"
OWN = "FR7699999000010000000000115"
V02 = (SAMPLES / "camt053_02.xml").read_bytes()
V08 = (SAMPLES / "camt053_08.xml").read_bytes()


def only(data):
    (statement,) = bank.read("releve.xml", data)
    return statement


def refused(data):
    with pytest.raises(BadInput) as caught:
        bank.read("releve.xml", data)
    return caught.value.code


def entry(amount="10.00", sign="CRDT", inside="", on="2026-10-06"):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt>{inside}</Ntry>"
    )


def file_of(*entries, balances="", version="02"):
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<Stmt><Acct><Id><IBAN>{OWN}</IBAN></Id></Acct>{balances}{''.join(entries)}</Stmt>"
        "</BkToCstmrStmt></Document>"
    ).encode()


def balance(code, amount, sign="CRDT"):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd></Bal>'
    )


def told(line):
    return (line.amount_cents, line.counterparty, line.counterparty_iban, line.remittance)


def test_a_batch_of_debits_is_read_payment_by_payment():
    october = only(V02)

    assert (october.account_iban, october.currency) == (OWN, "EUR")
    assert (october.opening_cents, october.closing_cents) == (125040, 162007)
    assert october.is_proved
    assert [told(line) for line in october.lines[:3]] == [
        (10000, "Léa Morin (fictif)", OWN[:-3] + "212", "Facture FA-2026-000041"),
        (10001, "Noé Petit (fictif)", OWN[:-3] + "309", "Facture FA-2026-000042"),
        (10001, "Inès Roy (fictif)", "", ""),
    ]
    assert [line.mandate_id for line in october.lines[:3]] == ["RUM-0041", "RUM-0042", "RUM-0043"]
    assert {line.entry_ref for line in october.lines[:3]} == {"REM-778812"}
    assert {(line.booked_on, line.value_on) for line in october.lines[:3]} == {
        (date(2026, 10, 6), date(2026, 10, 7))
    }


def test_a_rejected_debit_names_who_did_not_pay_and_why():
    line = only(V02).lines[3]

    assert (line.amount_cents, line.counterparty, line.return_reason) == (
        -10001,
        "Noé Petit (fictif)",
        "AM04",
    )
    assert (line.end_to_end_id, line.mandate_id) == ("FA-2026-000042", "RUM-0042")


@pytest.mark.parametrize(
    ("sign", "more", "name"),
    [
        ("CRDT", "", "Payeur (fictif)"),
        ("DBIT", "", "Payé (fictif)"),
        ("DBIT", "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>", "Payeur (fictif)"),
        ("CRDT", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", "Payé (fictif)"),
    ],
)
def test_what_comes_back_names_the_party_of_the_way_out(sign, more, name):
    parties = "<Dbtr><Nm>Payeur (fictif)</Nm></Dbtr><Cdtr><Nm>Payé (fictif)</Nm></Cdtr>"
    tx = f"<TxDtls><RltdPties>{parties}</RltdPties>{more}</TxDtls>"

    read = only(file_of(entry(sign=sign, inside=f"<NtryDtls>{tx}</NtryDtls>")))

    assert read.lines[0].counterparty == name


def test_fees_without_detail_keep_the_words_of_the_bank():
    assert told(only(V02).lines[4]) == (-1034, "", "", "COTISATION COMPTE ET REJET DE PRELEVEMENT")


def test_a_structured_reference_is_read_after_the_free_text_and_no_reference_is_none():
    line = only(V02).lines[5]

    assert line.remittance == "LOYER OCTOBRE MERCI RF18539007547034"
    assert line.end_to_end_id == ""


def test_the_other_version_gives_the_same_things_from_other_depths():
    november = only(V08)

    assert (november.opening_cents, november.closing_cents) == (-2050, 9950)
    assert [
        (line.amount_cents, line.counterparty, line.remittance, line.return_reason)
        for line in november.lines
    ] == [
        (24000, "Mairie d’Ambre (fictif)", "FA-2026-000050", ""),
        (-6000, "Zoé Blanc (fictif)", "", "MD01"),
        (-6000, "Luc Noir (fictif)", "", "AC04"),
    ]


def test_what_is_not_booked_yet_is_left_out_and_counted():
    assert only(V08).left_out == 1


def test_a_moment_is_the_day_that_it_is_in_france():
    late = entry().replace("<Dt>2026-10-06</Dt>", "<DtTm>2026-10-06T22:30:00Z</DtTm>")

    assert only(file_of(late)).lines[0].booked_on == date(2026, 10, 7)


def test_several_statements_of_one_file_are_each_read_and_twins_stay_two():
    morning = file_of(entry(), balances=balance("OPBD", "0.00"))
    node = morning[morning.index(b"<Stmt>") : morning.index(b"</Stmt>") + len(b"</Stmt>")]
    evening = node.replace(b">0.00<", b">10.00<")

    read = bank.read("releve.xml", morning.replace(node, node + evening))

    assert [one.opening_cents for one in read] == [0, 1000]
    assert read[0].lines[0].key != read[1].lines[0].key


def test_a_statement_that_stands_twice_in_a_file_is_read_once():
    node = V02[V02.index(b"<Stmt>") : V02.index(b"</Stmt>") + len(b"</Stmt>")]

    assert only(V02.replace(node, node * 2)) == only(V02)


def test_the_balances_of_the_pages_of_a_statement_serve_where_the_others_are_not():
    pages = balance("OPBD", "5.00") + balance("ITBD", "15.00")

    assert only(file_of(entry(), balances=pages)).closing_cents == 1500


def test_a_statement_without_balance_is_read_and_said_unproved():
    read = only(file_of(entry()))

    assert (read.opening_cents, read.closing_cents, read.is_proved) == (None, None, False)


@pytest.mark.parametrize("cut", [b'<Amt Ccy="EUR">10.34</Amt>', b'<Amt Ccy="EUR">1250.40</Amt>'])
def test_lines_that_do_not_lead_from_one_balance_to_the_other_are_refused(cut):
    assert refused(V02.replace(cut, b'<Amt Ccy="EUR">10.33</Amt>')) == "bank_balances"


def test_details_that_do_not_add_up_leave_the_entry_whole():
    changed = V02.replace(b'<Amt Ccy="EUR">100.00</Amt>', b'<Amt Ccy="EUR">99.00</Amt>')

    first = only(changed).lines[0]

    assert (first.amount_cents, first.counterparty) == (30002, "")


def test_details_without_amounts_leave_the_entry_whole():
    tx = "<TxDtls><Refs><EndToEndId>A</EndToEndId></Refs></TxDtls>"

    read = only(file_of(entry(inside=f"<NtryDtls>{tx}{tx}</NtryDtls>")))

    assert [line.amount_cents for line in read.lines] == [1000]


def test_a_line_has_the_same_key_in_two_files_that_overlap_and_twins_have_their_own():
    twice = only(file_of(entry(), entry(), entry("7.00")))
    again = only(file_of(entry("3.00"), entry(), entry(), version="08"))

    keys = [line.key for line in twice.lines]
    assert len(set(keys)) == 3
    assert [line.key for line in again.lines[1:]] == keys[:2]


def test_the_key_of_a_line_changes_with_what_it_says():
    one = only(file_of(entry()))
    other = only(file_of(entry(inside="<AcctSvcrRef>X</AcctSvcrRef>")))

    assert one.lines[0].key != other.lines[0].key


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///CANARY">]>' + V02,
        V02.replace(b"<Document", b'<!DOCTYPE a [<!ENTITY x "CANARY">]><Document', 1),
        V02.replace(b"<Document", b'<!dOcTyPe a SYSTEM "http://x/y.dtd"><Document', 1),
        V02.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        V02.decode().replace("UTF-8", "UTF-7").encode("ascii", "xmlcharrefreplace"),
        V02.replace(b"UTF-8", b"IBM037"),
    ],
    ids=["before", "inside", "case", "utf-16", "utf-7", "ebcdic"],
)
def test_a_document_type_is_refused_before_the_parser_sees_the_file(data, monkeypatch):
    def opened(*_args, **_kwargs):
        pytest.fail("the parser saw the file")

    monkeypatch.setattr("maillage.core.sources.bank.camt.etree.fromstring", opened)

    assert refused(data) == "bank_xml_unsafe"


def test_the_parser_alone_opens_no_file_either(tmp_path):
    """The second lock: were the first removed, the canary would still not be read."""
    canary = tmp_path / "canary"
    canary.write_text("CANARY")
    bomb = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{canary.as_uri()}">]><Document>&x;</Document>'
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)

    assert "CANARY" not in "".join(etree.fromstring(bomb, parser).itertext())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<Document>", "bank_xml_broken"),
        (b"<html><body/></html>", "bank_not_camt"),
        (V02.replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt"), "bank_not_camt"),
        (b"%PDF-1.7 CANARY", "bank_is_pdf"),
        (V02.replace(b'"EUR">10.34', b'"CHF">10.34'), "bank_not_euros"),
        (V02.replace(b">10.34<", b">10.345<"), "bank_amount"),
        (V02.replace(b">10.34<", b">-10.34<"), "bank_amount"),
        (V02.replace(b">10.34<", b">1e3<"), "bank_amount"),
        (V02.replace(b">10.34<", b"><"), "bank_amount"),
        (V02.replace(b"<CdtDbtInd>DBIT<", b"<CdtDbtInd>BOTH<"), "bank_amount"),
        (file_of(entry(on="soon")), "bank_line_without_date"),
        (b"<" + b" " * 5_000_000, "bank_too_heavy"),
    ],
)
def test_each_fault_of_a_file_is_told_as_what_it_is(data, code):
    assert refused(data) == code


def test_a_file_of_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr(statements, "MOST_LINES", 2)

    assert refused(file_of(entry(), entry(), entry())) == "bank_too_many_lines"
    assert len(only(file_of(entry(), entry())).lines) == 2


def test_euros_may_be_written_with_more_zeros():
    assert only(file_of(entry("10.50000"), entry("3"), entry("0.1"))).lines[0].amount_cents == 1050
    assert [line.amount_cents for line in only(file_of(entry("3"), entry("0.1"))).lines] == [
        300,
        10,
    ]


def test_a_hostile_text_is_on_one_line_and_no_longer_than_its_place():
    text = "A\u202e&#10;" + "B" * 5000
    inside = f"<NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls>"

    said = only(file_of(entry(inside=inside))).lines[0].remittance

    assert said == "A " + "B" * 398


@given(
    opening=st.integers(-(10**6), 10**6),
    amounts=st.lists(st.integers(-(10**6), 10**6), max_size=8),
    wrong=st.integers(0, 3),
)
def test_balances_prove_every_cent(opening, amounts, wrong):
    def signed(cents):
        return f"{abs(cents) // 100}.{abs(cents) % 100:02d}", "DBIT" if cents < 0 else "CRDT"

    closing = opening + sum(amounts) + wrong
    balances = balance("OPBD", *signed(opening)) + balance("CLBD", *signed(closing))
    data = file_of(*(entry(*signed(cents)) for cents in amounts), balances=balances)

    if wrong:
        assert refused(data) == "bank_balances"
    else:
        assert [line.amount_cents for line in only(data).lines] == amounts


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_never_a_crash(data):
    for begin in (b"", b"<?xml version='1.0'?>", V02[:900]):
        try:
            named = [line.key for one in bank.read("releve", begin + data) for line in one.lines]
        except BadInput as refusal:
            named = [str(refusal.facts["path"])]
        assert len(named) == len(set(named))
