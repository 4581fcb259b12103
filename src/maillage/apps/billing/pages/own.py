"""One's own invoices, and those of an employer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.billing import rules, shown
from maillage.apps.billing.models import Document
from maillage.apps.memberships.rules import may_read_employer
from maillage.apps.people.models import Organisation
from maillage.kit.components import Crumb, Empty
from maillage.kit.pages import page, signed_in
from maillage.report import french

WHEN = gettext_lazy("Les factures arrivent à la fin du mois, pour ce qui a été utilisé.")


@page(rule=signed_in)
def own_invoices(request: HttpRequest) -> HttpResponse:
    """The documents of who is signed in."""
    rows = list(Document.objects.filter(payer_person=request.user.pk).order_by("-issued_on", "-n"))
    context = {
        "crumbs": [Crumb(_("Mes factures"))],
        "title": _("Mes factures"),
        "lead": "",
        "documents": shown.documents_table(rows, with_operator=True) if rows else None,
        "nothing": Empty(_("Aucune facture à votre nom."), WHEN),
    }
    return render(request, "billing/own.html", context)


@page(rule=may_read_employer, of=rules.employer_of)
def employer_invoices(request: HttpRequest, of: Organisation) -> HttpResponse:
    """The documents of an employer: people and units, never days nor places."""
    rows = list(Document.objects.filter(payer_organisation=of.pk).order_by("-issued_on", "-n"))
    context = {
        "crumbs": [Crumb(_("Employeur"), "/employeur/"), Crumb(_("Factures"))],
        "title": _("Factures {of_name}").format(of_name=french.of(of.name)),
        "lead": _("Une ligne par personne et par unité, sans date ni lieu."),
        "documents": shown.documents_table(rows, with_operator=True) if rows else None,
        "nothing": Empty(_("Aucune facture pour cet organisme."), WHEN),
    }
    return render(request, "billing/own.html", context)
