"""Money that comes in: what it pays, what is too much, how it is undone."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from factories import billing, collecting, network_sites, people
from maillage.apps.billing.closed import MonthClosed
from maillage.apps.billing.models import ClosedMonth
from maillage.apps.collecting import (
    allocate,
    balance,
    receipt_chain,
    receive,
    refund,
    till,
    use_credit,
)
from maillage.apps.collecting import reverse as undo
from maillage.apps.collecting.models import Receipt
from maillage.apps.journal.models import Entry

pytestmark = pytest.mark.django_db
AT = collecting.AT
ON = collecting.ON
LATER = AT + timedelta(days=1)


@pytest.fixture
def treasurer():
    return people.person("Nora Trésorière (fictif)", "nora@exemple.invalid")


def owed(document):
    return balance.owed_cents([document])[document.pk]


def undoing(reason="Chèque sans provision", on=ON):
    return undo.Undoing(reason, on)


# --- what a receipt pays ---------------------------------------------------------------------


def test_money_pays_the_oldest_due_first():
    payer = billing.person_payer()
    late = collecting.owed(payer, 1_000, issued_on=date(2027, 4, 2))
    early = collecting.owed(payer, 700, issued_on=date(2027, 3, 2))
    other = collecting.owed(cents=900)

    collecting.receipt(late, 1_200, documents=())

    assert balance.owed_cents([early, late, other]) == {early.pk: 0, late.pk: 500, other.pk: 900}


def test_a_chosen_invoice_is_paid_before_older_ones():
    payer = billing.person_payer()
    early = collecting.owed(payer, 700, issued_on=date(2027, 3, 2))
    late = collecting.owed(payer, 1_000)

    collecting.receipt(late, 1_200)

    assert balance.owed_cents([early, late]) == {early.pk: 500, late.pk: 0}


def test_what_is_paid_too_much_becomes_an_avoir_that_pays_the_next_invoice():
    first = collecting.owed(cents=1_000)
    payer = balance.payer_of(first)
    collecting.receipt(first, 1_300)
    assert balance.credit_cents(first.operator, payer) == 300

    following = collecting.owed(payer, 800)
    assert use_credit.use_all(at=LATER) == 1

    assert owed(following) == 500
    assert balance.credit_cents(first.operator, payer) == 0
    assert use_credit.use_all(at=LATER) == 0


def test_an_avoir_of_one_operator_pays_nothing_at_another():
    first = collecting.owed(cents=1_000)
    collecting.receipt(first, 1_300)
    other = network_sites.operator("Autre opérateur (fictif)")
    theirs = collecting.owed(balance.payer_of(first), 800, other)

    use_credit.use_all(at=LATER)

    assert owed(theirs) == 800


def test_what_was_paid_when_sold_is_not_owed():
    document = collecting.owed(cents=1_000, paid_cents=400)
    assert owed(document) == 600


@pytest.mark.parametrize(("cents", "refusal"), [(0, receive.NothingReceived),
                                                (-5, receive.NothingReceived)])  # fmt: skip
def test_a_receipt_is_above_0(cents, refusal):
    document = collecting.owed()
    with pytest.raises(refusal):
        receive.receive(
            document.operator, receive.Money(balance.payer_of(document), "cash", cents, ON),
            by=None, at=AT,
        )  # fmt: skip
    assert not Receipt.objects.exists()


def test_money_is_not_received_tomorrow():
    with pytest.raises(receive.NotReceivedYet, match="21 avril 2027"):
        collecting.receipt(collecting.owed(), received_on=ON + timedelta(days=1))


def test_money_does_not_pay_the_invoice_of_somebody_else():
    document, other = collecting.owed(), collecting.owed()
    with pytest.raises(receive.OtherPayer, match=other.number):
        collecting.receipt(document, documents=(other,))
    assert not Receipt.objects.exists()


def test_an_unknown_means_is_refused():
    from maillage.apps.collecting.means_kept import UnknownMeans

    with pytest.raises(UnknownMeans):
        collecting.receipt(collecting.owed(), means="barter")


def test_a_local_currency_is_one_more_means(treasurer):
    from maillage.apps.collecting.means_kept import Choice, choices
    from maillage.apps.collecting.set_means import set_means

    document = collecting.owed()
    asked = Choice("gonette", "Gonette (fictif)", "local", "5121")
    set_means(document.operator, asked, by=treasurer.pk, at=AT)

    made = collecting.receipt(document, means="gonette")

    assert (made.means.kind, made.means.account) == ("local", "5121")
    assert choices(document.operator)[-1] == asked


def test_a_closed_month_receives_nothing(treasurer):
    document = collecting.owed()
    ClosedMonth.objects.create(
        operator=document.operator, month=date(2027, 3, 1), totals={}, hash=b"0" * 32,
        by=treasurer.pk, at=AT,
    )  # fmt: skip
    with pytest.raises(MonthClosed):
        collecting.receipt(document, received_on=date(2027, 3, 31))
    assert owed(document) == 1_200
    collecting.receipt(document, received_on=date(2027, 4, 1))
    assert owed(document) == 0


# --- by hand, undone --------------------------------------------------------------------------


def test_a_receipt_is_spread_by_hand_and_the_rest_is_an_avoir(treasurer):
    payer = billing.person_payer()
    first, second = collecting.owed(payer, 1_000), collecting.owed(payer, 1_000)
    made = collecting.receipt(first, 1_500)

    allocate.allocate(made, {second: 900, first: 200}, by=treasurer.pk, at=LATER)

    assert balance.owed_cents([first, second]) == {first.pk: 800, second.pk: 100}
    assert balance.credit_cents(first.operator, payer) == 400


@pytest.mark.parametrize(
    ("cents", "refusal"), [(1_100, allocate.MoreThanOwed), (1_000, allocate.MoreThanReceived)]
)
def test_parts_beyond_the_sum_or_the_invoice_are_refused_and_nothing_moves(
    treasurer, cents, refusal
):
    document = collecting.owed(cents=1_000)
    made = collecting.receipt(document, 600)
    with pytest.raises(refusal):
        allocate.allocate(made, {document: cents}, by=treasurer.pk, at=LATER)
    assert owed(document) == 400


def test_a_receipt_undone_is_owed_again_and_says_why(treasurer):
    document = collecting.owed(cents=1_000)
    made = collecting.receipt(document, 1_300)

    back = undo.reverse(made, undoing(), by=treasurer.pk, at=LATER)

    assert owed(document) == 1_000
    assert balance.credit_cents(document.operator, balance.payer_of(document)) == 0
    assert (back.amount_cents, back.reverses, back.n) == (-1_300, made, 2)
    assert list(Receipt.objects.standing()) == []
    line = Entry.objects.get(act="collecting.reverse")
    assert (line.actor_id, line.reason) == (treasurer.pk, "Chèque sans provision")


def test_a_receipt_is_undone_once(treasurer):
    made = collecting.receipt(collecting.owed())
    undo.reverse(made, undoing(), by=treasurer.pk, at=LATER)
    with pytest.raises(allocate.ReceiptUndone):
        undo.reverse(made, undoing(), by=treasurer.pk, at=LATER)
    with pytest.raises(allocate.ReceiptUndone):
        allocate.allocate(made, {}, by=treasurer.pk, at=LATER)


def test_undoing_says_why():
    made = collecting.receipt(collecting.owed())
    with pytest.raises(undo.NoReason):
        undo.reverse(made, undoing("  "), by=None, at=LATER)


def test_a_receipt_whose_avoir_was_used_is_not_undone_before_what_it_paid():
    document = collecting.owed(cents=1_000)
    made = collecting.receipt(document, 1_300)
    collecting.owed(balance.payer_of(document), 800)
    use_credit.use_all(at=LATER)
    with pytest.raises(allocate.CreditUsed):
        undo.reverse(made, undoing(), by=None, at=LATER)
    assert owed(document) == 0


# --- credit notes -----------------------------------------------------------------------------


def test_a_credit_note_lowers_what_is_owed():
    document = collecting.owed(cents=1_000)
    note = collecting.credited(document, 300)
    assert balance.owed_cents([document, note]) == {document.pk: 700, note.pk: 0}


def test_a_credit_note_on_a_paid_invoice_is_refunded(treasurer):
    document = collecting.owed(cents=1_000)
    collecting.receipt(document)
    collecting.credited(document, 300)
    assert owed(document) == -300

    made = refund.refund(
        document, refund.Refund("transfer", ON, "Avoir (fictif)"), by=treasurer.pk, at=LATER
    )

    assert (made.amount_cents, owed(document)) == (-300, 0)
    with pytest.raises(use_credit.NothingTooMuch):
        refund.refund(document, refund.Refund("cash", ON, "Encore"), by=treasurer.pk, at=LATER)


def test_or_kept_for_the_next_invoice(treasurer):
    document = collecting.owed(cents=1_000)
    payer = balance.payer_of(document)
    collecting.receipt(document)
    collecting.credited(document, 300)

    use_credit.keep_as_credit(document, by=treasurer.pk, at=LATER)

    assert (owed(document), balance.credit_cents(document.operator, payer)) == (0, 300)
    following = collecting.owed(payer, 200)
    use_credit.use_all(at=LATER)
    assert (owed(following), balance.credit_cents(document.operator, payer)) == (0, 100)


# --- the database, the chain, the counts ------------------------------------------------------


@pytest.mark.parametrize("table", ["receipt", "allocation"])
@pytest.mark.parametrize("act", ["UPDATE collecting_{} SET amount_cents = 1",
                                 "DELETE FROM collecting_{}"])  # fmt: skip
def test_money_received_is_never_changed(table, act):
    collecting.receipt(collecting.owed())
    with pytest.raises(DatabaseError, match="reversed"), transaction.atomic():
        connection.cursor().execute(act.format(table))


def test_receipts_follow_each_other_and_a_changed_one_shows():
    document = collecting.owed(cents=3_000)
    rows = [collecting.receipt(document, 1_000) for _ in range(3)]
    assert [row.n for row in rows] == [1, 2, 3]
    assert receipt_chain.broken(document.operator) == []
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE collecting_receipt SET amount_cents = 999 WHERE n = 2")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert receipt_chain.broken(document.operator) == [2]


def test_what_is_owed_is_read_in_one_query_whatever_their_number():
    documents = [collecting.owed() for _ in range(3)]
    for asked in (documents[:1], documents):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            balance.owed_cents(asked)
        assert len(seen) == 1


# --- the till ---------------------------------------------------------------------------------


def test_the_till_holds_no_more_cash_than_its_ceiling():
    body = network_sites.operator("CC du Pressoir (fictif)")
    billing.public(body, regie_ceiling_cents=2_000)
    first, second = (collecting.owed(cents=1_500, operator=body) for _ in range(2))
    collecting.receipt(first, means="cash")
    with pytest.raises(till.TillFull, match="30,00"):
        collecting.receipt(second, means="cash")
    collecting.receipt(second, means="cheque")
    assert till.cash_cents(body) == 1_500
    assert till.received_cents(body, ON) == {"cash": 1_500, "cheque": 1_500}
