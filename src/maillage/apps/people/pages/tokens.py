"""Tokens of programs: list, create, revoke."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.people import api_token
from maillage.apps.people.forms import Token
from maillage.apps.people.models import ApiToken
from maillage.apps.people.pages.account import me
from maillage.apps.people.pages.common import (
    ACCOUNT,
    WRITING,
    FormShown,
    after_confirmation,
    dialog_page,
    form_page,
)
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page, signed_in
from maillage.kit.tables import Column, Row, Table
from maillage.report import french

TOKENS = Crumb("Jetons", "/compte/jetons/")
COLUMNS = (
    Column("label", "Programme"),
    Column("scopes", "Ce qu’il peut faire"),
    Column("expires", "Expire le"),
    Column("used", "Dernier usage"),
    Column("act", "État"),
)


def own_token(person: Any, pk: int) -> ApiToken:
    """A token of the person; those of others do not exist."""
    token = ApiToken.objects.filter(person_id=person.pk, pk=pk).first()
    if token is None:
        raise Http404
    return token


@page(rule=signed_in)
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of one's account."""
    at = now()
    rows = [_row(t, t.is_valid(at)) for t in me(request).api_tokens.order_by("-created_at", "pk")]
    table = Table("jetons", _("Vos jetons"), COLUMNS, rows, empty=_("Aucun jeton."))
    context = {"table": table, "has_rows": bool(rows), "crumbs": [ACCOUNT, Crumb(_("Jetons"))]}
    return render(request, "people/tokens.html", context)


def _row(token: ApiToken, is_valid: bool) -> Row:  # noqa: FBT001
    state: Link | str = Link(_("Révoquer"), f"/compte/jetons/{token.pk}/revoquer/")
    if not is_valid:
        state = _("Révoqué") if token.revoked_at else _("Expiré")
    cells = {
        "label": token.label,
        "scopes": ", ".join(api_token.SCOPES.get(s, s) for s in token.scopes),
        "expires": french.day(token.expires_at.date()),
        "used": french.day(token.used_at.date()) if token.used_at else _("Jamais"),
        "act": state,
    }
    return Row(cells, key=str(token.pk))


@page(rule=signed_in, methods=WRITING)
@after_confirmation
def create(request: HttpRequest) -> HttpResponse:
    """A token, whose secret is shown on the answer and nowhere else."""
    form = Token(request.POST or None)
    if form.is_valid():
        words = form.cleaned_data
        _token, secret = api_token.create(
            me(request), words["label"], words["scopes"], lasts_days=words["lasts_days"], at=now()
        )
        crumbs = [ACCOUNT, TOKENS, Crumb(_("Jeton créé"))]
        return render(request, "people/token_made.html", {"secret": secret, "crumbs": crumbs})
    keep = Link(_("Revenir aux jetons"), TOKENS.href)
    lead = _("Un jeton fait agir un programme à votre place, dans la limite de vos rôles.")
    shown = FormShown(_("Créer un jeton"), _("Créer le jeton"), keep, lead, [ACCOUNT, TOKENS])
    return form_page(request, form, shown)


@page(rule=signed_in, of=own_token, methods=WRITING)
@after_confirmation
def revoke(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """The program is shut out."""
    if request.method == "POST":
        api_token.revoke(token, by=me(request), at=now())
        messages.success(request, _("Le jeton est révoqué."))
        return HttpResponseRedirect(str(TOKENS.href))
    dialog = Dialog(
        _("Révoquer « %(label)s » ?") % {"label": token.label},
        _("Le programme qui s’en sert ne pourra plus rien lire."),
        _("Révoquer le jeton"),
        Link(_("Garder"), TOKENS.href),
    )
    return dialog_page(request, dialog, title=_("Révoquer un jeton"), crumbs=[ACCOUNT, TOKENS])
