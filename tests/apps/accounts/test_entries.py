"""Entries of the accounts: balanced, lettered, and a file of 18 columns that reads again."""

from datetime import UTC, date, datetime

import pytest

from factories import billing, bookings, collecting, contracts, network_sites, people, tariffs
from maillage.apps.accounts import entries
from maillage.apps.accounts.books import Span
from maillage.apps.accounts.export import CannotBeWritten, NotForThisBody, export
from maillage.apps.billing.issue import issue
from maillage.apps.bookings.pay import Paid, payment_arrived
from maillage.apps.bookings.reserve import Terms
from maillage.apps.contracts import deposit
from maillage.apps.journal.models import Entry as Line
from maillage.core import accounting
from maillage.report import fec

pytestmark = pytest.mark.django_db
YEAR = Span(date(2027, 1, 1), date(2027, 12, 31))
AT = datetime(2028, 1, 5, 8, tzinfo=UTC)


def found(body=None):
    operator = body or network_sites.operator()
    return entries.of_body(operator, YEAR.first, YEAR.last, accounting.usual())


def balances(body=None) -> dict[str, int]:
    """What is left on each account, debits less credits."""
    left: dict[str, int] = {}
    for entry in found(body):
        for one in entry.postings:
            number = one.account.number
            left[number] = left.get(number, 0) + one.debit_cents - one.credit_cents
    return {number: cents for number, cents in left.items() if cents}


def test_an_invoice_paid_by_transfer_leaves_the_money_the_sale_and_the_tax():
    document = billing.issued(cents=1_200)
    collecting.receipt(document)

    assert balances() == {"512000": 1_200, "706000": -1_000, "445710": -200}


def test_what_settles_an_invoice_carries_its_letters():
    paid, owed = billing.issued(cents=1_200), billing.issued(cents=2_400)
    collecting.receipt(paid)

    letters = {
        (entry.piece, one.lettering)
        for entry in found()
        for one in entry.postings
        if one.account.number == "411000"
    }
    assert letters == {(paid.number, "AAA"), ("ENC-000001", "AAA"), (owed.number, "")}


def test_money_that_pays_nothing_yet_is_held_ahead():
    document = billing.issued(cents=1_200)
    collecting.receipt(document, cents=2_000)

    assert balances()["419100"] == -800


def test_a_payment_before_the_invoice_is_ahead_until_it_is_issued():
    tariffs.voted()
    billing.profile()
    hold = bookings.booked(
        bookings.ask(network_sites.space()), terms=Terms(hold_for=bookings.HALF_AN_HOUR)
    )
    payment_arrived(Paid("essai", "evt_1", 4_000), hold, at=bookings.AT)
    assert balances() == {"511500": 4_000, "419100": -4_000}

    payer = billing.Payer(person_id=hold.person_id)
    issue(network_sites.operator(), payer, until=billing.UNTIL, by=None, at=billing.AT)
    assert balances() == {"511500": 4_000, "706000": -3_333, "445710": -667}


def test_a_late_payment_stays_owed_to_who_paid():
    tariffs.voted()
    billing.profile()
    hold = bookings.booked(
        bookings.ask(network_sites.space()), terms=Terms(hold_for=bookings.HALF_AN_HOUR)
    )
    payment_arrived(Paid("essai", "evt_1", 4_000), hold, at=bookings.AT + bookings.HALF_AN_HOUR)

    (entry,) = found()
    assert balances() == {"511500": 4_000, "419100": -4_000}
    assert {one.third.name for one in entry.postings if one.third} == {"Elise (fictif)"}


def test_a_deposit_is_held_and_never_a_sale():
    signed = contracts.signed(contracts.drafted())
    billing.profile(signed.operator)
    moved = deposit.Moved(12_000, contracts.AT.date(), "transfer")
    deposit.receive(signed, moved, by=None, at=contracts.AT)

    assert balances(signed.operator) == {"512000": 12_000, "165000": -12_000}


def test_the_file_of_18_columns_balances_and_reads_again_and_is_the_same_each_time():
    document = billing.issued(cents=1_200)
    collecting.receipt(document)
    made = export(network_sites.operator(), "fec", YEAR, by=None, at=AT)
    again = export(network_sites.operator(), "fec", YEAR, by=None, at=AT.replace(year=2031))

    lines = fec.read(made.content)
    assert sum(one.debit_cents for one in lines) == sum(one.credit_cents for one in lines) == 2_400
    assert made.rows == len(lines) == 5
    assert made.name == f"{billing.profile().siren}FEC20271231.txt"
    assert again.content == made.content


def test_a_file_that_would_not_balance_is_not_handed_over(monkeypatch):
    billing.issued(cents=1_200)
    whole = entries.of_body

    def cut(*args):
        first, *rest = whole(*args)
        return [accounting.Entry(**{**vars(first), "postings": first.postings[:-1]}), *rest]

    monkeypatch.setattr(entries, "of_body", cut)

    with pytest.raises(CannotBeWritten):
        export(network_sites.operator(), "fec", YEAR, by=None, at=AT)
    assert not Line.objects.filter(act="accounts.export").exists()


def test_a_period_without_entry_has_no_file_of_entries_and_says_so():
    billing.profile()

    with pytest.raises(CannotBeWritten):
        export(network_sites.operator(), "fec", YEAR, by=None, at=AT)


def test_a_public_body_has_no_such_file_and_the_reason_is_said():
    body = people.organisation("CC Fictive")
    billing.public(body)

    with pytest.raises(NotForThisBody, match="comptable public"):
        export(body, "fec", YEAR, by=None, at=AT)
    titles = export(body, "titres", YEAR, by=None, at=AT)
    assert titles.rows == 0
    billing.profile()
    with pytest.raises(NotForThisBody, match="Seule une collectivité"):
        export(network_sites.operator(), "titres", YEAR, by=None, at=AT)


def test_the_list_of_titles_says_who_owes_what():
    body = people.organisation("CC Fictive")
    billing.public(body)
    document = billing.issued(body, cents=1_200)
    content = export(body, "titres", YEAR, by=None, at=AT).content.decode()

    assert document.number in content
    assert "10.0,2.0,12.0" in content


@pytest.mark.parametrize("key", ["ecritures", "ecritures-excel", "paheko", "encaissements"])
def test_every_file_is_written_with_its_lines(key):
    document = billing.issued(cents=1_200)
    collecting.receipt(document)

    made = export(network_sites.operator(), key, YEAR, by=None, at=AT)

    assert made.rows == {"ecritures": 5, "ecritures-excel": 5, "paheko": 3, "encaissements": 1}[key]
