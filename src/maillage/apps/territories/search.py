"""Find a territory by its name, an alias, its number or one of its communes."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Q, When
from django.db.models.functions import Greatest

from maillage.apps.territories.models import Territory, TerritoryQuerySet
from maillage.apps.territories.names import search_key
from maillage.core import geo

LIKENESS = 0.6
MOST_CLOSE = 5


@dataclass(frozen=True)
class Found:
    """What a search gives.

    sure      the SIREN of the only territory of this very name, when it is more than a word
    is_close  nothing has this name, these are the nearest ones
    """

    territories: TerritoryQuerySet
    sure: str = ""
    is_close: bool = False


def find(text: str) -> Found:
    """The territories that a text designates, those of this very name before the others."""
    number = "".join(text.split())
    every = Territory.objects.with_portrait()
    if geo.SIREN.match(number):
        return Found(every.filter(pk=number))
    key = search_key(text)
    if not key:
        return Found(every.none())
    named, is_very_name = _has_words(key), Q(search_name__contains=f"\n{key}\n")
    has_commune = Q(search_members__contains=f"\n{key}\n")
    rank = Case(When(is_very_name, then=0), When(named, then=1), default=2)
    found = every.filter(named | has_commune).order_by(rank, "name", "pk")
    if not found.exists():
        found = every.filter(search_members__contains=f"\n{key}").order_by("name", "pk")
    if not found.exists():
        return _close(key, every)
    same = list(every.filter(is_very_name).values_list("pk", flat=True)[:2])
    return Found(found, sure=same[0] if len(same) == 1 and " " in key else "")


def _close(key: str, every: TerritoryQuerySet) -> Found:
    alike = Greatest(
        TrigramWordSimilarity(key, "search_name"), TrigramWordSimilarity(key, "search_members")
    )
    near = every.annotate(alike=alike).filter(alike__gte=LIKENESS)
    return Found(near.order_by("-alike", "name", "pk")[:MOST_CLOSE], is_close=True)


def _has_words(key: str) -> Q:
    every = Q()
    for word in key.split():
        every &= Q(search_name__contains=word)
    return every
