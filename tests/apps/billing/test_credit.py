"""Credit notes: the original rate, the reference, never more than what is left."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import billing, network_sites
from maillage.apps.billing import credit, issue
from maillage.apps.billing.credit import (
    MoreThanIsLeft,
    NotAnInvoice,
    NothingToGiveBack,
    WithoutReason,
)
from maillage.apps.billing.models import Document, InvoicedCharge
from maillage.apps.ledger.models import Charge
from maillage.kit import files
from maillage.report.e_invoice import check

pytestmark = pytest.mark.django_db
LATER = billing.AT + timedelta(days=2)
WHY = "Fermeture du lieu (fictif)"


def invoice_of(*lines, names_users=False):
    """An invoice of lines given as (cents, rate)."""
    body = network_sites.operator()
    billing.profile(body)
    make = billing.employer_payer if names_users else billing.firm_payer
    payer = make(body)
    for cents, rate in lines:
        billing.charged(payer, body, cents=cents, vat_rate_bp=rate)
    return issue.issue(body, payer, until=billing.UNTIL, by=None, at=billing.AT)[0]


def by_rate(document):
    return {(t.vat_rate_bp): (t.base_cents, t.tax_cents) for t in document.taxes.all()}


def test_a_whole_invoice_is_credited_at_its_rates_with_its_reference(journal):
    invoice = invoice_of((1_200, 2_000), (1_055, 550))
    note = credit.credit(invoice, None, WHY, by=None, at=LATER)
    assert (note.kind, note.number, note.corrects, note.reason) == (
        "credit_note", "AV-2027-000001", invoice, WHY,
    )  # fmt: skip
    assert by_rate(note) == by_rate(invoice)
    assert note.gross_cents == invoice.gross_cents
    written = files.read(note.folder, "factur-x.xml")
    assert check.faults(written) == ()
    assert invoice.number.encode() in written
    assert journal()[-1] == "billing.credit"


def test_the_ledger_gives_back_what_the_credit_note_says():
    invoice = invoice_of((1_200, 2_000))
    note = credit.credit(invoice, {1: 500}, WHY, by=None, at=LATER)
    back = Charge.objects.get(reverses__isnull=False)
    assert (back.amount_cents, back.vat_rate_bp, back.reverses.amount_cents) == (-500, 2_000, 1_200)
    assert back.label == "Avoir : Espace ouvert, Le Pressoir (fictif), demi-journée"
    assert InvoicedCharge.objects.get(charge=back).line.document == note
    assert note.gross_cents == 500


def test_two_parts_leave_nothing_at_any_rate():
    invoice = invoice_of((1_001, 2_000), (333, 550))
    first = credit.credit(invoice, {1: 700, 2: 111}, WHY, by=None, at=LATER)
    last = credit.credit(invoice, None, WHY, by=None, at=LATER)
    for rate, (base, tax) in by_rate(invoice).items():
        back = [by_rate(note)[rate] for note in (first, last)]
        assert (sum(b for b, _t in back), sum(t for _b, t in back)) == (base, tax)
    with pytest.raises(NothingToGiveBack, match="Rien à rendre sur FA-2027-000001"):
        credit.credit(invoice, None, WHY, by=None, at=LATER)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(
        st.tuples(st.integers(1, 99_999), st.sampled_from([2_000, 1_000, 550])),
        min_size=1, max_size=4,
    ),
    share=st.integers(1, 99),
)  # fmt: skip
def test_invoice_and_credit_notes_are_nothing_together_at_each_rate(lines, share):
    body = network_sites.operator()
    billing.profile(body)
    payer = billing.person_payer()
    for cents, rate in lines:
        billing.charged(payer, body, cents=cents, vat_rate_bp=rate)
    invoice = issue.issue(body, payer, until=billing.UNTIL, by=None, at=billing.AT)[0]
    assert invoice.gross_cents == sum(cents for cents, _rate in lines)
    part = {rank: cents * share // 100 for rank, (cents, _r) in enumerate(lines, 1)}
    if any(part.values()):
        credit.credit(invoice, part, WHY, by=None, at=LATER)
    credit.credit(invoice, None, WHY, by=None, at=LATER)
    left = by_rate(invoice)
    for note in invoice.credit_notes.all():
        for rate, (base, tax) in by_rate(note).items():
            left[rate] = (left[rate][0] - base, left[rate][1] - tax)
    assert set(left.values()) == {(0, 0)}


def test_more_than_is_left_is_refused_and_nothing_is_written():
    invoice = invoice_of((1_200, 2_000))
    credit.credit(invoice, {1: 500}, WHY, by=None, at=LATER)
    with pytest.raises(MoreThanIsLeft, match=r"Il ne reste que 7,00.€ à rendre sur la ligne 1"):
        credit.credit(invoice, {1: 701}, WHY, by=None, at=LATER)
    assert Document.objects.count() == 2
    assert Charge.objects.filter(reverses__isnull=False).count() == 1


def test_a_cancellation_and_a_credit_note_do_not_give_back_twice():
    body = network_sites.operator()
    invoice = invoice_of((1_200, 2_000))
    charge = Charge.objects.get()
    credit.credit(invoice, {1: 1_200}, WHY, by=None, at=LATER)
    assert billing.given_back(charge, at=LATER) == []
    payer = billing.Payer(invoice.payer_person_id, invoice.payer_organisation_id)
    assert issue.issue(body, payer, until=date(2027, 5, 1), by=None, at=LATER) == []


def test_an_employer_s_line_is_credited_person_by_person():
    body = network_sites.operator()
    billing.profile(body)
    payer = billing.employer_payer(body)
    ana = billing.people.person(name="Ana Fictive (fictif)")
    for _n in range(3):
        billing.charged(payer, body, user=ana, cents=800)
    invoice = issue.issue(body, payer, until=billing.UNTIL, by=None, at=billing.AT)[0]
    note = credit.credit(invoice, {1: 1_000}, WHY, by=None, at=LATER)
    (line,) = note.lines.all()
    assert (line.label, note.gross_cents) == (
        "Annulation : Ana Fictive (fictif) · 1,25 demi-journée", 1_000,
    )  # fmt: skip


def test_a_credit_note_is_not_credited():
    note = credit.credit(invoice_of((1_200, 2_000)), None, WHY, by=None, at=LATER)
    with pytest.raises(NotAnInvoice, match="AV-2027-000001 est un avoir"):
        credit.credit(note, None, WHY, by=None, at=LATER)


def test_a_credit_note_says_why():
    with pytest.raises(WithoutReason):
        credit.credit(invoice_of((1_200, 2_000)), None, " ", by=None, at=LATER)
