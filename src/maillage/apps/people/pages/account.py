"""One's own account: who I am, what I hold, how I sign in."""

from datetime import date
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.people import change_email, change_password, provider
from maillage.apps.people.forms import Address, Name, NewPassword
from maillage.apps.people.models import Organisation, Person
from maillage.apps.people.pages.common import (
    ACCOUNT,
    WRITING,
    FormShown,
    after_confirmation,
    dialog_page,
    form_page,
)
from maillage.apps.people.rename import rename
from maillage.apps.people.rights import ACTS, GRANTS, is_staff, roles_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import anyone, page, signed_in
from maillage.report import french

SECURITY = Crumb("Sécurité", "/compte/securite/")
BACK = Link("Revenir à mon compte", "/compte/")


def me(request: HttpRequest) -> Person:
    """The person who asks; pages under `signed_in` have one."""
    return cast(Person, request.user)


@page(rule=signed_in)
def account(request: HttpRequest) -> HttpResponse:
    """Name, address, roles, organisation."""
    person, at = me(request), now()
    asked = change_email.under_way(at).filter(person=person).first()
    siret = person.declared_siret
    body = Organisation.objects.filter(siret=siret).first() if siret else None
    context = {
        "name": person.name,
        "email": person.email,
        "email_asked": asked.email if asked else "",
        "siret": siret,
        "organisation": body.name if body else "",
        "roles": [_role(role, at.date()) for role in roles_of(person, on=at.date())],
        "crumbs": [],
    }
    return render(request, "people/account.html", context)


def _role(role: Any, today: date) -> dict[str, Any]:
    position = role.position
    until = f", jusqu’au {french.day(role.ends_on)}" if role.ends_on else ""
    return {
        "title": position.title,
        "organisation": position.organisation.name,
        "since": french.day(role.starts_on),
        "until": until,
        "acts": [ACTS[act] for act in ACTS if act in GRANTS[position.kind]],
        "dossier": f"/personnes/postes/{position.pk}/dossier/",
        "is_new": role.starts_on == today,
    }


@page(rule=signed_in, methods=WRITING)
def name(request: HttpRequest) -> HttpResponse:
    """Change how the others read me."""
    form = Name(request.POST or None, initial={"name": me(request).name})
    if form.is_valid():
        rename(me(request), form.cleaned_data["name"], at=now())
        messages.success(request, _("Votre nom est changé."))
        return HttpResponseRedirect("/compte/")
    shown = FormShown(_("Changer mon nom"), _("Changer mon nom"), BACK, crumbs=[ACCOUNT])
    return form_page(request, form, shown)


@page(rule=signed_in, methods=WRITING)
@after_confirmation
def address(request: HttpRequest) -> HttpResponse:
    """Ask for another address."""
    form = Address(request.POST or None)
    if form.is_valid():
        change_email.ask(me(request), form.cleaned_data["email"], at=now())
        messages.success(
            request, _("Deux messages sont partis : confirmez aux deux adresses, dans la journée.")
        )
        return HttpResponseRedirect("/compte/")
    lead = _("L’ancienne et la nouvelle adresse doivent confirmer.")
    shown = FormShown(_("Changer d’adresse"), _("Envoyer les deux liens"), BACK, lead, [ACCOUNT])
    return form_page(request, form, shown)


@page(rule=signed_in, methods=("POST",))
def keep_address(request: HttpRequest) -> HttpResponse:
    """Give the change up."""
    change_email.withdraw(me(request), at=now())
    messages.success(request, _("L’adresse ne change pas."))
    return HttpResponseRedirect("/compte/")


@page(rule=anyone, methods=WRITING)
def confirm_address(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of one of the two messages, with a button."""
    if request.method == "POST":
        if change_email.confirm(secret, at=now()):
            messages.success(
                request, _("La nouvelle adresse est en place. Connectez-vous avec elle.")
            )
        else:
            messages.success(request, _("C’est confirmé ici. Il manque l’autre adresse."))
        return HttpResponseRedirect("/connexion/")
    change = change_email.find(secret, at=now())
    dialog = Dialog(
        _("Confirmer la nouvelle adresse ?"),
        _("Le compte passe à %(email)s quand les deux adresses ont confirmé.")
        % {"email": change.email},
        _("Confirmer l’adresse"),
        Link(_("Ne rien changer"), "/"),
    )
    return dialog_page(request, dialog, title=_("Changement d’adresse"))


@page(rule=signed_in)
def security(request: HttpRequest) -> HttpResponse:
    """Every way to sign in, and what is missing."""
    person = me(request)
    means = list(Authenticator.objects.filter(user=person).order_by("created_at", "pk"))
    codes = next((m for m in means if m.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "has_password": person.has_usable_password(),
        "has_totp": any(m.type == Authenticator.Type.TOTP for m in means),
        "keys": [
            {"pk": m.pk, "name": m.wrap().name, "added": french.day(m.created_at.date())}
            for m in means
            if m.type == Authenticator.Type.WEBAUTHN
        ],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "must_set_up": is_staff(person, on=now().date())
        and not any(m.type != Authenticator.Type.RECOVERY_CODES for m in means),
        "identities": [
            {"pk": linked.pk, "since": french.day(linked.date_joined.date())}
            for linked in SocialAccount.objects.filter(user=person).order_by("pk")
        ],
        "provider": provider.name() if provider.is_configured() else "",
        "provider_id": settings.OIDC_PROVIDER,
        "crumbs": [ACCOUNT, Crumb(_("Sécurité"))],
    }
    return render(request, "people/security.html", context)


@page(rule=signed_in, methods=WRITING)
@after_confirmation
def password(request: HttpRequest) -> HttpResponse:
    """Choose a password; the other sessions are over."""
    form = NewPassword(request.POST or None, person=me(request))
    if form.is_valid():
        change_password.change(me(request), form.cleaned_data["password"], at=now())
        update_session_auth_hash(request, me(request))
        messages.success(
            request, _("Le mot de passe est changé. Vos autres sessions sont fermées.")
        )
        return HttpResponseRedirect(str(SECURITY.href))
    keep = Link(_("Revenir à la sécurité"), SECURITY.href)
    shown = FormShown(
        _("Choisir un mot de passe"), _("Changer le mot de passe"), keep, crumbs=[ACCOUNT, SECURITY]
    )
    return form_page(request, form, shown)


@page(rule=signed_in, methods=WRITING)
@after_confirmation
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a professional identity off the account."""
    if request.method == "POST":
        provider.unlink(me(request), pk, at=now())
        messages.success(request, _("L’identité professionnelle n’ouvre plus ce compte."))
        return HttpResponseRedirect(str(SECURITY.href))
    dialog = Dialog(
        _("Retirer l’identité professionnelle ?"),
        _("Elle n’ouvrira plus ce compte. Le lien et le mot de passe restent."),
        _("Retirer l’identité"),
        Link(_("Garder"), SECURITY.href),
    )
    return dialog_page(
        request, dialog, title=_("Identité professionnelle"), crumbs=[ACCOUNT, SECURITY]
    )
