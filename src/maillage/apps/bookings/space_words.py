"""What a space is and how it is booked, in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from maillage.apps.bookings.models import Booking
from maillage.apps.bookings.space_rules import Setting
from maillage.apps.sites.models import Audience, RuleKind, SoldBy, Space, SpaceRule
from maillage.report import french, moments

ALL = 100


def what(space: Space) -> str:
    """« Espace ouvert, à la place »."""
    return f"{space.get_kind_display()}, {space.get_sold_by_display().lower()}"


def sentences(setting: Setting) -> list[str]:
    """The rules of a space, one sentence each."""
    space = setting.space
    found = [_lengths(space), _ahead(space), cancelling(space), _for_whom(space)]
    if space.needs_approval:
        found.append(_("Une personne du lieu répond à chaque demande."))
    if space.needs_certification:
        found.append(_("Il faut une habilitation valable le jour de l’utilisation."))
    if space.most_people is not None:
        found.append(
            _("{people} au plus.").format(people=french.count(space.most_people, "personne"))
        )
    if space.most_ahead is not None:
        found.append(_("{n} réservations à venir au plus par personne.").format(n=space.most_ahead))
    return [*found, *(rule(one) for one in setting.rules)]


def cancelling(space: Space) -> str:
    """Until when it is cancelled for nothing, and what is kept afterwards."""
    before = moments.length(space.free_cancel_min)
    if not space.late_kept_percent:
        return _("Annulation gratuite jusqu’au début.")
    kept = kept_words(space.late_kept_percent)
    if not space.free_cancel_min:
        return _("Annulation gratuite jusqu’au début ; ensuite, {kept} est dû.").format(kept=kept)
    return _("Annulation gratuite jusqu’à {before} avant ; ensuite, {kept} est dû.").format(
        before=before, kept=kept
    )


def cancellable_until(booking: Booking) -> str:
    """« mardi 16 mars 2027 à 18 h », at the hour of the place."""
    return moments.moment(booking.free_until.astimezone(ZoneInfo(booking.site.zone)))


def until(space: Space, begins: datetime) -> str:
    """The same for a time that is not booked yet."""
    last = begins - timedelta(minutes=space.free_cancel_min)
    return moments.moment(last.astimezone(ZoneInfo(space.site.zone)))


def kept_words(percent: int) -> str:
    """« tout le prix », « 50 % du prix »."""
    if percent >= ALL:
        return _("tout le prix")
    return _("{share} du prix").format(share=french.share(percent / ALL))


def rule(one: SpaceRule) -> str:
    """« Lundi et mardi de 18 h à 20 h : réservé aux associations »."""
    days = french.listed([moments.weekday_named(day) for day in sorted(one.weekdays)])
    whom = Audience(one.audience).label.lower()
    spans = {"days": days, "a": moments.clock(one.from_time), "b": moments.clock(one.to_time)}
    if one.kind == RuleKind.ONLY:
        return _("{days}, de {a} à {b} : réservé à {whom}.").format(**spans, whom=whom).capitalize()
    return (
        _("{days}, de {a} à {b} : {most} au plus pour {whom}.")
        .format(**spans, whom=whom, most=moments.length(one.most_min or 0))
        .capitalize()
    )


def audiences(space: Space) -> str:
    """« adhérents et abonnés, résidents »."""
    return ", ".join(str(Audience(a).label).lower() for a in space.audiences)


def _lengths(space: Space) -> str:
    shortest = moments.length(space.shortest_min)
    if space.longest_min is None:
        return _("{shortest} au moins, par pas de {step}.").format(
            shortest=shortest, step=moments.length(space.step_min)
        )
    return _("De {shortest} à {longest}, par pas de {step}.").format(
        shortest=shortest,
        longest=moments.length(space.longest_min),
        step=moments.length(space.step_min),
    )


def _ahead(space: Space) -> str:
    horizon = french.count(space.horizon_days, "jour")
    if not space.notice_min:
        return _("Réservable jusqu’à {horizon} à l’avance, et jusqu’au dernier moment.").format(
            horizon=horizon
        )
    return _("Réservable jusqu’à {horizon} à l’avance, au plus tard {notice} avant.").format(
        horizon=horizon, notice=moments.length(space.notice_min)
    )


def _for_whom(space: Space) -> str:
    if Audience.PUBLIC in space.audiences:
        return _("Ouvert à tout le monde.")
    if not space.audiences:
        return _("Réservé par les gestionnaires du lieu seulement.")
    return _("Pour : {whom}.").format(whom=audiences(space))


def is_whole_only(space: Space) -> bool:
    """Whether nobody takes a seat of it alone."""
    return bool(space.sold_by == SoldBy.WHOLE)


def left(free: int, seats: int, *, is_whole: bool) -> str:
    """« Reste 1 place sur 3 », « Libre »."""
    if is_whole:
        return _("Libre")
    return _("Reste {free} sur {seats}").format(free=french.count(free, "place"), seats=seats)


def people(booking: Booking) -> str:
    """« 2 places », « en entier »."""
    return party(booking.party, is_whole=booking.is_whole)


def party(number: int, *, is_whole: bool) -> str:
    """The same for a demand."""
    if is_whole:
        return _("en entier, {people}").format(people=french.count(number, "personne"))
    return french.count(number, "place")


def listed(words: Sequence[str]) -> str:
    """One sentence of several."""
    return " ".join(word for word in words if word)
