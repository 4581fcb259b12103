"""Pages of collecting: whose they are, what they do, what they cost."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import billing, collecting, members, network_sites, people
from maillage.apps.billing.models import Channel
from maillage.apps.collecting import balance
from maillage.apps.collecting.models import BankLine, DebitBatch, Mandate, Pause, Receipt
from maillage.apps.collecting.urls import urlpatterns
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import RoleKind
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return network_sites.site()


@pytest.fixture
def elise():
    return people.person("Élise Garonval (fictif)", "elise@exemple.invalid")


@pytest.fixture
def made(site, elise):
    return collecting.whole(site.operator, "Premier", elise)


def keeper(client, site, operator):
    position = people.position(RoleKind.PROJECT_OFFICER, ("territory", site.territory_id),
                               organisation=operator)  # fmt: skip
    who = people.person("Nora Trésorière (fictif)", "nora@exemple.invalid")
    people.role(who, position=position)
    return people.signed_in(client, who)


@pytest.fixture
def nora(client, site):
    return keeper(client, site, site.operator)


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def addresses(made):
    """(name, address) of every page of an operator's money."""
    pk = {
        "receipt": made["receipt"], "receipt_reverse": made["receipt"], "bank_line": made["line"],
        "line_accept": made["line"], "line_aside": made["line"], "line_undo": made["line"],
        "debit_reject": made["debit"], "debit_batch": made["batch"], "batch_send": made["batch"],
        "batch_drop": made["batch"], "batch_file": made["batch"],
        "mandate_revoke": made["mandate"], "reminder_letter": made["letter"],
        "till_deposit_undo": made["deposit"], "list_file": made["titles"],
    }  # fmt: skip
    documents = {"document_payments", "refund", "credit_keep", "credit_use", "pause", "pause_end",
                 "decide"}  # fmt: skip
    own = {"own_payments", "own_mandate", "own_pay", "payment_back", "stripe_told", "payfip_told",
           "collecting"}  # fmt: skip
    found = []
    for route in urlpatterns:
        name = route.name
        if name in own:
            continue
        key = made["document"] if name in documents else pk.get(name, made["operator"])
        parts = {"pk": key.pk}
        if name == "till_day":
            parts["on"] = made["closing"].on.isoformat()
        if name == "hand_over":
            parts["kind"] = "titles"
        if name == "reminder_text":
            parts["step"] = 1
        found.append((name, reverse(name, kwargs=parts)))
    return found


POSTED = {"statement_sure", "credit_keep", "credit_use", "pause_end", "line_accept"}


def test_who_collects_opens_every_page(nora, made):
    answers = {name: nora.get(href).status_code for name, href in addresses(made)}
    # a file that was not made yet, an account behind a confirmation
    expected = dict.fromkeys(answers, 200) | dict.fromkeys(POSTED, 405) | {"batch_file": 404}
    assert {n: c for n, c in answers.items() if c != expected[n]} in ({}, {"mandate_new": 302})


def test_another_operator_finds_nothing_of_it(client, site, made):
    other = network_sites.operator("Autre opérateur (fictif)")
    twin = network_sites.site("Autre lieu (fictif)", operator=other, territory=site.territory)
    billing.profile(other)
    theirs = keeper(client, twin, other)
    answers = {
        name: (theirs.post(href) if name in POSTED else theirs.get(href)).status_code
        for name, href in addresses(made)
    }
    assert set(answers.values()) == {404}, answers
    page = text(theirs.get(reverse("collecting_body", args=(other.pk,))))
    assert "Premier" not in page
    assert "Tout est réglé." in page


def test_a_stranger_is_asked_who_she_is_and_a_member_finds_nothing(client, made, elise):
    assert {
        (client.post(href) if name in POSTED else client.get(href)).status_code
        for name, href in addresses(made)
    } == {302}
    client.force_login(elise)
    answers = {
        name: (client.post(href) if name in POSTED else client.get(href)).status_code
        for name, href in addresses(made)
        # her own mandate is hers
        if name != "mandate_revoke"
    }
    assert set(answers.values()) == {404}, answers


def test_a_receipt_is_typed_spread_and_undone(nora, site):
    document = collecting.owed(cents=1_250)
    today = now().date()
    sent = nora.post(
        reverse("receipt_new", args=(site.operator.pk,)),
        {"document": document.pk, "means": "cheque", "euros": "12,50",
         "received_on": today.isoformat(), "reference": "0042"},
        follow=True,
    )  # fmt: skip
    assert "reçu n° 1" in text(sent)
    receipt = Receipt.objects.get()
    assert (receipt.amount_cents, receipt.means.kind, receipt.reference) == (
        1_250,
        "cheque",
        "0042",
    )
    nora.post(reverse("receipt", args=(receipt.pk,)), {f"part_{document.pk}": "10"})
    assert balance.owed_cents([document])[document.pk] == 250
    nora.post(
        reverse("receipt_reverse", args=(receipt.pk,)),
        {"reason": "Chèque sans provision", "on": today.isoformat()},
    )
    assert balance.owed_cents([document])[document.pk] == 1_250


def test_a_refused_receipt_keeps_what_was_typed(nora, site):
    document = collecting.owed(cents=1_250)
    sent = nora.post(
        reverse("receipt_new", args=(site.operator.pk,)),
        {"document": document.pk, "means": "cheque", "euros": "12,50",
         "received_on": (now().date() + timedelta(days=2)).isoformat()},
    )  # fmt: skip
    assert sent.status_code == 422
    assert "n’est pas encore passé" in text(sent)
    assert 'value="12,50"' in text(sent)


def test_debits_are_announced_sent_and_downloaded(nora, site, elise):
    document = collecting.owed(Payer(elise.pk), 1_000)
    collecting.mandate(Payer(elise.pk), at=now())
    on = now().date() + timedelta(days=15)
    while on.weekday() > 4:
        on += timedelta(days=1)
    page = nora.post(reverse("debits", args=(site.operator.pk,)), {"on": on.isoformat()},
                     follow=True)  # fmt: skip
    batch = DebitBatch.objects.get()
    assert "Chaque payeur est prévenu" in text(page)
    nora.post(reverse("batch_send", args=(batch.pk,)))
    file = nora.get(reverse("batch_file", args=(batch.pk,)))
    assert b"pain.008" in file.content
    assert document.number.encode() in file.content
    assert collecting.IBAN not in text(nora.get(reverse("mandates", args=(site.operator.pk,))))


def test_a_statement_is_sent_twice_and_a_line_matched(nora, site):
    document = collecting.owed(cents=1_000)
    href = reverse("statement", args=(site.operator.pk,))
    data = f"Date;Libellé;Montant\n20/04/2026;VIR {document.number};10,00\n".encode()
    for said in ("nouvelles : 1. Déjà connues : 0", "nouvelles : 0. Déjà connues : 1"):
        page = nora.post(href, {"file": SimpleUploadedFile("r.csv", data)}, follow=True)
        assert said in text(page)
    line = BankLine.objects.get()
    nora.post(reverse("line_accept", args=(line.pk,)))
    assert balance.owed_cents([document])[document.pk] == 0
    again = nora.post(reverse("line_accept", args=(line.pk,)))
    assert again.status_code == 409


def test_an_invoice_is_paused_and_taken_again(nora):
    document = collecting.owed()
    nora.post(reverse("pause", args=(document.pk,)), {"kind": "dispute", "why": "Salle froide"})
    assert Pause.objects.get().ended_at is None
    nora.post(reverse("pause_end", args=(document.pk,)))
    assert Pause.objects.get().ended_at is not None


def test_a_public_body_has_a_till_and_no_debits(nora, site):
    billing.profile(site.operator)
    site.operator.billing_profile.channel = Channel.PUBLIC
    page = text(nora.get(reverse("collecting_body", args=(site.operator.pk,))))
    assert "Prélèvements" in page
    type(site.operator.billing_profile).objects.update(channel=Channel.PUBLIC)
    page = text(nora.get(reverse("collecting_body", args=(site.operator.pk,))))
    assert "Régie" in page
    assert "Prélèvements" not in page


# --- one's own --------------------------------------------------------------------------------


def test_a_member_sees_what_she_owes_signs_a_mandate_and_takes_it_back(client, site, elise):
    document = collecting.owed(Payer(elise.pk), 1_000)
    other = collecting.owed(cents=900)
    client.force_login(elise)
    page = text(client.get("/mes-paiements/"))
    assert document.number in page
    assert other.number not in page
    assert "FR76 3000 6000 0112 3456 7890 189" in page
    href = reverse("own_mandate", args=(site.operator.pk,))
    wrong = client.post(href, {"holder": "Élise", "iban": "FR14 2004", "is_agreed": "on"})
    assert wrong.status_code == 422
    assert not Mandate.objects.exists()
    client.post(href, {"holder": "Élise", "iban": "fr14 2004 1010 0505 0001 3m02 606",
                       "is_agreed": "on"})  # fmt: skip
    mandate = Mandate.objects.get()
    assert (mandate.iban, mandate.signed_how) == (collecting.IBAN, "online")
    page = text(client.get("/mes-paiements/"))
    assert "•••• 2606" in page
    assert collecting.IBAN not in page
    client.post(reverse("mandate_revoke", args=(mandate.pk,)))
    mandate.refresh_from_db()
    assert mandate.revoked_at is not None


def test_a_member_signs_no_mandate_where_nothing_was_invoiced(client, site, elise):
    billing.profile(site.operator)
    client.force_login(elise)
    assert client.get(reverse("own_mandate", args=(site.operator.pk,))).status_code == 404


def test_acceptance_10_an_employer_sees_and_pays_the_invoice_of_its_people(client, site):
    firm = members.firm("Atelier Corvallin (fictif)")
    document = collecting.owed(Payer(organisation_id=firm.pk), 9_000)
    other = collecting.owed(Payer(organisation_id=members.firm("Autre (fictif)").pk), 700)
    position = people.position(RoleKind.EMPLOYER, ("organisation", str(firm.pk)), organisation=firm)
    who = people.person("Rémi Comptable (fictif)", "remi@exemple.invalid")
    people.role(who, position=position)
    page = text(people.signed_in(client, who).get("/mes-paiements/"))
    assert document.number in page
    assert "90,00 €" in page
    assert other.number not in page


@pytest.mark.parametrize("name", ["collecting_body", "receipts", "statement", "debits",
                                  "mandates", "reminders", "titles", "till", "online"])  # fmt: skip
def test_lists_cost_the_same_for_one_and_for_three(nora, site, name):
    def add(n):
        payer = billing.person_payer(f"Payeur {n} (fictif)", email=f"p{n}@exemple.invalid")
        old = now().date() - timedelta(days=60)
        first = collecting.owed(payer, 1_000, issued_on=old)
        collecting.receipt(first, 300, received_on=now().date(), at=now())
        collecting.mandate(payer, at=now())
        BankLine.objects.create(
            statement=statement, operator=site.operator, key=f"k{n}", booked_on=old,
            amount_cents=1_000, name=f"Payeur {n}",
        )  # fmt: skip

    from maillage.apps.collecting.models import BankStatement

    billing.profile(site.operator)
    statement = BankStatement.objects.create(
        operator=site.operator, name="r.csv", sha256="0" * 64, at=now()
    )
    add(1)
    href = reverse(name, args=(site.operator.pk,))
    nora.get(href)
    counts = []
    for more in ((), (2, 3)):
        for n in more:
            add(n)
        with CaptureQueriesContext(connection) as seen:
            assert nora.get(href).status_code == 200
        counts.append(len([q for q in seen if not re.search("SAVEPOINT", q["sql"])]))
    assert counts[0] == counts[1]
