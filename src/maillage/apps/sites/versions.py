"""What every verb of a site holds to: the row it locks, the version read, its line of journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Site, Space
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Author:
    """Who acts, when."""

    by: int | None
    at: datetime


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = "{who} a modifié cette fiche pendant votre saisie. Relisez-la, puis enregistrez."


class SiteRemoved(Refusal):
    """It must be taken back first."""

    sentence = "Ce lieu est retiré. Rétablissez-le d'abord, depuis sa page."


class SpaceRemoved(Refusal):
    """It must be taken back first."""

    sentence = "Cet espace est retiré. Rétablissez-le d'abord, au bas de la page des espaces."


def held(site: Site) -> Site:
    """The row, held until the transaction ends; those who only refer to it do not wait.

    A booking refers to its site while it holds seats: a stronger lock would wait for it, and be
    waited for.
    """
    row = Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    if row.removed_at:
        raise SiteRemoved
    return row


def held_at(site: Site, version: int) -> Site:
    """The same, refused when it is another version than the one that was read."""
    row = held(site)
    if row.version != version:
        raise SomebodyElseEdited(who=last_editor("site", site.pk))
    return row


def held_space(space: Space, version: int | None = None) -> Space:
    """A space, its site held first: whoever changes a tree waits for the others."""
    site = held(space.site)
    row = Space.objects.select_for_update(no_key=True).get(pk=space.pk)
    row.site = site
    if row.removed_at:
        raise SpaceRemoved
    if version is not None and row.version != version:
        raise SomebodyElseEdited(who=last_editor("space", space.pk))
    return row


def last_editor(kind: str, pk: int) -> str:
    """Who wrote last on something."""
    entries = Entry.objects.filter(object_kind=kind, object_key=str(pk))
    last = entries.order_by("-at", "-pk").values_list("actor_id", flat=True).first()
    person = Person.objects.filter(pk=last or 0).first()
    return person.name if person else "Une autre personne"


def note(act: str, of: Site | Space, author: Author, **facts: Any) -> None:
    """One line of the journal, in the scope of the site."""
    kind = "site" if isinstance(of, Site) else "space"
    record(act, (kind, of.pk), by=author.by, at=author.at, scope=of.scopes[0], **facts)
