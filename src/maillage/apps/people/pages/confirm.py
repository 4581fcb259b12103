"""Prove again who one is, before a sensitive act."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from maillage.apps.people import check_password
from maillage.apps.people.enter import NEXT, own_path
from maillage.apps.people.forms import Password
from maillage.apps.people.pages.account import me
from maillage.apps.people.pages.common import WRITING, WRONG
from maillage.apps.people.pages.sign_in import LINKS_OF_ACCOUNT
from maillage.apps.people.tasks import send_sign_in_link
from maillage.kit.clock import now
from maillage.kit.pages import page, signed_in
from maillage.kit.throttle import address_of, count


@page(rule=signed_in, methods=WRITING)
def confirm(request: HttpRequest) -> HttpResponse:
    """The second factor when there is one, else the password, else a link by mail."""
    person = me(request)
    asked = own_path(request, request.POST.get(NEXT) or request.GET.get(NEXT, ""))
    if is_mfa_enabled(person):
        return _to_second_factor(request, asked)
    form = Password(request.POST if "password" in request.POST else None)
    if form.is_valid():
        words, address = form.cleaned_data["password"], address_of(request)
        found = check_password.check(person.email, words, address=address, at=now())
        if found is not None and found.pk == person.pk:
            record_authentication(request, person, method="password", reauthenticated=True)
            return HttpResponseRedirect(asked or "/compte/")
        form.add_error("password", _("Le mot de passe ne convient pas."))
    context = {
        "form": form if person.has_usable_password() else None,
        "next": asked,
        "email": person.email,
    }
    status = WRONG if form.errors else 200
    return render(request, "people/confirm_identity.html", context, status=status)


@page(rule=signed_in, methods=("POST",))
def confirm_by_link(request: HttpRequest) -> HttpResponse:
    """A link to one's own address, which comes back to the act."""
    person, at = me(request), now()
    count(LINKS_OF_ACCOUNT, person.email, at=at)
    send_sign_in_link.defer(email=person.email, opens=own_path(request, request.POST.get(NEXT, "")))
    return render(request, "people/link_sent.html")


def adding_means(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever has just set a second factor up has just shown it: her codes open without asking."""

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            record_authentication(request, me(request), method="mfa", reauthenticated=True)
        return answer

    return enter


def _to_second_factor(request: HttpRequest, asked: str) -> HttpResponse:
    by_code = is_mfa_enabled(me(request), [Authenticator.Type.TOTP])
    name = "mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({NEXT: asked or '/compte/'})}")
