"""Tables for who keeps accounts: sums kept, formulas inert, what is missing said."""

import csv
import io
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import accounting
from maillage.core.accounting import Piece, Sold, Third
from maillage.core.bad_input import BadInput
from maillage.report import accounts_csv, files
from maillage.report.accounts_csv import Address, Deposit, RevenueOrder

PLAN = accounting.usual()
SHOP = Third("F3", "=CMD|'/C calc'!A0")
PIECE = Piece("FA-2026-000042", date(2026, 10, 31), "Facture d’octobre")
SALE = Sold(PIECE, Third("P12", "Léa Morin (fictif)"), (("services", 10000),), ((2000, 2000),))
TOWN = Address(
    "Mairie d’Ambre (fictif)", "210100079", "21010007900013", "1 place", "01004", "Ambre"
)


def order(**more):
    of = {
        "document": "FA-1",
        "issued_on": date(2026, 10, 31),
        "due_on": date(2026, 11, 30),
        "debtor": TOWN,
        "subject": "Salle du conseil",
        "net_cents": 10001,
        "tax_cents": 2000,
        "imputation": "752",
    }
    return RevenueOrder(**of | more)


def deposit(buyer=TOWN):
    on = date(2026, 10, 31)
    return Deposit("FA-1.pdf", "FA-1", on, buyer, "SRV", "ENG-9", 10001, 2000)


def as_excel(grid):
    text = files.grid_excel(grid).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def as_open(grid):
    return list(csv.reader(io.StringIO(files.grid_csv(grid).decode())))


def test_entries_are_lines_with_a_debit_or_a_credit():
    rows = as_open(accounts_csv.entries(accounting.sold(SALE, PLAN), PLAN.journals))

    assert rows[0][9:11] == ["debit_eur", "credit_eur"]
    assert [(row[4], row[6], row[9], row[10]) for row in rows[1:]] == [
        ("411000", "P12", "120.0", "0.0"),
        ("706000", "", "0.0", "100.0"),
        ("445710", "", "0.0", "20.0"),
    ]


def test_a_name_that_is_a_formula_runs_in_no_table():
    shares = accounting.host_share(PIECE, SHOP, 100, 20, PLAN)

    for rows in (
        as_open(accounts_csv.entries(shares, PLAN.journals)),
        as_excel(accounts_csv.entries(shares, PLAN.journals)),
        as_excel(accounts_csv.paheko(shares)),
        as_excel(accounts_csv.revenue_orders([order(subject="@SUM(1)", debtor=Address("+1"))])),
    ):
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if cell[:1] in "=+@" and cell] == []
    assert "'=CMD|'/C calc'!A0" in as_open(accounts_csv.entries(shares, PLAN.journals))[3]


def test_revenue_orders_are_numbered_and_their_total_is_to_the_cent():
    rows = as_excel(accounts_csv.revenue_orders([order(), order(document="FA-2", net_cents=2)]))

    assert [row[0] for row in rows] == ["N° d’ordre", "1", "2", "Total"]
    assert rows[1][1:] == [
        *("FA-1", "2026-10-31", "2026-11-30", "Mairie d’Ambre (fictif)", "210100079"),
        *("21010007900013", "1 place", "01004", "Ambre", "FR", "Salle du conseil", "752"),
        *("100,01", "20", "120,01"),
    ]
    assert rows[3][-3:] == ["100,03", "40", "140,03"]


def test_a_list_for_chorus_names_the_file_the_service_and_the_engagement():
    (titles, row) = as_excel(accounts_csv.chorus([deposit()]))

    assert dict(zip(titles, row, strict=True)) == {
        "Fichier": "FA-1.pdf",
        "Facture": "FA-1",
        "Date": "2026-10-31",
        "Débiteur": "Mairie d’Ambre (fictif)",
        "SIREN": "210100079",
        "SIRET": "21010007900013",
        "Adresse": "1 place",
        "Code postal": "01004",
        "Commune": "Ambre",
        "Pays": "FR",
        "Code service": "SRV",
        "N° d’engagement": "ENG-9",
        "Montant HT (€)": "100,01",
        "TVA (€)": "20",
        "Montant TTC (€)": "120,01",
    }


def test_a_buyer_without_siret_is_named_before_anything_is_deposited():
    with pytest.raises(BadInput) as caught:
        accounts_csv.chorus(
            [deposit(), deposit(Address("École (fictif)")), deposit(Address("École (fictif)"))]
        )

    assert (caught.value.code, caught.value.facts["names"]) == (
        "chorus_without_siret",
        ["École (fictif)"],
    )


def test_paheko_takes_a_line_for_each_debit_and_its_credit():
    rows = as_excel(accounts_csv.paheko(accounting.sold(SALE, PLAN)))

    head = ["", PIECE.label, "31/10/2026", "Léa Morin (fictif)", PIECE.reference, ""]
    assert rows[1:] == [
        [*head, "411000", "706000", "100"],
        [*head, "411000", "445710", "20"],
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(["services", "goods", "rents"]), st.integers(-5000, 5000)),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 999),
)
def test_pairs_move_what_the_entry_moves(bases, tax):
    for entry in accounting.sold(Sold(PIECE, SHOP, tuple(bases), ((2000, tax),)), PLAN):
        moved = Counter()
        for *_, debit, credit, cents in accounts_csv.paheko([entry]).rows:
            moved[debit.text] += round(cents.value * 100)
            moved[credit.text] -= round(cents.value * 100)
        expected = Counter()
        for one in entry.postings:
            expected[one.account.number] += one.debit_cents - one.credit_cents
        assert {k: v for k, v in moved.items() if v} == {k: v for k, v in expected.items() if v}
