"""What somebody is about to book: slots kept in her session until she books them all, or none."""

import hashlib
import json
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.reserve import AT_ONCE, NoSeatLeft, Terms, reserve
from maillage.apps.bookings.space_rules import Setting, settings_of
from maillage.core.periods import Period
from maillage.kit.once import once
from maillage.kit.refusal import Refusal
from maillage.report import moments

KEY = "places"
MOST = 20
A_DAY = timedelta(days=1)
Session = MutableMapping[str, Any]


class TooManySlots(Refusal):
    """A basket is read at a glance."""

    sentence = _(
        "Vous réservez {most} créneaux à la fois au plus. Confirmez ceux-ci, puis recommencez."
    )


class NothingChosen(Refusal):
    """It was emptied, or booked, meanwhile."""

    sentence = _("Aucun créneau n’est choisi. Cherchez une place, puis confirmez.")


class BasketChanged(Refusal):
    """Another tab changed it."""

    sentence = _("Vos créneaux ont changé pendant ce temps. Relisez-les, puis confirmez.")


@dataclass(frozen=True)
class Checked:
    """A basket as a page showed it.

    token  drawn with the page: sent twice, it books once
    seen   the digest of what the page showed
    """

    token: str
    seen: str


def asks(session: Mapping[str, Any]) -> list[Ask]:
    """What is in it, in the order it was chosen."""
    return [_read(kept) for kept in session.get(KEY, ())]


def add(session: Session, ask: Ask) -> None:
    """One slot more; the same one twice is once."""
    held = asks(session)
    if ask in held:
        return
    if len(held) >= MOST:
        raise TooManySlots(most=MOST)
    _keep(session, [*held, ask])


def remove(session: Session, number: int) -> None:
    """Without the slot of that rank."""
    held = asks(session)
    _keep(session, [one for n, one in enumerate(held) if n != number])


def replace(session: Session, number: int, ask: Ask) -> None:
    """Another slot at that rank."""
    held = asks(session)
    _keep(session, [ask if n == number else one for n, one in enumerate(held)])


def clear(session: Session) -> None:
    """Nothing is left in it."""
    session.pop(KEY, None)


def digest(held: Sequence[Ask]) -> str:
    """What a page shows, in a few letters."""
    text = json.dumps([_written(one) for one in held])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def book(
    held: Sequence[Ask], booker: Booker, checked: Checked, *, at: datetime, terms: Terms = AT_ONCE
) -> list[str]:
    """Book all of it, or nothing; the references. Sent twice, booked once.

    Raises NothingChosen, BasketChanged, and the refusals of `reserve`.
    """

    def act() -> dict[str, Any]:
        if not held:
            raise NothingChosen
        if digest(held) != checked.seen:
            raise BasketChanged
        made = reserve(held, booker, at=at, terms=terms)
        return {"references": [one.reference for one in made]}

    who = f"{booker.by} {booker.guest.email if booker.guest else ''}"
    found = once(f"basket {checked.token}", who, act, at=at)
    return list(found["references"])


def settings_for(held: Sequence[Ask]) -> dict[int, Setting]:
    """The settings of what is in it; a space that is gone is absent."""
    if not held:
        return {}
    first = min(one.period.begins for one in held) - A_DAY
    last = max(one.period.ends for one in held) + A_DAY
    return settings_of([one.space_id for one in held], first=first, last=last)


def refused_one(
    held: Sequence[Ask], settings: Mapping[int, Setting], refusal: NoSeatLeft
) -> int | None:
    """The rank of the slot that has no seat left."""
    for n, one in enumerate(held):
        setting = settings.get(one.space_id)
        if setting is None:
            continue
        said = moments.slot(*one.period.local(setting.zone))
        if (setting.space.name, said) == (refusal.facts["space"], refusal.facts["slot"]):
            return n
    return None


def _keep(session: Session, held: Sequence[Ask]) -> None:
    session[KEY] = [_written(one) for one in held]


def _written(ask: Ask) -> dict[str, Any]:
    return {
        "space": ask.space_id,
        "begins": ask.period.begins.isoformat(),
        "ends": ask.period.ends.isoformat(),
        "party": ask.party,
        "whole": ask.is_whole,
    }


def _read(kept: Mapping[str, Any]) -> Ask:
    period = Period(datetime.fromisoformat(kept["begins"]), datetime.fromisoformat(kept["ends"]))
    return Ask(kept["space"], period, kept["party"], kept["whole"])
