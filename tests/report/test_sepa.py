"""Files for a bank: taken by their schema, without hostile text, equal for the same orders."""

import warnings
from dataclasses import replace
from datetime import date, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from maillage.core.bad_input import BadInput
from maillage.report import sepa
from maillage.report.sepa import Account, Debit, Message, SequenceType, Transfer, Version

AT = datetime(2026, 11, 2, 9, 30, 12, 345, tzinfo=ZoneInfo("Europe/Paris"))
OWN = Account("Association des lieux (fictif)", "FR7699999000010000000000115", "AGRIFRPP")
LEA = Account("Léa Morin (fictif)", "FR7699999000010000000000212", "SOGEFRPP")
NOE = Account("Noé Petit (fictif)", "FR7699999000010000000000309", "SOGEFRPPXXX")
ICS = "FR72ZZZ123456"
MESSAGE = Message("PRLV-2026-11-A", AT)
DAY = date(2026, 11, 16)


def debit(n=1, **more):
    order = Debit(
        f"FA-2026-{n:06d}",
        12345,
        LEA,
        f"RUM-{n}",
        date(2026, 1, 5),
        SequenceType.RECURRENT,
        DAY,
        "Facture d’octobre",
    )
    return replace(order, **more)


def transfer(n=1, **more):
    return replace(Transfer(f"REV-{n}", 5001, NOE, DAY, "Reversement du 3e trimestre"), **more)


def debits(*orders, message=MESSAGE, creditor=OWN):
    return sepa.debits(creditor, ICS, orders, message)


def transfers(*orders, message=MESSAGE):
    return sepa.transfers(OWN, orders, message)


def texts(data, name):
    return [node.text for node in etree.fromstring(data).iter(f"{{*}}{name}")]


def refused(make, *orders, **more):
    with pytest.raises(BadInput) as caught:
        make(*orders, **more)
    return caught.value.code


def takes(data):
    """Whether a second validator, not the one of the code, takes the file."""
    name = etree.QName(etree.fromstring(data)).namespace.rpartition(":")[2]
    path = resources.files("sepaxml") / "schemas" / f"{name}.xsd"
    return name, xmlschema.XMLSchema(str(path)).is_valid(data.decode())


@pytest.mark.parametrize(
    ("version", "names"),
    [
        (Version.OF_2009, ("pain.008.001.02", "pain.001.001.03")),
        (Version.OF_2019, ("pain.008.001.08", "pain.001.001.09")),
    ],
)
def test_both_messages_of_both_versions_are_taken_by_their_schema(version, names):
    message = replace(MESSAGE, version=version)
    files = (debits(debit(1), debit(2), message=message), transfers(transfer(), message=message))

    assert tuple(takes(data) for data in files) == tuple((name, True) for name in names)


def test_a_schema_can_refuse():
    data = debits(debit()).replace(b"<SeqTp>RCUR<", b"<SeqTp>RCCC<")

    assert takes(data) == ("pain.008.001.08", False)


def test_a_file_that_its_schema_refuses_is_never_given(monkeypatch):
    def spoilt(self, **how):
        return export(self, **how).replace(b"<SeqTp>RCUR<", b"<SeqTp>RCCC<")

    export = sepa.SepaDD.export
    monkeypatch.setattr(sepa.SepaDD, "export", spoilt)

    assert refused(debits, debit()) == "sepa_unfit"


def test_one_group_for_each_day_and_each_sequence_type_in_order():
    data = debits(
        debit(1, sequence=SequenceType.RECURRENT),
        debit(2, sequence=SequenceType.FIRST),
        debit(3, collect_on=date(2026, 11, 10)),
        debit(4, sequence=SequenceType.FIRST, amount_cents=5),
    )

    assert texts(data, "PmtInfId") == [f"PRLV-2026-11-A-00{n}" for n in (1, 2, 3)]
    assert texts(data, "ReqdColltnDt") == ["2026-11-10", "2026-11-16", "2026-11-16"]
    assert texts(data, "SeqTp") == ["RCUR", "FRST", "RCUR"]
    # of the message, then of each group
    assert texts(data, "NbOfTxs") == ["4", "1", "2", "1"]
    assert texts(data, "CtrlSum") == ["370.40", "123.45", "123.50", "123.45"]


def test_a_debit_says_its_mandate_and_its_creditor():
    data = debits(debit())

    assert texts(data, "MndtId") == ["RUM-1"]
    assert texts(data, "DtOfSgntr") == ["2026-01-05"]
    assert texts(data, "EndToEndId") == ["FA-2026-000001"]
    assert texts(data, "InstdAmt") == ["123.45"]
    assert texts(data, "IBAN") == [OWN.iban, LEA.iban]
    assert texts(data, "BICFI") == ["AGRIFRPP", "SOGEFRPP"]
    assert texts(data, "Ustrd") == ["Facture d'octobre"]
    assert texts(data, "CdtrSchmeId") == [None]
    assert texts(data, "Id").count(ICS) == 2


def test_the_same_orders_at_the_same_moment_give_the_same_bytes():
    assert debits(debit(2), debit(1)) == debits(debit(2), debit(1))
    assert transfers(transfer()) == transfers(transfer())
    assert texts(debits(debit()), "MsgId") == ["PRLV-2026-11-A"]
    assert texts(debits(debit()), "CreDtTm") == ["2026-11-02T09:30:12"]


def test_a_bank_code_that_nobody_gave_is_not_needed_but_by_the_older_debits():
    nameless = replace(LEA, bic="")
    old = replace(MESSAGE, version=Version.OF_2009)

    assert texts(debits(debit(debtor=nameless)), "Othr")
    assert "NOTPROVIDED" in texts(debits(debit(debtor=nameless)), "Id")
    assert refused(debits, debit(debtor=nameless), message=old) == "sepa_bic_unknown"
    known = replace(LEA, iban="FR7630006000011234567890189", bic="")
    assert texts(debits(debit(debtor=known), message=old), "BIC") == ["AGRIFRPP", "AGRIFRPPXXX"]
    assert takes(transfers(transfer(creditor=nameless)))[1]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Œuvre & Cie «\u00a0L’été\u00a0»", "OEuvre + Cie L'ete"),
        ("<script>alert(1)</script>", "script alert(1) /script"),
        ('x"/><Amt>9', "x / Amt 9"),
        ("A\nB\t\x07C", "A B C"),
        ("//Petit//", "Petit"),
        ("N" * 90, "N" * 70),
        ("Łódź Ørsted Straße", "Lodz Orsted Strasse"),
    ],
)
def test_a_name_is_written_in_the_letters_of_sepa(name, written):
    data = debits(debit(debtor=replace(LEA, name=name)))

    assert texts(data, "Nm")[-1] == written
    assert takes(data)[1]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount_cents": 0}, "sepa_amount"),
        ({"amount_cents": -5}, "sepa_amount"),
        ({"amount_cents": 100_000_000_000}, "sepa_amount"),
        ({"end_to_end_id": ""}, "sepa_reference"),
        ({"end_to_end_id": "A" * 36}, "sepa_reference"),
        ({"end_to_end_id": "/A"}, "sepa_reference"),
        ({"end_to_end_id": "A//B"}, "sepa_reference"),
        ({"end_to_end_id": "É-1"}, "sepa_reference"),
        ({"mandate_id": "A<B"}, "sepa_reference"),
        ({"debtor": replace(LEA, name="😀 —")}, "sepa_name_empty"),
        ({"debtor": replace(LEA, iban="SA0380000000608010167519")}, "sepa_elsewhere"),
        ({"debtor": replace(LEA, iban=LEA.iban[:-1] + "3")}, "identifier_key"),
        ({"debtor": replace(LEA, bic="AGRI")}, "bic_form"),
        ({"collect_on": date(2026, 11, 1)}, "sepa_day_past"),
        ({"signed_on": date(2026, 11, 17)}, "sepa_mandate_later"),
    ],
)
def test_what_a_bank_would_reject_is_refused_before(more, code):
    assert refused(debits, debit(1), debit(2, **more)) == code


def test_nothing_to_do_twins_and_a_message_without_a_fit_name_are_refused():
    assert refused(debits) == "sepa_nothing"
    assert refused(transfers) == "sepa_nothing"
    assert refused(debits, debit(1), debit(1)) == "sepa_twice"
    assert refused(transfers, transfer(), message=replace(MESSAGE, id="A" * 32)) == "sepa_reference"


def test_a_transfer_is_dated_and_to_the_cent():
    data = transfers(transfer(1), transfer(2, amount_cents=1), transfer(3, execute_on=AT.date()))

    assert texts(data, "InstdAmt") == ["50.01", "50.01", "0.01"]
    assert texts(data, "CtrlSum") == ["100.03", "50.01", "50.02"]
    assert [text for text in texts(data, "Dt") if text] == ["2026-11-02", "2026-11-16"]


@settings(max_examples=40, deadline=None)
@given(
    name=st.text(min_size=1, max_size=120),
    text=st.text(max_size=200),
    amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=4),
)
def test_any_name_and_text_give_a_file_whose_sum_is_right_or_a_refusal(name, text, amounts):
    orders = [
        transfer(n, amount_cents=cents, creditor=replace(NOE, name=name), text=text)
        for n, cents in enumerate(amounts)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if not any(letter.isalnum() for letter in sepa.written(name, 70)):
            assert refused(transfers, *orders) == "sepa_name_empty"
            return
        data = transfers(*orders)

    cents = sum(amounts)
    assert texts(data, "CtrlSum")[0] == f"{cents // 100}.{cents % 100:02d}"
