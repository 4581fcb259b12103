"""The public till and what a public body hands over: titles, invoices for Chorus Pro."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.billing.models import BillingProfile
from maillage.apps.collecting import close_till, frame, till, till_journal
from maillage.apps.collecting.forms import AskCount, AskDeposit, AskFile, cents, today
from maillage.apps.collecting.hand_over import hand_over, to_hand_over
from maillage.apps.collecting.import_portal import Read, import_portal
from maillage.apps.collecting.models import (
    PortalState,
    RevenueBatch,
    TillClosing,
    TillDeposit,
    Transmission,
)
from maillage.apps.collecting.rules import (
    deposit_of,
    list_of,
    may_keep,
    may_keep_row,
    operator_of,
)
from maillage.apps.collecting.shown import Button, Section, table
from maillage.apps.people.models import Organisation
from maillage.kit import files
from maillage.kit.clock import now
from maillage.kit.components import Dialog, Link
from maillage.kit.form_pages import (
    WRITING,
    FormShown,
    dialog_page,
    done,
    form_page,
    told,
)
from maillage.kit.pages import page
from maillage.kit.tables import Table, money
from maillage.report import french

SHOWN = 100
TYPES = {"csv": "text/csv", "xml": "application/xml", "zip": "application/zip"}


@page(rule=may_keep, of=operator_of, methods=WRITING)
def till_page(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """What the till holds, its days, its deposits; count an evening."""
    form = AskCount(request.POST or None, initial=today(now().date()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        counted = close_till.Counted(said["on"], cents(said["euros"]), said["why"])
        if done(form, lambda: close_till.close_till(operator, counted, by=_who(request), at=now())):
            words = _("La caisse du {day} est arrêtée.").format(day=french.day(counted.on))
            return told(request, words, request.path)
    profile = BillingProfile.objects.filter(operator=operator).first()
    ceiling = profile.regie_ceiling_cents if profile else None
    held = till.cash_cents(operator)
    most = _("Plafond : {sum}.").format(sum=french.cents(ceiling)) if ceiling is not None else _(
        "Aucun plafond n’est noté dans le profil de facturation."
    )  # fmt: skip
    return frame.show(
        request,
        operator,
        _("{sum} en caisse").format(sum=french.cents(held)),
        "till",
        lead=most,
        actions=[Button(_("Verser au comptable"), reverse("till_deposit", args=(operator.pk,)))],
        sections=[
            Section("jours", _("Journées arrêtées"), table=_closings(operator)),
            Section("versements", _("Versements au comptable"), table=_deposits(operator)),
        ],
        form=form,
        form_title=_("Arrêter une journée"),
        form_text=_("Rien ne peut plus être daté d’un jour arrêté. Comptez les espèces d’abord."),
        form_act=_("Arrêter la caisse"),
    )


@page(rule=may_keep, of=operator_of, methods=WRITING)
def till_deposit(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """Hand cash to the accountant."""
    form = AskDeposit(request.POST or None, initial=today(now().date()))
    back = reverse("till", args=(operator.pk,))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        handed = close_till.Handed(said["on"], cents(said["euros"]), said["reference"])
        if done(form, lambda: close_till.deposit(operator, handed, by=_who(request), at=now())):
            return told(request, _("Le versement est noté."), back)
    title = _("Verser au comptable")
    shown = FormShown(
        title,
        _("Enregistrer le versement"),
        Link(_("Revenir à la caisse"), back),
        _("La caisse tient {sum}.").format(sum=french.cents(till.cash_cents(operator))),
    )
    return form_page(request, form, shown, frame.around(operator, title))


@page(rule=may_keep_row, of=deposit_of, methods=WRITING)
def deposit_undo(request: HttpRequest, given: TillDeposit) -> HttpResponse:
    """Undo a deposit: said first, then done."""
    back = reverse("till", args=(given.operator_id,))
    if request.method == "POST":
        close_till.undo_deposit(given, by=_who(request), at=now())
        return told(request, _("Le versement est annulé."), back)
    dialog = Dialog(
        _("Annuler le versement de {sum} ?").format(sum=french.cents(given.amount_cents)),
        _("La somme est à nouveau en caisse à partir d’aujourd’hui. Les deux écritures restent."),
        _("Annuler le versement"),
        Link(_("Garder"), back),
    )
    return dialog_page(request, dialog, frame.around(given.operator, _("Annuler un versement")))


def _closing_of(person: Any, pk: int, on: str) -> TillClosing:
    operator = operator_of(person, pk)
    try:
        day = date.fromisoformat(on)
    except ValueError as wrong:
        raise Http404(on) from wrong
    found = TillClosing.objects.filter(operator=operator, on=day).select_related("operator").first()
    if found is None:
        raise Http404(on)
    return found


@page(rule=may_keep_row, of=_closing_of)
def till_day(_request: HttpRequest, closing: TillClosing) -> HttpResponse:
    """The journal of a closed day, to print and sign."""
    return HttpResponse(
        till_journal.pdf(closing, at=closing.at),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="regie-{closing.on.isoformat()}.pdf"'},
    )


@page(rule=may_keep, of=operator_of, methods=WRITING)
def titles(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """What waits to be handed over, the lists already made, the states of the portal."""
    hint = _("Liste exportée de Chorus Pro en CSV, avec les colonnes « numero » et « statut ».")
    form = AskFile(request.POST or None, request.FILES or None, hint=hint)
    if request.method == "POST" and form.is_valid():
        file, read = form.cleaned_data["file"], list[Read]()

        def act() -> None:
            read.append(import_portal(operator, file.name, file.read(), by=_who(request), at=now()))

        if done(form, act):
            return told(request, _said(read[0]), request.path)
    waiting = {kind: len(to_hand_over(operator, kind)) for kind in RevenueBatch.Kind.values}
    buttons = [
        Button(
            _("{label} : {count} à remettre").format(
                label=RevenueBatch.Kind(kind).label, count=count
            ),
            reverse("hand_over", args=(operator.pk, kind)),
        )
        for kind, count in waiting.items()
        if count
    ]
    return frame.show(
        request,
        operator,
        _("Titres et Chorus Pro"),
        "titles",
        lead=_("Un document remis n’est pas remis deux fois, sauf si Chorus Pro l’a rejeté."),
        sections=[
            Section("a-remettre", _("À remettre"), "" if buttons else _("Tout est remis."),
                    buttons=buttons),
            Section("remis", _("Bordereaux remis"), table=_batches(operator)),
            Section("etats", _("États dans Chorus Pro"), table=_states(operator)),
        ],
        form=form,
        form_title=_("Lire les états de Chorus Pro"),
        form_act=_("Lire ce fichier"),
    )  # fmt: skip


def _kind_of(person: Any, pk: int, kind: str) -> tuple[Organisation, str]:
    if kind not in RevenueBatch.Kind.values:
        raise Http404(kind)
    return operator_of(person, pk), kind


def _may_hand_over(person: Any, asked: tuple[Organisation, str]) -> bool:
    return may_keep(person, asked[0])


@page(rule=_may_hand_over, of=_kind_of, methods=WRITING)
def hand_over_page(request: HttpRequest, asked: tuple[Organisation, str]) -> HttpResponse:
    """Make a list: said first, then done."""
    operator, kind = asked
    back = reverse("titles", args=(operator.pk,))
    if request.method == "POST":
        made = hand_over(operator, kind, by=_who(request), at=now())
        return told(request, _("Le bordereau n° {n} est prêt.").format(n=made.n), back)
    count = len(to_hand_over(operator, kind))
    label = RevenueBatch.Kind(kind).label
    dialog = Dialog(
        _("Remettre {count} ?").format(count=french.count(count, "document")),
        _("{label} : les fichiers sont gardés avec leur empreinte, chaque document est marqué "
          "comme remis.").format(label=label),
        _("Faire le bordereau"),
        Link(_("Revenir"), back),
    )  # fmt: skip
    return dialog_page(request, dialog, frame.around(operator, label))


@page(rule=may_keep_row, of=list_of)
def list_file(request: HttpRequest, batch: RevenueBatch) -> HttpResponse:
    """A file of a list, as it was made."""
    wanted = request.GET.get("fichier", str(batch.files[0]["name"]))
    names = [str(one["name"]) for one in batch.files]
    if wanted not in names:
        raise Http404(wanted)
    return HttpResponse(
        files.read(batch.folder, wanted),
        content_type=TYPES[wanted.rpartition(".")[2]],
        headers={"Content-Disposition": f'attachment; filename="{wanted}"'},
    )


def _batches(operator: Organisation) -> Table:
    columns = (("name", _("Bordereau")), ("on", _("Fait le")), ("other", _("Autre format")),
               ("total_cents", _("Total")))  # fmt: skip
    rows = []
    for one in RevenueBatch.objects.filter(operator=operator).order_by("-pk")[:SHOWN]:
        href = reverse("list_file", args=(one.pk,))
        names = [str(file["name"]) for file in one.files]
        label = f"{RevenueBatch.Kind(one.kind).label} n° {one.n}"
        rows.append(
            {
                "name": Link(label, f"{href}?fichier={names[0]}"),
                "on": french.day(one.at.date()),
                "other": Link(names[1], f"{href}?fichier={names[1]}") if len(names) > 1 else "–",
                "total_cents": money(one.total_cents),
            }
        )
    return table("bordereaux", _("Bordereaux remis"), columns, rows, empty=_("Aucun."))


def _states(operator: Organisation) -> Table:
    found = Transmission.objects.filter(batch__operator=operator, kind=RevenueBatch.Kind.PORTAL)
    columns = (("number", _("Facture")), ("state", _("État")), ("on", _("Le")),
               ("why", _("Motif")))  # fmt: skip
    rows = [
        {
            "number": Link(
                one.document.number, reverse("document_payments", args=(one.document_id,))
            ),
            "state": PortalState(one.state).label,
            "on": french.day(one.said_on) if one.said_on else "–",
            "why": one.reason or "–",
        }
        for one in found.select_related("document").order_by("-pk")[:SHOWN]
    ]
    return table("etats-table", _("États dans Chorus Pro"), columns, rows, empty=_("Aucun."))


def _closings(operator: Organisation) -> Table:
    columns = (("on", _("Jour")), ("expected_cents", _("Attendu")), ("counted_cents", _("Compté")),
               ("why", _("Écart")))  # fmt: skip
    rows = [
        {
            "on": Link(
                french.day(one.on), reverse("till_day", args=(operator.pk, one.on.isoformat()))
            ),
            "expected_cents": money(one.expected_cents),
            "counted_cents": money(one.counted_cents),
            "why": one.why or _("aucun"),
        }
        for one in TillClosing.objects.filter(operator=operator).order_by("-on")[:SHOWN]
    ]
    return table("journees", _("Journées arrêtées"), columns, rows, empty=_("Aucune."))


def _deposits(operator: Organisation) -> Table:
    columns = (("on", _("Jour")), ("reference", _("Reçu du comptable")), ("undo", _("Annuler")),
               ("amount_cents", _("Montant")))  # fmt: skip
    found = TillDeposit.objects.filter(operator=operator).select_related("reversal")
    rows = [
        {
            "on": french.day(one.on),
            "reference": one.reference,
            "undo": Link(
                _("Annuler {reference}").format(reference=one.reference),
                reverse("till_deposit_undo", args=(one.pk,)),
            )
            if one.amount_cents > 0 and not hasattr(one, "reversal")
            else "–",
            "amount_cents": money(one.amount_cents),
        }
        for one in found.order_by("-pk")[:SHOWN]
    ]
    return table("versements-table", _("Versements"), columns, rows, empty=_("Aucun."))


def _said(read: Read) -> str:
    words = _("Factures mises à jour : {changed}.").format(changed=read.changed)
    if read.unknown:
        words += " " + _("Jamais remises d’ici : {numbers}.").format(
            numbers=", ".join(read.unknown)
        )
    if read.unread:
        words += " " + _("États non compris : {states}.").format(states=", ".join(read.unread))
    return words


def _who(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
