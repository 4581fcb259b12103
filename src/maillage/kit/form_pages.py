"""Pages of one form, and confirmations: said first, then done, then told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from maillage.kit.components import Dialog, Link, Text
from maillage.kit.refusal import Refusal

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


def form_page(
    request: HttpRequest,
    form: forms.Form,
    shown: FormShown,
    frame: Mapping[str, Any],
    template: str = "form.html",
) -> HttpResponse:
    """The form, with its errors when it has some.

    frame  what the page has around it: crumbs, the territory's name
    """
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, template, {**frame, "form": form, "shown": shown}, status=status)


def dialog_page(request: HttpRequest, dialog: Dialog, frame: Mapping[str, Any]) -> HttpResponse:
    """A dangerous act: its consequence, the act, the way back."""
    return render(request, "confirm.html", {**frame, "dialog": dialog})


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act went through; its refusal is written in the form, which keeps its text."""
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def told(request: HttpRequest, sentence: Text, href: str) -> HttpResponseRedirect:
    """Say what was done, on the page where it shows."""
    messages.success(request, str(sentence))
    return redirect(href)
