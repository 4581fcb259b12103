"""Signatures: by link, by account, by role; hostile ways; the evidence; what an audit finds."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InternalError, ProgrammingError, connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import contracts, network_sites, people
from maillage.apps.bookings.models import Block
from maillage.apps.contracts import (
    audit,
    events,
    forget,
    papers,
    send_many,
    sign,
    withdraw,
    wordings,
)
from maillage.apps.contracts.held import NotNow
from maillage.apps.contracts.models import (
    Contract,
    DepositMovement,
    Event,
    Paper,
    Side,
    Signature,
    State,
)
from maillage.apps.people import erase, export
from maillage.apps.people.models import RoleKind
from maillage.kit.clock import now
from maillage.operate import audit as operate_audit

pytestmark = pytest.mark.django_db
AT = contracts.AT


@pytest.fixture
def site():
    return network_sites.site()


@pytest.fixture
def maud():
    return people.person("Maud Ferrachat (fictif)", "maud@exemple.fr")


@pytest.fixture
def waiting(site, maud):
    """A contract that was sent today, with its house rules."""
    wordings.adopt(site.operator, "Fermez la porte.", version=0, by=None, at=AT)
    return contracts.sent(contracts.drafted(site, maud), now())


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def code_of(jobs_before):
    """The six digits of the last mail."""
    job = ProcrastinateJob.objects.exclude(pk__in=jobs_before).get(task_name="mail.deliver")
    return job.args["subject"].rpartition(" ")[2]


def page_of(secret, name="sign_link"):
    return reverse(name, args=(secret,))


def party(contract):
    return contract.signatures.get(side=Side.PARTY)


# --- by link ----------------------------------------------------------------------------------


def test_a_stranger_signs_with_the_code_of_her_mail_and_once(
    client, waiting, maud, django_capture_on_commit_callbacks
):
    secret = contracts.link(waiting)
    page = client.get(page_of(secret))
    paper = client.get(page_of(secret, "sign_paper"))
    before = list(ProcrastinateJob.objects.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of(secret, "sign_code"))
    said = {"name": "maud  FERRACHAT (fictif)", "agrees": "on", "code": code_of(before)}

    signed = client.post(page_of(secret), said)

    one = party(waiting)
    assert "Fermez la porte." in text(page)
    assert paper.content == papers.data_of(waiting.papers.get())
    assert (signed.status_code, signed.url) == (302, "/signature/")
    assert (one.how, one.typed_name, one.rules_version) == ("code", "maud  FERRACHAT (fictif)", 1)
    assert one.opened_at is not None
    assert "127.0.0.1" not in one.address_hash
    assert one.secret_hash is None
    # the same link, and its other acts, open nothing any more
    for name in ("sign_link", "sign_paper", "sign_refuse"):
        assert client.get(page_of(secret, name)).status_code == 404
    assert client.post(page_of(secret), said).status_code == 404
    assert client.post(page_of(secret, "sign_code")).status_code == 404


def test_a_wrong_an_old_and_a_tried_code_are_refused(client, waiting):
    secret = contracts.link(waiting)
    one = party(waiting)
    said = {"name": one.name, "agrees": "on", "code": "000000"}

    assert client.post(page_of(secret), said).status_code == 422
    sign.send_code(one, at=now() - timedelta(minutes=16))
    stored = party(waiting)
    assert stored.code_hash is not None
    assert client.post(page_of(secret), said).status_code == 422

    sign.send_code(one, at=now())
    one.refresh_from_db()
    right = next(
        n for n in (f"{n:06d}" for n in range(sign.CODES))
        if sign._code_hash(one, n) == bytes(one.code_hash)
    )  # fmt: skip
    wrong = "000001" if right != "000001" else "000002"
    for _try in range(sign.MOST_TRIES):
        client.post(page_of(secret), said | {"code": wrong})
    assert client.post(page_of(secret), said | {"code": right}).status_code == 422
    assert party(waiting).signed_at is None


def test_a_name_or_a_consent_that_is_missing_is_refused(waiting):
    one = party(waiting)
    for changes, refusal in (
        ({"typed_name": "Quelqu’un d’autre"}, sign.OtherName),
        ({"agrees": False}, sign.NotAgreed),
        ({"how": "code", "code": "123456"}, sign.WrongCode),
    ):
        with pytest.raises(refusal):
            sign.sign(one, contracts.signing(one.name, **changes), at=now())
    assert party(waiting).signed_at is None


def test_links_that_open_nothing(client, waiting, site):
    secret = contracts.link(waiting)
    answers = [client.get(page_of("inconnu"))]
    Signature.objects.update(expires_at=now() - timedelta(seconds=1))
    answers.append(client.get(page_of(secret)))
    Signature.objects.update(expires_at=now() + timedelta(days=1))
    assert client.get(page_of(secret)).status_code == 200
    withdraw.withdraw(waiting, "Erreur", version=None, by=None, at=now())
    answers.append(client.get(page_of(secret)))

    assert {a.status_code for a in answers} == {404}
    assert all("Ce lien ne sert plus" in text(a) for a in answers)


def test_a_reminder_replaces_the_link(waiting, mails):
    secret = contracts.link(waiting)
    with pytest.raises(withdraw.RemindedToday):
        withdraw.remind(waiting, by=None, at=now())
    later = now() + timedelta(days=2)

    told = mails(withdraw.remind, waiting, by=None, at=later)

    assert [to for to, _subject in told] == ["maud@exemple.fr"]
    with pytest.raises(sign.LinkIsOver):
        sign.find(secret, at=later)
    sign.sign(party(waiting), contracts.signing(waiting.signatory_name), at=later)
    with pytest.raises(withdraw.PartySigned):
        withdraw.remind(waiting, by=None, at=later + timedelta(days=2))


def test_she_refuses_and_says_why(client, site, maud):
    seat = contracts.with_seat(site)
    sent = contracts.sent(contracts.drafted(site, maud, seat_ids=[seat.pk]), now())
    secret = contracts.link(sent)

    blank = client.post(page_of(secret, "sign_refuse"), {"reason": ""})
    said = client.post(page_of(secret, "sign_refuse"), {"reason": "Trop cher pour moi"})

    sent.refresh_from_db()
    assert (blank.status_code, said.status_code) == (422, 302)
    assert (sent.state, sent.end_reason) == (State.REFUSED, "Trop cher pour moi")
    assert Block.objects.get(seat=seat).ended_at is not None
    assert client.get(page_of(secret)).status_code == 404


# --- by account and by role -------------------------------------------------------------------


def test_the_signatory_signs_from_her_account_and_nobody_else_does(client, waiting, maud):
    address = reverse("own_contract_sign", args=(waiting.pk,))
    said = {"name": maud.name, "agrees": "on"}
    people.signed_in(client, people.person("Rémi Curieux (fictif)"))
    assert client.get(address).status_code == 404
    assert client.post(address, said).status_code == 404

    people.signed_in(client, maud)
    assert "Recevoir un code" not in text(client.get(address))
    assert client.post(address, said).status_code == 302

    assert party(waiting).how == "account"
    assert client.post(address, said).status_code == 403


def test_the_operator_signs_by_a_role_and_the_contract_runs(client, waiting, site, maud):
    scope = ("site", str(site.pk))
    post = people.position(RoleKind.SITE_MANAGER, scope, organisation=site.operator)
    sophie = people.role(people.person("Sophie Fictive"), position=post).person
    sign.sign(party(waiting), contracts.signing(maud.name), at=now())
    address = reverse("contract_sign", args=(waiting.pk,))
    said = {"name": "Sophie Fictive", "agrees": "on"}
    people.signed_in(client, sophie, confirmed_s_ago=3_600)
    assert client.post(address, said).status_code == 302
    assert Contract.objects.get().state == State.SENT

    people.signed_in(client, sophie)
    assert client.post(address, said).status_code == 302

    done = Contract.objects.get()
    operator = done.signatures.get(side=Side.OPERATOR)
    assert (operator.person, operator.typed_name) == (sophie, "Sophie Fictive")
    assert done.state in (State.SIGNED, State.RUNNING)
    with pytest.raises(NotNow):
        sign.sign(operator, contracts.signing("Sophie Fictive"), at=now())


def test_the_evidence_says_who_when_what_and_how(waiting, maud):
    done = contracts.signed(waiting, now())

    stored = done.papers.get(kind=papers.EVIDENCE)
    said = json.loads(papers.data_of(stored))

    paper = done.papers.get(kind=papers.CONTRACT)
    assert said["document"]["sha256"] == hashlib.sha256(papers.data_of(paper)).hexdigest()
    assert said["house_rules"]["version"] == 1
    assert [one["side"] for one in said["signatures"]] == ["party", "operator"]
    first = said["signatures"][0]
    assert (first["email"], first["typed_name"], first["consent"]) == (
        maud.email, maud.name, sign.CONSENT,
    )  # fmt: skip
    assert first["signed_at"].endswith("+00:00")
    assert "192.0.2.7" not in json.dumps(said)
    assert [one["what"] for one in said["events"]] == ["draft", "send", "sign", "sign"]
    assert said["events"][1]["before_sha256"] == said["events"][0]["sha256"]


def test_an_altered_document_is_not_signed(client, waiting, maud):
    paper = waiting.papers.get()
    path = f"{paper.folder}/{paper.name}"
    default_storage.delete(path)
    default_storage.save(path, ContentFile(b"%PDF-1.7 autre chose"))

    with pytest.raises(papers.Altered):
        sign.sign(party(waiting), contracts.signing(maud.name), at=now())

    people.signed_in(client, maud)
    answer = client.get(reverse("own_contract_paper", args=(waiting.pk, paper.name)))
    assert answer.status_code == 409
    assert _found("contracts.altered") == (f"{waiting.reference}/contrat.pdf",)


# --- what an audit finds ----------------------------------------------------------------------


def _found(name, at=AT):
    return next(one.found for one in audit.forbidden(at=at) if one.name == name)


def test_a_sound_base_has_nothing_forbidden(site, maud):
    contracts.running(site, maud, seat_ids=[contracts.with_seat(site).pk])

    assert {one.name: one.found for one in audit.forbidden(at=AT) if one.found} == {}
    listed = [one for one in operate_audit.run(("money",)) if one.name.startswith("contracts.")]
    assert [one.count for one in listed] == [0] * 10


def test_a_missing_document_and_a_changed_event_are_found(site, maud):
    row = contracts.running(site, maud)
    paper = row.papers.get(kind=papers.EVIDENCE)
    default_storage.delete(f"{paper.folder}/{paper.name}")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE contracts_event DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE contracts_event SET facts = '{\"sha256\": \"autre\"}' WHERE what = 'send'"
        )

    assert _found("contracts.altered") == (f"{row.reference}/preuve.json",)
    assert _found("contracts.broken_chain") == (str(row.pk),)
    assert _found("contracts.unguarded") == ("contracts_event",)
    changed = [one.what for one in events.broken(row.events.order_by("number"))]
    assert changed == ["send"]


def test_a_dead_contract_that_keeps_its_seat_and_a_late_one_are_found(site, maud):
    seat = contracts.with_seat(site)
    row = contracts.running(site, maud, seat_ids=[seat.pk])
    Contract.objects.filter(pk=row.pk).update(ends_on=AT.date() - timedelta(days=9))

    assert _found("contracts.not_ended") == (row.reference,)
    Contract.objects.filter(pk=row.pk).update(state=State.ENDED)
    assert _found("contracts.seat_not_freed") == (row.reference,)
    Paper.objects.filter(contract=row).delete()
    assert _found("contracts.no_paper") == (row.reference,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contracts_event SET what = 'x'",
        "DELETE FROM contracts_event",
        "UPDATE contracts_paper SET kind = 'x'",
        "UPDATE contracts_depositmovement SET amount_cents = 1",
        "DELETE FROM contracts_depositmovement",
        "UPDATE contracts_houserules SET text = 'x'",
        "DELETE FROM contracts_wording",
    ],
)
def test_what_was_agreed_never_changes(site, maud, statement):
    wordings.adopt(site.operator, "Règles", version=0, by=None, at=AT)
    article = contracts.draft.shipped.Article("Objet", "Texte")
    wordings.adapt(site.operator, "resident", [article], version=0, by=None, at=AT)
    row = contracts.running(site, maud)
    DepositMovement.objects.create(
        deposit=row.deposit, kind="received", amount_cents=5, on=AT.date(), at=AT
    )

    with (
        pytest.raises((InternalError, ProgrammingError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


# --- personal data ----------------------------------------------------------------------------


def test_she_takes_her_contracts_away_and_is_erased(site, maud):
    contracts.running(site, maud)
    seat = contracts.with_seat(site)
    open_ = contracts.sent(contracts.drafted(site, maud, seat_ids=[seat.pk]))
    taken = {name: tell(maud) for name, tell in export._exporters.items()}

    erase.erase(maud, by=None, at=now())

    open_.refresh_from_db()
    assert (open_.state, open_.signatory_name) == (State.WITHDRAWN, "Personne effacée")
    assert party(open_).email.endswith("@invalid")
    assert Block.objects.get(seat=seat).ended_at is not None
    # the one that runs is kept with its evidence: it proves a debt
    kept = Contract.objects.exclude(pk=open_.pk).get()
    assert kept.papers.count() == 2
    assert [len(taken[name]) for name in ("contrats", "signatures", "depots")] == [2, 2, 0]


def test_what_is_over_since_five_years_names_nobody(site, maud, django_capture_on_commit_callbacks):
    row = contracts.running(site, maud)
    Contract.objects.filter(pk=row.pk).update(state=State.ENDED, ends_on=AT.date())
    later = AT.replace(year=AT.year + 5)
    folder = row.papers.first().folder
    assert forget.forget_old(at=later - timedelta(days=2)) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert forget.forget_old(at=later + timedelta(days=2)) == 1

    row.refresh_from_db()
    assert (row.signatory_name, row.papers.count()) == (forget.NOBODY, 0)
    assert not default_storage.exists(f"{folder}/contrat.pdf")
    assert forget.forget_old(at=later + timedelta(days=3)) == 0


def test_one_refused_among_many_does_not_stop_the_others(site, maud):
    seat = contracts.with_seat(site)
    made = [contracts.drafted(site, who, seat_ids=[seat.pk]) for who in (maud, people.person())]

    sent = [send_many.send_one(one, by=None, at=AT) for one in made]

    assert sent == [True, False]
    last = Event.objects.filter(contract=made[1]).order_by("-number").first()
    assert (last.what, "déjà prise" in last.facts["refusal"]) == ("not_sent", True)
    made[0].refresh_from_db()
    assert send_many.send_one(made[0], by=None, at=AT) is False
