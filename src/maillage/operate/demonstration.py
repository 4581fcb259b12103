"""The demonstration's database: the embedded territory, its study, invented people, their links."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people import assign_role, sign_in_link
from maillage.apps.people.models import Person, Position, ScopeKind
from maillage.apps.studies.models import Study
from maillage.apps.studies.open_study import open_study
from maillage.apps.studies.publish import publish
from maillage.apps.studies.store import store
from maillage.apps.territories import load, register
from maillage.apps.territories.declare_initiative import Described, declare
from maillage.apps.territories.models import InitiativeStatus, Territory
from maillage.apps.territories.sources import source_of
from maillage.core import sample
from maillage.core.scenario import Outcome
from maillage.operate import (
    demonstration_contracts,
    demonstration_members,
    demonstration_money,
    demonstration_presence,
    demonstration_programme,
    demonstration_scenarios,
    demonstration_sites,
)
from maillage.operate.demonstration_sites import body
from maillage.operate.personas import PERSONAS, Persona
from maillage.operate.refused import Refused
from maillage.operate.stamp import SEEDED

STUDY = "Un réseau de lieux de travail à dix minutes"
INITIATIVES = (
    (
        Described(
            "Bureau partagé du Pressoir (fictif)", "69108", "third_place", seats=6, is_public=True
        ),
        InitiativeStatus.PLANNED,
    ),
    (
        Described("Atelier des Clos (fictif)", "69084", "coworking", seats=8, is_public=True),
        InitiativeStatus.ONGOING,
    ),
)
# as long as a day of showing it
LINKS_LAST = timedelta(hours=12)


def seed(key: str, outcome: Callable[[], Outcome], *, at: datetime) -> None:
    """Lay what is missing; the same key finds everything in place.

    key      digest of the code and of the request
    outcome  computes the plan, asked only when it must be stored
    """
    refuse_real_platform()
    if Entry.objects.filter(act=SEEDED, object_key=key).exists():
        return
    plan = outcome()
    _lay_territory(at)
    sites = demonstration_sites.lay(at=at)
    for persona in PERSONAS:
        _lay_person(persona, sites, at)
    demonstration_members.lay(sites, at=at)
    demonstration_contracts.lay(sites, at=at)
    demonstration_presence.lay(sites, at=at)
    demonstration_money.lay(sites, at=at)
    _lay_study(plan, at)
    _lay_initiatives(at)
    with transaction.atomic():
        record(SEEDED, ("demonstration", key), by=None, at=at)


def links(*, at: datetime) -> tuple[tuple[str, str, str], ...]:
    """For each invented person: name, post, and the path of a new link that signs in once."""
    refuse_real_platform()
    people = {p.email: p for p in Person.objects.filter(is_demonstration=True, is_active=True)}
    return tuple(
        (persona.name, persona.post, _link(people[persona.email], persona, at))
        for persona in PERSONAS
        if persona.email in people
    )


def refuse_real_platform() -> None:
    """Invented people and their open links never enter a platform that serves real ones."""
    if not settings.DEMONSTRATION:
        raise Refused("Cette base n'est pas celle d'une démonstration : rien n'y est ajouté.")


def _link(person: Person, persona: Persona, at: datetime) -> str:
    secret = sign_in_link.issue(person, at=at, lasts=LINKS_LAST, opens=persona.opens)
    return reverse("open_link", args=[secret])


def _lay_territory(at: datetime) -> None:
    register.register(register.listed_in_sample(), by=None, at=at, is_demonstration=True)
    load.load(sample.SIREN, source_of(sample.SIREN, ""), by=None, at=at)


@transaction.atomic
def _lay_person(persona: Persona, sites: Mapping[str, int], at: datetime) -> None:
    if Person.objects.filter(email=persona.email).exists():
        return
    person = Person.objects.create_user(persona.email, persona.name)
    person.is_demonstration = True
    person.save(update_fields=["is_demonstration"])
    if persona.kind is None or persona.body is None:
        return
    scope_kind, key = persona.scope
    scope_key = str(sites.get(key, key)) if scope_kind == ScopeKind.SITE else key
    position = Position.objects.create(
        organisation=body(persona.body),
        kind=persona.kind,
        title=persona.post,
        scope_kind=scope_kind,
        scope_key=scope_key,
    )
    assign_role.assign(position, person, starts_on=at.date(), by=None, at=at)


def _lay_initiatives(at: datetime) -> None:
    """Two communes that prepare the same thing without a word to each other."""
    place = Territory.objects.get(pk=sample.SIREN)
    if place.initiatives.exists():
        return
    for described, status in INITIATIVES:
        declare(described, place, status=status, since=at.date(), by=None, at=at)


def _lay_study(plan: Outcome, at: datetime) -> None:
    study = Study.objects.filter(territory_id=sample.SIREN, title=STUDY).first()
    if study is None:
        place = Territory.objects.get(pk=sample.SIREN)
        study = open_study(place, STUDY, by=None, at=at, is_demonstration=True)
    run = store(study, plan, by=None, at=at)
    if study.published_run != run.number:
        publish(run, by=None, at=at)
    demonstration_programme.lay(study, at=at)
    demonstration_scenarios.lay(run, at=at)
    demonstration_sites.promise(study, at=at)
