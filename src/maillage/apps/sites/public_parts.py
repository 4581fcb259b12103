"""What other apps add to the public page of a site: its prices, its events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maillage.apps.sites.models import Site
from maillage.kit.components import Text
from maillage.kit.tables import Table


@dataclass(frozen=True)
class Section:
    """A part of the page: its anchor, its title, a table, or sentences."""

    id: str
    title: Text
    table: Table | None = None
    sentences: tuple[str, ...] = ()


Part = Callable[[Site, datetime], Section | None]
_PARTS: list[Part] = []


def also(part: Part) -> None:
    """Another app adds a section; called from its AppConfig.ready."""
    if part not in _PARTS:
        _PARTS.append(part)


def sections(site: Site, at: datetime) -> list[Section]:
    """Those that have something to say of a site, in the order of the apps."""
    return [found for part in _PARTS if (found := part(site, at)) is not None]
