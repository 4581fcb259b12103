"""What somebody is to a territory on a day: which spaces are for her, whose prices she has."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from maillage.apps.memberships.models import (
    EmployerSeat,
    Member,
    Subscription,
    held_on,
)
from maillage.apps.sites.models import Audience
from maillage.apps.tariffs.models import Category


@dataclass(frozen=True)
class Standing:
    """For whom she counts.

    audiences       of spaces; the public is always one of them
    price_audience  the one whose prices she has first
    is_known        whether somebody entered her in the network
    prices          audiences and situations whose prices she has, best first, without the public
    """

    audiences: frozenset[str]
    price_audience: str
    is_known: bool
    prices: tuple[str, ...] = ()


NOBODY = Standing(frozenset({Audience.PUBLIC}), Audience.PUBLIC, is_known=False)
# a resident is a member too; who comes for an association is one in its name
_BELONGS: dict[str, tuple[str, ...]] = {
    Audience.MEMBER: (Audience.MEMBER,),
    Audience.RESIDENT: (Audience.RESIDENT, Audience.MEMBER),
    Audience.ASSOCIATION: (Audience.ASSOCIATION, Audience.MEMBER),
}


def standing(person_id: int | None, territory_id: str, on: date) -> Standing:
    """Of a person, from her membership, her subscriptions and those who pay for her."""
    if person_id is None:
        return NOBODY
    member = Member.objects.filter(
        held_on(on), person_id=person_id, territory_id=territory_id
    ).first()
    belongs = _BELONGS[member.audience] if member else ()
    if not belongs and _is_covered(person_id, territory_id, on):
        belongs = (Audience.MEMBER,)
    if not belongs:
        return NOBODY
    return Standing(
        audiences=frozenset({Audience.PUBLIC, *belongs}),
        price_audience=belongs[0],
        is_known=True,
        prices=(*_situation(member, on), *belongs),
    )


def _situation(member: Member | None, on: date) -> tuple[str, ...]:
    if member is None or member.category == Category.STANDARD:
        return ()
    is_over = member.category_until is not None and member.category_until < on
    return () if is_over else (member.category,)


def _is_covered(person_id: int, territory_id: str, on: date) -> bool:
    """Whether she has a subscription that day, or somebody who pays for her."""
    subscribed = Subscription.objects.filter(
        Q(plan__operator__territory_siren=territory_id) | Q(site__territory=territory_id),
        user_id=person_id,
        starts_on__lte=on,
        ends_on__gt=on,
    )
    paid_for = EmployerSeat.objects.filter(
        held_on(on), person_id=person_id, organisation__territory_siren=territory_id
    )
    return subscribed.exists() or paid_for.exists()
