"""Access of a program on behalf of a person: given, used, revoked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people import secret as secrets
from maillage.apps.people.models import ApiToken, Person
from maillage.kit.refusal import Refusal

SCOPES = {
    "territories:read": "Lire les territoires et leurs portraits",
    "studies:read": "Lire les études, publiées ou non, selon vos rôles",
    "studies:compute": "Lancer un calcul d'étude, selon vos rôles",
    "sites:read": "Lire les lieux et leurs places libres",
    "bookings:read": "Lire vos réservations, et celles des lieux que vous gérez",
    "bookings:write": "Réserver et annuler pour vous, noter une arrivée, selon vos rôles",
}
PREFIX = "maillage_"
DAYS = (30, 90, 365)
# how often the last use is written
NOTED_EVERY = timedelta(minutes=1)


class UnknownScope(Refusal):
    """Scopes are a closed list."""

    sentence = "Choisissez au moins un droit de la liste."


class AlreadyRevoked(Refusal):
    """It opens nothing any more."""

    sentence = "Ce jeton est déjà révoqué. Actualisez la page des jetons."


def create(
    person: Person, label: str, scopes: Sequence[str], *, lasts_days: int, at: datetime
) -> tuple[ApiToken, str]:
    """A token and its secret, which is shown once and cannot be read again."""
    if not scopes or set(scopes) - set(SCOPES):
        raise UnknownScope
    drawn = PREFIX + secrets.draw()
    with transaction.atomic():
        token = ApiToken.objects.create(
            person=person,
            label=label.strip(),
            secret_hash=secrets.digest(drawn),
            scopes=sorted(scopes),
            created_at=at,
            expires_at=at + timedelta(days=lasts_days),
        )
        record("token.create", ("token", token.pk), by=person.pk, at=at, scopes=token.scopes)
    return token, drawn


def revoke(token: ApiToken, *, by: Person, at: datetime) -> None:
    """The token opens nothing from now on."""
    with transaction.atomic():
        if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            raise AlreadyRevoked
        record("token.revoke", ("token", token.pk), by=by.pk, at=at)


def valid(secret: str, *, at: datetime) -> ApiToken | None:
    """The token of a secret while it opens something, with its person."""
    token = (
        ApiToken.objects.select_related("person").filter(secret_hash=secrets.digest(secret)).first()
    )
    if token is None or not token.is_valid(at) or not token.person.is_active:
        return None
    if token.used_at is None or at - token.used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=at)
    return token
