"""Who may pay for what somebody books, besides herself."""

from datetime import date

from django.db.models import Q

from maillage.apps.memberships.models import EmployerSeat, Member, held_on
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Audience


def payers_of(person: Person, *, on: date) -> list[tuple[int, str]]:
    """(number, name) of the bodies that pay for her now: her employers, her association."""
    employers = EmployerSeat.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), person=person
    ).values_list("organisation", "organisation__name")
    associations = Member.objects.filter(
        held_on(on), person=person, audience=Audience.ASSOCIATION
    ).values_list("organisation", "organisation__name")
    found = dict([*employers.order_by(), *associations.order_by()])
    return sorted(((pk, name) for pk, name in found.items() if pk), key=lambda one: one[1])
