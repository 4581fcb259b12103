"""A deliverable is handed over, then accepted (service fait); each can be taken back."""

from datetime import date, datetime

from django.db import transaction

from maillage.apps.programme.follow_phase import refuse_future
from maillage.apps.programme.keep_deliverables import on_the_list, written
from maillage.apps.programme.models import Deliverable
from maillage.kit.refusal import Refusal


class AlreadyDelivered(Refusal):
    """It is handed over once."""

    sentence = "Ce livrable est déjà remis. Annulez sa remise pour changer le jour."


class NotDelivered(Refusal):
    """What was not handed over cannot be accepted."""

    sentence = "Ce livrable n'est pas remis. Notez d'abord le jour de sa remise."


class AlreadyAccepted(Refusal):
    """It is accepted once."""

    sentence = "Ce livrable est déjà accepté. Annulez son acceptation pour changer le jour."


class AcceptedBeforeDelivery(Refusal):
    """The service is done once it is delivered."""

    sentence = "L'acceptation serait avant la remise. Indiquez un jour à partir de la remise."
    status = 422


class NothingToTakeBack(Refusal):
    """It was not handed over."""

    sentence = "Ce livrable n'est pas remis : il n'y a rien à annuler."


def deliver(deliverable: Deliverable, on: date, *, by: int | None, at: datetime) -> None:
    """The day it was handed over, today or before."""
    refuse_future(on, at)
    with transaction.atomic():
        held = on_the_list(deliverable)
        if held.delivered_on is not None:
            raise AlreadyDelivered
        held.delivered_on = on
        written("deliverable.deliver", held, by, at)


def accept(deliverable: Deliverable, on: date, *, by: int | None, at: datetime) -> None:
    """The day the service was found done, today or before, and who says so."""
    refuse_future(on, at)
    with transaction.atomic():
        held = on_the_list(deliverable)
        if held.delivered_on is None:
            raise NotDelivered
        if held.accepted_on is not None:
            raise AlreadyAccepted
        if on < held.delivered_on:
            raise AcceptedBeforeDelivery
        held.accepted_on, held.accepted_by_id = on, by
        written("deliverable.accept", held, by, at)


def take_back(deliverable: Deliverable, *, by: int | None, at: datetime) -> None:
    """Undo its acceptance; if it has none, its delivery."""
    with transaction.atomic():
        held = on_the_list(deliverable)
        if held.delivered_on is None:
            raise NothingToTakeBack
        if held.accepted_on is not None:
            held.accepted_on = held.accepted_by_id = None
            written("deliverable.not_accepted", held, by, at)
        else:
            held.delivered_on = None
            written("deliverable.not_delivered", held, by, at)
