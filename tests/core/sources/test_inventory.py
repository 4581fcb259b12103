"""What a folder of official tables holds."""

import pytest

from factories.official import OSM_HEADER, official_folder, write
from maillage.core.bad_input import BadInput
from maillage.core.sources import inventory
from shared import DATA, needs_tables


def states(folder):
    entries = inventory.of_folder(folder)
    return {e.dataset.id: (e.rows, e.refusal.code if e.refusal else None) for e in entries}


@pytest.fixture
def folder(tmp_path):
    return official_folder(tmp_path / "tables")


def test_a_folder_of_official_files_can_be_studied(folder):
    found = states(folder)

    assert {key: rows for key, (rows, _) in found.items() if rows is not None} == {
        "communes": 5,
        "epci": 2,
        "movements": 4,
        "census": 5,
        "grid": 5,
        "equipment": 2,
        "outlines": 5,
    }
    assert inventory.can_run(inventory.of_folder(folder))


def test_one_unreadable_table_does_not_hide_the_others(folder):
    write(folder / "BPE25.csv", "DEP;DEPCOM;TYPEQU\n01;01001;B203\n01;010")

    found = states(folder)

    assert found["equipment"] == (None, "file_truncated")
    assert found["census"] == (5, None)
    assert not inventory.can_run(inventory.of_folder(folder))


def test_outlines_are_needed_when_no_table_places_the_towns(folder):
    (folder / "communes-100m.geojson").unlink()

    entries = inventory.of_folder(folder)

    needed = [e.dataset.id for e in entries if e.needed and not e.is_readable]
    assert needed == ["outlines"]


def test_the_census_vintage_is_read_in_the_file(folder):
    entries = {e.dataset.id: e for e in inventory.of_folder(folder)}

    assert entries["census"].vintage == "RP 2022"


def test_an_empty_folder_lacks_every_table(tmp_path):
    entries = inventory.of_folder(tmp_path)

    assert [e.path for e in entries] == [None] * 13
    assert not inventory.can_run(entries)


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(BadInput) as refusal:
        inventory.of_folder(tmp_path / "absent")

    assert refusal.value.code == "missing_folder"


def test_an_optional_table_that_is_there_and_unreadable_stops_studies(folder):
    write(folder / "liste-fs-20260101.csv", "")

    entries = inventory.of_folder(folder)

    found = [e for e in entries if not e.is_absent and not e.is_readable]
    assert [(e.dataset.id, e.needed) for e in found] == [("service_houses", False)]
    assert not inventory.can_run(entries)


def test_every_file_of_outlines_is_read(folder):
    write(folder / "communes-1000m.geojson", '{"features": null}')

    assert states(folder)["outlines"] == (None, "file_unreadable")


def test_a_file_given_as_a_folder_is_refused(folder):
    with pytest.raises(BadInput) as refusal:
        inventory.of_folder(folder / "BPE25.csv")

    assert refusal.value.code == "not_a_folder"


@needs_tables
def test_every_compact_table_is_read():
    entries = inventory.of_folder(DATA)

    assert [e.dataset.id for e in entries if not e.is_readable] == ["roads"]
    assert inventory.can_run(entries)


def test_roads_are_an_extract_of_openstreetmap_or_are_refused(folder):
    (folder / "rhone-alpes-latest.osm.pbf").write_bytes(OSM_HEADER)
    assert states(folder)["roads"] == (None, None)
    assert inventory.can_run(inventory.of_folder(folder))

    write(folder / "auvergne-latest.osm.pbf", "<html></html>")
    assert states(folder)["roads"] == (None, "file_unreadable")


def test_the_national_schema_is_read_before_the_list_of_2019_which_is_said_to_be_left(folder):
    write(folder / "tiers_lieux_cget_2019.csv", "ID,NOM_TL,INSEECOM,TYPO,LAT,LONG\n")
    lmn = "id,nom,commune,code_insee,latitude,longitude,typologie,date_maj\n"
    line = "1,Le Nid (fictif),Ambre,01004,46.05,5.25,TIERS_LIEUX,2026-05-02\n"
    write(folder / "lieux-mediation-numerique-france-tiers-lieux.csv", lmn + line)

    entry = next(e for e in inventory.of_folder(folder) if e.dataset.id == "third_places")

    assert (entry.path.name, entry.rows, entry.vintage, entry.unread) == (
        *("lieux-mediation-numerique-france-tiers-lieux.csv", 1, "2026-05-02"),
        ("tiers_lieux_cget_2019.csv",),
    )
    assert entry.dataset.publisher == "France Tiers-Lieux"
