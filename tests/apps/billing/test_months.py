"""Runs, closed months, series taken up again, profiles, payers."""

from datetime import date, timedelta

import pytest

from factories import billing, network_sites, people
from maillage.apps.billing import (
    close_month,
    closed,
    preview,
    resume_series,
    run,
    set_payer,
    set_profile,
)
from maillage.apps.billing.close_month import (
    AlreadyClosed,
    NotOver,
    OutOfOrder,
    StillToInvoice,
)
from maillage.apps.billing.closed import MonthClosed
from maillage.apps.billing.identity import OfAnotherBody, WrongNumber
from maillage.apps.billing.issue import MissingProfile
from maillage.apps.billing.models import (
    BillingProfile,
    ClosedMonth,
    Document,
    PayerDetails,
    Run,
)
from maillage.apps.billing.resume_series import AlreadyBeyond
from maillage.apps.billing.run import AlreadyOver, AlreadyRunning, NotBegun
from maillage.apps.billing.set_profile import (
    Described,
    PrefixInUse,
    SamePrefixes,
    SomebodyElseEdited,
    VatNumberMissing,
)
from maillage.apps.people.models import OrganisationKind

pytestmark = pytest.mark.django_db
AT, MARCH = billing.AT, date(2027, 3, 1)


def laid(count, *, incomplete=0):
    """An operator with so many payers, some of whom cannot be invoiced."""
    body = network_sites.operator()
    billing.profile(body)
    payers = [billing.person_payer(name=f"Personne {n} (fictif)") for n in range(count)]
    for n, payer in enumerate(payers, 1):
        billing.charged(payer, body, cents=1_000 + n)
    for n in range(incomplete):
        firm = billing.members.firm(f"Sans adresse {n} (fictif)")
        billing.charged(billing.Payer(organisation_id=firm.pk), body)
    return body


def carried(body, *, at=AT):
    made = run.start(body, MARCH, by=None, at=at)
    run.carry_out(made.pk, lambda: at)
    made.refresh_from_db()
    return made


def outcomes(made):
    return sorted(made.items.values_list("outcome", flat=True))


def test_a_month_is_invoiced_once_however_often_it_is_run(journal):
    body = laid(3)
    first = carried(body)
    numbers = list(Document.objects.order_by("n").values_list("number", flat=True))
    assert numbers == ["FA-2027-000001", "FA-2027-000002", "FA-2027-000003"]
    assert (first.state, first.total, outcomes(first)) == ("done", 3, ["issued"] * 3)
    second = carried(body)
    assert (second.state, second.total) == ("done", 0)
    assert list(Document.objects.order_by("n").values_list("number", flat=True)) == numbers
    assert journal().count("billing.run") == 2


def test_who_cannot_be_invoiced_is_listed_and_tried_again_once_described():
    body = laid(2, incomplete=1)
    made = carried(body)
    (failed,) = made.items.filter(outcome="failed")
    assert failed.why.startswith("Facture non émise pour Sans adresse 0 (fictif) : il manque")
    assert Document.objects.count() == 2
    billing.details(billing.Payer(organisation_id=failed.payer_organisation_id), body)
    run.resume(made, by=None, at=AT)
    run.carry_out(made.pk, lambda: AT)
    made.refresh_from_db()
    assert (made.state, outcomes(made)) == ("done", ["issued"] * 3)
    assert sorted(Document.objects.values_list("n", flat=True)) == [1, 2, 3]


def test_a_run_stops_between_two_payers_and_is_taken_up():
    body = laid(4)
    made = run.start(body, MARCH, by=None, at=AT)

    def clock():
        if Document.objects.count() == 2:
            Run.objects.filter(pk=made.pk).update(stop_asked_at=AT)
        return AT

    run.carry_out(made.pk, clock)
    made.refresh_from_db()
    assert made.state == "stopped"
    assert Document.objects.count() == 2
    run.resume(made, by=None, at=AT)
    run.carry_out(made.pk, lambda: AT)
    made.refresh_from_db()
    assert (made.state, outcomes(made)) == ("done", ["issued"] * 4)
    assert sorted(Document.objects.values_list("n", flat=True)) == [1, 2, 3, 4]


def test_a_run_not_begun_stops_at_once():
    made = run.start(laid(1), MARCH, by=None, at=AT)
    run.stop(made, by=None, at=AT)
    run.carry_out(made.pk, lambda: AT)
    made.refresh_from_db()
    assert (made.state, Document.objects.count()) == ("stopped", 0)
    with pytest.raises(AlreadyOver):
        run.stop(made, by=None, at=AT)


def test_one_run_of_an_operator_at_a_time():
    body = laid(1)
    run.start(body, MARCH, by=None, at=AT)
    with pytest.raises(AlreadyRunning, match="déjà en cours pour Association du Pressoir"):
        run.start(body, MARCH, by=None, at=AT)


def test_a_run_that_fell_silent_may_be_taken_up_and_a_finished_one_not():
    body = laid(1)
    made = run.start(body, MARCH, by=None, at=AT)
    assert not run.is_silent(made, AT + timedelta(seconds=80))
    assert run.is_silent(made, AT + timedelta(seconds=100))
    run.resume(made, by=None, at=AT + timedelta(seconds=100))
    run.carry_out(made.pk, lambda: AT)
    made.refresh_from_db()
    with pytest.raises(AlreadyOver):
        run.resume(made, by=None, at=AT)


def test_a_month_to_come_is_not_run():
    with pytest.raises(NotBegun):
        run.start(laid(1), date(2027, 5, 1), by=None, at=AT)


def test_a_body_without_profile_starts_no_run():
    with pytest.raises(MissingProfile):
        run.start(network_sites.operator(), MARCH, by=None, at=AT)


def test_the_preview_counts_what_the_run_issues():
    body = laid(2, incomplete=1)
    seen = preview.preview(body, MARCH, today=AT.date())
    assert (seen.count("invoice"), seen.cents("gross"), len(seen.anomalies)) == (2, 2_003, 1)
    first, last = preview.expected(seen, today=AT.date())["invoice"]
    assert (first.number, last.number) == ("FA-2027-000001", "FA-2027-000002")
    carried(body)
    assert sum(Document.objects.values_list("gross_cents", flat=True)) == seen.cents("gross")


def test_the_preview_asks_the_same_queries_whatever_the_payers(django_assert_num_queries):
    body = laid(1)
    with django_assert_num_queries(7) as first:
        preview.preview(body, MARCH, today=AT.date())
    laid(2)
    with django_assert_num_queries(len(first)):
        assert len(preview.preview(body, MARCH, today=AT.date()).ready) == 3


def test_a_franchise_that_sells_with_a_rate_is_told_before_the_run():
    body = network_sites.operator()
    billing.franchise(body)
    billing.charged(billing.person_payer(), body)
    seen = preview.preview(body, MARCH, today=AT.date())
    assert "Vous ne facturez pas de TVA, mais" in seen.anomalies[0].sentence
    assert "ne facture pas de TVA" in seen.anomalies[1].sentence
    assert seen.ready == ()


def test_a_closed_month_keeps_its_totals_and_takes_nothing_more():
    body = network_sites.operator()
    made = billing.issued(body, at=AT)
    row = close_month.close(body, date(2027, 4, 1), by=None, at=AT + timedelta(days=40))
    assert row.totals["documents"] == [
        {"kind": "invoice", "count": 1, "net_cents": 1_000, "tax_cents": 200,
         "gross_cents": 1_200, "first": made.n, "last": made.n}
    ]  # fmt: skip
    with pytest.raises(MonthClosed, match="avril 2027 est clôturé"):
        closed.refuse_closed(body, date(2027, 4, 30))
    closed.refuse_closed(body, date(2027, 5, 1))
    with pytest.raises(AlreadyClosed):
        close_month.close(body, date(2027, 4, 1), by=None, at=AT + timedelta(days=40))


def test_months_close_in_order_once_they_are_over():
    body = network_sites.operator()
    billing.issued(body, at=AT)
    with pytest.raises(NotOver, match="Avril 2027 n’est pas terminé"):
        close_month.close(body, date(2027, 4, 1), by=None, at=AT)
    with pytest.raises(OutOfOrder, match="Clôturez d’abord avril 2027"):
        close_month.close(body, date(2027, 5, 1), by=None, at=AT + timedelta(days=80))
    assert ClosedMonth.objects.count() == 0


def test_a_month_that_still_has_sales_closes_only_when_said():
    body = laid(1)
    with pytest.raises(StillToInvoice, match="1 payeur a encore"):
        close_month.close(body, MARCH, by=None, at=AT)
    close_month.close(body, MARCH, by=None, at=AT, even_if_waiting=True)
    assert closed.last_closed(body) == MARCH


def test_a_series_goes_on_after_numbers_known_outside_and_never_back():
    body = network_sites.operator()
    billing.issued(body)
    resume_series.resume(body, "invoice", 41, "Restauration (fictif)", by=None, at=AT)
    assert billing.issued(body).number == "FA-2027-000042"
    with pytest.raises(AlreadyBeyond, match="déjà au numéro 42"):
        resume_series.resume(body, "invoice", 7, "Erreur (fictif)", by=None, at=AT)


def typed(**columns):
    """A profile as typed, with spaces where people put them."""
    number = billing.siren(77)
    return Described(
        {
            "channel": "private", "legal_name": "Le Pressoir (fictif)", "address": "1 rue",
            "postcode": "01000", "city": "Ambre", "country": "FR", "siren": number, "siret": "",
            "vat_number": "", "electronic_address": "", "email": "", "legal_mention": "",
            "vat_status": "franchise", "vat_on_debits": False, "exemption_reason": "",
            "invoice_prefix": "FA", "credit_prefix": "AV", "payment_days": 30,
            "pays_at_month_end": False, "late_penalty": "", "discount": "",
            "iban": "fr76 3000 6000 0112 3456 7890 189", "bic": "agrifrpp",
            "creditor_id": "FR72 ZZZ 123456", "regie_ceiling_cents": None,
        }
        | columns
    )  # fmt: skip


def test_a_profile_is_kept_with_its_numbers_as_files_want_them():
    body = network_sites.operator()
    made = set_profile.set_profile(body, typed(), version=0, by=None, at=AT)
    assert (made.iban, made.bic, made.creditor_id, made.version) == (
        "FR7630006000011234567890189", "AGRIFRPP", "FR72ZZZ123456", 1,
    )  # fmt: skip
    assert sorted(body.series.values_list("kind", flat=True)) == ["credit_note", "invoice"]


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [
        ({"siren": "123456789"}, WrongNumber),
        ({"iban": "FR76 3000 6000 0112 3456 7890 188"}, WrongNumber),
        ({"siret": "73282932000074"}, OfAnotherBody),
        ({"vat_status": "liable"}, VatNumberMissing),
        ({"credit_prefix": "FA"}, SamePrefixes),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused(columns, refusal):
    body = network_sites.operator()
    with pytest.raises(refusal):
        set_profile.set_profile(body, typed(**columns), version=0, by=None, at=AT)
    assert not BillingProfile.objects.exists()


def test_two_who_edit_a_profile_are_told():
    body = network_sites.operator()
    set_profile.set_profile(body, typed(), version=0, by=None, at=AT)
    with pytest.raises(SomebodyElseEdited):
        set_profile.set_profile(body, typed(city="Autre"), version=0, by=None, at=AT)


def test_the_letters_of_given_numbers_stay_until_the_year_ends():
    body = network_sites.operator()
    set_profile.set_profile(body, typed(), version=0, by=None, at=AT)
    billing.issued(body, vat_rate_bp=0)
    with pytest.raises(PrefixInUse, match="préfixe FA"):
        set_profile.set_profile(body, typed(invoice_prefix="FB"), version=1, by=None, at=AT)


@pytest.mark.parametrize(
    ("kind", "channel"),
    [("epci", "public"), ("commune", "public"), ("association", "private"),
     ("company", "private"), ("shop", "shop")],
)  # fmt: skip
def test_the_channel_follows_from_who_collects(kind, channel):
    body = people.organisation(f"Corps {kind} (fictif)", OrganisationKind(kind))
    assert set_profile.begun(body).channel == channel


def test_the_details_of_a_payer_begin_with_what_is_known_and_are_kept():
    body = network_sites.operator()
    firm = billing.members.firm("Atelier (fictif)", siren=billing.siren(5))
    payer = billing.Payer(organisation_id=firm.pk)
    begun = set_payer.begun(body, payer)
    assert (begun.legal_name, begun.siren, begun.is_business) == (
        "Atelier (fictif)", billing.siren(5), True,
    )  # fmt: skip
    names = [f.name for f in PayerDetails._meta.concrete_fields][1:]
    kept = {n: getattr(begun, n) for n in names if n not in {
        "id", "operator", "payer_person", "payer_organisation", "version"}}  # fmt: skip
    set_payer.set_payer(body, payer, kept | {"city": "Ambre"}, version=0, by=None, at=AT)
    assert PayerDetails.objects.get().city == "Ambre"
    with pytest.raises(WrongNumber):
        set_payer.set_payer(body, payer, kept | {"siren": "12"}, version=1, by=None, at=AT)
