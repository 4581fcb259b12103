"""CSV exports of invented banks, in the dialects that French banks write."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.bad_input import BadInput
from maillage.core.sources import bank

OWN = "FR7699999000010000000000115"
SPACED = " ".join(OWN[n : n + 4] for n in range(0, len(OWN), 4))

# lines before the titles, debit and credit apart, cp1252, a label on two lines
TWO_COLUMNS = f"""Téléchargement du 02/11/2026;

Compte courant;IBAN {SPACED}
Solde au 31/10/2026 1\u00a0234,56 €

Date;Libellé;Débit euros;Crédit euros;
06/10/2026;"VIREMENT RECU
LÉA MORIN (FICTIF)";;1 240,00;
31/10/2026;FRAIS BANCAIRES;10,34;;
;;;;
""".encode("cp1252")

# signed debit and credit columns, several labels, BOM
SIGNED_COLUMNS = (
    "Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;"
    "Informations complementaires;Debit;Credit;Date operation;Date de valeur\n"
    "06/10/2026;MORIN LEA;VIR SEPA MORIN LEA;REF-1;FA-2026-000041;;+240,00;06/10/2026;07/10/2026\n"
    "09/10/2026;REJET;REJET;REF-2;;-60,00;;09/10/2026;09/10/2026\n"
).encode("utf-8-sig")

# one signed column, years of two figures, the latest first, the balance after each line
ONE_COLUMN = """Date;Date de valeur;Montant(EUROS);Libellé;Solde
31/10/26;31/10/26;-10,34;FRAIS;229,66
06/10/26;06/10/26;240,00;VIR MORIN;240,00
""".encode()

POINTED = b"dateOp,dateVal,label,amount\n2026-10-06,2026-10-07,VIR MORIN,240.50\n"


def read(data):
    (statement,) = bank.read("export.csv", data)
    return statement


def refused(data):
    with pytest.raises(BadInput) as caught:
        bank.read("export.csv", data)
    return caught.value


def told(statement):
    return [
        (line.booked_on.isoformat(), line.amount_cents, line.remittance) for line in statement.lines
    ]


def test_debit_and_credit_columns_are_one_signed_amount_and_the_account_is_found_above():
    found = read(TWO_COLUMNS)

    assert found.account_iban == OWN
    assert not found.is_proved
    assert told(found) == [
        ("2026-10-06", 124000, "VIREMENT RECU LÉA MORIN (FICTIF)"),
        ("2026-10-31", -1034, "FRAIS BANCAIRES"),
    ]


def test_a_debit_already_written_with_its_minus_stays_a_debit():
    found = read(SIGNED_COLUMNS)

    assert told(found) == [
        ("2026-10-06", 24000, "MORIN LEA VIR SEPA MORIN LEA FA-2026-000041"),
        ("2026-10-09", -6000, "REJET"),
    ]
    assert [line.entry_ref for line in found.lines] == ["REF-1", "REF-2"]
    assert found.lines[0].value_on == date(2026, 10, 7)


def test_a_balance_beside_each_line_proves_the_file_even_when_the_latest_comes_first():
    found = read(ONE_COLUMN)

    assert (found.opening_cents, found.closing_cents) == (0, 22966)
    assert told(found)[0] == ("2026-10-31", -1034, "FRAIS")


def test_a_line_taken_out_is_seen_by_the_balances():
    assert refused(ONE_COLUMN.replace(b"-10,34", b"-10,33")).code == "bank_running_balance"


def test_a_file_with_points_and_commas_between_cells_is_read():
    assert told(read(POINTED)) == [("2026-10-06", 24050, "VIR MORIN")]


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1 234,56", 123456),
        ("1\u202f234,5", 123450),
        ("\u2212 12,00 €", -1200),
        ("1.234.567,89", 123456789),
        ("+3", 300),
        ("12 EUR", 1200),
        ("0,00", 0),
        ("12.30", 1230),
    ],
)
def test_an_amount_is_read_as_the_french_write_it(written, cents):
    data = f"Date;Montant;Libellé\n01/10/2026;{written};A\n".encode()

    assert read(data).lines[0].amount_cents == cents


@pytest.mark.parametrize(
    ("cells", "code", "line"),
    [
        ("01/10/2026;;;A", "line_without_amount", 3),
        ("01/10/2026;1,00;2,00;A", "line_two_amounts", 3),
        ("01/10/2026;1,000;;A", "line_bad_amount", 3),
        ("01/10/2026;=1+1;;A", "line_bad_amount", 3),
        ("01/10/2026;;-5,00;A", "line_bad_amount", 3),
        ("31/02/2026;1,00;;A", "line_bad_date", 3),
        ("hier;1,00;;A", "line_bad_date", 3),
        (";1,00;;A", "line_bad_date", 3),
    ],
)
def test_a_cell_that_goes_wrong_is_told_with_its_line(cells, code, line):
    wrong = refused(f"Relevé\nDate;Débit;Crédit;Libellé\n{cells}\n".encode())

    assert (wrong.code, wrong.facts["line"]) == (code, line)


@pytest.mark.parametrize(
    "data",
    [
        b"a;b;c\n1;2;3\n",
        "Date;Libellé\n01/10/2026;A\n".encode(),
        b"Date;Montant\n01/10/2026;3,00\n",
        "Date;Débit;Libellé\n01/10/2026;3,00;A\n".encode(),
    ],
)
def test_a_table_without_the_columns_of_a_bank_is_refused(data):
    assert refused(data).code == "bank_csv_columns"


def test_another_currency_is_refused():
    data = "Date;Montant;Devise;Libellé\n01/10/2026;3,00;CHF;A\n".encode()

    assert refused(data).code == "bank_not_euros"


def test_an_empty_file_and_a_title_alone_are_refused():
    assert refused(b"").code == "file_empty"
    assert refused("Date;Montant;Libellé\n".encode()).code == "table_without_lines"


def test_two_exports_that_overlap_name_the_same_line_alike():
    whole, end = read(SIGNED_COLUMNS), SIGNED_COLUMNS.split(b"\n")
    part = read(b"\n".join([end[0], end[2], b""]))

    assert [line.key for line in part.lines] == [whole.lines[1].key]


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=8), st.booleans())
def test_what_is_exported_is_read_to_the_cent(amounts, is_latest_first):
    reached, rows = 0, []
    for n, cents in enumerate(amounts):
        reached += cents
        money = [
            f"{'-' if c < 0 else ''}{abs(c) // 100},{abs(c) % 100:02d}" for c in (cents, reached)
        ]
        rows.append(f"{n + 1:02d}/10/2026;{money[0]};L{n};{money[1]}")
    if is_latest_first:
        rows.reverse()

    found = read("\n".join(["Date;Montant;Libellé;Solde", *rows]).encode())

    in_time = found.lines[::-1] if is_latest_first else found.lines
    assert [line.amount_cents for line in in_time] == amounts
    assert sum(amounts) + (found.opening_cents or 0) == found.closing_cents
