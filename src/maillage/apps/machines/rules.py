"""Who sees a machine, who trains on it; those of other territories do not exist."""

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from maillage.apps.machines.models import Certification, Trainer, TrainingSession
from maillage.apps.memberships.models import Member
from maillage.apps.people import rights
from maillage.apps.people.rights import roles_of
from maillage.apps.sites.models import Site, Space, SpaceKind
from maillage.kit.clock import now

PLATFORM = ("platform", "")


def sites(person: Any) -> QuerySet[Site]:
    """The sites of the territories where somebody has a role or a membership."""
    if not person.is_authenticated:
        return Site.objects.none()
    scopes = {role.position.scope for role in roles_of(person, on=now().date())}
    present = Site.objects.filter(removed_at=None)
    if PLATFORM in scopes:
        return present
    held = [key for kind, key in scopes if kind == "site" and key.isdigit()]
    here = Q(territory__in=[key for kind, key in scopes if kind == "territory"])
    here |= Q(territory__in=Site.objects.filter(pk__in=held).values("territory"))
    here |= Q(territory__in=Member.objects.filter(person=person).values("territory"))
    return present.filter(here)


def machines(person: Any) -> QuerySet[Space]:
    """The machines she may know of: of these sites, or that she trains on or may use."""
    if not person.is_authenticated:
        return Space.objects.none()
    hers = Q(pk__in=Trainer.objects.filter(person=person).values("space"))
    hers |= Q(pk__in=Certification.objects.filter(person=person).values("space"))
    found = Space.objects.present().filter(kind=SpaceKind.MACHINE, site__removed_at=None)
    return found.filter(Q(site__in=sites(person)) | hers).select_related("site")


def machine_of(person: Any, pk: int) -> Space:
    """One of them."""
    return get_object_or_404(machines(person), pk=pk)


def session_of(person: Any, pk: int) -> TrainingSession:
    """A training on one of them."""
    every = TrainingSession.objects.filter(space__in=machines(person))
    return get_object_or_404(every.select_related("space__site", "trainer__person"), pk=pk)


def certification_of(person: Any, pk: int) -> Certification:
    """A certification on one of them."""
    every = Certification.objects.filter(space__in=machines(person))
    return get_object_or_404(every.select_related("space__site", "person"), pk=pk)


def may_see(person: Any, _target: Any) -> bool:
    """Whoever finds it."""
    return bool(person.is_authenticated)


def may_keep(person: Any, of: Space | TrainingSession | Certification) -> bool:
    """Those who name the trainers of the site's machines."""
    return rights.holds(person, "machines.keep", of.scopes, on=now().date())


def may_train(person: Any, space: Space) -> bool:
    """The trainers of this machine."""
    if not person.is_authenticated:
        return False
    return Trainer.objects.current(now().date()).filter(space=space, person=person).exists()


def may_follow(person: Any, of: Space | TrainingSession | Certification) -> bool:
    """Those who read who came and who is certified: its trainers, and who names them."""
    space = of if isinstance(of, Space) else of.space
    return may_keep(person, of) or may_train(person, space)
