"""SEPA debits: who would be debited, announced, sent, settled, rejected; the mandates."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from maillage.apps.billing.models import Document
from maillage.apps.collecting import announce_debits, frame, send_debits, settle_debits
from maillage.apps.collecting import sign_mandate as signing
from maillage.apps.collecting.balance import payer_of
from maillage.apps.collecting.forms import AskDay, AskPaperMandate, AskReject, today
from maillage.apps.collecting.models import (
    BatchState,
    Debit,
    DebitBatch,
    DebitState,
    Mandate,
    SignedHow,
)
from maillage.apps.collecting.rules import (
    batch_of,
    debit_of,
    mandate_of,
    may_keep,
    may_keep_debit,
    may_keep_row,
    may_revoke,
    operator_of,
)
from maillage.apps.collecting.shown import (
    Button,
    Section,
    payer_name,
    table,
)
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.enter import is_confirmed
from maillage.apps.people.models import Organisation
from maillage.kit import files
from maillage.kit.clock import now
from maillage.kit.components import Dialog, Link
from maillage.kit.form_pages import WRITING, FormShown, dialog_page, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Table, money
from maillage.report import french

SHOWN = 200
NOTICE = timedelta(days=15)
SATURDAY = 5


@page(rule=may_keep, of=operator_of, methods=WRITING)
def debits(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """What can be debited, what is left out and why; announce a day."""
    day = now().date() + NOTICE
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    form = AskDay(request.POST or None, initial=today(day))
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        chosen = [one.document.pk for one in announce_debits.preview(operator, on, at=now())]
        made: list[DebitBatch] = []

        def act() -> None:
            made.append(announce_debits.announce(operator, on, chosen, by=_who(request), at=now()))

        if done(form, act):
            words = _("Chaque payeur est prévenu. Faites le fichier avant le {day}.")
            said = words.format(day=french.day(on))
            return told(request, said, reverse("debit_batch", args=(made[0].pk,)))
        day = on
    found = announce_debits.preview(operator, day, at=now())
    ready = [one for one in found if not one.why]
    total = sum(one.owed_cents for one in ready)
    batches = DebitBatch.objects.filter(operator=operator).prefetch_related("debits")
    return frame.show(
        request,
        operator,
        _("Prélèvements"),
        "debits",
        lead=_("{count} à prélever le {day} : {total}.").format(
            count=french.count(len(ready), "facture"),
            day=french.day(day),
            total=french.cents(total),
        ),
        sections=[
            Section("a-prelever", _("Seront prélevées"), table=_candidates("prets", ready)),
            Section("ecartees", _("Écartées, et pourquoi"),
                    table=_candidates("ecartes", [one for one in found if one.why])),
            Section("remises", _("Remises"), table=_batches(list(batches.order_by("-pk")[:SHOWN]))),
        ],
        form=form,
        form_title=_("Annoncer des prélèvements"),
        form_text=_("Chaque payeur reçoit le montant et le jour, quatorze jours avant ou le délai "
                    "convenu. Le fichier pour la banque se fait ensuite."),
        form_act=_("Prévenir les payeurs"),
    )  # fmt: skip


@page(rule=may_keep_row, of=batch_of, methods=WRITING)
def debit_batch(request: HttpRequest, batch: DebitBatch) -> HttpResponse:
    """A batch: its debits, its file, the day it was settled."""
    form = AskDay(request.POST or None, initial=today(now().date()))
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        if done(form, lambda: settle_debits.settle(batch, on, by=_who(request), at=now())):
            return told(request, _("La remise est encaissée."), request.path)
    rows = list(
        batch.debits.select_related(
            "document__payer_person", "document__payer_organisation", "mandate"
        ).order_by("pk")
    )
    live = [one for one in rows if one.state != DebitState.LEFT_OUT]
    is_sent = batch.state == BatchState.SENT
    return frame.show(
        request,
        batch.operator,
        _("Remise du {day}, {state}").format(
            day=french.day(batch.collect_on), state=BatchState(batch.state).label.lower()
        ),
        "debits",
        lead=_("{count} pour {total}.").format(
            count=french.count(len(live), "prélèvement"),
            total=french.cents(sum(one.amount_cents for one in live)),
        ),
        sections=[
            Section("lignes", _("Prélèvements"), table=_debits(rows), buttons=_acts(batch)),
        ],
        form=form if is_sent else None,
        form_title=_("La banque a crédité la remise"),
        form_text=_("Le relevé bancaire le reconnaît seul ; sinon dites le jour ici."),
        form_act=_("Marquer comme encaissée"),
    )


@page(rule=may_keep_row, of=batch_of, methods=WRITING)
def batch_send(request: HttpRequest, batch: DebitBatch) -> HttpResponse:
    """Make the file of a batch: said first, then done."""
    back = reverse("debit_batch", args=(batch.pk,))
    if request.method == "POST":
        send_debits.send(batch, by=_who(request), at=now())
        return told(request, _("Le fichier est prêt : remettez-le à la banque."), back)
    dialog = Dialog(
        _("Faire le fichier du {day} ?").format(day=french.day(batch.collect_on)),
        _("Ce qui a été payé, contesté ou révoqué depuis l’annonce est écarté. Le fichier est "
          "gardé tel quel, avec son empreinte."),
        _("Faire le fichier"),
        Link(_("Revenir"), back),
    )  # fmt: skip
    return dialog_page(request, dialog, frame.around(batch.operator, _("Fichier pour la banque")))


@page(rule=may_keep_row, of=batch_of, methods=WRITING)
def batch_drop(request: HttpRequest, batch: DebitBatch) -> HttpResponse:
    """Give a batch up: said first, then done."""
    back = reverse("debit_batch", args=(batch.pk,))
    if request.method == "POST":
        announce_debits.drop(batch, by=_who(request), at=now())
        return told(request, _("La remise est abandonnée : rien ne sera prélevé."), back)
    dialog = Dialog(
        _("Abandonner la remise du {day} ?").format(day=french.day(batch.collect_on)),
        _("Les payeurs ont déjà été prévenus : rien ne sera prélevé, leurs factures pourront être "
          "annoncées à nouveau."),
        _("Abandonner la remise"),
        Link(_("Garder"), back),
    )  # fmt: skip
    return dialog_page(request, dialog, frame.around(batch.operator, _("Abandonner une remise")))


@page(rule=may_keep_row, of=batch_of)
def batch_file(_request: HttpRequest, batch: DebitBatch) -> HttpResponse:
    """The pain.008, as it was made."""
    if not batch.files:
        raise Http404(batch.pk)
    return HttpResponse(
        files.read(batch.folder, str(batch.files[0]["name"])),
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{batch.message_id}.xml"'},
    )


@page(rule=may_keep_debit, of=debit_of, methods=WRITING)
def debit_reject(request: HttpRequest, debit: Debit) -> HttpResponse:
    """A debit that the bank gave back."""
    form = AskReject(request.POST or None, initial=today(now().date()))
    back = reverse("debit_batch", args=(debit.batch_id,))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = settle_debits.reject
        if done(
            form,
            lambda: act(debit, said["reason"], said["on"], by=_who(request), at=now()),
        ):
            words = _("Le rejet est noté : {number} est due à nouveau.")
            return told(request, words.format(number=debit.document.number), back)
    title = _("Rejet du prélèvement de {number}").format(number=debit.document.number)
    shown = FormShown(title, _("Noter le rejet"), Link(_("Revenir"), back))
    return form_page(request, form, shown, frame.around(debit.batch.operator, title))


@page(rule=may_keep, of=operator_of)
def mandates(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """The mandates of an operator, their state; accounts masked."""
    rows = Mandate.objects.filter(operator=operator).select_related(
        "payer_person", "payer_organisation"
    )
    shown = list(rows.order_by("-pk")[:SHOWN])
    new = reverse("mandate_new", args=(operator.pk,))
    return frame.show(
        request,
        operator,
        _("Mandats de prélèvement"),
        "mandates",
        lead=_("Chacun signe le sien dans « Mes paiements ». Un mandat inutilisé 36 mois ne vaut "
               "plus."),
        actions=[Button(_("Saisir un mandat papier"), new, is_main=True)],
        sections=[Section("mandats-titre", _("Mandats"), table=_mandates(shown))],
    )  # fmt: skip


@page(rule=may_keep, of=operator_of, methods=WRITING)
def mandate_new(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """Enter a mandate signed on paper, once she proved who she is: it is an account."""
    if not is_confirmed(request, at=now()):
        asked = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{asked}")
    payers = _payers(operator)
    form = AskPaperMandate(
        request.POST or None, payers=[(key, name) for key, (name, _p) in payers.items()],
        initial=today(now().date()),
    )  # fmt: skip
    back = reverse("mandates", args=(operator.pk,))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        account = signing.Account(
            said["iban"], said["holder"], SignedHow.PAPER, said["bic"], signed_on=said["signed_on"]
        )
        payer = payers[said["payer"]][1]
        if done(form, lambda: signing.sign(operator, payer, account, by=_who(request), at=now())):
            return told(request, _("Le mandat est enregistré."), back)
    title = _("Saisir un mandat papier")
    shown = FormShown(title, _("Enregistrer le mandat"), Link(_("Revenir"), back))
    return form_page(request, form, shown, frame.around(operator, title))


@page(rule=may_revoke, of=mandate_of, methods=WRITING)
def mandate_revoke(request: HttpRequest, mandate: Mandate) -> HttpResponse:
    """End a mandate: said first, then done."""
    is_own = mandate.payer_person_id == request.user.pk
    back = reverse("own_payments") if is_own else reverse("mandates", args=(mandate.operator_id,))
    if request.method == "POST":
        signing.revoke(mandate, by=_who(request), at=now())
        return told(request, _("Le mandat est révoqué : plus rien ne sera prélevé."), back)
    dialog = Dialog(
        _("Révoquer le mandat {reference} ?").format(reference=mandate.reference),
        _("Les prélèvements annoncés sont écartés ; les factures restent à payer autrement."),
        _("Révoquer le mandat"),
        Link(_("Garder"), back),
    )
    title = _("Révoquer un mandat")
    around = {} if is_own else frame.around(mandate.operator, title)
    return dialog_page(request, dialog, around)


def _payers(operator: Organisation) -> dict[str, tuple[str, Payer]]:
    rows = Document.objects.filter(operator=operator).select_related(
        "payer_person", "payer_organisation"
    )
    found: dict[str, tuple[str, Payer]] = {}
    for one in rows.order_by("-pk"):
        payer = payer_of(one)
        found.setdefault(
            f"{payer.person_id or 0}-{payer.organisation_id or 0}", (payer_name(one), payer)
        )
    return dict(sorted(found.items(), key=lambda item: french.sort_key(item[1][0])))


def _acts(batch: DebitBatch) -> list[Button]:
    key = (batch.pk,)
    if batch.state == BatchState.ANNOUNCED:
        return [
            Button(_("Faire le fichier pour la banque"), reverse("batch_send", args=key),
                   is_main=True),
            Button(_("Abandonner la remise"), reverse("batch_drop", args=key)),
        ]  # fmt: skip
    if batch.files:
        return [Button(_("Télécharger le fichier (pain.008)"), reverse("batch_file", args=key))]
    return []


def _candidates(key: str, found: list[announce_debits.Candidate]) -> Table:
    columns = (("number", _("Facture")), ("payer", _("Payeur")), ("account", _("Compte")),
               ("why", _("Raison")), ("owed_cents", _("Montant")))  # fmt: skip
    rows = [
        {
            "number": Link(
                one.document.number, reverse("document_payments", args=(one.document.pk,))
            ),
            "payer": payer_name(one.document),
            "account": signing.masked(one.mandate.iban) if one.mandate else "–",
            "why": announce_debits.OWN_WORDS[one.why] if one.why else "–",
            "owed_cents": money(one.owed_cents),
        }
        for one in found
    ]
    caption = _("Factures à prélever") if key == "prets" else _("Factures écartées")
    return table(key, caption, columns, rows, empty=_("Aucune."))


def _batches(rows: list[DebitBatch]) -> Table:
    columns = (("on", _("Jour")), ("state", _("État")), ("count_days", _("Prélèvements")),
               ("total_cents", _("Total")))  # fmt: skip
    cells = []
    for batch in rows:
        kept = [one for one in batch.debits.all() if one.state != DebitState.LEFT_OUT]
        cells.append(
            {
                "on": Link(french.day(batch.collect_on), reverse("debit_batch", args=(batch.pk,))),
                "state": BatchState(batch.state).label,
                "count_days": len(kept),
                "total_cents": money(sum(one.amount_cents for one in kept)),
            }
        )
    return table("remises-table", _("Remises"), columns, cells, empty=_("Aucune remise."))


def _debits(rows: list[Debit]) -> Table:
    columns = (("number", _("Facture")), ("payer", _("Payeur")), ("mandate", _("Mandat")),
               ("sequence", _("Suite")), ("state", _("État")), ("reject", _("Rejet")),
               ("amount_cents", _("Montant")))  # fmt: skip
    cells = [
        {
            "number": Link(
                one.document.number, reverse("document_payments", args=(one.document_id,))
            ),
            "payer": payer_name(one.document),
            "mandate": one.mandate.reference,
            "sequence": one.sequence or "–",
            "state": _state(one),
            "reject": Link(
                _("Noter un rejet de {number}").format(number=one.document.number),
                reverse("debit_reject", args=(one.pk,)),
            )
            if one.state in {DebitState.SENT, DebitState.SETTLED}
            else "–",
            "amount_cents": money(one.amount_cents),
        }
        for one in rows
    ]
    return table("prelevements", _("Prélèvements de la remise"), columns, cells)


def _state(one: Debit) -> str:
    label = str(DebitState(one.state).label)
    if one.state == DebitState.LEFT_OUT:
        return f"{label} : {send_debits.why_left_out(one.reason)}"
    if one.state == DebitState.REJECTED:
        words = settle_debits.REASONS.get(one.reason, _("raison de la banque"))
        return f"{label} : {one.reason}, {words}"
    return label


def _mandates(rows: list[Mandate]) -> Table:
    columns = (("payer", _("Payeur")), ("reference", _("Référence")), ("account", _("Compte")),
               ("signed", _("Signé le")), ("state", _("État")), ("act", _("Acte")))  # fmt: skip
    today_ = now().date()
    cells = [
        {
            "payer": payer_name(one),
            "reference": one.reference,
            "account": signing.masked(one.iban),
            "signed": french.day(one.signed_on),
            "state": _mandate_state(one, signing.unusable(one, today_)),
            "act": "–"
            if one.revoked_at
            else Link(
                _("Révoquer {reference}").format(reference=one.reference),
                reverse("mandate_revoke", args=(one.pk,)),
            ),
        }
        for one in rows
    ]
    return table("mandats", _("Mandats de prélèvement"), columns, cells, empty=_("Aucun mandat."))


def _mandate_state(one: Mandate, why: str) -> str:
    if why:
        return str(announce_debits.OWN_WORDS[why])
    if one.trouble:
        words = settle_debits.REASONS.get(one.trouble, "")
        return _("à revoir : rejet {code}, {words}").format(code=one.trouble, words=words)
    return _("utilisable")


def _who(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
