"""Where a payer is written to about a document."""

from collections.abc import Iterable

from maillage.apps.billing.models import Document
from maillage.apps.people.models import Person


def address_of(documents: Iterable[Document]) -> dict[int, str]:
    """The address of each document's payer, "" when none is known; one query.

    The one on the document first; else that of the account; a body has only the first.
    """
    asked = list(documents)
    people = Person.objects.filter(
        pk__in=[one.payer_person_id for one in asked if one.payer_person_id], is_active=True
    )
    accounts = dict(people.values_list("pk", "email"))
    return {
        one.pk: str(one.buyer.get("email") or accounts.get(one.payer_person_id or 0) or "")
        for one in asked
    }
