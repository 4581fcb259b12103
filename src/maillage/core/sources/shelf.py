"""A folder of official tables from which many places are read: each table is read once."""

from collections.abc import Callable, Collection, Hashable
from pathlib import Path
from typing import Any

from maillage.core.sources import registry
from maillage.core.sources.registry import Source


class Shelf:
    """The tables of a folder, kept in memory once they are read.

    is_shared  many places will be read: tables are then kept for every commune
    """

    def __init__(self, path: Path, *, is_shared: bool = False) -> None:
        self.path = path
        self.is_shared = is_shared
        self._read: dict[Hashable, Any] = {}

    def once[Table](self, read: Callable[..., Table], *arguments: Hashable) -> Table:
        """What a function reads, the first time; the same value afterwards.

        Nothing is kept of what it refuses.
        """
        key = (read, arguments)
        if key not in self._read:
            self._read[key] = read(*arguments)
        kept: Table = self._read[key]
        return kept

    def wanted(self, communes: Collection[str]) -> frozenset[str] | None:
        """The communes that a table is read for: some, or None for all on a shared shelf."""
        return None if self.is_shared else frozenset(communes)

    def source(self, dataset: str, path: Path, vintage: str | None) -> Source:
        """The provenance of a file; its bytes are read once."""
        return self.once(registry.source, dataset, path, vintage)
