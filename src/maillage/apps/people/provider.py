"""The organisations' own sign-in (ProConnect or another OpenID Connect provider)."""

import hmac
from datetime import datetime
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.kit import mail

NONCE = "provider_nonce"
SIGNED = "application/jwt"


def is_configured() -> bool:
    """Whether this installation has a provider."""
    return bool(_apps())


def name() -> str:
    """As its button names it."""
    return str(_apps()[0]["name"])


def _apps() -> list[dict[str, Any]]:
    known: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    apps: list[dict[str, Any]] = known["APPS"]
    return apps


class ProviderDoor(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The library's door, with the two things that ProConnect adds: a nonce, a signed userinfo."""

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> Any:
        """Raises OAuth2Error when the answer is not to the question that we asked."""
        asked = request.session.pop(NONCE, "")
        login = super().complete_login(request, app, token, **kwargs)
        given = login.account.extra_data.get("id_token", {}).get("nonce", "")
        if not asked or not hmac.compare_digest(str(given), asked):
            raise OAuth2Error("nonce")
        return login

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        with get_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers=headers)
            response.raise_for_status()
        if not response.headers.get("Content-Type", "").startswith(SIGNED):
            plain: dict[str, Any] = response.json()
            return plain
        signed: dict[str, Any] = jwtkit.verify_and_decode(
            credential=response.text,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=self.get_provider().app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return signed


def unlink(person: Person, account_id: int, *, at: datetime) -> None:
    """The identity opens the account no more; the link by e-mail always stays."""
    with transaction.atomic():
        SocialAccount.objects.filter(user=person, pk=account_id).delete()
        record("sign_in_means.change", ("person", person.pk), by=person.pk, at=at, means="identity")
        mail.send("people/emails/security_changed.txt", person.email, {"name": person.name})
