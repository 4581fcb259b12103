"""The people of one's scopes: list, one person, invitations."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.journal.record import record
from maillage.apps.people import consent, scoped, vacancies
from maillage.apps.people.filters import FilterPeople
from maillage.apps.people.forms import Invite
from maillage.apps.people.invite import invite, withdraw
from maillage.apps.people.models import Invitation, Organisation, Person, Position, Role
from maillage.apps.people.pages.account import me
from maillage.apps.people.pages.common import (
    PEOPLE,
    WRITING,
    FormShown,
    after_confirmation,
    dialog_page,
    form_page,
)
from maillage.apps.people.rules import may_fill, may_manage_people, may_see_people
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link, filters_of
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table, sorted_by
from maillage.report import french

ON_A_PAGE = 50
COLUMNS = (
    Column("name", "Nom", is_sortable=True),
    Column("position", "Poste", is_sortable=True),
    Column("organisation", "Organisation", is_sortable=True),
    Column("since", "Depuis"),
    Column("until", "Jusqu’au"),
)


@page(rule=may_see_people)
def people(request: HttpRequest) -> HttpResponse:
    """Who holds what, which posts are vacant, who was invited."""
    form = FilterPeople(request.GET)
    found = _filtered(scoped.roles(request.user), form)
    shown = Paginator(
        found.select_related("person", "position__organisation").order_by("person__name", "pk"),
        ON_A_PAGE,
    ).get_page(request.GET.get("page"))
    rows = sorted_by([_row(role) for role in shown], COLUMNS, request.GET)
    may_manage = may_manage_people(request.user, None)
    context = {
        "table": Table("personnes", _("Personnes et postes"), COLUMNS, rows),
        "shown": shown,
        "filters": filters_of(form, request.GET),
        "vacancies": [
            {
                "title": f"{post.title}, {post.organisation.name}",
                "href": f"/personnes/postes/{post.pk}/",
            }
            for post in _vacant(request)
        ],
        "invitations": [_invited(i) for i in _waiting(request)],
        "may_manage": may_manage,
    }
    return render(request, "people/people.html", context)


def _filtered(roles: QuerySet[Role], form: FilterPeople) -> QuerySet[Role]:
    asked = form.cleaned_data if form.is_valid() else {}
    today = now().date()
    if asked.get("role"):
        roles = roles.filter(position__kind=asked["role"])
    if asked.get("state") == "future":
        return roles.filter(starts_on__gt=today)
    if asked.get("state") == "past":
        return roles.filter(ends_on__lte=today)
    return roles.filter(Q(ends_on=None) | Q(ends_on__gt=today), starts_on__lte=today)


def _row(role: Role) -> Row:
    post = role.position
    cells: dict[str, Any] = {
        "name": Link(role.person.name, f"/personnes/{role.person_id}/"),
        "position": Link(post.title, f"/personnes/postes/{post.pk}/"),
        "organisation": post.organisation.name,
        "since": french.day(role.starts_on),
        "until": french.day(role.ends_on) if role.ends_on else _("Sans fin prévue"),
    }
    return Row(cells, key=str(role.pk))


def _vacant(request: HttpRequest) -> QuerySet[Position]:
    scopes = scoped.scopes_of(request.user, "people.read")
    found = vacancies.vacant(scopes, on=now().date())
    return found.select_related("organisation").order_by("title", "pk")


def _waiting(request: HttpRequest) -> QuerySet[Invitation]:
    return scoped.invitations(request.user).select_related("position").order_by("sent_at")


def _invited(invitation: Invitation) -> dict[str, Any]:
    return {
        "name": invitation.name,
        "email": invitation.email,
        "position": invitation.position.title,
        "until": french.day(invitation.expires_at.date()),
        "withdraw": f"/personnes/invitations/{invitation.pk}/retirer/",
    }


@page(rule=may_see_people, of=scoped.person_of)
def person(request: HttpRequest, target: Person) -> HttpResponse:
    """One person, as her posts of these scopes show her; that she was read is kept."""
    if target.pk != me(request).pk:
        with transaction.atomic():
            record("person.read", ("person", target.pk), by=me(request).pk, at=now())
    held = scoped.roles(request.user).filter(person=target)
    siret = target.declared_siret
    bodies = Organisation.objects.filter(siret=siret) if siret else Organisation.objects.none()
    body = bodies.filter(pk__in=scoped.organisations(request.user)).first()
    rows = [
        _row(role)
        for role in held.select_related("person", "position__organisation").order_by(
            "-starts_on", "pk"
        )
    ]
    context = {
        "name": target.name,
        "email": target.email if target.is_active else "",
        "is_erased": target.closed_at is not None,
        "siret": siret,
        "organisation": body.name if body else "",
        "may_contact": consent.standing(target, consent.PURPOSES["contact"]) is not None,
        "table": Table("postes", _("Ses postes"), COLUMNS[1:], rows),
        "crumbs": [PEOPLE, Crumb(target.name)],
    }
    return render(request, "people/person.html", context)


@page(rule=may_manage_people, methods=WRITING)
@after_confirmation
def invite_page(request: HttpRequest) -> HttpResponse:
    """Offer a post to somebody by e-mail."""
    today = now().date()
    open_posts = scoped.positions(request.user).filter(closed_on=None)
    posts = [
        post
        for post in open_posts.select_related("organisation").order_by("title", "pk")
        if may_fill(request.user, post)
    ]
    choices = [(post.pk, f"{post.title}, {post.organisation.name}") for post in posts]
    initial = {"position": request.GET.get("poste", ""), "starts_on": today}
    form = Invite(request.POST or None, positions=choices, initial=initial)
    if form.is_valid():
        words = dict(form.cleaned_data)
        chosen = words.pop("position")
        post = next(post for post in posts if post.pk == chosen)
        invite(post, **words, by=me(request), at=now())
        messages.success(
            request,
            _("L’invitation part à %(email)s. Elle vaut 14 jours.") % {"email": words["email"]},
        )
        return HttpResponseRedirect(f"/personnes/postes/{post.pk}/")
    lead = _("Elle reçoit un lien, choisit comment se connecter, puis son rôle commence.")
    keep = Link(_("Revenir aux personnes"), PEOPLE.href)
    shown = FormShown(_("Inviter une personne"), _("Envoyer l’invitation"), keep, lead, [PEOPLE])
    return form_page(request, form, shown)


def _may_withdraw(asker: Any, invitation: Invitation) -> bool:
    return may_fill(asker, invitation.position)


@page(rule=_may_withdraw, of=scoped.invitation_of, methods=WRITING)
@after_confirmation
def withdraw_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Take an invitation back."""
    if request.method == "POST":
        withdraw(invitation, by=me(request), at=now())
        messages.success(request, _("L’invitation est retirée."))
        return HttpResponseRedirect(f"/personnes/postes/{invitation.position_id}/")
    dialog = Dialog(
        _("Retirer l’invitation de %(name)s ?") % {"name": invitation.name},
        _("Le lien reçu n’ouvrira plus rien. Vous pourrez inviter de nouveau."),
        _("Retirer l’invitation"),
        Link(_("Garder"), f"/personnes/postes/{invitation.position_id}/"),
    )
    return dialog_page(request, dialog, title=_("Retirer une invitation"), crumbs=[PEOPLE])
