"""How accounts are opened and found: by invitation, or by an organisation's own sign-in."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.apps.people.provider_identity import Identity, claims_of, refuse, siret_of
from maillage.kit import mail
from maillage.kit.clock import now
from maillage.kit.pages import refused
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import address_of


class AccountIsClosed(Refusal):
    """Closed at its holder's request."""

    sentence = "Ce compte est fermé. Demandez une nouvelle invitation à votre organisation."
    status = 403


class AccountAdapter(DefaultAccountAdapter):
    """No public sign-up; one truth for the client's address; one landing."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from invitations."""
        del request
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that all limits count."""
        return address_of(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page that sends each person to her own."""
        del request
        return reverse("landing")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The same for an account that the provider has just opened."""
        return self.get_login_redirect_url(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A closed account opens nothing."""
        del user
        return refused(request, AccountIsClosed())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Asked by our own pages and urls (`pages.after_confirmation`), for every way in."""
        del app, kwargs
        return False

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Each change of a way to sign in is told to its holder and written in the journal."""
        del context, email
        with transaction.atomic():
            record(
                "sign_in_means.change",
                ("person", user.pk),
                by=user.pk,
                at=now(),
                means=template_prefix.rpartition("/")[2],
            )
            mail.send("people/emails/security_changed.txt", user.email, {"name": user.name})


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in by the State's or an organisation's provider gives an identity, never a role."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whoever the provider has verified; `pre_social_login` has refused the others."""
        del request, sociallogin
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """What the provider says is judged before anything is opened."""
        try:
            refuse(Identity.of(request, sociallogin))
        except Refusal as refusal:
            raise ImmediateHttpResponse(refused(request, refusal)) from refusal
        if sociallogin.is_existing:
            Person.objects.filter(pk=sociallogin.user.pk).update(
                declared_siret=siret_of(sociallogin)
            )

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Person:
        """Name and address as the provider writes them."""
        del request, data
        person: Person = sociallogin.user
        claims = claims_of(sociallogin)
        given, usual = claims.get("given_name", ""), claims.get("usual_name", "")
        family = usual or claims.get("family_name", "")
        person.email = str(claims.get("email", "")).strip().lower()
        person.name = f"{given} {family}".strip() or person.email
        person.declared_siret = siret_of(sociallogin)
        return person

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """Open the account, in one transaction with its line of the journal."""
        with transaction.atomic():
            person = super().save_user(request, sociallogin, form)
            # one address, on the account alone: the library's copy would still open it once changed
            EmailAddress.objects.filter(user=person).delete()
            record("account.open_by_provider", ("person", person.pk), by=person.pk, at=now())
        return person


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names as people read them."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site that a passkey is bound to."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": "Maillage"}
