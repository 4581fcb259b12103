"""Reminders: what goes tonight, what waits for somebody's decision, the words of each step."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.collecting import frame, remind
from maillage.apps.collecting.balance import Owed
from maillage.apps.collecting.forms import AskText
from maillage.apps.collecting.models import Reminder
from maillage.apps.collecting.reminder_words import Words, words_of
from maillage.apps.collecting.rules import letter_of, may_keep, may_keep_letter, operator_of
from maillage.apps.collecting.set_reminder import set_reminder
from maillage.apps.collecting.shown import Button, Section, owed_table, payer_name, table
from maillage.apps.people.models import Organisation
from maillage.kit import files
from maillage.kit.clock import now
from maillage.kit.components import Link
from maillage.kit.form_pages import WRITING, FormShown, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Table, money
from maillage.report import french

SHOWN = 200


@page(rule=may_keep, of=operator_of)
def reminders(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """The next ones, those after which a human decides, those sent."""
    at = now()
    waiting = remind.due(operator, at=at)
    decide = remind.to_decide(operator, at=at)
    sent = Reminder.objects.filter(document__operator=operator).select_related(
        "document__payer_person", "document__payer_organisation"
    )
    steps = [
        Button(
            _("Rappel n° {n}, {days} jours après l’échéance").format(n=one.step, days=one.days),
            reverse("reminder_text", args=(operator.pk, one.step)),
        )
        for one in words_of(operator)
    ]
    next_ones = table(
        "a-envoyer",
        _("Relances du prochain matin ouvré"),
        (("number", _("Facture")), ("payer", _("Payeur")), ("step", _("Rappel")),
         ("owed_cents", _("Reste dû"))),
        (
            {
                "number": _document(one.document.pk, one.document.number),
                "payer": payer_name(one.document),
                "step": f"n° {one.words.step}",
                "owed_cents": money(one.owed_cents),
            }
            for one in waiting
        ),
        empty=_("Aucune relance à envoyer."),
    )  # fmt: skip
    return frame.show(
        request,
        operator,
        _("Relances"),
        "reminders",
        lead=_("{count} après trois relances : à vous de décider. Rien n’est automatique.").format(
            count=french.count(len(decide), "facture")
        ),
        sections=[
            Section("decider", _("À décider"),
                    table=owed_table([Owed(o.document, o.cents) for o in decide], at.date())),
            Section("prochaines", _("Partiront seules"), table=next_ones),
            Section("envoyees", _("Envoyées"), table=_sent(list(sent.order_by("-pk")[:SHOWN]))),
            Section("textes", _("Les trois textes"), buttons=steps),
        ],
    )  # fmt: skip


def _step_of(person: Any, pk: int, step: int) -> tuple[Organisation, int]:
    return operator_of(person, pk), step


def _may_keep_step(person: Any, asked: tuple[Organisation, int]) -> bool:
    return may_keep(person, asked[0])


@page(rule=_may_keep_step, of=_step_of, methods=WRITING)
def reminder_text(request: HttpRequest, asked: tuple[Organisation, int]) -> HttpResponse:
    """The words of one step."""
    operator, step = asked
    now_said = next((one for one in words_of(operator) if one.step == step), None)
    if now_said is None:
        raise Http404(step)
    initial = {"days": now_said.days, "subject": now_said.subject, "text": now_said.text}
    form = AskText(request.POST or None, initial=initial)
    back = reverse("reminders", args=(operator.pk,))
    if request.method == "POST" and form.is_valid():
        words = Words(step, **form.cleaned_data)
        who = int(request.user.pk or 0)
        if done(form, lambda: set_reminder(operator, words, by=who, at=now())):
            return told(request, _("Le texte est enregistré."), back)
    title = _("Rappel n° {n}").format(n=step)
    shown = FormShown(title, _("Enregistrer"), Link(_("Revenir aux relances"), back))
    return form_page(request, form, shown, frame.around(operator, title))


@page(rule=may_keep_letter, of=letter_of)
def reminder_letter(_request: HttpRequest, one: Reminder) -> HttpResponse:
    """The letter, as it was written."""
    name = str(one.files[0]["name"])
    shown_as = f"relance-{one.document.number}-{one.step}.pdf"
    return HttpResponse(
        files.read(one.folder, name),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{shown_as}"'},
    )


def _sent(rows: list[Reminder]) -> Table:
    columns = (("number", _("Facture")), ("payer", _("Payeur")), ("step", _("Rappel")),
               ("on", _("Envoyé le")), ("how", _("Par")))  # fmt: skip
    cells = [
        {
            "number": _document(one.document_id, one.document.number),
            "payer": payer_name(one.document),
            "step": Link(f"n° {one.step}", reverse("reminder_letter", args=(one.pk,))),
            "on": french.day(one.sent_at.date()),
            "how": _("message") if one.to else _("lettre à poster"),
        }
        for one in rows
    ]
    return table("envoyees-table", _("Relances envoyées"), columns, cells, empty=_("Aucune."))


def _document(pk: int, number: str) -> Link:
    return Link(number, reverse("document_payments", args=(pk,)))
