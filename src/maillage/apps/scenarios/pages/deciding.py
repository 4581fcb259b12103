"""Decide: propose a scenario to the elected, retain it, go back on either."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from maillage.apps.scenarios import decide
from maillage.apps.scenarios.models import Scenario
from maillage.apps.scenarios.pages.common import FORM, author, confirm
from maillage.apps.scenarios.rules import may_propose, may_retain, scenario_of
from maillage.apps.scenarios.versions import Author
from maillage.kit.components import Dialog, Link
from maillage.kit.pages import page


@page(rule=may_propose, of=scenario_of, methods=FORM)
def proposal(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Put a scenario before the elected."""
    dialog = Dialog(
        _("Proposer « {title} » aux élus ?").format(title=of.title),
        _(
            "Ils le liront dans « Décisions », avec ce que paie chaque commune. Ensuite, chaque "
            "changement est un amendement : il dit pourquoi, et se lit."
        ),
        _("Proposer aux élus"),
        Link(_("Le garder en brouillon"), of.get_absolute_url()),
    )
    done = _("« {title} » est proposé aux élus.").format(title=of.title)
    return _decided(request, of, dialog, decide.propose, done)


@page(rule=may_propose, of=scenario_of, methods=FORM)
def withdrawal(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Make it a draft again."""
    dialog = Dialog(
        _("Reprendre « {title} » en brouillon ?").format(title=of.title),
        _("Les élus ne le liront plus dans « Décisions ». Ses amendements restent écrits."),
        _("Reprendre en brouillon"),
        Link(_("Le laisser proposé"), of.get_absolute_url()),
    )
    done = _("« {title} » est de nouveau un brouillon.").format(title=of.title)
    return _decided(request, of, dialog, decide.take_back, done)


@page(rule=may_retain, of=scenario_of, methods=FORM)
def retention(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Write down that the council voted for it."""
    dialog = Dialog(
        _("Retenir « {title} » ?").format(title=of.title),
        _("Le conseil l’a voté. Il ne change plus ; une copie reste possible."),
        _("Retenir ce scénario"),
        Link(_("Attendre le vote"), of.get_absolute_url()),
    )
    done = _("« {title} » est retenu.").format(title=of.title)
    return _decided(request, of, dialog, decide.retain, done)


@page(rule=may_retain, of=scenario_of, methods=FORM)
def release(request: HttpRequest, of: Scenario) -> HttpResponse:
    """Go back on the decision."""
    dialog = Dialog(
        _("Revenir sur la décision ?"),
        _("« {title} » redevient un scénario proposé, qui s’amende.").format(title=of.title),
        _("Revenir sur la décision"),
        Link(_("Le garder retenu"), of.get_absolute_url()),
    )
    done = _("« {title} » est de nouveau proposé.").format(title=of.title)
    return _decided(request, of, dialog, decide.release, done)


def _decided(
    request: HttpRequest,
    of: Scenario,
    dialog: Dialog,
    act: Callable[[Scenario, Author], None],
    done: str,
) -> HttpResponse:
    if request.method != "POST":
        return confirm(request, of, dialog)
    act(of, author(request))
    messages.success(request, done)
    return redirect(of)
