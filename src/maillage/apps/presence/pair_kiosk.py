"""A tablet at the entrance: prepared by a manager, paired once by a code typed on it, revoked."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people import secret as secret_words
from maillage.apps.presence.models import Kiosk
from maillage.apps.sites.models import Site
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import Limit

PAIRED_WITHIN = timedelta(minutes=10)
# how often a tablet at work is noted
SEEN_EVERY = timedelta(minutes=1)
TRIES = Limit("presence.pair", most=10, within=timedelta(minutes=10))
REFERENCES = Limit("presence.reference", most=20, within=timedelta(minutes=5))
# no letter that is read as another one
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LETTERS = 10
_GROUP = 5


class NoLabel(Refusal):
    """Which tablet is it?"""

    sentence = "Donnez un nom à la borne, par exemple « Entrée »."


class CodeIsOver(Refusal):
    """Unknown, too old or used: the same answer for the three."""

    sentence = "Ce code ne sert plus. Demandez-en un autre à la personne qui gère le lieu."
    status = 422


class AlreadyRevoked(Refusal):
    """Somebody was faster."""

    sentence = "Cette borne est déjà retirée. Préparez-en une autre si besoin."


def make_kiosk(site: Site, label: str, *, by: int | None, at: datetime) -> tuple[Kiosk, str]:
    """A tablet to pair, and the code to type on it: shown once, it serves some minutes."""
    if not label.strip():
        raise NoLabel
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    with transaction.atomic():
        made = Kiosk.objects.create(
            site=site,
            label=label.strip(),
            pairing_hash=secret_words.digest(letters),
            pairing_until=at + PAIRED_WITHIN,
            made_at=at,
            made_by=by,
        )
        _record("kiosk.make", made, by, at)
    return made, f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def pair_kiosk(code: str, *, at: datetime) -> tuple[Kiosk, str]:
    """The tablet on which the code was typed, and the secret that it keeps."""
    typed = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    drawn = secret_words.draw()
    with transaction.atomic():
        held = (
            Kiosk.objects.select_for_update(of=("self",))
            .filter(pairing_hash=secret_words.digest(typed), pairing_until__gt=at, revoked_at=None)
            .first()
        )
        if held is None:
            raise CodeIsOver
        held.pairing_hash = held.pairing_until = None
        held.secret_hash = secret_words.digest(drawn)
        held.paired_at = held.last_seen_at = at
        held.save()
        _record("kiosk.pair", held, None, at)
    return held, drawn


def revoke_kiosk(kiosk: Kiosk, *, by: int | None, at: datetime) -> Kiosk:
    """The tablet opens nothing any more, at once."""
    with transaction.atomic():
        held = Kiosk.objects.select_for_update(of=("self",)).get(pk=kiosk.pk)
        if held.revoked_at:
            raise AlreadyRevoked
        held.revoked_at = at
        held.pairing_hash = held.pairing_until = None
        held.save(update_fields=["revoked_at", "pairing_hash", "pairing_until"])
        _record("kiosk.revoke", held, by, at)
    return held


def kiosk_of(secret: str, site_id: int) -> Kiosk | None:
    """The tablet of a site that keeps this secret, while it serves."""
    if not secret:
        return None
    found = Kiosk.objects.filter(
        secret_hash=secret_words.digest(secret),
        site_id=site_id,
        revoked_at=None,
        site__removed_at=None,
    )
    return found.select_related("site").first()


def seen(kiosk: Kiosk, *, at: datetime) -> None:
    """Note that the tablet works; asked by its own posts, not by looking."""
    if kiosk.last_seen_at is None or at - kiosk.last_seen_at > SEEN_EVERY:
        Kiosk.objects.filter(pk=kiosk.pk).update(last_seen_at=at)


def _record(act: str, kiosk: Kiosk, by: int | None, at: datetime) -> None:
    record(act, ("kiosk", kiosk.pk), by=by, at=at, scope=kiosk.site.scopes[0])
