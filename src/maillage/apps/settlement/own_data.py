"""What a person takes away of her copies; what was charged stays, for the accounts."""

from collections.abc import Mapping
from datetime import datetime

from maillage.apps.people import erase, export
from maillage.apps.people.models import Person
from maillage.apps.settlement.models import CopyCode, CopyLine


def declare() -> None:
    """Told once the models are ready."""
    export.also("copies", _copies)
    erase.also(forget)


def forget(person: Person, at: datetime) -> None:
    """Her codes are nobody's; the pages already charged stay with their charges."""
    del at
    CopyCode.objects.filter(user=person).delete()
    CopyCode.objects.filter(payer_person=person).delete()


def _copies(person: Person) -> export.Lines:
    """By the codes that are hers now."""
    own = CopyCode.objects.filter(user=person).values_list("site", "code")
    found: list[Mapping[str, object]] = []
    for site, code in own.order_by("pk"):
        rows = CopyLine.objects.filter(of__site=site, code=code, of__state="done").order_by("pk")
        found += rows.values("of__site__name", "first_on", "last_on", "mono_pages", "colour_pages")
    return found
