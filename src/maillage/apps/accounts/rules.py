"""Who exports, closes and archives: in the name of a body."""

from typing import Any

from maillage.apps.accounts.models import Archive
from maillage.apps.people.models import Organisation
from maillage.apps.sites.bodies import bodies, may_act_for, may_somewhere
from maillage.apps.tariffs.rules import found

ACT = "accounts.export"
may_export = may_somewhere(ACT)


def own(person: Any) -> list[Organisation]:
    """The bodies whose accounts she exports."""
    return bodies(person, ACT)


def may_export_of(person: Any, body: Organisation) -> bool:
    """Whether she exports the accounts of a body."""
    return may_act_for(person, body, ACT)


def body_of(person: Any, pk: int, **_more: Any) -> Organisation:
    """One of her bodies; 404 for the others."""
    return found(Organisation.objects.filter(pk__in=[body.pk for body in own(person)]), pk)


def archive_of(person: Any, pk: int) -> Archive:
    """An archive of one of her bodies."""
    rows = Archive.objects.filter(operator__in=own(person)).select_related("operator")
    return found(rows, pk)


def may_read(person: Any, archive: Archive) -> bool:
    """Whoever exports the accounts of its body."""
    return may_export_of(person, archive.operator)
