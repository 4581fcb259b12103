"""A folder from which many places are read: each table once, the same tables as alone."""

from pathlib import Path

import pytest

from factories.official import EPCI, official_folder
from maillage.core import assumptions
from maillage.core.bad_input import BadInput
from maillage.core.sources import kept
from maillage.core.sources.gather import gather
from maillage.core.sources.shelf import Shelf

ASSUMED = assumptions.load()
OTHER = "200046977"


def test_a_shared_shelf_gives_each_place_the_tables_it_would_have_alone(tmp_path):
    folder = official_folder(tmp_path / "tables")
    shelf = Shelf(folder, is_shared=True)

    together = [kept.to_bytes(gather(shelf, siren, ASSUMED)) for siren in (EPCI, OTHER, EPCI)]

    alone = [kept.to_bytes(gather(folder, siren, ASSUMED)) for siren in (EPCI, OTHER, EPCI)]
    assert together == alone


def test_a_table_is_read_once_and_a_refusal_is_not_kept():
    asked = []
    shelf = Shelf(Path("tables"))

    def read(name: str) -> str:
        asked.append(name)
        if len(asked) == 1:
            raise BadInput("missing_file", path=name)
        return name

    with pytest.raises(BadInput, match="missing_file"):
        shelf.once(read, "grid")
    assert [shelf.once(read, "grid"), shelf.once(read, "grid")] == ["grid", "grid"]

    assert asked == ["grid", "grid"]
