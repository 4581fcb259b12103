"""The other names under which people look for a territory: add one, take it back."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.territories.load import UnknownTerritory
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import search_key, search_lines, short_name
from maillage.kit.refusal import Refusal


class EmptyAlias(Refusal):
    """Nothing is left of the name once the small words are gone."""

    sentence = "Donnez un nom, par exemple « Val de l'Eyre »."


class UnknownAlias(Refusal):
    """The territory does not have this name."""

    sentence = "{name} ne porte pas ce nom. Ses autres noms : {aliases}."


def add_alias(siren: str, alias: str, *, by: int | None, at: datetime) -> Territory:
    """One more name leads to this territory."""
    alias = " ".join(alias.split())
    if not search_key(alias):
        raise EmptyAlias
    with transaction.atomic():
        row = _locked(siren)
        aliases = row.aliases.splitlines()
        if alias not in aliases:
            _write(row, [*aliases, alias])
        record("territories.add_alias", ("territory", siren), by=by, at=at, scope=row.scopes[0])
    return row


def remove_alias(siren: str, alias: str, *, by: int | None, at: datetime) -> Territory:
    """A name given by mistake leads there no more."""
    alias = " ".join(alias.split())
    with transaction.atomic():
        row = _locked(siren)
        aliases = row.aliases.splitlines()
        if alias not in aliases:
            raise UnknownAlias(name=row.name, aliases=", ".join(aliases) or "aucun")
        _write(row, [name for name in aliases if name != alias])
        record("territories.remove_alias", ("territory", siren), by=by, at=at, scope=row.scopes[0])
    return row


def _locked(siren: str) -> Territory:
    row = Territory.objects.select_for_update().filter(pk=siren).first()
    if row is None:
        raise UnknownTerritory
    return row


def _write(row: Territory, aliases: list[str]) -> None:
    row.aliases = "\n".join(aliases)
    row.search_name = search_lines([row.name, short_name(row.name), *aliases])
    row.save(update_fields=["aliases", "search_name"])
