"""Posts: who holds them, who held them, what happens next."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.journal.record import record
from maillage.apps.people import end_role, handover, scoped
from maillage.apps.people.assign_role import assign
from maillage.apps.people.forms import Assign, EndRole, NewPosition
from maillage.apps.people.invite import pending
from maillage.apps.people.keep_positions import close_position, open_position
from maillage.apps.people.models import Organisation, Person, Position, Role, RoleKind, ScopeKind
from maillage.apps.people.pages.account import me
from maillage.apps.people.pages.common import (
    PEOPLE,
    WRITING,
    FormShown,
    after_confirmation,
    dialog_page,
    form_page,
)
from maillage.apps.people.rules import (
    may_fill,
    may_manage_people,
    may_read_dossier,
    may_see_position,
    may_set_up,
)
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.report import french


def _crumb(position: Position) -> Crumb:
    return Crumb(position.title, f"/personnes/postes/{position.pk}/")


def _to(position: Position) -> HttpResponse:
    return HttpResponseRedirect(f"/personnes/postes/{position.pk}/")


@page(rule=may_see_position, of=scoped.position_of)
def position_page(request: HttpRequest, position: Position) -> HttpResponse:
    """Its holder, the ones before, the invitations under way."""
    today = now().date()
    roles = list(position.roles.select_related("person").order_by("-starts_on", "-pk"))
    current = [r for r in roles if r.starts_on <= today and (not r.ends_on or r.ends_on > today)]
    is_closed = position.closed_on is not None
    context = {
        "title": position.title,
        "organisation": position.organisation.name,
        "organisation_href": f"/organisations/{position.organisation_id}/",
        "pk": position.pk,
        "kind": RoleKind(position.kind).label,
        "scope": ScopeKind(position.scope_kind).label,
        "scope_key": position.scope_key,
        "is_closed": is_closed,
        "is_vacant": not current and not is_closed,
        "roles": [_role(role, today) for role in roles],
        "invitations": [
            {"name": i.name, "email": i.email, "pk": i.pk, "until": french.day(i.expires_at.date())}
            for i in pending(now()).filter(position=position).order_by("sent_at")
        ],
        "may_fill": may_fill(request.user, position) and not is_closed,
        "may_read_dossier": may_read_dossier(request.user, position),
        "crumbs": [PEOPLE, Crumb(position.title)],
    }
    return render(request, "people/position.html", context)


def _role(role: Role, today: Any) -> dict[str, Any]:
    is_over = role.ends_on is not None and role.ends_on <= today
    was_cut = role.ends_on is not None and role.ends_on != role.term_on
    return {
        "pk": role.pk,
        "name": role.person.name,
        "href": f"/personnes/{role.person_id}/",
        "since": french.day(role.starts_on),
        "until": french.day(role.ends_on) if role.ends_on else "",
        "is_over": is_over,
        "may_cancel": was_cut and role.ends_on is not None and role.ends_on >= today,
    }


@page(rule=may_manage_people, methods=WRITING)
@after_confirmation
def new(request: HttpRequest) -> HttpResponse:
    """A post of an organisation of one's register."""
    asker = request.user
    bodies = list(scoped.organisations(asker).order_by("name", "pk"))
    scopes = scoped.scopes_of(asker, "people.manage")
    form = NewPosition(
        request.POST or None,
        organisations=[(body.pk, body.name) for body in bodies],
        scopes=_scopes(scopes),
        kinds=_kinds(asker),
    )
    if form.is_valid():
        words = dict(form.cleaned_data)
        kind, _sep, key = words.pop("scope").partition(":")
        asked = words.pop("organisation")
        body = next(body for body in bodies if body.pk == asked)
        made = open_position(body, scope=(kind, key), **words, by=me(request), at=now())
        messages.success(request, _("Le poste est créé. Il est vacant : invitez quelqu’un."))
        return _to(made)
    keep = Link(_("Revenir aux personnes"), PEOPLE.href)
    shown = FormShown(_("Créer un poste"), _("Créer le poste"), keep, crumbs=[PEOPLE])
    return form_page(request, form, shown)


def _scopes(scopes: Any) -> list[tuple[str, str]]:
    """Scopes as choices; administrators act in every territory that has a register."""
    if ("platform", "") not in scopes:
        names = _register_names([key for _kind, key in scopes])
        return [(f"{kind}:{key}", names.get(key, key)) for kind, key in dict.fromkeys(scopes)]
    registers = Organisation.objects.exclude(territory_siren="").order_by("territory_siren")
    keys = list(registers.values_list("territory_siren", flat=True).distinct())
    names = _register_names(keys)
    whole = [("platform:", str(ScopeKind.PLATFORM.label))]
    return whole + [(f"territory:{key}", names.get(key, key)) for key in keys]


def _register_names(keys: list[str]) -> dict[str, str]:
    bodies = Organisation.objects.filter(siren__in=keys).order_by("pk")
    return {siren: name for siren, name in bodies.values_list("siren", "name") if siren}


def _kinds(asker: Any) -> list[tuple[str, str]]:
    every = may_set_up(asker, None)
    return [(k, n) for k, n in RoleKind.choices if every or k != RoleKind.ADMINISTRATOR]


@page(rule=may_fill, of=scoped.position_of, methods=WRITING)
@after_confirmation
def give(request: HttpRequest, position: Position) -> HttpResponse:
    """Give the post to somebody who already works here."""
    seen = scoped.roles(request.user).values("person_id")
    people = list(Person.objects.filter(pk__in=seen, is_active=True).order_by("name", "pk"))
    form = Assign(
        request.POST or None,
        people=[(p.pk, f"{p.name} ({p.email})") for p in people],
        initial={"starts_on": now().date()},
    )
    if form.is_valid():
        words = dict(form.cleaned_data)
        asked = words.pop("person")
        chosen = next(p for p in people if p.pk == asked)
        assign(position, chosen, **words, by=me(request), at=now())
        messages.success(request, _("Le poste est confié à %(name)s.") % {"name": chosen.name})
        return _to(position)
    keep = Link(_("Revenir au poste"), _crumb(position).href)
    lead = _("Pour quelqu’un qui n’a pas de compte, envoyez une invitation.")
    crumbs = [PEOPLE, _crumb(position)]
    shown = FormShown(_("Confier le poste"), _("Confier le poste"), keep, lead, crumbs)
    return form_page(request, form, shown)


@page(rule=may_fill, of=scoped.position_of, methods=WRITING)
@after_confirmation
def close(request: HttpRequest, position: Position) -> HttpResponse:
    """Give the post up."""
    if request.method == "POST":
        close_position(position, by=me(request), at=now())
        messages.success(request, _("Le poste est supprimé."))
        return _to(position)
    dialog = Dialog(
        _("Supprimer le poste « %(title)s » ?") % {"title": position.title},
        _("Plus personne ne pourra l’occuper. Son histoire reste lisible."),
        _("Supprimer le poste"),
        Link(_("Garder"), _crumb(position).href),
    )
    crumbs = [PEOPLE, _crumb(position)]
    return dialog_page(request, dialog, title=_("Supprimer un poste"), crumbs=crumbs)


def _may_end(asker: Any, role: Role) -> bool:
    return role.person_id == asker.pk or may_fill(asker, role.position)


@page(rule=_may_end, of=scoped.role_of, methods=WRITING)
@after_confirmation
def end(request: HttpRequest, role: Role) -> HttpResponse:
    """Note the end of a role, one's own or that of one's scope."""
    form = EndRole(request.POST or None, initial={"on": now().date()})
    if form.is_valid():
        end_role.end(role, **form.cleaned_data, by=me(request), at=now())
        messages.success(request, _("La fin est notée, les personnes en charge sont prévenues."))
        sees = may_see_position(request.user, role.position)
        return _to(role.position) if sees else HttpResponseRedirect("/compte/")
    lead = _(
        "Ce jour-là, ses droits et ses sessions s’arrêtent, le poste devient vacant et son "
        "dossier de passation est prêt. La fin s’annule jusqu’au soir même."
    )
    crumbs = [PEOPLE, _crumb(role.position)]
    title = _("Terminer le rôle de %(name)s") % {"name": role.person.name}
    keep = Link(_("Garder le rôle"), _crumb(role.position).href)
    return form_page(request, form, FormShown(title, _("Noter la fin"), keep, lead, crumbs))


def _may_cancel(asker: Any, role: Role) -> bool:
    return may_fill(asker, role.position)


@page(rule=_may_cancel, of=scoped.role_of, methods=WRITING)
@after_confirmation
def cancel_end(request: HttpRequest, role: Role) -> HttpResponse:
    """The role goes on after all."""
    if request.method == "POST":
        end_role.cancel(role, by=me(request), at=now())
        messages.success(request, _("La fin est annulée, le rôle continue."))
        return _to(role.position)
    dialog = Dialog(
        _("Annuler la fin du rôle de %(name)s ?") % {"name": role.person.name},
        _("Le rôle reprend jusqu’au terme prévu au départ."),
        _("Annuler la fin"),
        Link(_("Laisser la fin"), _crumb(role.position).href),
    )
    crumbs = [PEOPLE, _crumb(role.position)]
    return dialog_page(request, dialog, title=_("Annuler une fin"), crumbs=crumbs)


@page(rule=may_read_dossier, of=scoped.position_of, methods=WRITING)
def dossier(request: HttpRequest, position: Position) -> HttpResponse:
    """What is under way, for whoever comes next; its holder says she has it in hand."""
    at = now()
    own = Role.objects.current(at.date()).filter(position=position, person=me(request)).first()
    if request.method == "POST":
        if own is None:
            raise handover.NothingToTakeOver
        handover.take_over(own, by=me(request), at=at)
        messages.success(request, _("Le dossier est en main."))
        return HttpResponseRedirect("/bienvenue/")
    context = {
        "d": handover.dossier(position, at=at),
        "pk": position.pk,
        "is_to_take": own is not None and own.dossier_seen_at is None,
        "crumbs": [PEOPLE, _crumb(position), Crumb(_("Dossier de passation"))]
        if may_see_position(request.user, position)
        else [],
    }
    return render(request, "people/dossier.html", context)


@page(rule=may_read_dossier, of=scoped.position_of)
@after_confirmation
def dossier_file(request: HttpRequest, position: Position) -> HttpResponse:
    """The same as one ZIP; it holds names and addresses: that it left is kept."""
    at = now()
    with transaction.atomic():
        data = handover.archive(handover.dossier(position, at=at))
        record(
            "handover.download",
            ("position", position.pk),
            by=me(request).pk,
            at=at,
            scope=position.scope,
        )
    response = HttpResponse(data, content_type="application/zip")
    name = f"passation-{position.pk}-{at:%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
