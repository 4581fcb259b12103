"""What several pages of people share: a form's page, a confirmation, a proof of identity."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from maillage.apps.people.enter import NEXT, is_confirmed
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link, Text

WRONG = 422
ACCOUNT = Crumb("Mon compte", "/compte/")
PEOPLE = Crumb("Personnes", "/personnes/")
WRITING = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class FormShown:
    """A page of one form: its words, and where to go without sending it."""

    title: Text
    act: Text
    keep: Link
    lead: Text = ""
    crumbs: Sequence[Crumb] = field(default_factory=tuple)


def form_page(request: HttpRequest, form: forms.Form, shown: FormShown) -> HttpResponse:
    """The form, with its errors when it has some."""
    context = {"form": form, "shown": shown, "crumbs": [*shown.crumbs, Crumb(shown.title)]}
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "form.html", context, status=status)


def dialog_page(
    request: HttpRequest, dialog: Dialog, *, title: Text, crumbs: Sequence[Crumb] = ()
) -> HttpResponse:
    """A dangerous act: its consequence, the act, the way back."""
    context = {"dialog": dialog, "title": title, "crumbs": [*crumbs, Crumb(title)]}
    return render(request, "confirm.html", context)


def after_confirmation(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask again who is there, unless she proved it within the quarter of an hour."""

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not is_confirmed(request, at=now()):
            return to_confirmation(request)
        return view(request, *args, **kwargs)

    return enter


def to_confirmation(request: HttpRequest) -> HttpResponse:
    """The page that asks, then comes back to this one."""
    asked = urlencode({NEXT: request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{asked}")
