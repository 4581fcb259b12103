"""The month of an operator: what is ready, what keeps it from being issued, what was issued."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.billing import preview, rules, run, shown
from maillage.apps.billing.forms import ChooseOperator
from maillage.apps.billing.models import (
    Channel,
    ClosedMonth,
    Document,
    DocumentKind,
    Run,
    RunState,
    VatStatus,
)
from maillage.apps.billing.preview import PAYER, PROFILE, Anomaly, Preview
from maillage.apps.people.models import Organisation
from maillage.apps.sites.bodies import body_of, may_act_for
from maillage.core.periods import next_month
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Empty, Link, Message, filters_of
from maillage.kit.form_pages import WRITING, dialog_page
from maillage.kit.pages import month_of, page
from maillage.report import french, moments

BILLING = Crumb(gettext_lazy("Facturation"), "/facturation/")
A_DAY = timedelta(days=1)
GOES = {
    Channel.PUBLIC: gettext_lazy(
        "L’organisme est public : chaque facture accompagne un titre de recettes, que le comptable "
        "recouvre, ou un encaissement de la régie."
    ),
    Channel.PRIVATE: gettext_lazy(
        "L’organisme émet ses propres factures : elles partent par sa plateforme agréée, ou par "
        "courriel aux particuliers."
    ),
    Channel.SHOP: gettext_lazy(
        "Le commerce hôte reçoit un relevé ; ses factures sont celles de ses clients."
    ),
}


@page(rule=rules.may_read_somewhere)
def billing(request: HttpRequest) -> HttpResponse:
    """The month to invoice: the one that is over."""
    last = now().date().replace(day=1) - A_DAY
    query = request.GET.urlencode()
    path = reverse("billing_month", args=(f"{last:%Y-%m}",))
    return redirect(f"{path}?{query}" if query else path)


@page(rule=rules.may_read_somewhere)
def month_page(request: HttpRequest, month: str) -> HttpResponse:
    """A month of one of her bodies: anomalies first, then what is ready, then what was issued."""
    first = month_of(month)
    operator = _operator(request, rules.READ)
    seen = preview.preview(operator, first, today=now().date())
    own = rules.operators(request.user)
    form = ChooseOperator({"organisme": str(operator.pk)}, operators=own)
    issued = _issued(operator, first)
    before, after = shown.months_around(first)
    context = {
        "crumbs": [BILLING, Crumb(moments.month(first).capitalize())],
        "title": shown.finding(seen),
        "operator": operator.name,
        "operators": filters_of(form, request.GET) if len(own) > 1 else None,
        "profile_href": reverse("billing_profile", args=(operator.pk,)),
        "series_href": reverse("billing_series", args=(operator.pk,)),
        "received_href": f"{reverse('received')}?organisme={operator.pk}",
        "anomalies": [_told(one, operator) for one in seen.anomalies],
        "ready": shown.ready_table(seen) if seen.ready else None,
        "nothing": Empty(
            _("Rien à facturer pour ce mois."),
            _("Les ventes des services de ce mois, non encore facturées, apparaissent ici."),
        ),
        "goes": GOES[Channel(seen.profile.channel)] if seen.profile else "",
        "vat": VatStatus(seen.profile.vat_status).label if seen.profile else "",
        "act": _act(request, operator, seen, month),
        "running": _running(operator),
        "issued": shown.documents_table(issued) if issued else None,
        "months": [_month_link(one, operator) for one in (before, after)],
        **_closing(request, operator, first, month),
    }  # fmt: skip
    return render(request, "billing/month.html", context)


@page(rule=rules.may_issue_somewhere, methods=WRITING)
def confirm(request: HttpRequest, month: str) -> HttpResponse:
    """Total, first and last number, then the run."""
    first = month_of(month)
    operator = _operator(request, rules.ISSUE)
    if request.method == "POST":
        made = run.start(operator, first, by=request.user.pk, at=now())
        return redirect("billing_run", pk=made.pk)
    today = now().date()
    seen = preview.preview(operator, first, today=today)
    back = _href("billing_month", month, operator)
    if not seen.may_issue:
        return redirect(back)
    dialog = Dialog(
        question=_("{act} de {month} ?").format(act=_label(seen), month=moments.month(first)),
        consequence=_consequence(seen, today),
        act=_label(seen),
        keep=Link(_("Revenir au mois"), back),
    )
    crumbs = [BILLING, Crumb(moments.month(first).capitalize(), back), Crumb(_("Émettre"))]
    return dialog_page(request, dialog, {"crumbs": crumbs, "name": operator.name})


def _operator(request: HttpRequest, act: str) -> Organisation:
    """The body asked for, else the first one in whose name she may do it."""
    asked = request.GET.get("organisme", "")
    if asked.isdigit() and asked.isascii():
        return body_of(request.user, int(asked), act)
    return rules.operators(request.user, act)[0]


def _href(name: str, month: str, operator: Organisation) -> str:
    return f"{reverse(name, args=(month,))}?organisme={operator.pk}"


def _month_link(month: date, operator: Organisation) -> Link:
    name = moments.month(month).capitalize()
    return Link(name, _href("billing_month", f"{month:%Y-%m}", operator))


def _told(anomaly: Anomaly, operator: Organisation) -> Message:
    if anomaly.remedy == PAYER and anomaly.payer is not None:
        payer = anomaly.payer
        who = "personne" if payer.person_id else "organisme"
        key = payer.person_id or payer.organisation_id
        href = reverse("billing_payer", args=(operator.pk, who, key))
        act = Link(
            _("Compléter les coordonnées {of_name}").format(of_name=french.of(anomaly.name)), href
        )
        return Message("warning", anomaly.sentence, act)
    if anomaly.remedy == PROFILE:
        href = reverse("billing_profile", args=(operator.pk,))
        return Message(
            "warning", anomaly.sentence, Link(_("Ouvrir le profil de facturation"), href)
        )
    return Message("warning", anomaly.sentence)


def _label(seen: Preview) -> str:
    """« Émettre les 43 factures »."""
    count = seen.count(DocumentKind.INVOICE)
    notes = seen.count(DocumentKind.CREDIT_NOTE)
    if not count:
        return _("Émettre {count}").format(count=french.count(notes, "avoir"))
    if count == 1:
        return _("Émettre la facture")
    return _("Émettre les {count}").format(count=french.count(count, "facture"))


def _consequence(seen: Preview, today: date) -> str:
    said = [_("Total : {total} TTC.").format(total=french.cents(seen.cents("gross")))]
    words = {DocumentKind.INVOICE: _("Factures"), DocumentKind.CREDIT_NOTE: _("Avoirs")}
    for kind, (first, last) in preview.expected(seen, today=today).items():
        label = words[DocumentKind(kind)]
        if first == last:
            said.append(f"{label} : {first.number}.")
        else:
            said.append(
                _("{label} : du numéro {first} au numéro {last}.").format(
                    label=label, first=first.number, last=last.number
                )
            )
    said.append(_("Une facture émise ne se modifie plus : elle se corrige par un avoir."))
    blocked = sum(one.payer is not None for one in seen.anomalies)
    if blocked:
        left = french.count(blocked, "payeur reste", "payeurs restent")
        said.append(_("{left} à vérifier : rien n’est émis pour eux.").format(left=left))
    return " ".join(said)


def _act(request: HttpRequest, operator: Organisation, seen: Preview, month: str) -> Link | None:
    if not (seen.may_issue and rules.may_issue(request.user, operator)):
        return None
    return Link(_label(seen), _href("billing_issue", month, operator))


def _running(operator: Organisation) -> Link | None:
    going = Run.objects.filter(
        operator=operator, state__in=(RunState.QUEUED, RunState.RUNNING)
    ).first()
    if going is None:
        return None
    return Link(_("Suivre la facturation en cours"), reverse("billing_run", args=(going.pk,)))


def _issued(operator: Organisation, first: date) -> QuerySet[Document]:
    """Made for the month, or dated in it."""
    rows = Document.objects.filter(operator=operator)
    dated = rows.filter(issued_on__gte=first, issued_on__lt=next_month(first))
    return (rows.filter(month=first) | dated).order_by("kind", "n")


def _closing(
    request: HttpRequest, operator: Organisation, first: date, month: str
) -> dict[str, object]:
    row = ClosedMonth.objects.filter(operator=operator, month=first).first()
    if row is not None:
        day = french.day(row.at.date())
        return {"closed": _("Mois clôturé le {day} : il est figé.").format(day=day)}
    is_over = now().date() >= next_month(first)
    if not is_over or not may_act_for(request.user, operator, "accounts.export"):
        return {}
    return {
        "close": Link(_("Vérifier et clôturer ce mois"), _href("accounts_month", month, operator))
    }
