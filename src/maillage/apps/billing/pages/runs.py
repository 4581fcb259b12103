"""The invoicing of a month under way: progress, stop, take up again, what failed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.billing import parties, rules, shown
from maillage.apps.billing import run as runs
from maillage.apps.billing.models import Outcome, Run, RunItem, RunState
from maillage.apps.billing.pages.month import BILLING
from maillage.apps.ledger.charge import Payer
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Message, Progress
from maillage.kit.form_pages import POST
from maillage.kit.pages import page
from maillage.report import french, moments


@page(rule=rules.may_see_run, of=rules.run_of)
def follow(request: HttpRequest, of: Run) -> HttpResponse:
    """Where it stands; without JavaScript the page is asked again."""
    counted = {outcome: of.items.filter(outcome=outcome).count() for outcome in Outcome.values}
    failed = list(of.items.filter(outcome=Outcome.FAILED).order_by("pk"))
    month = f"{of.month:%Y-%m}"
    back = f"{reverse('billing_month', args=(month,))}?organisme={of.operator_id}"
    name = moments.month(of.month)
    is_going = of.state in runs.UNDER_WAY
    may_issue = rules.may_issue(request.user, of.operator)
    context = {
        "crumbs": [BILLING, Crumb(name.capitalize(), back), Crumb(_("Suivi"))],
        "title": _title(of, counted[Outcome.ISSUED], name),
        "operator": of.operator.name,
        "back": back,
        "is_going": is_going,
        "progress": _progress(of, sum(counted.values()), may_issue=may_issue) if is_going else None,
        "message": _message(of, counted),
        "failed": shown.items_table(_named(of, failed)) if failed else None,
        "resume": reverse("billing_run_resume", args=(of.pk,))
        if may_issue and _may_resume(of, failed)
        else "",
        "resume_label": _("Réessayer") if of.state == RunState.DONE else _("Reprendre"),
    }
    return render(request, "billing/run.html", context)


@page(rule=rules.may_run, of=rules.run_of, methods=POST)
def stop(request: HttpRequest, of: Run) -> HttpResponse:
    """End it after the payer it is invoicing."""
    runs.stop(of, by=request.user.pk, at=now())
    return redirect("billing_run", pk=of.pk)


@page(rule=rules.may_run, of=rules.run_of, methods=POST)
def resume(request: HttpRequest, of: Run) -> HttpResponse:
    """Go on where it stopped, and try again what failed."""
    runs.resume(of, by=request.user.pk, at=now())
    return redirect("billing_run", pk=of.pk)


def _title(of: Run, issued: int, name: str) -> str:
    if of.state in runs.UNDER_WAY:
        return _("Facturation de {name} en cours").format(name=name)
    count = french.count(issued, "payeur facturé", "payeurs facturés")
    return _("{count} pour {name}").format(count=count, name=name)


def _progress(of: Run, done: int, *, may_issue: bool) -> Progress:
    return Progress(
        label=_("Payeurs traités") if of.total else _("En attente de démarrage"),
        poll_href=reverse("billing_run", args=(of.pk,)),
        done=done,
        total=of.total or None,
        stop_href=reverse("billing_run_stop", args=(of.pk,)) if may_issue else "",
    )


def _message(of: Run, counted: dict[str, int]) -> Message | None:
    if runs.is_silent(of, now()):
        return Message(
            "warning", _("La facturation ne répond plus. Reprenez-la : rien n’est émis deux fois.")
        )
    if of.state == RunState.STOPPED:
        return Message(
            "info", _("Facturation arrêtée. Ce qui est émis le reste ; reprenez-la pour la suite.")
        )
    if of.state != RunState.DONE:
        return None
    if counted[Outcome.FAILED]:
        failed = french.count(counted[Outcome.FAILED], "facture n’a", "factures n’ont")
        return Message("warning", _("{failed} pas été émise.").format(failed=failed)
                       if counted[Outcome.FAILED] == 1
                       else _("{failed} pas été émises.").format(failed=failed))  # fmt: skip
    return Message("success", _("Tout est émis. Les documents sont dans le mois."))


def _may_resume(of: Run, failed: list[RunItem]) -> bool:
    return of.state == RunState.STOPPED or runs.is_silent(of, now()) or bool(failed)


def _named(of: Run, items: list[RunItem]) -> list[tuple[RunItem, str]]:
    payers = [Payer(one.payer_person_id, one.payer_organisation_id) for one in items]
    known = parties.buyers(of.operator, payers)
    return [(item, known[payer].party.name) for item, payer in zip(items, payers, strict=True)]
