"""What is owed to an operator, by age; its means of payment; what online payments became."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.collecting import balance, frame, pay_online, remind
from maillage.apps.collecting.forms import AskMeans
from maillage.apps.collecting.means_kept import Choice, choices
from maillage.apps.collecting.models import MeansKind, OnlinePayment, PaymentState
from maillage.apps.collecting.rules import (
    READ,
    may_keep,
    may_read,
    may_read_somewhere,
    operator_of,
    read_operator_of,
)
from maillage.apps.collecting.set_means import set_means
from maillage.apps.collecting.shown import (
    AGES,
    Button,
    Section,
    bars,
    owed_table,
    table,
)
from maillage.apps.people.models import Organisation
from maillage.apps.sites.bodies import bodies
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.filters import moment
from maillage.kit.form_pages import WRITING, done, told
from maillage.kit.pages import page
from maillage.kit.tables import Table, money
from maillage.report import french

SHOWN = 200


@page(rule=may_read_somewhere)
def collecting(request: HttpRequest) -> HttpResponse:
    """The bodies for which she collects; the only one at once."""
    own = bodies(request.user, READ)
    if len(own) == 1:
        return redirect("collecting_body", pk=own[0].pk)
    rows = [{"name": Link(one.name, reverse("collecting_body", args=(one.pk,)))} for one in own]
    section = Section(
        "organismes",
        _("Choisissez un organisme"),
        table=table("organismes", _("Organismes"), (("name", _("Organisme")),), rows),
    )
    context = {"title": _("Encaissements"), "crumbs": [Crumb(_("Encaissements"))],
               "sections": [section]}  # fmt: skip
    return render(request, frame.TEMPLATE, context)


@page(rule=may_read, of=read_operator_of)
def body(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """What is owed, by age, then invoice by invoice."""
    today = now().date()
    owed = balance.open_documents(operator)
    ages = remind.ages(owed, today)
    drawn, words = bars(ages)
    total = sum(one.cents for one in owed)
    keeps = may_keep(request.user, operator)
    by_age = table(
        "ages",
        _("Reste dû par ancienneté"),
        (("age", _("Ancienneté")), ("owed_cents", _("Reste dû"))),
        ({"age": AGES[name], "owed_cents": money(cents)} for name, cents in ages.items()),
    )
    late = total - ages["not_due"]
    receive = reverse("receipt_new", args=(operator.pk,))
    return frame.show(
        request,
        operator,
        _("{owed} à encaisser").format(owed=french.cents(total)) if owed else _("Rien à encaisser"),
        "collecting_body",
        lead=_("{count}, dont {late} en retard.").format(
            count=french.count(len(owed), "facture"), late=french.cents(late)
        )
        if owed
        else _("Toutes les factures émises sont réglées."),
        actions=[Button(_("Enregistrer un encaissement"), receive, is_main=True)]
        if keeps and owed
        else [],
        sections=[
            Section("ages-titre", _("Ce qui est dû, par ancienneté"), table=by_age, bars=drawn,
                    bars_words=words),
            Section("factures-titre", _("Ce qui est dû, facture par facture"),
                    table=owed_table(owed[:SHOWN], today)),
        ],
    )  # fmt: skip


@page(rule=may_keep, of=operator_of, methods=WRITING)
def means(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """The means of payment of an operator; one more, or one corrected."""
    form = AskMeans(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = Choice(**form.cleaned_data)
        if done(form, lambda: set_means(operator, asked, by=_who(request), at=now())):
            said = _("« {label} » est enregistré.").format(label=asked.label)
            return told(request, said, reverse("means", args=(operator.pk,)))
    kinds = dict(MeansKind.choices)
    columns = (("label", _("Nom")), ("code", _("Code")), ("kind", _("Sorte")),
               ("account", _("Compte")), ("is_open", _("Proposé")))  # fmt: skip
    rows = [
        {
            "label": one.label,
            "code": one.code,
            "kind": kinds[one.kind],
            "account": one.account or "–",
            "is_open": _("oui") if one.is_open else _("non"),
        }
        for one in choices(operator)
    ]
    shown = table("moyens", _("Moyens de paiement"), columns, rows)
    return frame.show(
        request,
        operator,
        _("Moyens de paiement"),
        "means",
        sections=[Section("moyens-titre", _("Ce qui est proposé à l’encaissement"), table=shown)],
        form=form,
        form_title=_("Ajouter ou corriger un moyen"),
        form_text=_("Une monnaie locale ou une ligne de financement participatif sont des moyens "
                    "comme les autres. Un code déjà utilisé est corrigé."),
        form_act=_("Enregistrer"),
    )  # fmt: skip


@page(rule=may_keep, of=operator_of, methods=WRITING)
def online(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """Payments begun online, those whose outcome nobody knows first; ask again."""
    if request.method == "POST":
        left = pay_online.ask_again(at=now())
        said = (
            _("{count} sans issue connue : regardez aussi chez le prestataire.").format(
                count=french.count(left, "paiement")
            )
            if left
            else _("Toutes les issues sont connues.")
        )
        return told(request, said, reverse("online", args=(operator.pk,)))
    rows = OnlinePayment.objects.filter(operator=operator).select_related("document")
    unknown = rows.filter(state__in=(PaymentState.BEGUN, PaymentState.UNKNOWN)).order_by("-pk")
    ended = rows.exclude(state__in=(PaymentState.BEGUN, PaymentState.UNKNOWN)).order_by("-pk")
    provider = pay_online.provider_of(operator)
    lead = (
        _("Les factures peuvent être payées en ligne.")
        if provider
        else _("Aucun paiement en ligne n’est réglé pour cet organisme : l’exploitant de la "
               "plateforme saisit ses identifiants (documentation, « Paiement en ligne »).")
    )  # fmt: skip
    buttons = [Button(_("Redemander leur issue"), request.path, is_post=True)] if provider else []
    return frame.show(
        request,
        operator,
        _("Paiements en ligne"),
        "online",
        lead=lead,
        sections=[
            Section("sans-issue", _("Issue pas encore connue"),
                    table=_payments("inconnus", unknown[:SHOWN]), buttons=buttons),
            Section("avec-issue", _("Issue connue"), table=_payments("finis", ended[:SHOWN])),
        ],
    )  # fmt: skip


def _payments(key: str, rows: QuerySet[OnlinePayment]) -> Table:
    columns = (("number", _("Facture")), ("at", _("Commencé le")), ("state", _("État")),
               ("session", _("Référence")), ("amount_cents", _("Montant")))  # fmt: skip
    cells = [
        {
            "number": Link(
                one.document.number, reverse("document_payments", args=(one.document_id,))
            ),
            "at": moment(one.begun_at),
            "state": PaymentState(one.state).label,
            "session": one.session or "–",
            "amount_cents": money(one.amount_cents),
        }
        for one in rows
    ]
    caption = _("Paiements finis") if key == "finis" else _("Paiements sans issue connue")
    return table(key, caption, columns, cells, empty=_("Aucun."))


def _who(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
