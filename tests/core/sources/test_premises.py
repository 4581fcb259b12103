"""The two files that an intercommunality writes itself."""

from pathlib import Path

import pytest

from factories.official import write
from maillage.core.bad_input import BadInput
from maillage.core.sources import premises

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
GOOD = {
    "id": "L1",
    "name": "Ancienne école (fictif)",
    "commune_code": "01004",
    "kind": "building",
    "lon": "5,35",
    "lat": "45.95",
    "area_m2": "",
    "rented": "no",
}


def premises_file(folder, **changes):
    row = GOOD | changes
    return write(folder / "locaux.csv", f"{';'.join(row)}\n{';'.join(row.values())}\n")


def test_a_line_of_premises_is_read_with_its_empty_area_and_its_decimal_comma(tmp_path):
    [building] = premises.read_premises(premises_file(tmp_path))

    assert building == premises.Premises(
        id="L1",
        name="Ancienne école (fictif)",
        commune_code="01004",
        kind="building",
        lon=5.35,
        lat=45.95,
        area_m2=None,
        rented=False,
    )


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"name": " "}, "line_empty_value", "name"),
        ({"id": ""}, "line_empty_value", "id"),
        ({"lon": "à l'est"}, "line_not_a_number", "lon"),
        ({"area_m2": "120 m²"}, "line_not_a_number", "area_m2"),
        ({"area_m2": "nan"}, "line_not_a_number", "area_m2"),
        ({"area_m2": "inf"}, "line_not_a_number", "area_m2"),
        ({"area_m2": "0"}, "line_not_positive", "area_m2"),
        ({"area_m2": "-20"}, "line_not_positive", "area_m2"),
        ({"lon": "nan"}, "line_not_a_number", "lon"),
        ({"kind": "bureau"}, "line_unknown_choice", "kind"),
        ({"rented": "oui"}, "line_unknown_choice", "rented"),
        ({"commune_code": "1004"}, "line_code_lost_zero", "commune_code"),
        ({"commune_code": "Ambérieu"}, "line_bad_code", "commune_code"),
        ({"lon": "45.95", "lat": "5.35"}, "line_swapped_coordinates", "lon"),
        ({"lon": "882000", "lat": "6540000"}, "line_projected_coordinates", "lon"),
        ({"lon": "55.4", "lat": "-20.9"}, "line_outside_mainland", "lon"),
    ],
)
def test_each_wrong_value_is_refused_with_its_line_and_column(tmp_path, changes, code, column):
    path = premises_file(tmp_path, **changes)

    with pytest.raises(BadInput) as refusal:
        premises.read_premises(path)

    facts = refusal.value.facts
    assert (refusal.value.code, facts["line"], facts["column"]) == (code, 2, column)


def test_two_lines_with_one_identifier_are_refused(tmp_path):
    line = ";".join(GOOD.values())
    path = write(tmp_path / "locaux.csv", f"{';'.join(GOOD)}\n{line}\n{line}\n")

    with pytest.raises(BadInput) as refusal:
        premises.read_premises(path)

    assert (refusal.value.code, refusal.value.facts["id"]) == ("duplicate_id", "L1")


def test_every_missing_column_is_named(tmp_path):
    path = write(tmp_path / "lieux.csv", "id;name;commune_code;lon\nE1;Le Nid;01004;5.35\n")

    with pytest.raises(BadInput) as refusal:
        premises.read_existing(path)

    assert refusal.value.facts == {
        "table": "lieux.csv",
        "columns": ["lat", "state"],
        "expected": ["id", "name", "commune_code", "lon", "lat", "state"],
    }


def test_an_empty_file_of_premises_is_refused_with_its_columns(tmp_path):
    with pytest.raises(BadInput) as refusal:
        premises.read_premises(write(tmp_path / "locaux.csv", ""))

    assert (refusal.value.code, refusal.value.facts["expected"]) == ("file_empty", list(GOOD))


def test_a_folder_given_as_premises_is_refused(tmp_path):
    with pytest.raises(BadInput) as refusal:
        premises.read_premises(tmp_path)

    assert refusal.value.code == "is_a_folder"


def test_an_existing_place_is_open_or_closed(tmp_path):
    header = "id;name;commune_code;lon;lat;state"
    path = write(tmp_path / "lieux.csv", f"{header}\nE1;Le Nid;01004;5.35;45.95;ouvert\n")

    with pytest.raises(BadInput) as refusal:
        premises.read_existing(path)

    assert (refusal.value.code, refusal.value.facts["allowed"]) == (
        *("line_unknown_choice", ("open", "closed")),
    )


def test_the_examples_of_the_documentation_are_read():
    locals_, existing = (
        premises.read_premises(EXAMPLES / "locaux.csv"),
        premises.read_existing(EXAMPLES / "lieux-existants.csv"),
    )

    assert [(p.id, p.kind, p.rented, p.area_m2) for p in locals_] == [
        ("L1", "building", False, 220.0),
        ("L2", "shop", True, 35.0),
        ("L3", "business_park", False, None),
    ]
    assert [(p.id, p.state) for p in existing] == [("E1", "open"), ("E2", "closed")]
    assert all(item.name.endswith("(fictif)") for item in (*locals_, *existing))
