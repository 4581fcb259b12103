"""Arriving: an invitation to accept, and the page that leads each person to her work."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.people import accept_invitation, handover
from maillage.apps.people.enter import enter
from maillage.apps.people.forms import Join
from maillage.apps.people.models import Invitation, Person, Role, RoleKind, ScopeKind
from maillage.apps.people.pages.account import me
from maillage.apps.people.pages.common import WRITING, WRONG
from maillage.apps.people.rights import roles_of
from maillage.kit.clock import now
from maillage.kit.pages import anyone, page, signed_in
from maillage.report import french

# where each role begins her day; {key} is the territory's SIREN
HOMES = {
    RoleKind.ADMINISTRATOR: "/reglages/",
    RoleKind.PROJECT_OFFICER: "/etudes/",
    RoleKind.CHIEF_EXECUTIVE: "/etudes/",
    RoleKind.ELECTED_OFFICIAL: "/elus/",
    RoleKind.MAYOR: "/elus/",
    RoleKind.TREASURER: "/facturation/",
    RoleKind.COORDINATOR: "/etudes/",
    RoleKind.CONSULTANT: "/etudes/",
    RoleKind.SITE_MANAGER: "/journee/",
    RoleKind.MEMBER: "/reserver/",
    RoleKind.HOST: "/comptoir/",
}
WITHOUT_HOME = "/compte/"


@page(rule=signed_in)
def landing(request: HttpRequest) -> HttpResponse:
    """The dossier to take over first, else the page of one's role."""
    today = now().date()
    waiting = handover.to_take_over(me(request), on=today)
    if waiting is not None:
        return HttpResponseRedirect(f"/personnes/postes/{waiting.position_id}/dossier/")
    return HttpResponseRedirect(home_of(roles_of(me(request), on=today)))


def home_of(roles: tuple[Role, ...]) -> str:
    """Where somebody who holds these roles begins."""
    for role in roles:
        if role.position.kind in HOMES:
            return HOMES[RoleKind(role.position.kind)]
    for role in roles:
        if role.position.scope_kind == ScopeKind.TERRITORY:
            return f"/territoires/{role.position.scope_key}/"
    return WITHOUT_HOME


@page(rule=anyone, methods=WRITING)
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What is offered, by whom; accepted with one's account, or by opening one."""
    found = accept_invitation.find(secret, at=now())
    known = Person.objects.filter(email__iexact=found.email).exists()
    if request.user.is_authenticated:
        return _with_account(request, found)
    if known:
        return _shown(request, found, None, needs_sign_in=True)
    newcomer = Person(email=found.email, name=found.name)
    form = Join(request.POST or None, person=newcomer, initial={"name": found.name})
    if not form.is_valid():
        return _shown(request, found, form)
    words = form.cleaned_data
    person = accept_invitation.join(
        found, name=words["name"], password=words["password"] or None, at=now()
    )
    return enter(request, person, method="invitation")


def _with_account(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.method != "POST" and me(request).email == found.email:
        return _shown(request, found, None)
    accept_invitation.accept(found, person=me(request), at=now())
    return HttpResponseRedirect("/bienvenue/")


def _shown(
    request: HttpRequest, found: Invitation, form: Join | None, *, needs_sign_in: bool = False
) -> HttpResponse:
    until = _("jusqu’au %(day)s") % {"day": french.day(found.ends_on)} if found.ends_on else ""
    context = {
        "form": form,
        "needs_sign_in": needs_sign_in,
        "path": request.path,
        "position": found.position.title,
        "organisation": found.position.organisation.name,
        "inviter": found.invited_by.name if found.invited_by else "",
        "starts_on": french.day(found.starts_on),
        "until": until,
        "email": found.email,
    }
    status = WRONG if form is not None and form.errors else 200
    return render(request, "people/invitation.html", context, status=status)
