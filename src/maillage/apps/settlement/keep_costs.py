"""Write down a cost that is shared, take it back; vote the key of a kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.apps.settlement.models import Basis, CostItem, CostKey, CostWeight
from maillage.apps.sites.models import ALL_BP, Site
from maillage.kit.refusal import Refusal


class AlreadyShared(Refusal):
    """What a statement shared stays."""

    sentence = _("Un décompte a déjà partagé cette dépense. Corrigez-la par une nouvelle.")


class AlreadyRemoved(Refusal):
    """Once is enough."""

    sentence = _("Cette dépense est déjà retirée. Revenez à la liste.")


class EndsBeforeItBegins(Refusal):
    """Days in order."""

    sentence = _("Le dernier jour vient avant le premier. Corrigez l’un des deux.")


class NoPartner(Refusal):
    """A key shares between some."""

    sentence = _("Donnez une part à un organisme au moins.")


class PartsAreNotTheWhole(Refusal):
    """Fixed parts are the whole."""

    sentence = _("Les parts fixes font {sum} %. Corrigez-les pour qu’elles fassent 100 %.")


class KeyOfThatDay(Refusal):
    """One version a day of start."""

    sentence = _("Une clé commence déjà ce jour-là. Choisissez un autre premier jour.")


@dataclass(frozen=True)
class Cost:
    """What is written of a cost, see `CostItem`."""

    kind: str
    label: str
    amount_cents: int
    first_on: date
    last_on: date
    document: str
    payer: Organisation


@dataclass(frozen=True)
class Voted:
    """A version of a key; weights: organisation -> see `CostWeight`."""

    kind: str
    basis: str
    starts_on: date
    voted_on: date
    reference: str
    weights: Mapping[int, int]


def enter(site: Site, cost: Cost, *, by: int | None, at: datetime) -> CostItem:
    """One more cost of a site."""
    if cost.last_on < cost.first_on:
        raise EndsBeforeItBegins
    with transaction.atomic():
        made = CostItem.objects.create(site=site, by=by, at=at, **vars(cost))
        record("cost.enter", ("cost_item", made.pk), by=by, at=at, scope=site.scopes[0])
    return made


def remove(item: CostItem, *, by: int | None, at: datetime) -> CostItem:
    """Take it back, as long as no statement shared it."""
    with transaction.atomic():
        held = _locked(item)
        if held.removed_at is not None:
            raise AlreadyRemoved
        held.removed_at = at
        held.save(update_fields=["removed_at"])
        record("cost.remove", ("cost_item", held.pk), by=by, at=at, scope=item.site.scopes[0])
    return held


def restore(item: CostItem, *, by: int | None, at: datetime) -> CostItem:
    """Think better of it."""
    with transaction.atomic():
        held = _locked(item)
        held.removed_at = None
        held.save(update_fields=["removed_at"])
        record("cost.restore", ("cost_item", held.pk), by=by, at=at, scope=item.site.scopes[0])
    return held


def vote_key(site: Site, voted: Voted, *, by: int | None, at: datetime) -> CostKey:
    """A new version of the key of a kind, from a day on."""
    _refuse_weights(voted)
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        known = CostKey.objects.filter(site=site, kind=voted.kind)
        if known.filter(starts_on=voted.starts_on).exists():
            raise KeyOfThatDay
        made = CostKey.objects.create(
            site=site,
            kind=voted.kind,
            version=known.count() + 1,
            basis=voted.basis,
            starts_on=voted.starts_on,
            voted_on=voted.voted_on,
            reference=voted.reference,
            by=by,
            at=at,
        )
        CostWeight.objects.bulk_create(
            CostWeight(key=made, organisation_id=pk, weight=weight)
            for pk, weight in sorted(voted.weights.items())
        )
        record(
            "cost.key", ("cost_key", made.pk), by=by, at=at, scope=site.scopes[0],
            reference=voted.reference,
        )  # fmt: skip
    return made


def _refuse_weights(voted: Voted) -> None:
    total = sum(voted.weights.values())
    if not voted.weights or (voted.basis != Basis.DAYS and not total):
        raise NoPartner
    if voted.basis == Basis.FIXED and total != ALL_BP:
        raise PartsAreNotTheWhole(sum=f"{total / 100:g}".replace(".", ","))


def _locked(item: CostItem) -> CostItem:
    held = CostItem.objects.select_for_update().get(pk=item.pk)
    if CostItem.objects.filter(pk=item.pk, shared__isnull=False).exists():
        raise AlreadyShared
    return held
