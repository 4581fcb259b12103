"""One's own payments, and one's employer's: what is owed, how to pay, the mandate."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.billing.models import BillingProfile, Document
from maillage.apps.collecting import balance, pay_online
from maillage.apps.collecting import sign_mandate as signing
from maillage.apps.collecting.forms import AskMandate
from maillage.apps.collecting.models import (
    Mandate,
    OnlinePayment,
    PaymentState,
    Receipt,
    SignedHow,
)
from maillage.apps.collecting.rules import (
    creditor_of,
    may_pay,
    own_document_of,
    own_documents,
    own_payment_of,
)
from maillage.apps.collecting.shown import Button, Section, table
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.form_pages import POST, WRITING, FormShown, done, form_page, told
from maillage.kit.pages import page, signed_in
from maillage.kit.tables import Table, money
from maillage.kit.throttle import address_of
from maillage.report import french

TEMPLATE = "collecting/page.html"
SHOWN = 50
GROUP = 4


@page(rule=signed_in)
def own_payments(request: HttpRequest) -> HttpResponse:
    """What one owes to each operator, how to pay it, what was paid."""
    documents = balance.with_owed(own_documents(request.user)).filter(owed__gt=0)
    owed = [balance.Owed(one, one.owed) for one in documents.order_by("operator", "due_on", "n")]
    mandates = {
        one.operator_id: one
        for one in Mandate.objects.filter(payer_person=request.user.pk, revoked_at=None)
    }
    operators = {one.document.operator_id: one.document.operator for one in owed}
    paid = Receipt.objects.filter(payer_person=request.user.pk).select_related("means", "operator")
    known = {one.operator_id: one.operator for one in paid.order_by("-pk")[:SHOWN]}
    profiles = {
        one.operator_id: one
        for one in BillingProfile.objects.filter(operator__in=[*operators, *known])
    }
    sections = [
        _operator(request, body, [o for o in owed if o.document.operator_id == pk],
                  profiles.get(pk), mandates.get(pk))
        for pk, body in (known | operators).items()
    ]  # fmt: skip
    if not sections:
        sections = [Section("rien", _("Rien à payer"), _("Vos factures apparaîtront ici."))]
    total = sum(one.cents for one in owed)
    title = _("{sum} à payer").format(sum=french.cents(total)) if total else _("Tout est réglé")
    history = Section("historique", _("Vos règlements"), table=_history(list(
        paid.order_by("-pk")[:SHOWN])))  # fmt: skip
    context = {
        "title": title,
        "crumbs": [Crumb(_("Mes factures"), "/mes-factures/"), Crumb(_("Mes paiements"))],
        "sections": [*sections, history],
    }
    return render(request, TEMPLATE, context)


def _operator(
    request: HttpRequest,
    operator: Organisation,
    owed: list[balance.Owed],
    profile: BillingProfile | None,
    mandate: Mandate | None,
) -> Section:
    online = profile is not None and pay_online.has_provider(profile)
    words = []
    if profile is not None and profile.iban and owed:
        groups = [profile.iban[n : n + GROUP] for n in range(0, len(profile.iban), GROUP)]
        words.append(
            _("Par virement : IBAN {iban}, BIC {bic}. Écrivez le numéro de la facture dans le "
              "libellé.").format(iban=" ".join(groups), bic=profile.bic or "–")
        )  # fmt: skip
    if owed and not online:
        words.append(_("Cet organisme ne reçoit pas encore de paiement en ligne."))
    buttons = _pay_buttons(owed) if online else []
    if mandate is not None:
        words.append(
            _("Prélèvement : mandat {reference} sur le compte {account}.").format(
                reference=mandate.reference, account=signing.masked(mandate.iban)
            )
        )
        revoke = reverse("mandate_revoke", args=(mandate.pk,))
        buttons.append(Button(_("Révoquer mon mandat"), revoke))
    elif profile is not None and profile.creditor_id and _is_payer(request, owed):
        sign = reverse("own_mandate", args=(operator.pk,))
        buttons.append(Button(_("Payer par prélèvement"), sign, detail=operator.name))
    rows = (
        {
            "number": one.document.number,
            "for": str(one.document.buyer.get("name", "")),
            "due": french.day(one.document.due_on),
            "owed_cents": money(one.cents),
        }
        for one in owed
    )
    columns = (("number", _("Facture")), ("for", _("Au nom de")), ("due", _("À régler le")),
               ("owed_cents", _("Reste dû")))  # fmt: skip
    shown = table(f"du-{operator.pk}", _("À régler à {name}").format(name=operator.name), columns,
                  rows, empty=_("Rien à régler."))  # fmt: skip
    return Section(
        f"organisme-{operator.pk}", operator.name, "\n".join(words), table=shown, buttons=buttons
    )


def _pay_buttons(owed: list[balance.Owed]) -> list[Button]:
    return [
        Button(
            _("Payer {number} en ligne").format(number=one.document.number),
            reverse("own_pay", args=(one.document.pk,)),
            is_post=True,
        )
        for one in owed
    ]


def _is_payer(request: HttpRequest, owed: list[balance.Owed]) -> bool:
    return any(one.document.payer_person_id == request.user.pk for one in owed)


@page(rule=may_pay, of=own_document_of, methods=POST)
def own_pay(request: HttpRequest, document: Document) -> HttpResponse:
    """Begin to pay online: the provider's page follows."""
    href = pay_online.begin(document, by=int(request.user.pk or 0), at=now())
    return HttpResponseRedirect(href)


@page(rule=may_pay, of=own_payment_of)
def payment_back(request: HttpRequest, payment: OnlinePayment) -> HttpResponse:
    """Back from the provider: what it says, asked now."""
    if payment.state != PaymentState.PAID:
        try:
            payment = pay_online.settle(payment, at=now())
        except pay_online.ProviderAway:
            payment.state = PaymentState.UNKNOWN
    said = {
        PaymentState.PAID: _("Votre paiement est reçu. Merci."),
        PaymentState.FAILED: _("Le paiement n’a pas abouti : rien n’a été débité."),
    }.get(
        PaymentState(payment.state),
        _("Votre paiement n’est pas encore confirmé. Ne payez pas à nouveau : cette page se met à "
          "jour d’ici une heure."),
    )  # fmt: skip
    return told(request, said, reverse("own_payments"))


@page(rule=signed_in, of=creditor_of, methods=WRITING)
def own_mandate(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """Sign one's own mandate."""
    me: Any = request.user
    form = AskMandate(request.POST or None, initial={"holder": me.name})
    if request.method == "POST" and form.is_valid():
        said, at = form.cleaned_data, now()
        account = signing.Account(
            said["iban"],
            said["holder"],
            SignedHow.ONLINE,
            said["bic"],
            evidence={
                "at": at.isoformat(),
                "address": address_of(request),
                "person": me.pk,
                "said": str(form.fields["is_agreed"].label),
            },
        )
        if done(form, lambda: signing.sign(operator, Payer(me.pk), account, by=me.pk, at=at)):
            words = _("Le mandat est signé. Vous serez prévenu·e avant chaque prélèvement.")
            return told(request, words, reverse("own_payments"))
    profile = BillingProfile.objects.filter(operator=operator).first()
    title = _("Payer {name} par prélèvement").format(name=operator.name)
    creditor = profile.creditor_id if profile else ""
    shown = FormShown(
        title,
        _("Signer le mandat"),
        Link(_("Revenir à mes paiements"), reverse("own_payments")),
        _("Créancier : {name}, identifiant {creditor}. Vous pouvez révoquer ce mandat à tout "
          "moment.").format(name=operator.name, creditor=creditor or _("non renseigné")),
    )  # fmt: skip
    crumbs = {"crumbs": [Crumb(_("Mes paiements"), reverse("own_payments")), Crumb(title)]}
    return form_page(request, form, shown, crumbs)


def _history(rows: list[Receipt]) -> Table:
    columns = (("on", _("Jour")), ("to", _("À")), ("means", _("Moyen")),
               ("amount_cents", _("Montant")))  # fmt: skip
    cells = [
        {
            "on": french.day(one.received_on),
            "to": one.operator.name,
            "means": one.means.label,
            "amount_cents": money(one.amount_cents),
        }
        for one in rows
    ]
    return table("reglements", _("Vos règlements"), columns, cells, empty=_("Aucun règlement."))
