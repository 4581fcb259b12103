"""Reminders in three steps: what is due tonight, written, kept, told; then a human decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from maillage.apps.billing.closed import hold
from maillage.apps.billing.models import BillingProfile, Document
from maillage.apps.collecting import balance, pause
from maillage.apps.collecting.balance import Owed
from maillage.apps.collecting.models import STEPS, Debit, DebitState, Reminder
from maillage.apps.collecting.reminder_words import Words, words_of
from maillage.apps.collecting.written_to import address_of
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit import files, mail
from maillage.report import french, statement

MAIL = "collecting/emails/reminder.txt"
# between two steps at least, whatever was missed: nobody gets two letters in one night
APART = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """An invoice whose next step has come."""

    document: Document
    owed_cents: int
    words: Words


def due(operator: Organisation, *, at: datetime) -> list[Due]:
    """What would be sent now: nothing contested, scheduled, at the bank or just reminded."""
    today = at.date()
    late = [one for one in balance.open_documents(operator) if one.document.due_on < today]
    keys = [one.document.pk for one in late]
    held = set(pause.paused(keys, today)) | set(
        Debit.objects.filter(
            document__in=keys, state__in=(DebitState.ANNOUNCED, DebitState.SENT)
        ).values_list("document", flat=True)
    )
    sent = {
        row["document"]: (row["step"], row["last"])
        for row in Reminder.objects.filter(document__in=keys)
        .order_by()
        .values("document")
        .annotate(step=Max("step"), last=Max("sent_at"))
    }
    steps = {one.step: one for one in words_of(operator)}
    found = []
    for one in late:
        step, last = sent.get(one.document.pk, (0, None))
        words = steps.get(step + 1)
        if one.document.pk in held or words is None or (last and last + APART > at):
            continue
        if one.document.due_on + timedelta(days=words.days) <= today:
            found.append(Due(one.document, one.cents, words))
    return found


def remind_due(*, at: datetime) -> int:
    """Each night, send the steps that have come, for every operator; how many."""
    sent = 0
    for profile in BillingProfile.objects.select_related("operator").order_by("pk"):
        for one in due(profile.operator, at=at):
            sent += remind(one, at=at) is not None
    return sent


def remind(one: Due, *, at: datetime) -> Reminder | None:
    """Write and send one step; None when money or somebody else came in between."""
    document = one.document
    to = address_of([document])[document.pk]
    facts = _facts(one)
    subject, text = one.words.subject.format(**facts), one.words.text.format(**facts)
    letter = _letter(one, text, at)
    with transaction.atomic():
        hold(document.operator)
        owed = balance.owed_cents([document])[document.pk]
        known = Reminder.objects.filter(document=document, step=one.words.step).exists()
        if known or owed != one.owed_cents:
            return None
        folder = f"relances/{document.pk}-{one.words.step}"
        made = Reminder.objects.create(
            document=document,
            step=one.words.step,
            owed_cents=one.owed_cents,
            to=to,
            subject=subject,
            text=text,
            folder=folder,
            files=files.write_folder(folder, {"relance.pdf": letter}),
            sent_at=at,
        )
        if to:
            mail.send(MAIL, to, {"subject": subject, "text": text})
        record(
            "collecting.remind", ("document", document.pk), by=None, at=at,
            scope=document.operator.scopes[0], step=made.step, is_mailed=bool(to),
        )  # fmt: skip
    return made


def to_decide(operator: Organisation, *, at: datetime) -> list[Owed]:
    """Invoices still owed after the third step, on which nobody decided since; few queries."""
    owed = balance.open_documents(operator)
    keys = [one.document.pk for one in owed]
    thirds = dict(
        Reminder.objects.filter(document__in=keys, step=STEPS).values_list("document", "sent_at")
    )
    decided = set(
        Document.objects.filter(pk__in=thirds, decisions__isnull=False).values_list("pk", flat=True)
    )
    held = pause.paused(keys, at.date())
    return [
        one
        for one in owed
        if one.document.pk in thirds
        and one.document.pk not in decided
        and one.document.pk not in held
    ]


def _facts(one: Due) -> dict[str, str]:
    document = one.document
    return {
        "number": document.number,
        "owed": french.cents(one.owed_cents),
        "issued": french.day(document.issued_on),
        "due": french.day(document.due_on),
        "operator": str(document.seller.get("name", "")),
        "link": f"{settings.BASE_URL}/mes-paiements/",
    }


def _letter(one: Due, text: str, at: datetime) -> bytes:
    document = one.document
    buyer = document.buyer
    place = " ".join(str(buyer.get(name, "")) for name in ("postcode", "city")).strip()
    to = ", ".join(part for part in (buyer.get("name"), buyer.get("address"), place) if part)
    words = statement.Statement(
        title=f"Rappel n° {one.words.step}",
        number=document.number,
        period=french.day(at.date()),
        from_=str(document.seller.get("name", "")),
        to=to,
        sentence=text,
        figures=_figures(one),
        tables=(),
        notes=(),
        issued=french.day(at.date()),
    )
    return statement.pdf(words, at=at)


def _figures(one: Due) -> tuple[tuple[str, str], ...]:
    total = one.document.gross_cents
    return (
        (f"Facture {one.document.number}", french.cents(total)),
        ("Déjà réglé ou crédité", french.cents(total - one.owed_cents)),
        ("Reste dû", french.cents(one.owed_cents)),
    )


def ages(owed: Iterable[Owed], on: date) -> dict[str, int]:
    """What is owed by age, in cents: not due, up to 30, 60, 90 days late, beyond."""
    bounds = ((0, "not_due"), (30, "days_30"), (60, "days_60"), (90, "days_90"))
    found = dict.fromkeys((*(name for _days, name in bounds), "older"), 0)
    for one in owed:
        late = (on - one.document.due_on).days
        name = next((name for days, name in bounds if late <= days), "older")
        found[name] += one.cents
    return found
