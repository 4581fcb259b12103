"""Who calls the API: a person through a token, or a stranger; how often."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from maillage.apps.people import api_token, second_factor
from maillage.kit.api import READING, Caller
from maillage.kit.clock import now
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import Limit, address_of, count

# reliability L1: per token, or per address for strangers
READS = Limit("api-reads", 600, timedelta(minutes=1))
WRITES = Limit("api-writes", 60, timedelta(minutes=1))


class NeedsToken(Refusal):
    """Strangers read; they do not write."""

    sentence = "Cet acte demande un jeton. Créez-en un dans votre compte, rubrique Jetons."
    status = 401


class InvalidToken(Refusal):
    """It never existed, it is revoked, or its day has passed."""

    sentence = "Ce jeton n'ouvre rien : il est faux, révoqué ou expiré. Créez-en un autre."
    status = 401


class SecondFactorMissing(Refusal):
    """Those who act for a body set up a second factor first, here as on the pages."""

    sentence = (
        "Vos rôles demandent un second moyen de connexion. Ajoutez-le dans votre compte, "
        "rubrique Sécurité."
    )
    status = 403


class Bearer(HttpAuthBase):
    """`Authorization: Bearer …`; without this header, a stranger. A session opens nothing here."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Caller:
        """Who calls, counted."""
        limit = READS if request.method in READING else WRITES
        header = request.headers.get("Authorization", "")
        if not header:
            count(limit, f"address:{address_of(request)}", at=now())
            if limit is WRITES:
                raise NeedsToken
            return Caller(AnonymousUser())
        kind, _, secret = header.partition(" ")
        token = api_token.valid(secret.strip(), at=now()) if kind.lower() == "bearer" else None
        if token is None:
            count(limit, f"address:{address_of(request)}", at=now())
            raise InvalidToken
        count(limit, f"token:{token.pk}", at=now())
        if second_factor.is_missing(token.person):
            raise SecondFactorMissing
        return Caller(token.person, frozenset(token.scopes), token.pk)
