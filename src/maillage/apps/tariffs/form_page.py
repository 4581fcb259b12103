"""A page of one form, and a page that asks before an act."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maillage.kit.components import Crumb, Dialog, Link, Text

WRITING = ("GET", "HEAD", "POST")
POST = ("POST",)
WRONG = 422


@dataclass(frozen=True)
class FormShown:
    """A page of one form: its words, and where to go without sending it."""

    title: Text
    act: Text
    keep: Link
    lead: Text = ""
    crumbs: Sequence[Crumb] = ()


def form_page(request: HttpRequest, form: forms.Form, shown: FormShown) -> HttpResponse:
    """The form, with its errors when it has some."""
    context = {"form": form, "shown": shown, "crumbs": [*shown.crumbs, Crumb(shown.title)]}
    return render(request, "form.html", context, status=status_of(form))


def confirm(
    request: HttpRequest, dialog: Dialog, title: Text, crumbs: Sequence[Crumb]
) -> HttpResponse:
    """Said first, then done."""
    context = {"dialog": dialog, "title": title, "crumbs": [*crumbs, Crumb(title)]}
    return render(request, "confirm.html", context)


def posted(request: HttpRequest) -> Any:
    """The form's data when it was sent."""
    return request.POST if request.method == "POST" else None


def status_of(form: forms.Form) -> int:
    """422 when a form was refused."""
    return WRONG if form.is_bound and form.errors else 200
