"""Inhabited cells of 1 km."""

import pytest

from factories.official import write
from maillage.core.bad_input import BadInput
from maillage.core.sources import grid

HEADER = "GRD_ID,T,M,F,Y_LT15,Y_1564,Y_GE65,EMP,LAND_SURFACE"


def test_the_cells_of_eurostat_are_read_from_their_south_west_corner(tmp_path):
    lines = [
        "CRS3035RES1000mN2600000E3900000,120,60,60,20,70,30,,1",
        "CRS3035RES1000mN2601000E3900000,0,0,0,0,0,0,,1",
    ]
    path = write(tmp_path / "ESTAT_Census_2021_V2.csv", "\n".join([HEADER, *lines, ""]))

    cells = grid.read(path)

    assert cells.rows() == [(3_900_000, 2_600_000, 120, 70, None)]
    assert not grid.tells_communes(cells)


def test_a_secret_count_is_not_a_number_of_inhabitants(tmp_path):
    lines = [
        "CRS3035RES1000mN2600000E3900000,-9999,-9999,-9999,-9999,-9999,-9999,,1",
        "CRS3035RES1000mN2601000E3900000,4,2,2,1,-9999,-9999,,1",
    ]
    path = write(tmp_path / "ESTAT_Census_2021_V2.csv", "\n".join([HEADER, *lines, ""]))

    cells = grid.located(grid.read(path))

    assert cells.select("y3035_m", "population", "aged_15_64").rows() == [(2_601_000, 4, 0)]


@pytest.mark.parametrize(
    "identifier",
    ["CRS3035RES200mN2600000E3900000", "CRS2154RES1000mN6500000E800000", "1kmN2600E3900"],
)
def test_a_grid_of_another_projection_or_step_is_refused(tmp_path, identifier):
    text = f"{HEADER}\n{identifier},1,1,1,1,1,1,,1\n"
    path = write(tmp_path / "ESTAT_Census_2021_V2.csv", text)

    with pytest.raises(BadInput) as refusal:
        grid.read(path)

    assert refusal.value.code == "unknown_grid"
    assert refusal.value.facts == {"path": path, "example": identifier}


def test_corners_that_are_not_on_the_kilometre_are_refused(tmp_path):
    path = write(tmp_path / "grille_1km_x.csv", "x,y,T,Y_1564\n838412,6543210,5,3\n")

    with pytest.raises(BadInput) as refusal:
        grid.read(path)

    assert (refusal.value.code, refusal.value.facts["example"]) == ("unknown_grid", "x = 838412")


@pytest.mark.parametrize("header", ["GRD_ID,M,F", "x,y,T", "T,Y_1564"])
def test_a_grid_without_counts_or_corners_is_refused(tmp_path, header):
    line = ",".join("1" * len(header.split(",")))
    path = write(tmp_path / "grille_1km_x.csv", f"{header}\n{line}\n")

    with pytest.raises(BadInput) as refusal:
        grid.read(path)

    assert refusal.value.code == "table_missing_column"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "table_without_rows"),
        (["3900000,2600000,-5,3"], "table_negative_value"),
        (["3900000,2600000,5,-3"], "table_negative_value"),
        (["838000,6543000,5,3"], "unknown_grid"),
        (["3900000,2600500,5,3"], "unknown_grid"),
        (["3900000,2600000,5,3", "3900000,2600000,5,3"], "table_duplicate_key"),
    ],
)
def test_a_grid_that_is_empty_elsewhere_negative_or_double_is_refused(tmp_path, lines, code):
    path = write(tmp_path / "grille_1km_x.csv", "\n".join(["x,y,T,Y_1564", *lines, ""]))

    with pytest.raises(BadInput) as refusal:
        grid.read(path)

    assert refusal.value.code == code
    facts = refusal.value.facts
    assert facts.get("path", path) == path
    assert facts.get("table", path.name) == path.name


def test_the_third_version_has_another_secret_and_inhabitants_without_a_cell(tmp_path):
    lines = [
        "CRS3035RES1000mN2600000E3900000,-8888,-8888,-8888,-8888,-8888,-8888,,1",
        "CRS3035RES1000mN2601000E3900000,4,2,2,1,-8888,-8888,,1",
        "IT_unallocated,1204,600,604,100,900,204,,0",
    ]
    path = write(tmp_path / "ESTAT_Census_2021_V3.csv", "\n".join([HEADER, *lines, ""]))

    cells = grid.located(grid.read(path))

    assert cells.select("y3035_m", "population", "aged_15_64").rows() == [(2_601_000, 4, 0)]
