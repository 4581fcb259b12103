"""One's personal data: read, take away, agree or not, erase."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.journal.models import Entry
from maillage.apps.people import acts, consent
from maillage.apps.people.erase import erase
from maillage.apps.people.export import export
from maillage.apps.people.models import Person
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
from maillage.kit.filters import moment
from maillage.kit.pages import page, signed_in
from maillage.kit.throttle import Limit, count

DATA = Crumb("Mes données", "/compte/donnees/")
EXPORTS = Limit("exports of a person", 5, timedelta(hours=1))
ON_A_PAGE = 20


@page(rule=signed_in)
def data(request: HttpRequest) -> HttpResponse:
    """What is kept, who read it, what I agreed to."""
    person = me(request)
    standing = {
        given.purpose: moment(given.given_at) for given in person.consents.filter(withdrawn_at=None)
    }
    about = Entry.objects.filter(object_kind="person", object_key=str(person.pk))
    shown = Paginator(about.exclude(actor_id=person.pk).order_by("-at", "-pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    names = dict(
        Person.objects.filter(pk__in={e.actor_id for e in shown}).values_list("pk", "name")
    )
    context = {
        "purposes": [
            {"code": p.code, "title": p.title, "wording": p.wording, "given": standing.get(p.code)}
            for p in consent.PURPOSES.values()
        ],
        "accesses": [
            {
                "when": moment(e.at),
                "what": acts.name(e.act),
                "who": names.get(e.actor_id or 0, _("Le système")),
            }
            for e in shown
        ],
        "shown": shown,
        "crumbs": [ACCOUNT, Crumb(_("Mes données"))],
    }
    return render(request, "people/own_data.html", context)


@page(rule=signed_in, methods=WRITING)
@after_confirmation
def take_away(request: HttpRequest) -> HttpResponse:
    """A button, then the ZIP with everything."""
    if request.method != "POST":
        keep = Link(_("Revenir à mes données"), DATA.href)
        lead = _("Tout ce que Maillage sait de vous : un fichier JSON, et un CSV par table.")
        shown = FormShown(
            _("Emporter mes données"), _("Télécharger (ZIP)"), keep, lead, [ACCOUNT, DATA]
        )
        return form_page(request, forms.Form(), shown)
    person, at = me(request), now()
    count(EXPORTS, str(person.pk), at=at)
    response = HttpResponse(export(person, by=person, at=at), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="mes-donnees-maillage.zip"'
    return response


@page(rule=signed_in, methods=WRITING)
@after_confirmation
def erase_me(request: HttpRequest) -> HttpResponse:
    """Close the account for good."""
    if request.method == "POST":
        person = me(request)
        erase(person, by=person, at=now())
        logout(request)
        messages.success(request, _("Votre compte est effacé."))
        return HttpResponseRedirect("/")
    dialog = Dialog(
        _("Effacer mon compte ?"),
        _(
            "Votre nom, votre adresse, vos jetons et vos accords disparaissent aussitôt, et des "
            "sauvegardes en 35 jours. Vos postes deviennent vacants. Les actes restent, sans nom."
        ),
        _("Effacer mon compte"),
        Link(_("Garder mon compte"), DATA.href),
    )
    return dialog_page(request, dialog, title=_("Effacer mon compte"), crumbs=[ACCOUNT, DATA])


@page(rule=signed_in, methods=("POST",))
def agree(request: HttpRequest, purpose: str) -> HttpResponse:
    """Give or withdraw one agreement."""
    asked = consent.PURPOSES.get(purpose)
    if asked is None:
        raise Http404
    if request.POST.get("agree") == "yes":
        consent.give(me(request), asked, at=now())
        messages.success(request, _("Votre accord est noté. Vous pouvez le retirer ici."))
    else:
        consent.withdraw(me(request), asked, at=now())
        messages.success(request, _("Votre accord est retiré."))
    return HttpResponseRedirect(str(DATA.href))
