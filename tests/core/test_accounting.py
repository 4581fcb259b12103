"""Double entry: what is sold, received, held and owed, to the cent."""

import tomllib
from dataclasses import replace
from datetime import date
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import accounting
from maillage.core.accounting import Match, Piece, Received, Sold, Third
from maillage.core.accounting.lettering import letters
from maillage.core.bad_input import BadInput

PLAN = accounting.usual()
LEA = Third("P12", "Léa Morin (fictif)")
SHOP = Third("F3", "Épicerie d’Ambre (fictif)")
INVOICE = Piece("FA-2026-000042", date(2026, 10, 31), "Facture d’octobre")
RECEIPT = Piece("R-17", date(2026, 11, 5), "Virement")
SALE = Sold(INVOICE, LEA, (("services", 10000), ("incidental", 250)), ((2000, 2000), (550, 14)))


def posted(entries):
    return [
        (one.account.number, one.debit_cents, one.credit_cents, one.third.code if one.third else "")
        for entry in entries
        for one in entry.postings
    ]


def is_balanced(entry):
    return entry.debit_cents == sum(one.credit_cents for one in entry.postings)


def test_an_invoice_owes_the_whole_and_sells_its_parts():
    entries = accounting.sold(SALE, PLAN)

    assert [(e.journal, e.on, e.piece) for e in entries] == [("VE", INVOICE.on, "FA-2026-000042")]
    assert posted(entries) == [
        ("411000", 12264, 0, "P12"),
        ("706000", 0, 10000, ""),
        ("708000", 0, 250, ""),
        ("445710", 0, 2014, ""),
    ]


def test_a_credit_note_is_the_invoice_turned_round():
    back = posted(accounting.sold(replace(SALE, is_credit_note=True), PLAN))

    assert back == [
        (n, credit, debit, who) for n, debit, credit, who in posted(accounting.sold(SALE, PLAN))
    ]


def test_a_line_that_gives_back_inside_an_invoice_is_a_debit_of_its_account():
    entries = accounting.sold(
        replace(SALE, bases=(("services", 100), ("rents", -40)), taxes=()), PLAN
    )

    assert posted(entries) == [
        ("411000", 60, 0, "P12"),
        ("706000", 0, 100, ""),
        ("708300", 40, 0, ""),
    ]


def test_a_document_of_zero_writes_nothing():
    assert accounting.sold(replace(SALE, bases=(("services", 0),), taxes=((2000, 0),)), PLAN) == ()


@pytest.mark.parametrize(
    ("means", "account", "journal"),
    [
        ("transfer", "512000", "BQ"),
        ("debit", "512000", "BQ"),
        ("mandate", "512000", "BQ"),
        ("cheque", "511200", "BQ"),
        ("card", "511500", "BQ"),
        ("online", "511500", "BQ"),
        ("local", "511800", "BQ"),
        ("crowdfunding", "467000", "BQ"),
        ("other", "511800", "BQ"),
        ("cash", "530000", "CA"),
    ],
)
def test_money_goes_where_its_means_sends_it(means, account, journal):
    (entry,) = accounting.received(Received(RECEIPT, LEA, 5000, means), PLAN)

    assert (entry.journal, posted([entry])) == (
        journal,
        [(account, 5000, 0, ""), ("411000", 0, 5000, "P12")],
    )


def test_every_kind_of_means_has_its_account():
    assert set(accounting.TREASURY.values()) <= set(PLAN.accounts)


def test_what_pays_nothing_yet_is_an_advance_then_pays():
    ahead = accounting.received(
        Received(RECEIPT, LEA, 5000, "transfer", ahead_cents=2000, account="512100"), PLAN
    )

    assert posted(ahead) == [
        ("512100", 5000, 0, ""),
        ("411000", 0, 3000, "P12"),
        ("419100", 0, 2000, "P12"),
    ]
    assert posted(accounting.applied(INVOICE, LEA, 2000, PLAN)) == [
        ("419100", 2000, 0, "P12"),
        ("411000", 0, 2000, "P12"),
    ]


def test_money_that_goes_back_is_the_entry_turned_round():
    back = accounting.received(Received(RECEIPT, LEA, -5000, "debit"), PLAN)

    assert posted(back) == [("512000", 0, 5000, ""), ("411000", 5000, 0, "P12")]


def test_a_deposit_is_owed_and_never_sold():
    assert posted(accounting.deposit(Received(RECEIPT, LEA, 30000, "cheque"), PLAN)) == [
        ("511200", 30000, 0, ""),
        ("165000", 0, 30000, "P12"),
    ]


def test_the_share_of_a_shop_is_a_cost_then_is_paid():
    assert posted(accounting.host_share(INVOICE, SHOP, 10000, 2000, PLAN)) == [
        ("622200", 10000, 0, ""),
        ("445660", 2000, 0, ""),
        ("401000", 0, 12000, "F3"),
    ]
    assert posted(accounting.host_paid(RECEIPT, SHOP, 12000, PLAN)) == [
        ("401000", 12000, 0, "F3"),
        ("512000", 0, 12000, ""),
    ]


def test_an_operator_gives_its_own_numbers_and_one_for_a_rate():
    own = PLAN.with_numbers({"services": " 706100 ", "vat_2000": "445712", "vat": "44587a"})

    assert [one[0] for one in posted(accounting.sold(SALE, own))] == [
        "411000",
        "706100",
        "708000",
        "445712",
        "44587A",
    ]
    assert posted(accounting.sold(SALE, PLAN))[1][0] == "706000"


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"nothing": "706000"}, "account_unknown"),
        ({"services": "70"}, "account_unfit"),
        ({"services": "512000"}, "account_unfit"),
        ({"services": "706\t00"}, "account_unfit"),
        ({"services": "7060000000000"}, "account_unfit"),
        ({"vat_2000": "706000"}, "account_unfit"),
    ],
)
def test_a_number_that_no_plan_has_is_refused(own, code):
    with pytest.raises(BadInput) as caught:
        PLAN.with_numbers(own)

    assert caught.value.code == code


def test_every_account_has_a_source_and_a_reason():
    text = resources.files(accounting).joinpath("plan.toml").read_text(encoding="utf-8")

    for key, entry in tomllib.loads(text)["accounts"].items():
        assert set(entry) == {"number", "label", "source", "why"}, key
        assert entry["why"].endswith("."), key


def test_lines_that_settle_each_other_share_letters_and_others_stay_open():
    paid = replace(
        SALE, piece=replace(INVOICE, reference="FA-1"), bases=(("services", 5000),), taxes=()
    )
    entries = [
        *accounting.sold(paid, PLAN),
        *accounting.sold(SALE, PLAN),
        *accounting.received(Received(RECEIPT, LEA, 5000, "transfer"), PLAN),
    ]
    matches = [
        Match("P12", frozenset({"FA-1", "R-17"}), RECEIPT.on),
        Match("P12", frozenset({"FA-2026-000042"}), RECEIPT.on),
    ]

    found = accounting.lettered(entries, matches, {"411000"})

    said = [
        (entry.piece, one.account.number, one.lettering, one.lettered_on)
        for entry in found
        for one in entry.postings
        if one.lettering
    ]
    assert said == [
        ("FA-1", "411000", "AAA", RECEIPT.on),
        ("R-17", "411000", "AAA", RECEIPT.on),
    ]


def test_letters_go_on_after_the_last():
    assert [letters(n) for n in (0, 1, 25, 26, 26**3 - 1, 26**3)] == [
        "AAA",
        "AAB",
        "AAZ",
        "ABA",
        "ZZZ",
        "BAAA",
    ]


CENTS = st.integers(-(10**9), 10**9)


@given(
    st.lists(st.tuples(st.sampled_from(["services", "goods", "rents"]), CENTS), max_size=6),
    st.lists(st.tuples(st.sampled_from([2000, 1000, 550]), CENTS), max_size=3),
    st.booleans(),
)
def test_any_document_balances_to_the_cent(bases, taxes, is_credit_note):
    sale = Sold(INVOICE, LEA, tuple(bases), tuple(taxes), is_credit_note)

    for entry in accounting.sold(sale, PLAN):
        assert is_balanced(entry)
        assert all((one.debit_cents > 0) != (one.credit_cents > 0) for one in entry.postings)


@given(CENTS, CENTS, st.sampled_from(sorted(accounting.TREASURY)))
def test_any_receipt_balances_to_the_cent(cents, ahead, means):
    receipt = Received(RECEIPT, LEA, cents, means, ahead_cents=ahead)

    assert all(map(is_balanced, accounting.received(receipt, PLAN)))
    assert all(map(is_balanced, accounting.deposit(receipt, PLAN)))
