"""What counts in a territory: the weight of each criterion."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.premises.models import Weighting
from maillage.apps.territories.models import Territory
from maillage.core import assumptions, fitness
from maillage.kit.refusal import Refusal

MOST = 10


class NothingCounts(Refusal):
    """Without any weight there is no score."""

    sentence = "Tous les poids sont à zéro. Donnez-en un à un critère au moins."
    status = 422


class OutOfScale(Refusal):
    """From nothing to ten."""

    sentence = "Un poids va de 0 à 10. Écrivez 0 pour ne pas compter un critère."
    status = 422


def weights_of(territory: Territory) -> dict[str, float]:
    """Its own weights, or the product's; a criterion that is newer than its choice too."""
    chosen = Weighting.objects.filter(pk=territory.pk).first()
    default = fitness.default_weights(assumptions.load())
    return default | (chosen.weights if chosen else {})


def weigh(
    territory: Territory, weights: Mapping[str, float], *, by: int | None, at: datetime
) -> None:
    """The weights of a territory, by criterion."""
    kept = {criterion: float(weights[criterion]) for criterion in fitness.CRITERIA}
    if not all(0 <= weight <= MOST for weight in kept.values()):
        raise OutOfScale
    if not any(kept.values()):
        raise NothingCounts
    with transaction.atomic():
        Weighting.objects.update_or_create(pk=territory.pk, defaults={"weights": kept})
        place = ("territory", territory.pk)
        told = ", ".join(f"{criterion} {weight:g}" for criterion, weight in kept.items())
        record("premises.weigh", place, by=by, at=at, scope=place, weights=told)


def weigh_as_shipped(territory: Territory, *, by: int | None, at: datetime) -> None:
    """Back to the product's weights."""
    with transaction.atomic():
        Weighting.objects.filter(pk=territory.pk).delete()
        place = ("territory", territory.pk)
        record("premises.weigh_as_shipped", place, by=by, at=at, scope=place)
