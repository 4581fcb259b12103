"""The acceptance scenarios of money, by the verbs that people use: from a sale to its documents."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest

from factories import billing, members, network_sites, tariffs
from factories.bookings import AT, HALF_AN_HOUR, ask, booked, booker, desk, someone, taken
from maillage.apps.accounts.books import Span
from maillage.apps.accounts.export import export
from maillage.apps.billing import run
from maillage.apps.billing.issue import issue
from maillage.apps.billing.models import Document, DocumentKind, Outcome, RunState
from maillage.apps.bookings.blocks import Keeping, keep, release_unused
from maillage.apps.bookings.cancel import TooLateToCancel, cancel
from maillage.apps.bookings.expire import expire
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.pay import Paid, payment_arrived
from maillage.apps.bookings.reserve import NoSeatLeft, Terms
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge, Credit
from maillage.apps.memberships.employer import EmployerQuotaSpent
from maillage.apps.tariffs.keep_list import Asked, Resource, write_prices
from maillage.apps.tariffs.keep_list import Terms as PriceTerms
from maillage.apps.tariffs.vote import vote
from maillage.kit import files
from maillage.report import fec
from maillage.report.e_invoice import check

pytestmark = pytest.mark.django_db
PARIS = network_sites.PARIS
MARCH = date(2027, 3, 1)
UNTIL = date(2027, 4, 1)
MONTH_END = datetime(2027, 4, 1, 8, tzinfo=UTC)


def invoiced(payer: Payer, until: date = UNTIL, at: datetime = MONTH_END) -> list[Document]:
    """What the operator of the invented sites owes a payer in documents."""
    return issue(network_sites.operator(), payer, until=until, by=None, at=at)


def of(who) -> Payer:
    return Payer(person_id=who.pk)


def words(document: Document) -> str:
    """What the PDF of a document says."""
    content = files.read(document.folder, document.files[0]["name"])
    pages = pypdfium2.PdfDocument(content)
    return " ".join(page.get_textpage().get_text_range() for page in pages).replace("\xa0", " ")


def by_rate(document: Document) -> dict[int, tuple[int, int]]:
    return {t.vat_rate_bp: (t.base_cents, t.tax_cents) for t in document.taxes.all()}


# --- 3. hold and payment --------------------------------------------------------------------


def test_3_money_that_comes_after_the_hold_is_an_avoir_and_never_a_second_booking():
    tariffs.voted()
    billing.profile()
    room = network_sites.space()
    hold = booked(ask(room), terms=Terms(hold_for=HALF_AN_HOUR))
    late = AT + HALF_AN_HOUR
    expire(at=late)
    other = booked(ask(room), booker("yanis"), at=late)

    payment_arrived(Paid("essai", "evt_1", 4_000), hold, at=late)

    credit = Credit.objects.get()
    assert (credit.amount_cents, credit.payer_person_id) == (4_000, hold.person_id)
    assert {one[2] for one in taken(room)} == {other.pk}
    # nothing was sold to her: nothing is invoiced; who has the room has his invoice
    assert invoiced(of(someone("elise"))) == []
    (document,) = invoiced(of(someone("yanis")))
    assert (document.gross_cents, document.paid_cents) == (4_000, 0)


def test_3_money_that_comes_in_time_is_on_the_invoice_as_paid():
    tariffs.voted()
    billing.profile()
    hold = booked(ask(network_sites.space()), terms=Terms(hold_for=HALF_AN_HOUR))

    payment_arrived(Paid("essai", "evt_1", 4_000), hold, at=AT)

    (document,) = invoiced(of(someone("elise")))
    assert (document.gross_cents, document.paid_cents) == (4_000, 4_000)
    assert not Credit.objects.exists()


# --- 10. employer ---------------------------------------------------------------------------


def test_10_an_employer_has_one_invoice_with_the_detail_per_person_and_nothing_more():
    tariffs.voted()
    billing.profile()
    firm = members.firm()
    payer = billing.employer_payer()
    place = network_sites.site("La Verrerie secrète (fictif)")
    desks = network_sites.open_space(place, seats=6)
    names = ("alba", "bruno", "chloe", "denis")
    for rank, name in enumerate(names):
        who = someone(name)
        members.authorised(firm, who, half_days=2)
        for day in range(1 + (rank == 0)):
            on = network_sites.TOMORROW + timedelta(days=day)
            booked(desk(desks, network_sites.slot(on)), booker(who, payer_organisation_id=firm.pk))
    once_more = desk(desks, network_sites.slot(network_sites.TOMORROW + timedelta(days=4)))
    with pytest.raises(EmployerQuotaSpent):
        booked(once_more, booker("alba", payer_organisation_id=firm.pk))

    (document,) = invoiced(payer)

    assert Document.objects.count() == 1
    assert document.gross_cents == 5 * 500
    lines = [line.label for line in document.lines.order_by("rank")]
    assert [line.replace("\u00a0", " ") for line in lines] == [
        "Alba (fictif) · 2 demi-journées",
        "Bruno (fictif) · 1 demi-journée",
        "Chloe (fictif) · 1 demi-journée",
        "Denis (fictif) · 1 demi-journée",
    ]
    said = words(document)
    assert all(f"{name.capitalize()} (fictif)" in said for name in names)
    # neither where nor which day somebody worked
    assert "Verrerie" not in said
    assert "18 mars" not in said


def test_10_a_seat_that_the_employer_does_not_use_is_everybodys_the_evening_before():
    tariffs.voted()
    desks = network_sites.open_space(network_sites.site(), seats=1)
    firm = members.firm()
    day = network_sites.TOMORROW
    keep(
        desks.seats.get(),
        Keeping(Holder(organisation_id=firm.pk), frozenset(range(5)), day, day, 360),
        by=None,
        at=AT,
    )
    with pytest.raises(NoSeatLeft):
        booked(desk(desks), booker("yanis"))

    evening = datetime(day.year, day.month, day.day, tzinfo=PARIS) - timedelta(hours=6)
    assert release_unused(at=evening) == 1

    assert booked(desk(desks), booker("yanis"), at=evening).pk


# --- 13. cancellation policy ----------------------------------------------------------------


@pytest.mark.parametrize(("rate_bp", "net", "tax"), [(2_000, 3_333, 667), (550, 3_791, 209)])
def test_13_a_cancellation_after_the_invoice_is_a_credit_note_at_the_rate_of_the_invoice(
    rate_bp, net, tax
):
    listed = tariffs.empty()
    write_prices(
        listed, Resource("meeting_room"), [Asked("half_day", "public", 4_000)],
        PriceTerms(rate_bp), version=None, by=None, at=AT,
    )  # fmt: skip
    listed.refresh_from_db()
    vote(listed, "2026-12-10-07 (fictif)", tariffs.VOTED_ON, by=None, at=AT)
    billing.profile()
    room = network_sites.space(free_cancel_min=24 * 60)
    booking = booked(ask(room))
    deadline = network_sites.slot().begins - timedelta(hours=24)
    assert booking.free_until == deadline
    (invoice,) = invoiced(of(booking.person), until=date(2027, 3, 19), at=AT)

    with pytest.raises(TooLateToCancel, match="17 mars 2027 à 9"):
        cancel(booking, by=booking.person_id, at=deadline + timedelta(minutes=1))
    cancel(booking, by=booking.person_id, at=deadline)
    (note,) = invoiced(of(booking.person), until=date(2027, 3, 19), at=deadline)

    assert by_rate(invoice) == by_rate(note) == {rate_bp: (net, tax)}
    assert (note.kind, note.corrects_id, note.gross_cents) == (
        DocumentKind.CREDIT_NOTE,
        invoice.pk,
        4_000,
    )
    assert invoice.number in words(note)
    assert invoiced(of(booking.person), until=date(2027, 3, 19), at=deadline) == []


# --- 15. invoices ---------------------------------------------------------------------------


def sold_to(count: int) -> list[Payer]:
    """People to whom something was sold in March, all different."""
    payers = [billing.person_payer(f"Personne {n} (fictif)") for n in range(count)]
    for n, payer in enumerate(payers):
        billing.charged(payer, cents=1_200 + 7 * n)
    return payers


def carried(body=None, at: datetime = MONTH_END):
    """A run of March, carried to its end."""
    row = run.start(body or network_sites.operator(), MARCH, by=None, at=at)
    run.carry_out(row.pk, lambda: at)
    row.refresh_from_db()
    return row


def outcomes(row) -> Counter[str]:
    return Counter(row.items.values_list("outcome", flat=True))


def test_15_sixty_members_invoiced_twice_in_a_row_have_the_same_sixty_invoices():
    billing.profile()
    sold_to(60)

    first = carried()
    known = list(Document.objects.order_by("n").values_list("number", "gross_cents", "hash"))
    again = carried()

    assert first.state == again.state == RunState.DONE
    assert outcomes(first) == {Outcome.ISSUED: 60}
    assert outcomes(again) == {}
    assert list(Document.objects.order_by("n").values_list("number", "gross_cents", "hash")) == (
        known
    )
    assert list(Document.objects.order_by("n").values_list("n", flat=True)) == [*range(1, 61)]
    assert sum(gross for _number, gross, _hash in known) == sum(1_200 + 7 * n for n in range(60))
    xml = files.read(*_xml_of(Document.objects.order_by("n").last()))
    assert check.faults(xml) == ()
    april = Span(date(2027, 4, 1), date(2027, 4, 30))
    made = export(network_sites.operator(), "fec", april, by=None, at=MONTH_END)
    lines = fec.read(made.content)
    owed = [one for one in lines if one.texts["CompteNum"] == "411000"]
    assert len(owed) == 60
    assert sum(one.debit_cents for one in owed) == sum(gross for _number, gross, _hash in known)
    assert sum(one.debit_cents - one.credit_cents for one in lines) == 0


def _xml_of(document: Document) -> tuple[str, str]:
    return document.folder, next(f["name"] for f in document.files if f["name"].endswith(".xml"))


def test_15_an_invoice_that_cannot_be_built_is_shown_and_takes_no_number(monkeypatch):
    billing.profile()
    payers = sold_to(3)
    from maillage.report.e_invoice import pdf

    whole = pdf.invoice_pdf

    def broken(press, document, xml, *, at):
        if document.buyer.name == "Personne 1 (fictif)":
            from maillage.report.typeset import TypesetError

            raise TypesetError("épreuve : la mise en page échoue")
        return whole(press, document, xml, at=at)

    monkeypatch.setattr(pdf, "invoice_pdf", broken)
    row = carried()

    assert outcomes(row) == {Outcome.ISSUED: 2, Outcome.FAILED: 1}
    failed = row.items.get(outcome=Outcome.FAILED)
    assert failed.payer_person_id == payers[1].person_id
    assert "Facture non émise pour Personne 1 (fictif)" in failed.why
    assert list(Document.objects.order_by("n").values_list("n", flat=True)) == [1, 2]

    monkeypatch.undo()
    run.resume(row, by=None, at=MONTH_END)
    run.carry_out(row.pk, lambda: MONTH_END)
    assert list(Document.objects.order_by("n").values_list("n", flat=True)) == [1, 2, 3]


# --- SC4. two free years --------------------------------------------------------------------


def test_sc4_two_free_years_make_lines_at_0_and_not_missing_lines():
    listed = tariffs.empty(starts_on=date(2027, 1, 1))
    write_prices(
        listed,
        Resource("open_space"),
        [Asked("half_day", "public", 1_000, free_until=date(2028, 12, 31))],
        PriceTerms(2_000, free_reason="Nouvel arrivant formé, deux ans (fictif)"),
        version=None,
        by=None,
        at=AT,
    )
    listed.refresh_from_db()
    vote(listed, "2026-12-10-07 (fictif)", tariffs.VOTED_ON, by=None, at=AT)
    billing.profile()
    desks = network_sites.open_space()
    booking = booked(desk(desks))
    assert Charge.objects.count() == 1

    (document,) = invoiced(of(booking.person))

    assert (document.net_cents, document.tax_cents, document.gross_cents) == (0, 0, 0)
    (line,) = document.lines.all()
    assert (line.net_cents, line.quantity) == (0, 1)
    assert "0,00 €" in words(document)
    assert check.faults(files.read(*_xml_of(document))) == ()
