"""Two people write at once: the second is told who was first, and keeps her text."""

from typing import Protocol

from maillage.apps.journal.models import Entry
from maillage.apps.people.models import Person
from maillage.kit.refusal import Refusal


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = "{who} a modifié ces informations pendant votre saisie. Relisez, puis enregistrez."


class Versioned(Protocol):
    """Something whose writings are counted."""

    version: int

    @property
    def pk(self) -> int: ...


def refuse_older(held: Versioned, version: int, kind: str) -> None:
    """Raises SomebodyElseEdited unless the held row is the one that was read.

    kind  its name in the journal
    """
    if held.version != version:
        raise SomebodyElseEdited(who=_last_editor(kind, held.pk))


def _last_editor(kind: str, pk: int) -> str:
    lines = Entry.objects.filter(object_kind=kind, object_key=str(pk))
    last = lines.order_by("-at", "-pk").values_list("actor_id", flat=True).first()
    person = Person.objects.filter(pk=last or 0).first()
    return person.name if person else "Une autre personne"
