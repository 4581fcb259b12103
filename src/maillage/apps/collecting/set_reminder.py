"""Write a step of the reminders in an operator's own words."""

import string
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.collecting.models import ReminderText
from maillage.apps.collecting.reminder_words import Words, words_of
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal

FACTS = ("number", "owed", "issued", "due", "operator", "link")


class UnknownFact(Refusal):
    """Something in braces that a reminder does not know."""

    sentence = _("Entre accolades, seuls {facts} sont connus. Corrigez le texte.")
    status = 422


class OutOfOrder(Refusal):
    """A later step comes later."""

    sentence = _("Chaque rappel vient après le précédent. Changez le nombre de jours.")
    status = 422


def set_reminder(operator: Organisation, asked: Words, *, by: int, at: datetime) -> ReminderText:
    """The step says this from now on; what was sent keeps the words it had."""
    for text in (asked.subject, asked.text):
        _refuse_unknown(text)
    days = {one.step: one.days for one in words_of(operator)} | {asked.step: asked.days}
    if sorted(days, key=lambda step: (days[step], -step)) != sorted(days):
        raise OutOfOrder
    with transaction.atomic():
        row, _is_new = ReminderText.objects.update_or_create(
            operator=operator,
            step=asked.step,
            defaults={"days": asked.days, "subject": asked.subject, "text": asked.text},
        )
        record(
            "collecting.set_reminder", ("reminder_text", row.pk), by=by, at=at,
            scope=operator.scopes[0], step=asked.step,
        )  # fmt: skip
    return row


def _refuse_unknown(text: str) -> None:
    known = ", ".join(f"{{{fact}}}" for fact in FACTS)
    try:
        named = [(name, spec, how) for _text, name, spec, how in string.Formatter().parse(text)]
    except ValueError as fault:
        raise UnknownFact(facts=known) from fault
    if any(name is not None and (name not in FACTS or spec or how) for name, spec, how in named):
        raise UnknownFact(facts=known)
