"""Issuing: the number, the date, the files and the rows together, or nothing."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import InternalError, ProgrammingError, connection, transaction

from factories import billing, members, network_sites, people
from maillage.apps.billing import issue, printing, to_invoice
from maillage.apps.billing.closed import MonthClosed
from maillage.apps.billing.issue import MissingProfile, NotValid, PayerIncomplete
from maillage.apps.billing.models import ClosedMonth, Document, InvoicedCharge, Series
from maillage.apps.billing.write import NotStored
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Payment
from maillage.apps.people.models import OrganisationKind
from maillage.kit import files
from maillage.report.e_invoice import check

pytestmark = pytest.mark.django_db
UNTIL, AT = billing.UNTIL, billing.AT


def lines_of(document):
    rows = document.lines.order_by("rank")
    return [(one.label, one.detail, str(one.quantity.normalize()), one.net_cents) for one in rows]


def issue_to(payer, *, until=UNTIL, at=AT):
    return issue.issue(network_sites.operator(), payer, until=until, by=None, at=at)


def test_an_invoice_has_its_number_its_lines_its_files_and_its_line_of_the_journal(journal):
    payer = billing.person_payer()
    billing.profile()
    charge = billing.charged(payer)
    (made,) = issue_to(payer)

    assert (made.number, made.issued_on, made.due_on) == (
        "FA-2027-000001", date(2027, 4, 1), date(2027, 5, 1),
    )  # fmt: skip
    assert (made.net_cents, made.tax_cents, made.gross_cents) == (1_000, 200, 1_200)
    assert lines_of(made) == [
        ("Espace ouvert, Le Pressoir (fictif), demi-journée", "17 mars 2027", "1", 1_000)
    ]
    assert [(t.category, t.vat_rate_bp, t.base_cents, t.tax_cents) for t in made.taxes.all()] == [
        ("S", 2_000, 1_000, 200)
    ]
    assert InvoicedCharge.objects.get().charge_id == charge.pk
    assert [one["name"] for one in made.files] == ["FA-2027-000001.pdf", "factur-x.xml"]
    assert all(files.is_intact(made.folder, one) for one in made.files)
    assert check.faults(files.read(made.folder, "factur-x.xml")) == ()
    assert journal()[-1] == "billing.issue"
    series = Series.objects.get(operator=made.operator, kind="invoice")
    assert (series.last_number, series.last_on) == (1, date(2027, 4, 1))
    assert bytes(series.last_hash) == bytes(made.hash)


def test_issuing_twice_gives_nothing_more():
    payer = billing.person_payer()
    billing.profile()
    billing.charged(payer)
    assert [one.number for one in issue_to(payer)] == ["FA-2027-000001"]
    assert issue_to(payer) == []
    assert Document.objects.count() == 1


def test_numbers_follow_each_other_and_each_document_binds_the_one_before():
    first = billing.issued()
    second = billing.issued()
    assert (first.number, second.number) == ("FA-2027-000001", "FA-2027-000002")
    assert bytes(first.previous_hash) == b""
    assert bytes(second.previous_hash) == bytes(first.hash)


def test_a_date_never_goes_back_even_when_the_clock_does():
    first = billing.issued(at=AT)
    second = billing.issued(at=AT - timedelta(days=3))
    assert first.issued_on == second.issued_on == date(2027, 4, 1)


def test_the_date_is_that_of_paris_at_midnight():
    made = billing.issued(at=datetime.fromisoformat("2027-03-31T22:30:00+00:00"))
    assert made.issued_on == date(2027, 4, 1)


def test_services_that_begin_on_the_day_asked_wait_for_the_next_run():
    payer = billing.person_payer()
    billing.profile()
    billing.charged(payer, on=date(2027, 3, 31), cents=600)
    billing.charged(payer, on=date(2027, 4, 1), cents=900)
    (made,) = issue_to(payer)
    assert made.gross_cents == 600
    (later,) = issue_to(payer, until=date(2027, 5, 1))
    assert later.gross_cents == 900


def test_lines_at_0_are_kept():
    payer = billing.person_payer()
    billing.profile()
    billing.charged(payer)
    billing.charged(payer, cents=0, unit="ticket", vat_rate_bp=0, label="Un ticket du carnet")
    (made,) = issue_to(payer)
    assert [one[0] for one in lines_of(made)] == [
        "Espace ouvert, Le Pressoir (fictif), demi-journée",
        "Un ticket du carnet",
    ]
    assert made.gross_cents == 1_200


def test_an_employer_reads_people_and_units_never_a_day_nor_a_place():
    body = network_sites.operator()
    billing.profile(body)
    payer = billing.employer_payer(body)
    ana = people.person(name="Ana Fictive (fictif)")
    bob = people.person(name="Bob Fictif (fictif)")
    for day in (2, 9, 16):
        billing.charged(payer, body, user=ana, on=date(2027, 3, day), cents=800)
    billing.charged(payer, body, user=bob, on=date(2027, 3, 4), cents=1_200, unit="day")
    (made,) = issue_to(payer)
    assert [(one[0], one[1]) for one in lines_of(made)] == [
        ("Ana Fictive (fictif) · 3 demi-journées", ""),
        ("Bob Fictif (fictif) · 1 journée", ""),
    ]
    written = files.read(made.folder, "factur-x.xml").decode()
    for leak in ("Pressoir (fictif), demi", "Espace ouvert", "20270309", "20270304", "9 mars"):
        assert leak not in written
    days = {(one.begins_on, one.ends_on) for one in made.lines.all()}
    assert days == {(date(2027, 3, 1), date(2027, 3, 31))}


def test_what_was_given_back_before_is_on_the_same_invoice():
    payer = billing.person_payer()
    billing.profile()
    billing.charged(payer, cents=1_200)
    billing.given_back(billing.charged(payer, cents=900))
    (made,) = issue_to(payer)
    assert made.gross_cents == 1_200
    assert [one[3] for one in lines_of(made)] == [1_000, 750, -750]


def test_what_was_invoiced_and_then_given_back_becomes_a_credit_note_at_its_rate():
    body = network_sites.operator()
    payer = billing.person_payer()
    billing.profile(body)
    half = billing.charged(payer, body, cents=1_055, vat_rate_bp=1_000)
    (invoice,) = issue_to(payer)
    billing.given_back(half)
    billing.charged(payer, body, cents=500, on=date(2027, 4, 2))
    made = issue_to(payer, until=date(2027, 5, 1), at=AT + timedelta(days=30))
    assert [(one.kind, one.number) for one in made] == [
        ("invoice", "FA-2027-000002"), ("credit_note", "AV-2027-000001"),
    ]  # fmt: skip
    note = made[1]
    assert note.corrects == invoice
    assert (note.net_cents, note.tax_cents) == (invoice.net_cents, invoice.tax_cents)
    assert [t.vat_rate_bp for t in note.taxes.all()] == [1_000]
    assert check.faults(files.read(note.folder, "factur-x.xml")) == ()


def test_what_was_paid_at_booking_is_said_paid():
    body = network_sites.operator()
    payer = billing.person_payer()
    billing.profile(body)
    billing.charged(payer, body, origin=("booking", "77"))
    billing.charged(payer, body, origin=("booking", "78"), cents=900)
    other = people.organisation("Autre (fictif)", OrganisationKind.ASSOCIATION)
    for operator, key, outcome in (
        (body, "77", "settled"), (body, "78", "credited"), (other, "78", "settled"),
    ):  # fmt: skip
        Payment.objects.create(
            operator=operator, provider="essai", event_id=f"{operator.pk}-{key}",
            origin_kind="booking", origin_key=key, amount_cents=1_200, outcome=outcome, at=AT,
        )  # fmt: skip
    (made,) = issue_to(payer)
    assert (made.gross_cents, made.paid_cents) == (2_100, 1_200)


def test_a_body_without_profile_cannot_issue():
    payer = billing.person_payer()
    billing.charged(payer)
    with pytest.raises(MissingProfile, match="il manque son profil de facturation"):
        issue_to(payer)


def test_an_incomplete_profile_says_what_lacks():
    payer = billing.person_payer()
    billing.profile(siren="", vat_number="", electronic_address="", email="")
    billing.charged(payer)
    with pytest.raises(MissingProfile) as refused:
        issue_to(payer)
    assert "le numéro SIREN, l’adresse électronique de facturation et le numéro de TVA" in str(
        refused.value
    )


def test_a_firm_that_lacks_what_an_e_invoice_asks_is_told_field_by_field():
    body = network_sites.operator()
    billing.profile(body)
    payer = Payer(organisation_id=members.firm("Sans Adresse (fictif)").pk)
    billing.charged(payer, body)
    with pytest.raises(PayerIncomplete) as refused:
        issue_to(payer)
    assert str(refused.value) == (
        "Facture non émise pour Sans Adresse (fictif) : il manque l’adresse, le code postal, "
        "la commune, le numéro SIREN et l’adresse électronique de facturation. "
        "Complétez ses coordonnées."
    )
    assert Series.objects.get(operator=body, kind="invoice").last_number == 0


def test_a_document_that_the_checks_refuse_takes_no_number(monkeypatch):
    payer = billing.person_payer()
    billing.profile()
    billing.charged(payer)
    fault = check.Fault("BR-CO-15", "Le total ne tombe pas juste.")
    monkeypatch.setattr(check, "faults", lambda _xml: (fault,))
    with pytest.raises(NotValid, match="BR-CO-15 : Le total ne tombe pas juste"):
        issue_to(payer)
    assert Document.objects.count() == 0
    assert Series.objects.get(operator=network_sites.operator(), kind="invoice").last_number == 0
    monkeypatch.undo()
    assert [one.number for one in issue_to(payer)] == ["FA-2027-000001"]


def test_a_name_that_no_reader_shows_stops_that_invoice_only():
    body = network_sites.operator()
    billing.profile(body)
    payer = billing.person_payer(name="Élise\u202e Fictive")
    billing.charged(payer, body)
    with pytest.raises(issue.NotDrawn, match="Aucun numéro n’est pris"):
        issue_to(payer)
    assert billing.issued(body).number == "FA-2027-000001"


def test_a_full_disk_takes_no_number_and_leaves_no_file(monkeypatch):
    payer = billing.person_payer()
    billing.profile()
    billing.charged(payer)
    real, stored = default_storage.save, []

    def full_at_the_second(name, content):
        if stored:
            raise OSError(28, "No space left on device")
        stored.append(real(name, content))
        return stored[0]

    monkeypatch.setattr(default_storage, "save", full_at_the_second)
    with pytest.raises(NotStored):
        issue_to(payer)
    monkeypatch.undo()
    assert len(stored) == 1
    assert not default_storage.exists(stored[0])
    assert [one.number for one in issue_to(payer)] == ["FA-2027-000001"]


def test_whatever_fails_after_the_files_removes_them(monkeypatch):
    payer = billing.person_payer()
    billing.profile()
    billing.charged(payer)
    stored = []
    real = files.write_folder
    monkeypatch.setattr(
        files, "write_folder", lambda folder, kept: stored.append(folder) or real(folder, kept)
    )

    def fails(_made):
        raise RuntimeError("after the rows")

    with pytest.raises(RuntimeError, match="after the rows"):
        issue.issue(network_sites.operator(), payer, until=UNTIL, by=None, at=AT, then=fails)
    assert Document.objects.count() == 0
    assert not default_storage.exists(f"{stored[0]}/factur-x.xml")


def test_somebody_who_invoiced_first_is_not_doubled(monkeypatch):
    body = network_sites.operator()
    payer = billing.person_payer()
    billing.profile(body)
    billing.charged(payer, body)
    real = printing.printed
    made = []

    def meanwhile(*args, **kwargs):
        if not made:
            made.append(True)
            assert len(issue_to(payer)) == 1
        return real(*args, **kwargs)

    monkeypatch.setattr(printing, "printed", meanwhile)
    assert issue_to(payer) == []
    assert Document.objects.count() == 1


def test_a_place_taken_by_another_is_drawn_again_with_its_own_number(monkeypatch):
    body = network_sites.operator()
    billing.profile(body)
    payer, other = billing.person_payer(), billing.person_payer()
    billing.charged(payer, body)
    billing.charged(other, body)
    real = printing.printed
    made = []

    def meanwhile(*args, **kwargs):
        answer = real(*args, **kwargs)
        if not made:
            made.append(True)
            issue_to(other)
        return answer

    monkeypatch.setattr(printing, "printed", meanwhile)
    (late,) = issue_to(payer)
    assert late.number == "FA-2027-000002"
    written = files.read(late.folder, "factur-x.xml").decode()
    assert "FA-2027-000002" in written
    assert "FA-2027-000001" not in written


def test_nothing_is_dated_in_a_closed_month():
    body = network_sites.operator()
    billing.profile(body)
    payer = billing.person_payer()
    billing.charged(payer, body)
    ClosedMonth.objects.create(
        operator=body, month=date(2027, 4, 1), totals={}, hash=b"x" * 32, at=AT
    )
    with pytest.raises(MonthClosed, match="avril 2027 est clôturé"):
        issue_to(payer)
    assert Document.objects.count() == 0


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE billing_document SET gross_cents = 0, net_cents = 0, tax_cents = 0",
        "DELETE FROM billing_document",
        "UPDATE billing_documentline SET net_cents = 1",
        "DELETE FROM billing_documenttax",
        "DELETE FROM billing_invoicedcharge",
        "TRUNCATE billing_document CASCADE",
    ],
)
def test_what_was_issued_never_changes_by_sql(order):
    billing.issued()
    with connection.cursor() as cursor:
        # what waits for the end of the transaction would refuse it first
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises((InternalError, ProgrammingError), match="what was issued never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(order)


def test_a_hostile_name_stays_a_name():
    body = network_sites.operator()
    billing.profile(body)
    payer = billing.firm_payer(body, name=']]><x>&amp; #read("/etc/passwd") $x$ (fictif)')
    billing.charged(payer, body)
    (made,) = issue_to(payer)
    assert made.buyer["name"] == ']]><x>&amp; #read("/etc/passwd") $x$ (fictif)'
    assert check.faults(files.read(made.folder, "factur-x.xml")) == ()


def test_what_waits_is_read_in_the_same_queries_whatever_the_payers(django_assert_num_queries):
    body = network_sites.operator()
    billing.profile(body)

    def lay(count):
        for _n in range(count):
            payer = billing.person_payer()
            billing.charged(payer, body, origin=("booking", str(payer.person_id)))

    lay(1)
    with django_assert_num_queries(2):
        assert len(to_invoice.waiting(body, until=UNTIL)) == 1
    lay(2)
    with django_assert_num_queries(2):
        assert len(to_invoice.waiting(body, until=UNTIL)) == 3


def test_quantities_keep_their_decimals():
    payer = billing.person_payer()
    billing.profile()
    billing.charged(payer, cents=1_500, quantity=Decimal("1.5"), unit="hour")
    (made,) = issue_to(payer)
    assert [one[2] for one in lines_of(made)] == ["1.5"]
