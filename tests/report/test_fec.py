"""The accounting file: 18 columns, balanced, without gap, read again before it is handed over."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import accounting
from maillage.core.accounting import Match, Piece, Received, Sold, Third
from maillage.core.bad_input import BadInput
from maillage.report import fec

PLAN = accounting.usual()
SIREN = "732829320"
CLOSES = date(2026, 12, 31)
VALID = date(2026, 11, 10)
LEA = Third("P12", "Léa Morin (fictif)")
INVOICE = Piece("FA-2026-000042", date(2026, 10, 31), "Facture d’octobre")
RECEIPT = Piece("R-17", date(2026, 11, 5), "Virement")
SALE = Sold(INVOICE, LEA, (("services", 10000),), ((2000, 2000),))

GOLDEN = """\
JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\
\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\
\tIdevise
VE\tJournal des ventes\t1\t20261031\t411000\tClients\tP12\tLéa Morin (fictif)\tFA-2026-000042\
\t20261031\tFacture d'octobre\t120,00\t0,00\tAAA\t20261105\t20261110\t\t
VE\tJournal des ventes\t1\t20261031\t706000\tPrestations de services\t\t\tFA-2026-000042\
\t20261031\tFacture d'octobre\t0,00\t100,00\t\t\t20261110\t\t
VE\tJournal des ventes\t1\t20261031\t445710\tTVA collectée\t\t\tFA-2026-000042\
\t20261031\tFacture d'octobre\t0,00\t20,00\t\t\t20261110\t\t
BQ\tJournal de banque\t2\t20261105\t512000\tBanques\t\t\tR-17\t20261105\tVirement\t120,00\t0,00\
\t\t\t20261110\t\t
BQ\tJournal de banque\t2\t20261105\t411000\tClients\tP12\tLéa Morin (fictif)\tR-17\t20261105\
\tVirement\t0,00\t120,00\tAAA\t20261105\t20261110\t\t
"""


def entries():
    made = [
        *accounting.received(Received(RECEIPT, LEA, 12000, "transfer"), PLAN),
        *accounting.sold(SALE, PLAN),
    ]
    match = Match("P12", frozenset({"FA-2026-000042", "R-17"}), RECEIPT.on)
    return accounting.lettered(made, [match], {"411000"})


def written(found=None):
    return fec.write(SIREN, CLOSES, entries() if found is None else found, PLAN, validated_on=VALID)


def refused(content):
    with pytest.raises(BadInput) as caught:
        fec.read(content)
    return caught.value.code


def test_the_file_is_the_golden_one_to_the_byte():
    file = written()

    assert file.name == "732829320FEC20261231.txt"
    assert file.content.decode("iso8859-15") == GOLDEN.replace("\n", "\r\n")


def test_what_was_written_is_counted_from_the_file_itself():
    file = written()

    assert (file.entries, file.lines, file.debit_cents) == (2, 5, 24000)
    assert (file.first, file.last) == (date(2026, 10, 31), date(2026, 11, 5))
    assert file.by_journal == (
        ("BQ", "Journal de banque", 1, 12000),
        ("VE", "Journal des ventes", 1, 12000),
    )


def test_the_page_beside_it_says_that_it_is_partial_and_names_its_fingerprint():
    file = written()
    words = fec.companion(
        file, "Association des lieux (fictif)", at=datetime(2026, 11, 12, tzinfo=UTC)
    )

    assert words.startswith("Journal des ventes partiel (format FEC)\nAssociation des lieux")
    assert "mais il est partiel" in words
    assert hashlib.sha256(file.content).hexdigest() in words
    assert "  VE  Journal des ventes : 1 écriture, 120" in words


def test_a_label_cannot_make_a_column_nor_a_line_and_keeps_to_the_letters_of_the_file():
    hostile = Third("P\t9", "A\uff5cB\r\nC\tD\x00 \u202e Łukasz 日本 œ€")
    piece = replace(INVOICE, label="\t\n|", reference="FA|\t1")

    (sale,) = accounting.sold(
        replace(SALE, payer=hostile, piece=replace(piece, label="x" * 300)), PLAN
    )
    line = fec.read(written([sale]).content)[0].texts

    assert (line["CompAuxNum"], line["PieceRef"]) == ("P 9", "FA 1")
    assert line["CompAuxLib"] == "A B C D Lukasz Ri Ben œ€"
    assert len(line["EcritureLib"]) == 200


def test_a_label_of_nothing_is_refused_rather_than_left_empty():
    (sale,) = accounting.sold(replace(SALE, piece=replace(INVOICE, label="\t")), PLAN)

    with pytest.raises(BadInput) as caught:
        written([sale])

    assert (caught.value.code, caught.value.facts["column"]) == ("fec_line", "EcritureLib")


def test_an_entry_of_a_later_day_is_not_valid_before_it_is_made():
    late = [replace(entry, on=date(2026, 12, 1)) for entry in entries()]

    assert {line.texts["ValidDate"] for line in fec.read(written(late).content)} == {"20261201"}


def test_nothing_is_no_file():
    with pytest.raises(BadInput) as caught:
        written([])

    assert caught.value.code == "fec_empty"


def test_the_name_needs_a_siren():
    with pytest.raises(BadInput) as caught:
        fec.write("732829321", CLOSES, entries(), PLAN, validated_on=VALID)

    assert caught.value.code == "identifier_key"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("Debit\tCredit", "Credit\tDebit", "fec_columns"),
        ("Idevise", "Idevise\tPlus", "fec_columns"),
        ("100,00", "100,01", "fec_unbalanced"),
        ("100,00", "100.00", "fec_line"),
        ("100,00", "-100,00", "fec_line"),
        ("\t0,00\t100,00\t", "\t5,00\t105,00\t", "fec_line"),
        ("\t0,00\t100,00\t", "\t0,00\t0,00\t", "fec_line"),
        ("20261031\t706000", "20261032\t706000", "fec_line"),
        ("20261031\t706000", "31/10/26\t706000", "fec_line"),
        ("\t706000\t", "\tSERVICES\t", "fec_line"),
        ("\t706000\t", "\t\t", "fec_line"),
        ("Prestations de services", "Prestations\tde services", "fec_line"),
        ("AAA\t20261105\t20261110", "AAA\t\t20261110", "fec_line"),
        ("Journal de banque\t2", "Journal de banque\t3", "fec_number"),
        ("2\t20261105", "2\t20261001", "fec_number"),
        ("1\t20261031\t445710", "1\t20261030\t445710", "fec_number"),
        ("VE\tJournal des ventes\t1\t20261031\t445710", "OD\tX\t1\t20261031\t445710", "fec_number"),
    ],
)
def test_a_file_that_was_changed_is_refused(before, after, code):
    text = written().content.decode("iso8859-15")
    assert before in text

    assert refused(text.replace(before, after).encode("iso8859-15")) == code


def test_a_file_that_was_cut_is_refused():
    content = written().content

    assert refused(content[:-2]) == "fec_columns"
    assert refused(content[: content.rindex(b"BQ\t")]) == "fec_unbalanced"
    assert refused(content[: content.index(b"\n") + 1]) == "fec_empty"


@given(
    st.lists(
        st.tuples(
            st.dates(date(2026, 1, 1), CLOSES),
            st.integers(-(10**9), 10**9),
            st.integers(0, 10**8),
            st.text(max_size=30),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_written_is_read_again_balanced_and_in_order(sales):
    made = [
        entry
        for n, (on, base, tax, name) in enumerate(sales)
        for entry in accounting.sold(
            Sold(
                Piece(f"FA-{n}", on, f"Facture {n}"),
                Third(f"P{n}", name),
                (("services", base),),
                ((2000, tax),),
            ),
            PLAN,
        )
    ]
    if not made:
        return

    file = written(made)
    lines = fec.read(file.content)

    assert file.debit_cents == sum(entry.debit_cents for entry in made)
    assert file.debit_cents == sum(line.credit_cents for line in lines)
    numbers = [int(line.texts["EcritureNum"]) for line in lines]
    assert sorted(set(numbers)) == list(range(1, len(made) + 1))
    assert [line.texts["EcritureDate"] for line in lines] == sorted(
        line.texts["EcritureDate"] for line in lines
    )
