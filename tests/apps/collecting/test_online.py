"""Payments online: late, double, reordered, forged, lost; the provider is a local program."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from factories import billing, collecting, network_sites, people
from maillage.apps.collecting import balance, pay_online, stripe
from maillage.apps.collecting.models import OnlinePayment, PaymentState, ProviderEvent, Receipt
from maillage.apps.ledger.charge import Payer
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
SECRET = "whsec_test"


class Double:
    """What the provider answers, and what it was asked."""

    def __init__(self):
        self.asked, self.status, self.answers = [], 200, {}
        double = self

        class Bound(BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                double.asked.append((self.command, self.path, body, dict(self.headers.items())))
                said = double.reply(self.path, body)
                self.send_response(double.status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def reply(self, path, body):
        for word, said in self.answers.items():
            if word in path or word in body:
                return said if isinstance(said, bytes) else json.dumps(said).encode()
        return b"{}"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def double():
    made = Double()
    yield made
    made.close()


@pytest.fixture
def elise():
    return people.person("Élise Garonval (fictif)", "elise@exemple.invalid")


@pytest.fixture
def by_card(settings, double, elise):
    """An invoice of 12 € that may be paid by card."""
    document = collecting.owed(Payer(elise.pk))
    siren = document.operator.billing_profile.siren
    settings.STRIPE_URL = double.url
    settings.PAYMENT_PROVIDERS = {
        "stripe": {siren: {"key": "sk_test", "secret": SECRET}},
        "payfip": {},
    }
    double.answers = {
        "cs_1": {"id": "cs_1", "payment_status": "paid", "amount_total": 1_200, "currency": "eur"},
        "/v1/checkout/sessions": {"id": "cs_1", "url": "https://pay.exemple.invalid/cs_1"},
    }
    return document


def signed(body, *, at=None, secret=SECRET):
    stamp = str(int((at or now()).timestamp()))
    return {"HTTP_STRIPE_SIGNATURE": f"t={stamp},v1={stripe.signature(stamp, body, secret)}"}


def event(name="evt_1", session="cs_1"):
    return json.dumps(
        {"id": name, "type": "checkout.session.completed", "data": {"object": {"id": session}}}
    ).encode()


def tell(client, document, body, **headers):
    return client.post(
        f"/paiements/stripe/{document.operator.billing_profile.siren}/",
        body,
        content_type="application/json",
        **(headers or signed(body)),
    ).status_code


def owed(document):
    return balance.owed_cents([document])[document.pk]


def test_paying_by_card_leads_to_the_provider_and_comes_back_paid(client, by_card, elise, double):
    client.force_login(elise)

    begun = client.post(f"/mes-paiements/payer/{by_card.pk}/")

    assert (begun.status_code, begun["Location"]) == (302, "https://pay.exemple.invalid/cs_1")
    method, path, body, headers = double.asked[0]
    payment = OnlinePayment.objects.get()
    assert (method, path) == ("POST", "/v1/checkout/sessions")
    assert "unit_amount%5D=1200" in body
    assert (headers["Authorization"], headers["Idempotency-Key"]) == (
        "Bearer sk_test",
        payment.reference,
    )
    back = client.get(f"/mes-paiements/retour/{payment.reference}/", follow=True)
    assert "Votre paiement est reçu" in back.content.decode()
    assert owed(by_card) == 0


def test_an_event_twice_and_the_return_make_one_receipt(client, by_card, elise):
    pay_online.begin(by_card, by=elise.pk, at=now())
    assert [tell(client, by_card, event()) for _ in range(3)] == [200, 200, 200]
    assert tell(client, by_card, event("evt_2")) == 200
    pay_online.settle(OnlinePayment.objects.get(), at=now())
    assert Receipt.objects.count() == 1
    assert ProviderEvent.objects.count() == 2
    assert owed(by_card) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_STRIPE_SIGNATURE": "t=1,v1=00"},
        {"HTTP_STRIPE_SIGNATURE": "v1=00"},
        {"HTTP_STRIPE_SIGNATURE": "t=x,v1=é"},
        signed(event(), secret="whsec_other"),
        signed(event("evt_other")),
        signed(event(), at=now() - timedelta(seconds=301)),
        signed(event(), at=now() + timedelta(hours=1)),
    ],
)
def test_a_forged_or_replayed_event_does_nothing(client, by_card, elise, double, headers):
    pay_online.begin(by_card, by=elise.pk, at=now())
    asked = len(double.asked)
    assert tell(client, by_card, event(), **(headers or {"HTTP_X": "1"})) == 400
    assert len(double.asked) == asked
    assert (owed(by_card), ProviderEvent.objects.count()) == (1_200, 0)


def test_a_signed_event_is_not_believed_the_state_is_fetched(client, by_card, elise, double):
    pay_online.begin(by_card, by=elise.pk, at=now())
    double.answers["cs_1"] = {"id": "cs_1", "payment_status": "unpaid", "status": "open"}
    assert tell(client, by_card, event()) == 200
    assert owed(by_card) == 1_200
    # reordered: « expired » comes after it was paid
    double.answers["cs_1"] = {"payment_status": "paid", "amount_total": 1_200}
    assert tell(client, by_card, event("evt_2")) == 200
    double.answers["cs_1"] = {"payment_status": "unpaid", "status": "expired"}
    assert tell(client, by_card, event("evt_3")) == 200
    assert owed(by_card) == 0
    assert OnlinePayment.objects.get().state == PaymentState.PAID


def test_while_the_provider_is_away_the_event_is_asked_for_again(client, by_card, elise, double):
    pay_online.begin(by_card, by=elise.pk, at=now())
    double.status = 500
    assert tell(client, by_card, event()) == 503
    assert OnlinePayment.objects.get().state == PaymentState.UNKNOWN
    double.status = 200
    assert tell(client, by_card, event()) == 200
    assert owed(by_card) == 0


def test_a_payment_that_nobody_told_about_is_found_by_asking(by_card, elise, double):
    pay_online.begin(by_card, by=elise.pk, at=now())
    assert pay_online.ask_again(at=now()) == 0
    assert owed(by_card) == 1_200
    double.status = 500
    assert pay_online.ask_again(at=now() + timedelta(hours=1)) == 1
    double.status = 200
    assert pay_online.ask_again(at=now() + timedelta(hours=1)) == 0
    assert owed(by_card) == 0


def test_a_payment_of_what_was_paid_meanwhile_becomes_an_avoir(client, by_card, elise):
    pay_online.begin(by_card, by=elise.pk, at=now())
    collecting.receipt(by_card, received_on=now().date(), at=now())
    tell(client, by_card, event())
    assert owed(by_card) == 0
    assert balance.credit_cents(by_card.operator, Payer(elise.pk)) == 1_200


def test_a_provider_that_is_away_takes_nothing(by_card, elise, double):
    double.status = 500
    with pytest.raises(pay_online.ProviderAway):
        pay_online.begin(by_card, by=elise.pk, at=now())
    assert OnlinePayment.objects.get().state == PaymentState.FAILED


def test_an_operator_without_credentials_says_so(client, by_card, elise, settings):
    settings.PAYMENT_PROVIDERS = {"stripe": {}, "payfip": {}}
    client.force_login(elise)
    page = client.get("/mes-paiements/").content.decode()
    assert "ne reçoit pas encore de paiement en ligne" in page
    assert "Payer FA" not in page
    assert client.post(f"/mes-paiements/payer/{by_card.pk}/").status_code == 409


def test_nobody_pays_or_sees_the_invoice_of_somebody_else(client, by_card):
    client.force_login(people.person("Rémi Autre (fictif)", "remi@exemple.invalid"))
    assert client.post(f"/mes-paiements/payer/{by_card.pk}/").status_code == 404
    assert by_card.number not in client.get("/mes-paiements/").content.decode()


# --- PayFIP -----------------------------------------------------------------------------------

ENVELOPE = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>{}'
    "</soap:Body></soap:Envelope>"
)
BEGUN = ENVELOPE.format(
    "<ns2:creerPaiementSecuriseResponse xmlns:ns2='urn:x'><return><idOp>op-1</idOp></return>"
    "</ns2:creerPaiementSecuriseResponse>"
).encode()
PAID = ENVELOPE.format(
    "<ns2:recupererDetailPaiementSecuriseResponse xmlns:ns2='urn:x'><return><idOp>op-1</idOp>"
    "<montant>1200</montant><resultrans>P</resultrans></return>"
    "</ns2:recupererDetailPaiementSecuriseResponse>"
).encode()
NOT_KNOWN = ENVELOPE.format(
    "<soap:Fault><detail><ns2:FonctionnelleErreur xmlns:ns2='urn:x'><code>P5</code>"
    "</ns2:FonctionnelleErreur></detail></soap:Fault>"
).encode()


@pytest.fixture
def by_payfip(settings, double, elise):
    body = network_sites.operator("CC du Pressoir (fictif)")
    billing.public(body)
    document = collecting.owed(Payer(elise.pk), operator=body)
    settings.PAYFIP_URL, settings.PAYFIP_PAGE = double.url + "/ws", double.url + "/page"
    settings.PAYMENT_PROVIDERS = {
        "stripe": {},
        "payfip": {body.billing_profile.siren: {"client": "012345", "kind": "T"}},
    }
    double.answers = {"creerPaiementSecurise": BEGUN, "recupererDetail": PAID}
    return document


def test_payfip_redirects_then_tells_and_is_asked(client, by_payfip, elise, double):
    href = pay_online.begin(by_payfip, by=elise.pk, at=now())
    assert href == f"{double.url}/page?idop=op-1"
    body = double.asked[0][2]
    assert "<numcli>012345</numcli>" in body
    assert "<montant>1200</montant>" in body
    double.status, double.answers["recupererDetail"] = 500, NOT_KNOWN
    assert client.post("/paiements/payfip/", {"idop": "op-1"}).status_code == 200
    assert owed(by_payfip) == 1_200
    double.status, double.answers["recupererDetail"] = 200, PAID
    # told twice
    for _ in range(2):
        assert client.post("/paiements/payfip/", {"idop": "op-1"}).status_code == 200
    assert (owed(by_payfip), Receipt.objects.count()) == (0, 1)
    assert Receipt.objects.get().means.kind == "online"


@pytest.mark.parametrize("said", [b"", b"<a>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_answer_of_payfip_begins_nothing(by_payfip, elise, double, said):
    double.answers = {"creerPaiementSecurise": said}
    with pytest.raises(pay_online.ProviderAway):
        pay_online.begin(by_payfip, by=elise.pk, at=now())
    assert owed(by_payfip) == 1_200
