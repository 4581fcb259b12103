"""Share a scenario by a link that only reads, until a day; revoke it."""

from datetime import datetime, timedelta

from django.db import transaction

from maillage.apps.people import secret as secrets
from maillage.apps.scenarios.models import Scenario, Share
from maillage.apps.scenarios.versions import Author, latest, note
from maillage.kit.refusal import Refusal

DAYS = (7, 30, 90)


class UnknownDuration(Refusal):
    """Durations are a closed list."""

    sentence = "Choisissez une durée dans la liste."
    status = 422


class AlreadyRevoked(Refusal):
    """It opens nothing any more."""

    sentence = "Ce lien ne s'ouvre déjà plus."


class NothingToShare(Refusal):
    """There are no figures to read yet."""

    sentence = "Le calcul de ce scénario n'est pas terminé. Partagez-le quand il l'est."


def share(scenario: Scenario, label: str, *, lasts_days: int, author: Author) -> tuple[Share, str]:
    """A link to the version of today, and its secret, which is shown once."""
    if lasts_days not in DAYS:
        raise UnknownDuration
    version = latest(scenario)
    if not version.is_computed:
        raise NothingToShare
    drawn = secrets.draw()
    with transaction.atomic():
        made = Share.objects.create(
            version=version,
            secret_hash=secrets.digest(drawn),
            label=label.strip(),
            created_by=author.by,
            created_at=author.at,
            expires_at=author.at + timedelta(days=lasts_days),
        )
        note("scenarios.share", scenario, author, share=made.pk, days=lasts_days)
    return made, drawn


def revoke(shared: Share, author: Author) -> None:
    """The link opens nothing from now on."""
    with transaction.atomic():
        if not Share.objects.filter(pk=shared.pk, revoked_at=None).update(revoked_at=author.at):
            raise AlreadyRevoked
        note("scenarios.unshare", shared.version.scenario, author, share=shared.pk)


def opened(secret: str, at: datetime) -> Share | None:
    """The share of a link while it opens something."""
    return (
        Share.objects.filter(secret_hash=secrets.digest(secret), revoked_at=None, expires_at__gt=at)
        .select_related("version__run", "version__scenario__study__territory")
        .first()
    )
