"""Receipts: recorded, spread by hand, undone; what paid a document, and what to do with it."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.billing.models import Document, DocumentKind
from maillage.apps.collecting import allocate as by_hand
from maillage.apps.collecting import balance, decide, frame, pause, use_credit
from maillage.apps.collecting import refund as give_back
from maillage.apps.collecting.forms import (
    AskDecision,
    AskParts,
    AskPause,
    AskReceipt,
    AskRefund,
    AskUndoing,
    cents,
    today,
)
from maillage.apps.collecting.means_kept import choices
from maillage.apps.collecting.models import STEPS, Allocation, Receipt
from maillage.apps.collecting.receive import Money, receive
from maillage.apps.collecting.reverse import Undoing
from maillage.apps.collecting.reverse import reverse as undo
from maillage.apps.collecting.rules import (
    document_of,
    may_keep,
    may_keep_row,
    operator_of,
    receipt_of,
)
from maillage.apps.collecting.shown import (
    Button,
    Section,
    payer_name,
    receipts_table,
    table,
)
from maillage.apps.people.models import Organisation
from maillage.kit.clock import now
from maillage.kit.components import Document as Download
from maillage.kit.components import Link
from maillage.kit.form_pages import POST, WRITING, FormShown, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import money
from maillage.report import french

SHOWN = 300


@page(rule=may_keep, of=operator_of)
def receipts(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """The receipts of a day, totals by means; the last ones without a day."""
    day = _day(request)
    rows = Receipt.objects.filter(operator=operator).select_related(
        "means", "payer_person", "payer_organisation"
    )
    chosen = rows.filter(received_on=day) if day else rows
    shown = list(chosen.order_by("-n")[:SHOWN])
    total = sum(one.amount_cents for one in shown)
    by_means: dict[str, int] = {}
    for one in shown:
        by_means[one.means.label] = by_means.get(one.means.label, 0) + one.amount_cents
    means = table(
        "par-moyen",
        _("Total par moyen de paiement"),
        (("means", _("Moyen")), ("total_cents", _("Total"))),
        ({"means": name, "total_cents": money(sum_)} for name, sum_ in by_means.items()),
    )
    when = french.day(day) if day else _("derniers encaissements")
    return frame.show(
        request,
        operator,
        _("Journal des encaissements"),
        "receipts",
        lead=_("{when} : {count}, {total}.").format(
            when=when, count=french.count(len(shown), "écriture"), total=french.cents(total)
        ),
        sections=[
            Section("moyens-titre", _("Par moyen"), table=means,
                    buttons=[Button(_("Aujourd’hui"), f"?jour={now().date().isoformat()}"),
                             Button(_("Tout"), "?")]),
            Section("journal-titre", _("Dans l’ordre, rien n’est jamais effacé"),
                    table=receipts_table("journal", _("Encaissements"), shown)),
        ],
    )  # fmt: skip


@page(rule=may_keep, of=operator_of, methods=WRITING)
def receipt_new(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """Record money that came in."""
    owed = balance.open_documents(operator)
    initial = {**today(now().date()), "document": request.GET.get("facture", "")}
    form = AskReceipt(request.POST or None, owed=owed, means=choices(operator), initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        document = next(o.document for o in owed if str(o.document.pk) == said["document"])
        asked = Money(
            balance.payer_of(document), said["means"], cents(said["euros"]), said["received_on"],
            said["reference"], said["deposit_slip"], (document,),
        )  # fmt: skip
        made: list[Receipt] = []
        if done(form, lambda: made.append(receive(operator, asked, by=_who(request), at=now()))):
            words = _("Encaissement de {sum} enregistré, reçu n° {n}.").format(
                sum=french.cents(made[0].amount_cents), n=made[0].n
            )
            return told(request, words, reverse("receipt", args=(made[0].pk,)))
    title = _("Enregistrer un encaissement")
    keep = Link(_("Revenir au reste dû"), reverse("collecting_body", args=(operator.pk,)))
    shown = FormShown(title, _("Enregistrer"), keep)
    return form_page(request, form, shown, frame.around(operator, title))


@page(rule=may_keep_row, of=receipt_of, methods=WRITING)
def receipt(request: HttpRequest, one: Receipt) -> HttpResponse:
    """A receipt: what it pays, to be changed by hand."""
    is_standing = one.amount_cents > 0 and not Receipt.objects.filter(reverses=one).exists()
    form = _parts_form(request, one) if is_standing else None
    if request.method == "POST" and form is not None and form.is_valid():
        parts = form.parts()
        if done(form, lambda: by_hand.allocate(one, parts, by=_who(request), at=now())):
            return told(request, _("La répartition est enregistrée."), request.path)
    rows = Allocation.objects.filter(receipt=one).select_related("document").order_by("pk")
    paid = table(
        "paye",
        _("Ce que paie cet encaissement"),
        (("number", _("Facture")), ("cents_cents", _("Part"))),
        (
            {
                "number": Link(
                    part.document.number, reverse("document_payments", args=(part.document_id,))
                ),
                "cents_cents": money(part.amount_cents),
            }
            for part in rows
        ),
        empty=_("Rien : tout est en avoir, ou rendu."),
    )
    undone = reverse("receipt_reverse", args=(one.pk,))
    lead = _("{payer}, {means}, le {day}. {reference}").format(
        payer=payer_name(one), means=one.means.label.lower(), day=french.day(one.received_on),
        reference=one.reason or one.reference,
    )  # fmt: skip
    return frame.show(
        request,
        one.operator,
        _("Reçu n° {n}, {sum}").format(n=one.n, sum=french.cents(one.amount_cents)),
        "receipts",
        lead=lead,
        actions=[Button(_("Annuler cet encaissement"), undone)] if is_standing else [],
        sections=[Section("paye-titre", _("Ce qu’il paie"), table=paid)],
        form=form,
        form_title=_("Répartir autrement"),
        form_text=_("Ce qui n’est pas réparti reste en avoir, pour les prochaines factures."),
        form_act=_("Enregistrer la répartition"),
    )


@page(rule=may_keep_row, of=receipt_of, methods=WRITING)
def receipt_reverse(request: HttpRequest, one: Receipt) -> HttpResponse:
    """Undo a receipt: why, and on which day."""
    form = AskUndoing(request.POST or None, initial=today(now().date()))
    if request.method == "POST" and form.is_valid():
        why = Undoing(form.cleaned_data["reason"], form.cleaned_data["on"])
        if done(form, lambda: undo(one, why, by=_who(request), at=now())):
            words = _("Le reçu n° {n} est annulé : ce qu’il payait est dû à nouveau.")
            return told(request, words.format(n=one.n), reverse("receipt", args=(one.pk,)))
    title = _("Annuler le reçu n° {n} ?").format(n=one.n)
    shown = FormShown(
        title,
        _("Annuler l’encaissement"),
        Link(_("Garder"), reverse("receipt", args=(one.pk,))),
        _("Une écriture inverse de {sum} est ajoutée au journal ; ce qu’il payait est dû à "
          "nouveau.").format(sum=french.cents(one.amount_cents)),
    )  # fmt: skip
    return form_page(request, form, shown, frame.around(one.operator, title))


@page(rule=may_keep_row, of=document_of)
def document_payments(request: HttpRequest, document: Document) -> HttpResponse:
    """What paid a document, what was said to its payer, what may be done now."""
    owed = balance.owed_cents([document])[document.pk]
    rows = Allocation.objects.filter(document=document).select_related("receipt__means", "credit")
    paid = table(
        "paiements",
        _("Ce qui a réglé cette facture"),
        (("what", _("Écriture")), ("on", _("Jour")), ("cents_cents", _("Part"))),
        (_paid(one) for one in rows.order_by("pk")),
        empty=_("Aucun règlement."),
    )
    reminders = list(document.reminders.order_by("step"))
    letters = [
        Download(
            _("Rappel n° {n}").format(n=one.step), reverse("reminder_letter", args=(one.pk,)),
            "application/pdf", on=one.sent_at.date(),
        )
        for one in reminders
    ]  # fmt: skip
    held = pause.paused([document.pk], now().date()).get(document.pk)
    said = _("Aucune relance.") if not reminders else ""
    if held is not None:
        said = _("Relances suspendues : {why}").format(why=held.why)
    decisions = [
        f"{french.day(one.at.date())} : {one.get_outcome_display()}. {one.why}"
        for one in document.decisions.order_by("pk")
    ]
    return frame.show(
        request,
        document.operator,
        _("{number}, reste dû {owed}").format(number=document.number, owed=french.cents(owed)),
        "collecting_body",
        lead=_("{payer}, émise le {issued}, à régler le {due} : {gross}.").format(
            payer=payer_name(document), issued=french.day(document.issued_on),
            due=french.day(document.due_on), gross=french.cents(document.gross_cents),
        ),
        sections=[
            Section("paiements-titre", _("Règlements"), table=paid,
                    buttons=_money_buttons(document, owed)),
            Section("relances-titre", _("Relances et suite"), "\n".join([said, *decisions]).strip(),
                    documents=letters,
                    buttons=_reminder_buttons(document, owed, len(reminders), held is not None)),
        ],
    )  # fmt: skip


def _money_buttons(document: Document, owed: int) -> list[Button]:
    key = (document.pk,)
    if owed > 0 and document.kind == DocumentKind.INVOICE:
        new = reverse("receipt_new", args=(document.operator_id,))
        buttons = [Button(_("Enregistrer un encaissement"), f"{new}?facture={document.pk}",
                          is_main=True)]  # fmt: skip
        if balance.credit_cents(document.operator, balance.payer_of(document)) > 0:
            buttons.append(
                Button(_("Utiliser ses avoirs"), reverse("credit_use", args=key), is_post=True)
            )
        return buttons
    if owed < 0:
        return [
            Button(_("Rembourser"), reverse("refund", args=key), is_main=True),
            Button(_("Garder en avoir"), reverse("credit_keep", args=key), is_post=True),
        ]
    return []


def _reminder_buttons(document: Document, owed: int, sent: int, held: bool) -> list[Button]:  # noqa: FBT001
    key = (document.pk,)
    if owed <= 0:
        return []
    if held:
        return [Button(_("Reprendre les relances"), reverse("pause_end", args=key), is_post=True)]
    buttons = [Button(_("Suspendre les relances"), reverse("pause", args=key))]
    if sent >= STEPS:
        buttons.insert(0, Button(_("Décider de la suite"), reverse("decide", args=key)))
    return buttons


@page(rule=may_keep_row, of=document_of, methods=WRITING)
def refund(request: HttpRequest, document: Document) -> HttpResponse:
    """Give back what was paid too much."""
    form = AskRefund(
        request.POST or None, means=choices(document.operator), initial=today(now().date())
    )
    back = reverse("document_payments", args=(document.pk,))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given = give_back.Refund(said["means"], said["on"], said["reason"], said["reference"])
        if done(form, lambda: give_back.refund(document, given, by=_who(request), at=now())):
            return told(request, _("Le remboursement est au journal."), back)
    title = _("Rembourser le trop-payé de {number}").format(number=document.number)
    shown = FormShown(title, _("Enregistrer le remboursement"), Link(_("Revenir"), back))
    return form_page(request, form, shown, frame.around(document.operator, title))


@page(rule=may_keep_row, of=document_of, methods=POST)
def credit_keep(request: HttpRequest, document: Document) -> HttpResponse:
    """Keep what was paid too much as an avoir."""
    use_credit.keep_as_credit(document, by=_who(request), at=now())
    said = _("Le trop-payé est gardé en avoir : il paiera la prochaine facture.")
    return told(request, said, reverse("document_payments", args=(document.pk,)))


@page(rule=may_keep_row, of=document_of, methods=POST)
def credit_use(request: HttpRequest, document: Document) -> HttpResponse:
    """Use what is kept for the payer."""
    payer = balance.payer_of(document)
    used = use_credit.use_credits(document.operator, payer, by=_who(request), at=now())
    said = _("{sum} d’avoirs utilisés.").format(
        sum=french.cents(sum(one.amount_cents for one in used))
    )
    return told(request, said, reverse("document_payments", args=(document.pk,)))


@page(rule=may_keep_row, of=document_of, methods=WRITING)
def pause_page(request: HttpRequest, document: Document) -> HttpResponse:
    """Leave an invoice alone: contested, or paid by instalments."""
    form = AskPause(request.POST or None)
    back = reverse("document_payments", args=(document.pk,))
    if request.method == "POST" and form.is_valid():
        asked = pause.Asked(**form.cleaned_data)
        if done(form, lambda: pause.pause(document, asked, by=_who(request), at=now())):
            return told(request, _("Plus de relance ni de prélèvement pour l’instant."), back)
    title = _("Suspendre les relances de {number}").format(number=document.number)
    shown = FormShown(title, _("Suspendre"), Link(_("Revenir"), back))
    return form_page(request, form, shown, frame.around(document.operator, title))


@page(rule=may_keep_row, of=document_of, methods=POST)
def pause_end(request: HttpRequest, document: Document) -> HttpResponse:
    """Reminders go on."""
    pause.resume(document, by=_who(request), at=now())
    back = reverse("document_payments", args=(document.pk,))
    return told(request, _("Les relances reprennent où elles en étaient."), back)


@page(rule=may_keep_row, of=document_of, methods=WRITING)
def decide_page(request: HttpRequest, document: Document) -> HttpResponse:
    """After three reminders, somebody decides."""
    form = AskDecision(request.POST or None)
    back = reverse("document_payments", args=(document.pk,))
    if request.method == "POST" and form.is_valid():
        said = decide.Decided(**form.cleaned_data)
        if done(form, lambda: decide.decide(document, said, by=_who(request), at=now())):
            return told(request, _("La décision est écrite au journal."), back)
    title = _("Décider de la suite pour {number}").format(number=document.number)
    shown = FormShown(
        title,
        _("Enregistrer la décision"),
        Link(_("Revenir"), back),
        _("Un accès suspendu empêche de nouvelles réservations auprès de {name} ; celles qui sont "
          "faites restent valables. Il revient seul quand la facture est réglée.").format(
            name=document.operator.name
        ),
    )  # fmt: skip
    return form_page(request, form, shown, frame.around(document.operator, title))


def _paid(one: Allocation) -> dict[str, object]:
    if one.receipt is not None:
        what: object = Link(
            _("Reçu n° {n}, {means}").format(n=one.receipt.n, means=one.receipt.means.label),
            reverse("receipt", args=(one.receipt_id,)),
        )
        return {"what": what, "on": french.day(one.receipt.received_on),
                "cents_cents": money(one.amount_cents)}  # fmt: skip
    label = one.credit.label if one.credit else ""
    return {"what": label, "on": french.day(one.at.date()), "cents_cents": money(one.amount_cents)}


def _parts_form(request: HttpRequest, one: Receipt) -> AskParts:
    now_paid: dict[int, int] = {}
    documents = {}
    rows = Allocation.objects.filter(receipt=one, reverses=None, reversal=None)
    for part in rows.select_related("document__operator"):
        now_paid[part.document_id] = now_paid.get(part.document_id, 0) + part.amount_cents
        documents[part.document_id] = part.document
    most = dict(now_paid)
    for owed in balance.open_documents(one.operator, balance.payer_of(one)):
        documents[owed.document.pk] = owed.document
        most[owed.document.pk] = most.get(owed.document.pk, 0) + owed.cents
    parts = [(document, most[pk], now_paid.get(pk, 0)) for pk, document in documents.items()]
    return AskParts(request.POST or None, parts=parts)


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        return None


def _who(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
