"""Communes and intercommunalities, from the compact tables or the official files."""

import polars as pl
import pytest

from factories.official import EPCI, EPCICOM, INSEE_EPCI, V_COMMUNE, write, write_workbook
from maillage.core.bad_input import BadInput
from maillage.core.sources import communes
from shared import DATA, needs_tables

MAINLAND = ["01001", "01003", "01004", "01009", "69123"]


@pytest.fixture
def v_commune(tmp_path):
    return write(tmp_path / "v_commune_2026.csv", V_COMMUNE)


def test_v_commune_keeps_mainland_communes_without_delegated_ones_nor_districts(v_commune):
    table = communes.read(v_commune, None)

    assert table["commune_code"].to_list() == MAINLAND
    assert table["name"].to_list() == ["AB", "C", "Ambre", "D", "Lyon"]
    assert table["lon"].null_count() == len(MAINLAND)


def test_the_members_of_the_dgcl_workbook_are_found(tmp_path, v_commune):
    workbook = write_workbook(tmp_path / "epcicom2026.xlsx", {"epcicom2026": EPCICOM})

    table = communes.read(v_commune, workbook)

    assert table["epci_siren"].to_list() == [EPCI, None, EPCI, None, "200046977"]
    assert table["siren"].to_list() == ["210100012", None, "210100046", None, "216901231"]
    assert communes.read_epcis(workbook).rows() == [
        (EPCI, "CC des Prés fictifs", "CC"),
        ("200046977", "Métropole fictive", "ME"),
    ]


def test_the_dgcl_workbook_of_other_years_has_other_column_names(tmp_path, v_commune):
    header = ["dep_epci", "siren", "raison_sociale", "nature_juridique", "insee", "pmun_2023"]
    rows = [header, ["01", EPCI, "CC des Prés fictifs", "CC", "01004", "1234"]]
    workbook = write_workbook(tmp_path / "epcicom2024.xlsx", {"Feuil1": rows})

    table = communes.read(v_commune, workbook)

    assert table["population"].to_list() == [None, None, 1234, None, None]
    assert communes.read_epcis(workbook).rows() == [(EPCI, "CC des Prés fictifs", "CC")]


def test_the_insee_workbook_is_read_from_its_two_sheets(tmp_path, v_commune):
    workbook = write_workbook(tmp_path / "EPCI_au_01-01-2026.xlsx", INSEE_EPCI)

    table = communes.read(v_commune, workbook)

    assert table["epci_siren"].to_list() == [EPCI, None, EPCI, None, "200046977"]
    assert communes.read_epcis(workbook).rows() == [
        (EPCI, "CC des Prés fictifs", "CC"),
        ("200046977", "Métropole fictive", "ME"),
    ]


def test_v_commune_beside_a_table_without_members_is_refused(tmp_path, v_commune):
    epci = tmp_path / "epci_2026.parquet"
    pl.DataFrame({"siren": [EPCI], "nom": ["CC"], "nature": ["CC"]}).write_parquet(epci)

    with pytest.raises(BadInput) as refusal:
        communes.read(v_commune, epci)

    assert refusal.value.code == "epci_without_members"


def test_a_workbook_without_the_kind_of_intercommunality_is_refused(tmp_path):
    rows = [["siren", "nom_complet", "insee"], [EPCI, "CC des Prés fictifs", "01004"]]
    workbook = write_workbook(tmp_path / "epcicom2026.xlsx", {"Feuil1": rows})

    with pytest.raises(BadInput) as refusal:
        communes.read_epcis(workbook)

    assert refusal.value.code == "table_missing_column"


def compact(folder, **changes):
    row = {
        "code": "01004", "nom": "Ambre", "siren": "210100046", "dep": "01", "zone": "metro",
        "siren_epci": EPCI, "population_cog": 1000.0, "superficie_km2": 20.5,
        "lon_cheflieu": 5.25, "lat_cheflieu": 46.05, "lon_centre": 5.25, "lat_centre": 46.05,
    }  # fmt: skip
    path = folder / "communes_2026.parquet"
    pl.DataFrame([row | changes]).write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lon_cheflieu": 46.05, "lat_cheflieu": 5.25}, "table_swapped_coordinates"),
        ({"lon_cheflieu": 882000.0, "lat_cheflieu": 6.54e6}, "table_projected_coordinates"),
        ({"code": "1004"}, "codes_lost_zero"),
        ({"population_cog": -5.0}, "table_negative_value"),
        ({"zone": "drom"}, "table_without_rows"),
    ],
)
def test_a_table_of_communes_with_a_wrong_content_is_the_one_refused(tmp_path, changes, code):
    path = compact(tmp_path, **changes)

    with pytest.raises(BadInput) as refusal:
        communes.read(path, None)

    assert refusal.value.code == code
    assert refusal.value.facts.get("path", path) == path
    assert refusal.value.facts.get("table", path.name) == path.name


def test_a_table_without_intercommunalities_is_refused(tmp_path):
    path = tmp_path / "epci_2026.parquet"
    schema = dict.fromkeys(("siren", "nom", "nature"), pl.String)
    pl.DataFrame(schema=schema).write_parquet(path)

    with pytest.raises(BadInput) as refusal:
        communes.read_epcis(path)

    assert (refusal.value.code, refusal.value.facts) == ("table_without_rows", {"path": path})


@needs_tables
def test_the_compact_table_gives_the_town_of_every_mainland_commune():
    table = communes.read(DATA / "communes_2026.parquet", None)

    assert (len(table), table["lon"].null_count()) == (34_746, 0)
    assert len(communes.read_epcis(DATA / "epci_2026.parquet")) == 1_255
