"""What the pages of a programme share: their frame, a form's page, a confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.programme import words
from maillage.apps.programme.models import Phase, Programme
from maillage.apps.programme.next_thing import address
from maillage.apps.programme.versions import SomebodyElseEdited
from maillage.apps.studies import home
from maillage.apps.studies.models import Study
from maillage.kit.components import Crumb, Dialog, Link, Text
from maillage.kit.refusal import Refusal

WRITING = ("GET", "HEAD", "POST")
POST = ("POST",)
WRONG = 422


@dataclass(frozen=True)
class FormShown:
    """A page of one form: its words, and where to go without sending it.

    day   the label of the day that the form asks, when it asks nothing else
    said  what is told once it is done
    """

    title: Text
    act: Text
    keep: Link
    lead: Text = ""
    day: Text = ""
    said: Text = ""


def home_of(study: Study) -> str:
    """The study's own page."""
    return reverse("study", args=(study.pk, study.slug))


def of_study(study: Study, *here: Crumb) -> dict[str, Any]:
    """The frame of a page under a study."""
    return home.frame(study.territory, Crumb(study.title, home_of(study)), *here)


def of_phase(phase: Phase, *here: Crumb) -> dict[str, Any]:
    """The frame of a page under a phase."""
    crumb = Crumb(words.name(phase), address(phase, "phase"))
    return of_study(phase.programme.study, crumb, *here)


def form_page(
    request: HttpRequest,
    form: forms.Form,
    shown: FormShown,
    frame: dict[str, Any],
    template: str = "form.html",
) -> HttpResponse:
    """The form, with its errors when it has some."""
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, template, {**frame, "form": form, "shown": shown}, status=status)


def dialog_page(request: HttpRequest, dialog: Dialog, frame: dict[str, Any]) -> HttpResponse:
    """A dangerous act: its consequence, the act, the way back."""
    return render(request, "confirm.html", {**frame, "dialog": dialog})


def done(
    request: HttpRequest, form: forms.Form, act: Callable[[], object], version: int = 0
) -> bool:
    """Whether the act went through; its refusal is written in the form, which keeps what was typed.

    version  of today: sent again, the text is written over what the person has been told
    """
    try:
        act()
    except SomebodyElseEdited as refusal:
        form.data = request.POST.copy()
        form.data["version"] = str(version)
        form.add_error(None, str(refusal))
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def told(request: HttpRequest, sentence: Text, href: str) -> HttpResponse:
    """Say what was done, on the page where it shows."""
    messages.success(request, str(sentence))
    return redirect(href)


def choices_of(programme: Programme) -> list[tuple[int, str]]:
    """The phases as choices of a form."""
    return [(phase.rank, words.name(phase)) for phase in programme.phases.all()]


def back_to_study(study: Study) -> Link:
    """The way back without sending anything."""
    return Link(_("Revenir à l’étude"), home_of(study))
