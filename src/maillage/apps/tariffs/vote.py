"""Write that prices were voted: from their first day, they replace the ones before."""

from datetime import date, datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation, Person
from maillage.apps.tariffs.keep_list import AlreadyVoted
from maillage.apps.tariffs.models import ListState, PriceList
from maillage.kit.refusal import Refusal


class WithoutPrice(Refusal):
    """Nothing is voted without a price."""

    sentence = "Cette grille est vide. Écrivez au moins un prix avant de la déclarer votée."


class BeginsTooEarly(Refusal):
    """A later list already holds these days."""

    sentence = (
        "Les tarifs « {name} » sont déjà votés à partir du {day}. "
        "Choisissez un premier jour plus tardif."
    )


class VotedInTheFuture(Refusal):
    """A vote has taken place."""

    sentence = "La délibération est datée d'un jour à venir. Indiquez le jour du vote."


def vote(
    price_list: PriceList, reference: str, voted_on: date, *, by: Person | None, at: datetime
) -> PriceList:
    """A draft becomes what applies from its first day; the list before ends there.

    reference  of the deliberation, as the acts of the operator number it
    """
    if voted_on > at.date():
        raise VotedInTheFuture
    with transaction.atomic():
        # one vote at a time for an operator: two would each end the same list
        Organisation.objects.select_for_update().get(pk=price_list.operator_id)
        held = PriceList.objects.select_for_update().get(pk=price_list.pk)
        if held.state != ListState.DRAFT:
            raise AlreadyVoted
        if not held.prices.exists():
            raise WithoutPrice
        _end_the_one_before(held)
        held.state, held.deliberation_ref, held.voted_on = ListState.VOTED, reference, voted_on
        held.version += 1
        held.save()
        record(
            "tariffs.vote",
            ("price_list", held.pk),
            by=by.pk if by else None,
            at=at,
            scope=held.scopes[0],
            reference=reference,
        )
    return held


def _end_the_one_before(held: PriceList) -> None:
    voted = PriceList.objects.voted().filter(operator_id=held.operator_id)
    later = voted.filter(starts_on__gte=held.starts_on).order_by("-starts_on").first()
    if later is not None:
        raise BeginsTooEarly(name=later.name, day=f"{later.starts_on:%d/%m/%Y}")
    before = voted.filter(ends_on=None).first()
    if before is not None:
        before.ends_on = held.starts_on
        before.save(update_fields=["ends_on"])
