"""The same contract for many people: what would be prepared, who is refused and why, then done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.apps.contracts.draft import Asked, Party, draft, refuse
from maillage.apps.contracts.models import LIVE, OPEN, Contract
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation, Person
from maillage.kit.refusal import Refusal

# the residents of a large place, and room for more
MOST = 200


@dataclass(frozen=True)
class Line:
    """One person of the preview; `refusal` says why nothing is prepared for her."""

    person: Person
    refusal: str = ""


def preview(
    operator: Organisation, kind: str, asked: Asked, people: Sequence[Person]
) -> list[Line]:
    """What each would get, in order; two queries whatever their number."""
    held = Contract.objects.filter(
        operator=operator, kind=kind, state__in=(*OPEN, *LIVE), party_person__in=people
    )
    known: dict[int | None, str] = {
        one.party_person_id: one.reference for one in held.only("party_person", "reference")
    }
    wrong = ""
    try:
        refuse(operator, kind, asked)
    except Refusal as refusal:
        wrong = str(refusal)
    return [Line(one, wrong or _refusal(one, known)) for one in people]


def prepare(
    operator: Organisation,
    kind: str,
    asked: Asked,
    people: Sequence[Person],
    *,
    by: int | None,
    at: datetime,
) -> list[Contract]:
    """A draft for each of those who are not refused: all or none."""
    with transaction.atomic():
        # so that asking twice at once does not prepare twice
        Organisation.objects.select_for_update(no_key=True).get(pk=operator.pk)
        ready = [line.person for line in preview(operator, kind, asked, people) if not line.refusal]
        return [draft(operator, kind, for_one(asked, person), by=by, at=at) for person in ready]


def for_one(asked: Asked, person: Person) -> Asked:
    """The same terms, for a person who pays for herself."""
    payer = Payer(person_id=person.pk)
    return replace(asked, party=Party(payer, person.name, person.email), payer=payer)


def _refusal(person: Person, known: Mapping[int | None, str]) -> str:
    if person.pk in known:
        return _("A déjà le contrat {reference}.").format(reference=known[person.pk])
    if not person.is_active:
        return _("Son compte est fermé.")
    return ""
