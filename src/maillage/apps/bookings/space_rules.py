"""Whether a space may be booked as somebody asks: its hours, its limits, whom it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings.asked import Ask, Booker, period_of, range_of
from maillage.apps.bookings.models import OCCUPYING, Booking
from maillage.apps.machines.certified import is_certified
from maillage.apps.memberships.standing import Standing
from maillage.apps.sites.models import (
    Audience,
    Closure,
    RuleKind,
    SiteStage,
    SoldBy,
    Space,
    SpaceRule,
    Stage,
    stage_on,
)
from maillage.core import opening_hours
from maillage.core.opening_hours import OpeningHours
from maillage.core.periods import Period
from maillage.kit.refusal import Refusal
from maillage.report import moments


class NotBookable(Refusal):
    """The space, or the site, takes no bookings then."""

    sentence = _(
        "{space} ne se réserve pas à cette date. Choisissez un autre espace ou un autre jour."
    )


class InThePast(Refusal):
    """It has begun already."""

    sentence = _("Ce créneau a déjà commencé. Choisissez une heure à venir.")


class OffStep(Refusal):
    """Hours are asked on the grain of the space."""

    sentence = _(
        "{space} se réserve par pas de {step} min, par exemple à partir de {example}. Ajustez les "
        "heures."
    )


class TooShort(Refusal):
    """Below the shortest length."""

    sentence = _("{space} se réserve au moins {shortest}. Allongez votre réservation.")


class TooLong(Refusal):
    """Beyond the longest length."""

    sentence = _("{space} se réserve au plus {longest}. Raccourcissez votre réservation.")


class TooSoon(Refusal):
    """Asked later than the notice of the space."""

    sentence = _(
        "{space} se réserve au plus tard {notice} avant. Choisissez une heure à partir du {first}."
    )


class TooFar(Refusal):
    """Beyond the horizon of the space."""

    sentence = _(
        "{space} se réserve jusqu’au {last} pour le moment. Choisissez une date plus proche."
    )


class SpaceClosed(Refusal):
    """Outside the hours, or during a closure."""

    sentence = _("{space} est fermé à ce moment{reason}. {hours}")


class NotForYou(Refusal):
    """The space is for others."""

    sentence = _(
        "{space} est réservé à : {audiences}. Choisissez un autre espace, ou demandez une adhésion "
        "au lieu."
    )


class KeptForOthers(Refusal):
    """Kept for a group at these hours."""

    sentence = _(
        "De {begins} à {ends}, {space} est réservé à : {audience}. Choisissez d’autres heures."
    )


class TooManyAhead(Refusal):
    """The person holds as many as she may."""

    sentence = _(
        "Vous avez déjà {most} réservations à venir pour {space}, le plus possible. Annulez-en une "
        "pour en faire une autre."
    )


class TooManyPeople(Refusal):
    """The room, or the building, holds fewer."""

    sentence = _(
        "{place} accueille {most} personnes au plus à la fois. Venez moins nombreux, ou à un autre "
        "moment."
    )


class NotCertified(Refusal):
    """Its machine needs a certification that the person does not hold that day."""

    sentence = _(
        "{space} demande une habilitation valable ce jour-là. Inscrivez-vous à une formation, ou "
        "voyez avec le lieu."
    )


@dataclass(frozen=True)
class Setting:
    """A space with what decides whether it may be booked during some time."""

    space: Space
    stages: Sequence[SiteStage]
    closures: Sequence[Closure]
    rules: Sequence[SpaceRule]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the site."""
        return ZoneInfo(self.space.site.zone)

    @property
    def buffers(self) -> tuple[timedelta, timedelta]:
        """Kept free before and after."""
        space = self.space
        return (
            timedelta(minutes=space.buffer_before_min),
            timedelta(minutes=space.buffer_after_min),
        )

    def held(self, period: Period) -> Period:
        """What a booking takes, buffers included."""
        return period.widened(*self.buffers)

    def hours(self) -> OpeningHours | None:
        """When it is open, closures taken away; None when that is unknown."""
        text = self.space.opening_hours or self.space.site.opening_hours
        if not text:
            return None
        parsed = opening_hours.parse(text, self.zone, self.space.site.holiday_area)
        return parsed.closing(tuple(period_of(c.period) for c in self.closures))


def settings_of(space_ids: Sequence[int], *, first: datetime, last: datetime) -> dict[int, Setting]:
    """The settings of spaces, with the closures that touch a span of time. Four queries."""
    spaces = {
        s.pk: s
        for s in Space.objects.present()
        .filter(pk__in=space_ids, site__removed_at=None)
        .select_related("site__territory")
    }
    sites = {s.site_id for s in spaces.values()}
    closures = list(
        Closure.objects.filter(
            site__in=sites, withdrawn_at=None, period__overlap=range_of(Period(first, last))
        ).select_related("space")
    )
    stages = list(SiteStage.objects.filter(site__in=sites))
    rules = list(SpaceRule.objects.filter(space__in=spaces))
    return {
        pk: Setting(
            space,
            [s for s in stages if s.site_id == space.site_id],
            [c for c in closures if _touches(c, space)],
            [r for r in rules if r.space_id == pk],
        )
        for pk, space in spaces.items()
    }


def check(setting: Setting, ask: Ask, booker: Booker, standing: Standing, *, at: datetime) -> None:
    """Raises the refusal of the first rule that the demand breaks."""
    space = setting.space
    if not space.is_bookable or not _is_open_on(setting, ask.period):
        raise NotBookable(space=space.name)
    if ask.is_whole != (space.sold_by == SoldBy.WHOLE) and space.sold_by != SoldBy.BOTH:
        raise NotBookable(space=space.name)
    if ask.period.begins < at:
        raise InThePast
    _check_lengths(setting, ask.period, at)
    check_hours(setting, ask.period)
    _check_audience(setting, ask.period, standing)
    if ask.is_whole and space.most_people is not None and ask.party > space.most_people:
        raise TooManyPeople(place=space.name, most=space.most_people)
    if booker.person_id is not None:
        _check_person(space, booker.person_id, ask.period, setting.zone)
    elif booker.guest is not None and space.needs_certification:
        # nobody knows what a guest may use
        raise NotCertified(space=space.name)
    check_count(setting, booker, at=at)


def check_count(setting: Setting, booker: Booker, *, at: datetime) -> None:
    """Raises TooManyAhead; again once the seats are locked, so that two demands at once count."""
    space = setting.space
    if space.most_ahead is None or booker.person_id is None:
        return
    if ahead(space, booker.person_id, at) >= space.most_ahead:
        raise TooManyAhead(space=space.name, most=space.most_ahead)


def ahead(space: Space, person_id: int, at: datetime) -> int:
    """The bookings and requests to come that somebody holds for a space."""
    rows = Booking.objects.filter(
        Q(state__in=OCCUPYING) | Q(state="requested"),
        _not_over(at),
        space=space,
        person_id=person_id,
        period__startswith__gt=at,
    )
    return rows.count()


def check_capacity(setting: Setting, ask: Ask, *, at: datetime, besides: int = 0) -> None:
    """Raises TooManyPeople when the building would hold more than its limit; its row is locked."""
    site = setting.space.site
    if site.capacity_limit is None:
        return
    at_once = Booking.objects.filter(
        _not_over(at), site=site, state__in=OCCUPYING, period__overlap=range_of(ask.period)
    ).exclude(pk=besides)
    there = at_once.aggregate(people=Sum("party"))["people"] or 0
    if there + ask.party > site.capacity_limit:
        raise TooManyPeople(place=site.name, most=site.capacity_limit)


def check_hours(setting: Setting, period: Period) -> None:
    """Raises SpaceClosed unless it begins and ends in opening hours, with no closure in between.

    A day may hold a lunch break; a week or a month may hold a closure.
    """
    hours = setting.hours()
    if hours is None:
        raise SpaceClosed(
            space=setting.space.name, reason="", hours=_("Ses horaires ne sont pas renseignés.")
        )
    spans = hours.open_periods(period.begins, period.ends)
    is_inside = spans and spans[0].begins == period.begins and spans[-1].ends == period.ends
    closure = None if period.hours > _A_DAY_H else _closure_in(setting, period)
    if is_inside and closure is None:
        return
    closure = closure or _closure_in(setting, period)
    raise SpaceClosed(
        space=setting.space.name,
        reason=f" ({closure.reason})" if closure else "",
        hours=_when_open(hours, setting, period),
    )


_A_DAY_H = 25.0


def _touches(closure: Closure, space: Space) -> bool:
    if closure.site_id != space.site_id:
        return False
    part = closure.space
    if part is None or part.pk in space.path:
        return True
    # a room is closed when a part of it is
    return space.sold_by == SoldBy.WHOLE and space.pk in part.path


def _is_open_on(setting: Setting, period: Period) -> bool:
    on = period.local(setting.zone)[0].date()
    stage = stage_on(list(setting.stages), on)
    return stage is not None and stage.stage == Stage.OPEN


def _check_lengths(setting: Setting, period: Period, at: datetime) -> None:
    space, zone = setting.space, setting.zone
    begins, ends = period.local(zone)
    step = space.step_min
    if begins.minute % step or ends.minute % step or begins.second or ends.second:
        example = begins.replace(minute=begins.minute // step * step, second=0)
        raise OffStep(space=space.name, step=step, example=moments.clock(example.time()))
    if period.minutes < space.shortest_min:
        raise TooShort(space=space.name, shortest=moments.length(space.shortest_min))
    if space.longest_min is not None and period.minutes > space.longest_min:
        raise TooLong(space=space.name, longest=moments.length(space.longest_min))
    first = at + timedelta(minutes=space.notice_min)
    if period.begins < first:
        raise TooSoon(
            space=space.name,
            notice=moments.length(space.notice_min),
            first=moments.moment(first.astimezone(zone)),
        )
    last = at + timedelta(days=space.horizon_days)
    if period.begins > last:
        raise TooFar(space=space.name, last=moments.day(last.astimezone(zone).date()))


def _check_audience(setting: Setting, period: Period, standing: Standing) -> None:
    space = setting.space
    if not standing.audiences.intersection(space.audiences):
        raise NotForYou(space=space.name, audiences=_listed(space.audiences))
    begins, ends = period.local(setting.zone)
    for rule in setting.rules:
        if not _applies(rule, begins, ends):
            continue
        if rule.kind == RuleKind.ONLY and rule.audience not in standing.audiences:
            raise KeptForOthers(
                space=space.name,
                begins=moments.clock(rule.from_time),
                ends=moments.clock(rule.to_time),
                audience=_listed([rule.audience]),
            )
        is_limit = rule.kind == RuleKind.AT_MOST and rule.audience == standing.price_audience
        if is_limit and rule.most_min is not None and period.minutes > rule.most_min:
            raise TooLong(space=space.name, longest=moments.length(rule.most_min))


def _check_person(space: Space, person_id: int, period: Period, zone: ZoneInfo) -> None:
    if space.needs_certification:
        on: date = period.local(zone)[0].date()
        if not is_certified(person_id, space.pk, on):
            raise NotCertified(space=space.name)


def _not_over(at: datetime) -> Q:
    """A hold counts until it expires, even when nobody swept it away yet."""
    return Q(hold_until=None) | Q(hold_until__gt=at)


def _applies(rule: SpaceRule, begins: datetime, ends: datetime) -> bool:
    if begins.weekday() not in rule.weekdays:
        return False
    same_day_end = ends.time() if ends.date() == begins.date() else datetime.max.time()
    return begins.time() < rule.to_time and same_day_end > rule.from_time


def _closure_in(setting: Setting, period: Period) -> Closure | None:
    return next((c for c in setting.closures if period_of(c.period).overlaps(period)), None)


def _when_open(hours: OpeningHours, setting: Setting, period: Period) -> str:
    day = period.local(setting.zone)[0]
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    spans = hours.open_periods(midnight, midnight + timedelta(days=1))
    if spans:
        said = ", ".join(moments.span(*s.local(setting.zone)) for s in spans)
        return str(_("Ce jour-là : {spans}.")).format(spans=said)
    following = hours.next_open(period.begins)
    if following is None:
        return str(_("Aucune ouverture n’est prévue ensuite."))
    said = moments.moment(following.astimezone(setting.zone))
    return str(_("Prochaine ouverture : {moment}.")).format(moment=said)


def _listed(audiences: Sequence[str]) -> str:
    return ", ".join(str(Audience(a).label).lower() for a in audiences) or "—"
