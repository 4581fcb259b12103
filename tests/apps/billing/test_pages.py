"""The pages of invoicing, on two twin operators: nothing of one is seen from the other."""

from datetime import date, datetime
from html import unescape

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import billing, members, network_sites, people
from maillage.apps.billing import close_month, receive, run
from maillage.apps.billing import mail as mails
from maillage.apps.billing.models import BillingProfile, Document, PayerDetails, ReceivedInvoice
from maillage.apps.billing.receive import AlreadyReceived, NotForThisBody, Unreadable
from maillage.apps.people import erase, export
from maillage.apps.people.models import RoleKind
from maillage.kit import files

pytestmark = pytest.mark.django_db
AT = billing.AT
MARCH = "2027-03"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The first of April, for every page."""
    for module in ("month", "documents", "profile", "received", "runs"):
        monkeypatch.setattr(f"maillage.apps.billing.pages.{module}.now", lambda: AT)


@pytest.fixture
def body():
    return network_sites.operator()


@pytest.fixture
def officer(body, client):
    """Who issues in the name of the first operator."""
    post = people.position(RoleKind.PROJECT_OFFICER, organisation=body)
    who = people.role(position=post).person
    return people.signed_in(client, who)


def text(answer):
    return unescape(answer.content.decode())


def test_the_month_says_what_is_ready_what_to_see_to_and_leads_to_the_act(officer, body):
    billing.profile(body)
    for n in range(2):
        billing.charged(billing.person_payer(name=f"Personne {n} (fictif)"), body)
    firm = members.firm("Sans adresse (fictif)")
    billing.charged(billing.Payer(organisation_id=firm.pk), body)
    assert officer.get("/facturation/").url == f"/facturation/{MARCH}/"
    page = text(officer.get(f"/facturation/{MARCH}/"))
    assert "Mars 2027 : 2 factures prêtes, 1 à vérifier, 24,00\u00a0€ TTC" in page
    assert f"/facturation/payeurs/{body.pk}/organisme/{firm.pk}/" in page
    assert "Émettre les 2 factures" in page


def test_the_confirmation_gives_the_total_and_the_numbers_then_the_run_issues(officer, body):
    billing.profile(body)
    for _n in range(2):
        billing.charged(billing.person_payer(), body)
    address = f"/facturation/{MARCH}/emettre/?organisme={body.pk}"
    page = text(officer.get(address))
    assert "Total : 24,00\u00a0€ TTC." in page
    assert "du numéro FA-2027-000001 au numéro FA-2027-000002" in page
    answer = officer.post(address)
    (job,) = ProcrastinateJob.objects.filter(task_name="billing.run")
    assert answer.url == reverse("billing_run", args=(job.args["run_id"],))
    assert "Facturation de mars 2027 en cours" in text(officer.get(answer.url))
    run.carry_out(job.args["run_id"], lambda: AT)
    assert "2 payeurs facturés pour mars 2027" in text(officer.get(answer.url))


def test_a_run_stops_and_is_taken_up_from_its_page(officer, body):
    billing.profile(body)
    billing.charged(billing.person_payer(), body)
    made = run.start(body, date(2027, 3, 1), by=None, at=AT)
    page = reverse("billing_run", args=(made.pk,))
    assert officer.post(f"{page}arreter/").url == page
    assert "Facturation arrêtée" in text(officer.get(page))
    assert officer.post(f"{page}reprendre/").url == page
    made.refresh_from_db()
    assert made.state == "queued"


def test_a_document_is_shown_with_its_files_as_attachments(officer, body):
    made = billing.issued(body)
    page = text(officer.get(f"/factures/{made.pk}/"))
    assert "FA-2027-000001\u00a0: 12,00\u00a0€ à Élise Garonval (fictif)" in page
    for one in made.files:
        answer = officer.get(f"/factures/{made.pk}/{one['name']}")
        assert answer.content == files.read(made.folder, one["name"])
        assert answer["Content-Disposition"].startswith('attachment; filename="FA-2027-000001.')
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert officer.get(f"/factures/{made.pk}/autre.pdf").status_code == 404


def test_a_credit_note_is_made_line_by_line_from_the_page(officer, body):
    made = billing.issued(body)
    address = f"/factures/{made.pk}/avoir/"
    assert officer.post(address, {"reason": "", "line_1": "5"}).status_code == 422
    answer = officer.post(address, {"reason": "Geste (fictif)", "line_1": "5,50"})
    note = Document.objects.get(kind="credit_note")
    assert (answer.url, note.gross_cents) == (f"/factures/{note.pk}/", 550)
    refused = officer.post(address, {"reason": "Encore (fictif)", "line_1": "7"})
    assert "Il ne reste que 6,50\u00a0€ à rendre sur la ligne 1" in text(refused)


def test_a_document_is_mailed_with_its_pdf_when_asked(officer, body):
    made = billing.issued(body)
    officer.post(f"/factures/{made.pk}/envoyer/")
    (job,) = ProcrastinateJob.objects.filter(task_name="billing.send")
    assert job.args == {"document_id": made.pk}
    mails.deliver(made)
    (sent,) = mail.outbox
    assert sent.subject == f"Votre facture FA-2027-000001 de {body.name}"
    assert sent.attachments[0].filename == "FA-2027-000001.pdf"
    assert sent.attachments[0].content == files.read(made.folder, "FA-2027-000001.pdf")


def test_a_profile_is_typed_corrected_and_kept(officer, body):
    address = f"/facturation/profil/{body.pk}/"
    said = {
        "channel": "private", "legal_name": body.name, "address": "1 rue", "postcode": "01000",
        "city": "Ambre", "country": "FR", "siren": "12", "vat_status": "franchise",
        "invoice_prefix": "FA", "credit_prefix": "AV", "payment_days": "30", "version": "0",
    }  # fmt: skip
    wrong = officer.post(address, said)
    assert wrong.status_code == 422
    assert "Le SIREN a 2 caractères au lieu de 9" in text(wrong)
    kept = officer.post(address, said | {"siren": billing.siren(3), "iban": billing.IBAN})
    assert kept.status_code == 302
    assert BillingProfile.objects.get().iban == billing.IBAN


def test_the_details_of_a_payer_are_typed_from_the_anomaly(officer, body):
    billing.profile(body)
    firm = members.firm("Sans adresse (fictif)")
    billing.charged(billing.Payer(organisation_id=firm.pk), body)
    address = f"/facturation/payeurs/{body.pk}/organisme/{firm.pk}/"
    number = billing.siren(8)
    said = {
        "legal_name": firm.name, "address": "1 rue", "postcode": "01000", "city": "Ambre",
        "country": "FR", "siren": number, "is_business": "on", "version": "0",
    }  # fmt: skip
    assert officer.post(address, said).status_code == 302
    assert PayerDetails.objects.get().siren == number
    assert "1 facture prête, 12,00" in text(officer.get(f"/facturation/{MARCH}/"))
    stranger = billing.person_payer()
    assert (
        officer.get(f"/facturation/payeurs/{body.pk}/personne/{stranger.person_id}/").status_code
        == 404
    )


def test_a_series_goes_on_and_a_month_closes_from_their_pages(officer, body):
    billing.profile(body)
    said = {"kind": "invoice", "after": "41", "reason": "Restauration (fictif)"}
    assert officer.post(f"/facturation/series/{body.pk}/", said).status_code == 302
    close_month.close(body, date(2027, 3, 1), by=None, at=AT)
    assert "Mois clôturé le 1er avril 2027" in text(officer.get(f"/facturation/{MARCH}/"))
    assert billing.issued(body).number == "FA-2027-000042"


def test_an_address_that_is_no_month_is_not_found(officer, body):
    for wrong in ("2027-13", "mars", "2027-3", "99999-01"):
        assert officer.get(f"/facturation/{wrong}/").status_code == 404


def test_a_member_reads_her_own_documents_and_no_other(client, body):
    mine, other = billing.issued(body), billing.issued(body)
    people.signed_in(client, mine.payer_person)
    page = text(client.get("/mes-factures/"))
    assert mine.number in page
    assert other.number not in page
    assert client.get(f"/factures/{mine.pk}/").status_code == 200
    assert client.get(f"/factures/{mine.pk}/factur-x.xml").status_code == 200
    for path in (f"/factures/{other.pk}/", f"/factures/{other.pk}/factur-x.xml"):
        assert client.get(path).status_code == 404
    assert client.get(f"/factures/{mine.pk}/avoir/").status_code == 404
    assert client.get(f"/facturation/{MARCH}/").status_code == 403


def test_an_employer_reads_the_documents_that_it_pays(client, body):
    payer = billing.employer_payer(body)
    billing.profile(body)
    made = billing.issued(body, payer)
    other = billing.issued(body)
    post = people.position(RoleKind.EMPLOYER, organisation=made.payer_organisation)
    people.signed_in(client, people.role(position=post).person)
    page = text(client.get(f"/employeur/{payer.organisation_id}/factures/"))
    assert made.number in page
    assert other.number not in page
    assert client.get(f"/factures/{made.pk}/").status_code == 200
    assert client.get(f"/factures/{other.pk}/").status_code == 404


def test_a_twin_operator_finds_nothing(client, body):
    made = billing.issued(body)
    billing.charged(billing.person_payer(name="Marque Première (fictif)"), body)
    going = run.start(body, date(2027, 3, 1), by=None, at=AT)
    kept = billing._received(body, "Marque", AT)
    twin = people.organisation("Association jumelle (fictif)", "association")
    billing.profile(twin)
    post = people.position(RoleKind.PROJECT_OFFICER, organisation=twin)
    people.signed_in(client, people.role(position=post).person)
    page = text(client.get(f"/facturation/{MARCH}/"))
    assert "rien à facturer" in page
    assert "Marque" not in page
    for path in (
        f"/facturation/{MARCH}/?organisme={body.pk}",
        f"/facturation/{MARCH}/emettre/?organisme={body.pk}",
        f"/facturation/profil/{body.pk}/",
        f"/facturation/series/{body.pk}/",
        f"/facturation/suivi/{going.pk}/",
        f"/factures/{made.pk}/",
        f"/factures/{made.pk}/factur-x.xml",
        f"/factures/{made.pk}/avoir/",
        f"/factures/recues/?organisme={body.pk}",
        f"/factures/recues/{kept.pk}/",
        f"/factures/recues/{kept.pk}/facture.xml",
    ):
        assert client.get(path).status_code == 404, path
    for path in (
        f"/facturation/{MARCH}/emettre/?organisme={body.pk}",
        f"/facturation/suivi/{going.pk}/arreter/",
        f"/factures/{made.pk}/envoyer/",
    ):
        assert client.post(path).status_code == 404, path
    assert "Fournisseur Marque" not in text(client.get("/factures/recues/"))


def test_who_only_reads_does_not_issue(client, body):
    billing.profile(body)
    billing.charged(billing.person_payer(), body)
    made = billing.issued(body)
    post = people.position(RoleKind.CHIEF_EXECUTIVE, organisation=body)
    people.signed_in(client, people.role(position=post).person)
    page = text(client.get(f"/facturation/{MARCH}/"))
    assert "1 facture prête" in page
    assert "Émettre" not in page
    for path in (f"/facturation/profil/{body.pk}/", f"/factures/{made.pk}/avoir/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/facturation/{MARCH}/emettre/?organisme={body.pk}").status_code == 403


def test_an_e_invoice_received_is_read_shown_and_kept_once(officer, body):
    sent = billing.issued(people.organisation("Fournisseur (fictif)", "company"))
    content = files.read(sent.folder, sent.files[0]["name"])
    made = receive.receive(body, content, by=None, at=AT)
    assert (made.number, made.gross_cents, made.supplier) == (
        "FA-2027-000001", 1_200, "Fournisseur (fictif)",
    )  # fmt: skip
    page = text(officer.get(f"/factures/recues/{made.pk}/"))
    assert "FA-2027-000001\u00a0: 12,00\u00a0€ à payer à Fournisseur (fictif)" in page
    answer = officer.get(f"/factures/recues/{made.pk}/facture.pdf")
    assert (answer.content, answer["X-Content-Type-Options"]) == (content, "nosniff")
    with pytest.raises(AlreadyReceived, match="déjà enregistrée"):
        receive.receive(body, content, by=None, at=AT)
    officer.post(f"/factures/recues/{made.pk}/retirer/")
    assert officer.get(f"/factures/recues/{made.pk}/").status_code == 404
    assert receive.receive(body, content, by=None, at=AT).pk != made.pk


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 rien", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>"],
)
def test_what_is_no_e_invoice_is_refused_with_a_sentence(body, content):
    with pytest.raises(Unreadable) as refused:
        receive.receive(body, content, by=None, at=AT)
    assert len(str(refused.value)) > 20
    assert ReceivedInvoice.objects.count() == 0


def test_an_e_invoice_for_another_body_is_refused(body):
    firm = billing.firm_payer(people.organisation("Fournisseur (fictif)", "company"))
    seller = PayerDetails.objects.get().operator
    sent = billing.issued(seller, firm)
    body.siren = billing.siren(4)
    with pytest.raises(NotForThisBody, match="adressée au SIREN"):
        receive.receive(body, files.read(sent.folder, "factur-x.xml"), by=None, at=AT)


def test_a_person_takes_her_invoices_away_and_they_stay_when_she_leaves(body):
    made = billing.issued(body)
    who = made.payer_person
    billing.details(billing.Payer(person_id=who.pk), body)
    taken = {name: lines(who) for name, lines in export._exporters.items()}
    assert [one["number"] for one in taken["factures"]] == [made.number]
    assert [one["legal_name"] for one in taken["facturation"]] == [who.name]
    erase.erase(who, by=None, at=datetime.fromisoformat("2027-05-01T08:00:00+00:00"))
    assert PayerDetails.objects.count() == 0
    assert Document.objects.get().buyer["name"] == "Élise Garonval (fictif)"


def test_the_month_asks_the_same_queries_whatever_its_documents(officer, body):
    billing.charged(billing.person_payer(), body)
    # the first page of a session writes when she was last seen
    officer.get("/mes-factures/")
    counted = []
    for more in (1, 2):
        for _n in range(more):
            billing.issued(body)
        with CaptureQueriesContext(connection) as asked:
            officer.get(f"/facturation/{MARCH}/")
        counted.append(len(asked))
    assert Document.objects.count() == 3
    assert counted[0] == counted[1]
