"""Acceptance 16: mandate, announcement, rejection, three reminders, then somebody decides."""

from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import etree

from factories import billing, collecting, network_sites, people
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.reserve import reserve
from maillage.apps.collecting import (
    announce_debits,
    balance,
    decide,
    remind,
    send_debits,
    settle_debits,
)
from maillage.apps.collecting.models import Debit, DebitState, Mandate, Reminder
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships.suspended import AccessSuspended
from maillage.kit import files

pytestmark = pytest.mark.django_db
AT = datetime(2027, 4, 2, 8, tzinfo=UTC)
ON = date(2027, 4, 19)


@pytest.fixture
def treasurer():
    return people.person("Nora Trésorière (fictif)", "nora@exemple.invalid")


@pytest.fixture
def elise():
    return people.person("Élise Garonval (fictif)", "elise@exemple.invalid")


def owed(document):
    return balance.owed_cents([document])[document.pk]


def test_mandate_announcement_rejection_three_reminders_then_somebody_decides(
    treasurer, elise, mails
):
    site = network_sites.site()
    space = network_sites.space(site)
    payer = Payer(elise.pk)
    document = collecting.owed(payer, 4_500, site.operator)
    mandate = collecting.mandate(payer, site.operator, at=AT)

    # told fourteen days before
    told = mails(announce_debits.announce, site.operator, ON, [document.pk], by=treasurer.pk, at=AT)
    assert [to for to, _subject, _text in told] == ["elise@exemple.invalid"]
    assert "45,00" in told[0][1]
    assert "2606" in told[0][2]
    assert collecting.IBAN not in told[0][2]
    debit = Debit.objects.get(document=document)

    # the file of the bank
    batch = send_debits.send(debit.batch, by=treasurer.pk, at=AT + timedelta(days=10))
    data = files.read(batch.folder, batch.files[0]["name"])
    said = [node.text for node in etree.fromstring(data).iter() if node.text and node.text.strip()]
    assert {"FRST", mandate.reference, collecting.IBAN, "45.00", billing.CREDITOR_ID} <= set(said)

    # settled, then rejected: owed again
    settle_debits.settle(batch, ON, by=treasurer.pk, at=datetime(2027, 4, 20, 8, tzinfo=UTC))
    assert owed(document) == 0
    debit.refresh_from_db()
    settle_debits.reject(
        debit, "am04", date(2027, 4, 22), by=treasurer.pk, at=datetime(2027, 4, 22, 8, tzinfo=UTC)
    )
    debit.refresh_from_db()
    assert (owed(document), debit.state, debit.reason) == (4_500, DebitState.REJECTED, "AM04")

    # three reminders, no fourth
    steps = []
    for day in range(1, 90):
        at = datetime(2027, 5, 1, 7, tzinfo=UTC) + timedelta(days=day)
        if remind.remind_due(at=at):
            steps.append((at.date() - document.due_on).days)
    assert steps == [7, 21, 35]
    assert [r.to for r in Reminder.objects.all()] == ["elise@exemple.invalid"] * 3
    first = Reminder.objects.first()
    assert files.read(first.folder, "relance.pdf").startswith(b"%PDF")

    # then somebody decides, and says why
    later = datetime(2027, 8, 2, 7, tzinfo=UTC)
    assert [one.document for one in remind.to_decide(site.operator, at=later)] == [document]
    ask = Ask(space.pk, network_sites.slot(date(2027, 8, 4)), is_whole=True)
    decided = decide.Decided("suspended", "Trois relances, aucune réponse")
    decide.decide(document, decided, by=treasurer.pk, at=later)
    with pytest.raises(AccessSuspended, match="Pressoir"):
        reserve([ask], Booker(elise, elise.pk), at=later)
    assert Entry.objects.get(act="collecting.decide").reason == "Trois relances, aucune réponse"

    # a cheque reconciles by hand, and access is back
    collecting.receipt(
        document, means="cheque", reference="0012345", received_on=date(2027, 8, 2), at=later
    )
    assert owed(document) == 0
    assert len(reserve([ask], Booker(elise, elise.pk), at=later)) == 1


def test_the_second_debit_of_a_mandate_is_recurrent_and_a_rejected_first_is_first_again(treasurer):
    payer = billing.person_payer()
    first = collecting.owed(payer, 1_000)
    mandate = collecting.mandate(payer, at=AT)

    def sent(document, on):
        at = datetime(on.year, on.month, on.day, 8, tzinfo=UTC) - timedelta(days=16)
        batch = announce_debits.announce(
            document.operator, on, [document.pk], by=treasurer.pk, at=at
        )
        send_debits.send(batch, by=treasurer.pk, at=at)
        return Debit.objects.get(document=document, state=DebitState.SENT)

    debit = sent(first, date(2027, 4, 19))
    assert debit.sequence == "FRST"
    settle_debits.reject(debit, "AM04", date(2027, 4, 20), by=treasurer.pk, at=collecting.AT)
    again = sent(first, date(2027, 5, 18))
    assert again.sequence == "FRST"
    settle_debits.settle(
        again.batch, date(2027, 5, 18), by=treasurer.pk, at=datetime(2027, 5, 19, tzinfo=UTC)
    )
    following = sent(collecting.owed(payer, 900), date(2027, 6, 18))
    assert following.sequence == "RCUR"
    mandate.refresh_from_db()
    assert mandate.last_used_on == date(2027, 6, 18)


def test_who_cannot_be_debited_is_listed_with_its_reason(treasurer):
    payers = {
        why: billing.person_payer(f"{why} (fictif)")
        for why in ("", "no_mandate", "revoked", "expired", "rejected", "paused", "too_soon")
    }
    documents = {why: collecting.owed(payer, 1_000) for why, payer in payers.items()}
    for why in ("", "revoked", "rejected", "paused", "too_soon"):
        collecting.mandate(payers[why], at=AT)
    collecting.mandate(payers["expired"], at=AT, signed_on=date(2024, 1, 1))
    from maillage.apps.collecting import pause, sign_mandate

    of = {row.payer_person_id: row for row in Mandate.objects.all()}
    sign_mandate.revoke(of[payers["revoked"].person_id], by=treasurer.pk, at=AT)
    Mandate.objects.filter(payer_person=payers["rejected"].person_id).update(trouble="AC04")
    Mandate.objects.filter(payer_person=payers["too_soon"].person_id).update(notice_days=30)
    pause.pause(documents["paused"], pause.Asked("dispute", "Heures contestées"),
                by=treasurer.pk, at=AT)  # fmt: skip
    operator = documents[""].operator

    found = {
        one.document.payer_person_id: one.why
        for one in announce_debits.preview(operator, ON, at=AT)
    }

    assert found == {payer.person_id: why for why, payer in payers.items()}
    batch = announce_debits.announce(
        operator, ON, [d.pk for d in documents.values()], by=treasurer.pk, at=AT
    )
    assert [d.document for d in batch.debits.all()] == [documents[""]]


def test_what_was_paid_or_revoked_after_the_announcement_is_left_out_of_the_file(treasurer):
    payers = [billing.person_payer() for _ in range(3)]
    documents = [collecting.owed(payer, 1_000) for payer in payers]
    mandates = [collecting.mandate(payer, at=AT) for payer in payers]
    operator = documents[0].operator
    batch = announce_debits.announce(
        operator, ON, [d.pk for d in documents], by=treasurer.pk, at=AT
    )
    from maillage.apps.collecting import sign_mandate

    collecting.receipt(documents[0], received_on=date(2027, 4, 2), at=AT)
    collecting.receipt(documents[2], 400, received_on=date(2027, 4, 2), at=AT)
    sign_mandate.revoke(mandates[1], by=treasurer.pk, at=AT)

    send_debits.send(batch, by=treasurer.pk, at=AT)

    states = {d.document_id: (d.state, d.reason, d.amount_cents) for d in batch.debits.all()}
    assert states == {
        documents[0].pk: ("left_out", "paid", 1_000),
        documents[1].pk: ("left_out", "revoked", 1_000),
        documents[2].pk: ("sent", "", 600),
    }


def test_a_batch_moves_once(treasurer):
    payer = billing.person_payer()
    document = collecting.owed(payer, 1_000)
    collecting.mandate(payer, at=AT)
    batch = announce_debits.announce(document.operator, ON, [document.pk], by=treasurer.pk, at=AT)
    with pytest.raises(announce_debits.NobodyToDebit):
        announce_debits.announce(document.operator, ON, [document.pk], by=treasurer.pk, at=AT)
    announce_debits.drop(batch, by=treasurer.pk, at=AT)
    for verb in (send_debits.send, announce_debits.drop):
        with pytest.raises(announce_debits.BatchMoved, match="Abandonné"):
            verb(batch, by=treasurer.pk, at=AT)
    again = announce_debits.announce(document.operator, ON, [document.pk], by=treasurer.pk, at=AT)
    assert again.debits.count() == 1


@pytest.mark.parametrize("iban", ["FR1420041010050500013M02607", "XX12", "", "FR14 2004"])
def test_a_wrong_iban_is_refused_and_no_mandate_is_kept(iban):
    from maillage.apps.collecting.sign_mandate import WrongAccount

    with pytest.raises(WrongAccount):
        collecting.mandate(billing.person_payer(), iban=iban)
    assert not Mandate.objects.exists()


def test_nobody_is_reminded_while_it_is_contested_nor_suspended_before_three(treasurer):
    from maillage.apps.collecting import pause

    document = collecting.owed()
    late = datetime(2027, 5, 20, 7, tzinfo=UTC)
    pause.pause(document, pause.Asked("dispute", "Salle froide"), by=treasurer.pk, at=late)
    assert remind.remind_due(at=late) == 0
    with pytest.raises(decide.TooEarly, match="0"):
        decide.decide(document, decide.Decided("suspended", "x"), by=treasurer.pk, at=late)
    pause.resume(document, by=treasurer.pk, at=late)
    assert remind.remind_due(at=late) == 1
    assert remind.remind_due(at=late) == 0


def test_a_schedule_suspends_reminders_until_its_last_day(treasurer):
    document = collecting.owed()
    for step in (7, 21, 35):
        remind.remind_due(at=datetime(2027, 5, 1, 7, tzinfo=UTC) + timedelta(days=step))
    at = datetime(2027, 6, 10, 7, tzinfo=UTC)
    said = decide.Decided("schedule", "Deux fois", date(2027, 7, 31))
    decide.decide(document, said, by=treasurer.pk, at=at)
    assert remind.to_decide(document.operator, at=at) == []
    assert document.pauses.get().until == date(2027, 7, 31)
