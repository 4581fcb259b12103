"""What an organisation's sign-in provider says of somebody, and when it is not enough."""

from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpRequest

from maillage.apps.people.models import Person
from maillage.apps.people.public_numbers import is_siret
from maillage.kit.refusal import Refusal


class AddressNotVerified(Refusal):
    """The provider does not vouch for the address."""

    sentence = (
        "Votre fournisseur d'identité n'a pas vérifié votre adresse. "
        "Vérifiez-la chez lui, ou connectez-vous ici avec un lien."
    )
    status = 403


class AccountExists(Refusal):
    """An account is never taken over by an address alone."""

    sentence = (
        "Un compte existe déjà à cette adresse. Connectez-vous avec un lien ou un mot de passe, "
        "puis reliez votre identité dans Mon compte, Sécurité."
    )


@dataclass(frozen=True)
class Identity:
    """What is judged before a new identity opens or joins an account.

    An identity is its issuer and its number there, never its address: the library looks it up by
    the provider's identifier, which settings derive from the issuer, and by `sub`.
    """

    email: str
    is_verified: bool
    is_known: bool
    is_being_linked: bool

    @classmethod
    def of(cls, request: HttpRequest, sociallogin: Any) -> Self:
        """Read from the library's login, after it has looked for the account."""
        claims = claims_of(sociallogin)
        return cls(
            email=str(claims.get("email", "")).strip().lower(),
            is_verified=claims.get("email_verified") is True,
            is_known=sociallogin.is_existing,
            is_being_linked=request.user.is_authenticated,
        )


def refuse(identity: Identity) -> None:
    """Raises the refusal that applies, if any."""
    if identity.is_known:
        return
    if not identity.is_verified or not identity.email:
        raise AddressNotVerified
    if identity.is_being_linked:
        return
    if Person.objects.filter(email__iexact=identity.email).exists():
        raise AccountExists


def claims_of(sociallogin: Any) -> dict[str, Any]:
    """What the provider states of the person."""
    claims: dict[str, Any] = sociallogin.account.get_provider_account().get_user_data()
    return claims


def siret_of(sociallogin: Any) -> str:
    """The establishment that the provider names, when its number is right."""
    siret = str(claims_of(sociallogin).get("siret", "")).replace(" ", "")
    return siret if is_siret(siret) else ""
