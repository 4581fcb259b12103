"""Wi-Fi codes: set how a site gives them, fill the stock, draw one for a booking."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from maillage.apps.bookings.models import Booking, State
from maillage.apps.journal.record import record
from maillage.apps.presence.models import LOG_DAYS, Access, AccessCode, CodeSource
from maillage.apps.sites.models import Site
from maillage.kit.refusal import Refusal

# how long before a booking begins its code is drawn, so that the router may be told
DRAWN_BEFORE = timedelta(days=1)
MOST_CODES = 5_000
LONGEST_CODE = 60
# no letter that is read as another one
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LETTERS = 10
_GROUP = 5
MOST_BEFORE_MIN = 24 * 60


@dataclass(frozen=True)
class Settings:
    """See `Access`."""

    network: str
    source: str
    shown_before_min: int
    keeps_log: bool
    log_days: int = LOG_DAYS


class LogTooLong(Refusal):
    """The law and reason: a year."""

    sentence = "Le journal des connexions se garde {most} jours au plus."


class ShownTooEarly(Refusal):
    """Not days before."""

    sentence = "Un code se montre {most} minutes au plus avant la réservation."


class NoCode(Refusal):
    """An empty list."""

    sentence = "Aucun code dans cette liste. Collez un code par ligne."


class TooManyCodes(Refusal):
    """A list of a router holds fewer."""

    sentence = "Cette liste dépasse {most} codes. Importez-la en plusieurs fois."


class CodeTooLong(Refusal):
    """Probably another file."""

    sentence = "La ligne {line} ne ressemble pas à un code : {most} caractères au plus."


def set_access(site: Site, settings: Settings, *, by: int | None, at: datetime) -> Access:
    """How a site lets people on its Wi-Fi; turned off, its connection log is no longer written."""
    if not 1 <= settings.log_days <= LOG_DAYS:
        raise LogTooLong(most=LOG_DAYS)
    if not 0 <= settings.shown_before_min <= MOST_BEFORE_MIN:
        raise ShownTooEarly(most=MOST_BEFORE_MIN)
    with transaction.atomic():
        made, _is_new = Access.objects.update_or_create(
            site=site,
            defaults={
                "network": settings.network.strip(),
                "source": settings.source,
                "shown_before_min": settings.shown_before_min,
                "keeps_log": settings.keeps_log,
                "log_days": settings.log_days,
            },
        )
        record(
            "access.set",
            ("site", site.pk),
            by=by,
            at=at,
            scope=site.scopes[0],
            source=settings.source,
            log=settings.keeps_log,
        )
    return made


def import_codes(
    site: Site, text: str, *, valid_until: datetime | None, by: int | None, at: datetime
) -> int:
    """One code a line; those known already are left as they are. How many are new."""
    codes = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not codes:
        raise NoCode
    if len(codes) > MOST_CODES:
        raise TooManyCodes(most=MOST_CODES)
    for number, code in enumerate(codes, 1):
        if len(code) > LONGEST_CODE:
            raise CodeTooLong(line=number, most=LONGEST_CODE)
    with transaction.atomic():
        _hold(site)
        known = set(
            AccessCode.objects.filter(site=site, code__in=codes).values_list("code", flat=True)
        )
        fresh = [code for code in codes if code not in known]
        AccessCode.objects.bulk_create(
            AccessCode(site=site, code=code, valid_until=valid_until, made_at=at) for code in fresh
        )
        scope = site.scopes[0]
        record("access.import", ("site", site.pk), by=by, at=at, scope=scope, codes=len(fresh))
    return len(fresh)


def withdraw_unused(site: Site, *, by: int | None, at: datetime) -> int:
    """The router forgot them: those that nobody was given will not be drawn. How many."""
    with transaction.atomic():
        _hold(site)
        gone = AccessCode.objects.left().filter(site=site).update(withdrawn_at=at)
        scope = site.scopes[0]
        record("access.withdraw", ("site", site.pk), by=by, at=at, scope=scope, codes=gone)
    return gone


def draw_due(*, at: datetime) -> int:
    """Codes for the bookings that begin within a day; how many were drawn."""
    sources = (CodeSource.IMPORTED, CodeSource.GENERATED)
    waiting = Booking.objects.filter(
        state=State.CONFIRMED,
        code=None,
        site__access__source__in=sources,
        period__startswith__lt=at + DRAWN_BEFORE,
        period__endswith__gt=at,
    )
    drawn = 0
    for pk in waiting.order_by("period", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            # whoever arrives at this instant draws it herself
            rows = Booking.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            booking = rows.filter(pk=pk).first()
            drawn += booking is not None and draw_for(booking, at=at) is not None
    return drawn


def draw_for(booking: Booking, *, at: datetime) -> AccessCode | None:
    """The code of a booking, drawn now if it has none; None where there is none to draw.

    Within the transaction of the caller.
    """
    access = Access.objects.filter(site_id=booking.site_id).first()
    if access is None or access.source == CodeSource.NONE:
        return None
    known = AccessCode.objects.filter(booking=booking).first()
    if known:
        return known
    if access.source == CodeSource.GENERATED:
        return _generated(booking, at)
    return _from_stock(booking, at)


def shown_code(booking: Booking, access: Access | None, *, at: datetime) -> AccessCode | None:
    """The code of a confirmed booking, from some minutes before it until its end."""
    if access is None or booking.state != State.CONFIRMED:
        return None
    opens = booking.period.lower - timedelta(minutes=access.shown_before_min)
    if not opens <= at < booking.period.upper:
        return None
    return AccessCode.objects.filter(booking=booking, withdrawn_at=None).first()


def _generated(booking: Booking, at: datetime) -> AccessCode:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    made = AccessCode.objects.create(
        site_id=booking.site_id,
        code=f"{letters[:_GROUP]}-{letters[_GROUP:]}",
        valid_from=booking.period.lower,
        valid_until=booking.period.upper,
        booking=booking,
        is_generated=True,
        made_at=at,
        drawn_at=at,
    )
    _record_draw(made, at)
    return made


def _from_stock(booking: Booking, at: datetime) -> AccessCode | None:
    in_time = Q(valid_until=None) | Q(valid_until__gte=booking.period.upper)
    # two who draw at once get two codes: neither waits, neither takes the other's
    rows = AccessCode.objects.left().filter(in_time, site_id=booking.site_id)
    taken = rows.order_by("pk").select_for_update(skip_locked=True).first()
    if taken is None:
        return None
    taken.booking, taken.drawn_at = booking, at
    taken.save(update_fields=["booking", "drawn_at"])
    _record_draw(taken, at)
    return taken


def _record_draw(code: AccessCode, at: datetime) -> None:
    scope = code.site.scopes[0]
    record("access.draw", ("access", code.pk), by=None, at=at, scope=scope, booking=code.booking_id)


def _hold(site: Site) -> None:
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
