"""The files of the accounts of a body: chosen by body and months, handed over one by one."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.accounts import books, listing
from maillage.apps.accounts.books import BY_KEY
from maillage.apps.accounts.export import export
from maillage.apps.accounts.forms import ChooseSpan
from maillage.apps.accounts.rules import may_export, own
from maillage.apps.billing.models import BillingProfile
from maillage.core import programme
from maillage.kit import throttle
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Filters
from maillage.kit.form_pages import POST, WRONG
from maillage.kit.pages import page
from maillage.kit.throttle import Limit
from maillage.report import moments

FILES = Limit("accounts.export", most=60, within=timedelta(hours=1))


@page(rule=may_export)
def exports(request: HttpRequest) -> HttpResponse:
    """Choose a body and months, then a file; the archives of its years."""
    form = ChooseSpan(_asked(request), bodies=own(request.user))
    context: dict[str, Any] = {
        "crumbs": [Crumb(_("Facturation"), "/facturation/"), Crumb(_("Exports"))],
        "form": form,
        "filters": Filters(form, ()),
    }
    if not form.is_valid():
        return render(request, "accounts/exports.html", context, status=WRONG)
    body = form.body
    profile = BillingProfile.objects.filter(operator=body).first()
    context |= {
        "name": body.name,
        "months": _months(form),
        "said": {field.name: field.value() for field in form},
        "table": listing.books_table(books.offered(profile)) if profile else None,
        "nothing": _nothing(body.name),
        "handed": listing.handed_table(body),
        "archives": listing.archives_of(body),
        "to_archive": listing.years_to_archive(body),
    }
    return render(request, "accounts/exports.html", context)


@page(rule=may_export, methods=POST)
def download(request: HttpRequest) -> HttpResponse:
    """One file: written in the journal, so asked for by a form."""
    form = ChooseSpan(request.POST, bodies=own(request.user))
    key = request.POST.get("fichier", "")
    if not form.is_valid() or key not in BY_KEY:
        raise Http404(key)
    at = now()
    throttle.count(FILES, str(request.user.pk), at=at)
    made = export(form.body, key, form.span, by=request.user.pk, at=at)
    return HttpResponse(
        made.content,
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    """The query, its blanks filled: the month before this one, of her first body."""
    before = f"{programme.after(now().date().replace(day=1), -1):%Y-%m}"
    first = own(request.user)[0]
    usual = {"organisme": str(first.pk), "du": before, "au": request.GET.get("du", before)}
    return usual | {name: str(value) for name, value in request.GET.items() if value}


def _months(form: ChooseSpan) -> str:
    span = form.span
    first, last = moments.month(span.first), moments.month(span.last)
    if first == last:
        return first
    return _("de {first} à {last}").format(first=first, last=last)


def _nothing(name: str) -> Empty:
    return Empty(
        _("{name} n’a pas encore de profil de facturation.").format(name=name),
        _("Sans lui, rien n’est facturé : il n’y a pas de comptes à exporter."),
    )
