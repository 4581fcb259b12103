"""The tables of one intercommunality, from the official files or the compact tables."""

import io
import json
import shutil
import zipfile
from dataclasses import replace

import polars as pl
import pytest

from factories.official import EPCI, INSEE_EPCI, official_folder, write, write_workbook
from maillage.core import assumptions
from maillage.core.bad_input import BadInput
from maillage.core.sources import files, gather, kept
from maillage.core.sources.gather import Note
from shared import DATA, needs_tables

ASSUMED = assumptions.load()
FLOWS = "CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C22_ACTOCC15P"


@pytest.fixture
def folder(tmp_path):
    return official_folder(tmp_path / "tables")


def test_a_folder_of_official_files_gives_a_territory(folder):
    tables = gather.gather(folder, EPCI, ASSUMED)

    members = tables.communes.filter("is_member")
    assert (tables.name, tables.kind, tables.census_year) == ("CC des Prés fictifs", "CC", 2022)
    assert members["commune_code", "population", "area_km2"].rows() == [
        ("01001", 1000, 20.5),
        ("01004", 1000, 20.5),
    ]
    assert tables.cells["commune_code", "population"].rows() == [("01001", 900), ("01004", 900)]
    assert tables.equipment.rows() == [("01001", "B203", 1), ("01004", "A504", 1)]
    assert tables.work["employed"].to_list() == [450.0] * 5
    assert tables.flows.is_empty()


def test_the_insee_workbook_gives_the_same_territory_as_that_of_the_dgcl(folder):
    with_dgcl = gather.gather(folder, EPCI, ASSUMED)
    (folder / "epcicom2026.xlsx").unlink()
    write_workbook(folder / "EPCI_au_01-01-2026.xlsx", INSEE_EPCI)

    with_insee = gather.gather(folder, EPCI, ASSUMED)

    assert with_insee.communes.drop("siren").equals(with_dgcl.communes.drop("siren"))


def test_a_town_placed_inside_its_outline_for_want_of_better_is_noted(folder):
    tables = gather.gather(folder, EPCI, ASSUMED)

    assert tables.notes == (Note("towns_from_outlines"),)
    [lon, lat] = tables.communes.filter(commune_code="01004").select("lon", "lat").row(0)
    assert (round(lon, 2), round(lat, 2)) == (5.25, 46.05)


def test_the_census_vintage_of_the_sources_is_that_of_the_file(folder):
    tables = gather.gather(folder, EPCI, ASSUMED)

    vintages = {source.file: source.vintage for source in tables.sources}
    assert vintages["base_cc_comparateur.csv"] == "RP 2022"
    assert len(vintages) == len(tables.sources) == 7


def test_official_files_without_the_outline_of_a_member_are_refused(folder):
    document = json.loads((folder / "communes-100m.geojson").read_text())
    document["features"] = [f for f in document["features"] if f["properties"]["code"] != "01004"]
    write(folder / "communes-100m.geojson", json.dumps(document))

    with pytest.raises(BadInput) as refusal:
        gather.gather(folder, EPCI, ASSUMED)

    assert refusal.value.code == "communes_without_position"
    assert refusal.value.facts == {"names": ["Ambre"]}


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("v_commune_2026.csv", "communes"),
        ("epcicom2026.xlsx", "epci"),
        ("v_mvt_commune_2026.csv", "movements"),
        ("base_cc_comparateur.csv", "census"),
        ("ESTAT_Census_2021_V2.csv", "grid"),
        ("BPE25.csv", "equipment"),
    ],
)
def test_each_needed_table_that_is_missing_is_named(folder, name, dataset):
    (folder / name).unlink()

    with pytest.raises(BadInput) as refusal:
        gather.gather(folder, EPCI, ASSUMED)

    assert refusal.value.code == "missing_table"
    assert refusal.value.facts["dataset"].id == dataset


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(BadInput) as refusal:
        gather.gather(tmp_path / "absent", EPCI, ASSUMED)

    assert refusal.value.code == "missing_folder"


def test_flows_that_match_the_census_are_used_without_a_note(folder, tmp_path):
    lines = [FLOWS, "01001;AB;01004;Ambre;450", "01004;Ambre;SU112;Vaud;450", ""]
    path = write(tmp_path / "flux-2022.csv", "\n".join(lines))

    tables = gather.gather(folder, EPCI, ASSUMED, flows_file=path)

    assert tables.flows["home_code", "work_code", "work_name", "workers"].rows() == [
        ("01001", "01004", "Ambre", 450.0),
        ("01004", "SU112", None, 450.0),
    ]
    assert [note.code for note in tables.notes] == ["towns_from_outlines"]


def test_flows_that_differ_from_the_census_by_more_than_one_percent_are_noted(folder, tmp_path):
    lines = [FLOWS, "01001;AB;01004;Ambre;450", "01004;Ambre;01004;Ambre;460", ""]
    path = write(tmp_path / "flux-2022.csv", "\n".join(lines))

    tables = gather.gather(folder, EPCI, ASSUMED, flows_file=path)

    assert tables.notes[-1] == Note("flows_differ_from_census", {"workers": 910, "employed": 900})


def test_flows_of_elsewhere_are_refused_when_given_and_left_when_found(folder, tmp_path):
    text = "\n".join([FLOWS, "01003;C;01003;C;450", ""])
    given = write(tmp_path / "flux-2022.csv", text)
    write(folder / "base-flux-mobilite-domicile-lieu-travail-2022.csv", text)

    with pytest.raises(BadInput) as refusal:
        gather.gather(folder, EPCI, ASSUMED, flows_file=given)

    assert refusal.value.code == "flows_elsewhere"
    assert gather.gather(folder, EPCI, ASSUMED).flows.is_empty()


def test_a_grid_that_tells_no_commune_needs_outlines(folder):
    (folder / "communes-100m.geojson").rename(folder / "elsewhere.geojson")
    (folder / "v_commune_2026.csv").unlink()
    (folder / "epcicom2026.xlsx").unlink()
    _compact_communes(folder)

    with pytest.raises(BadInput) as refusal:
        gather.gather(folder, EPCI, ASSUMED)

    assert refusal.value.code == "grid_without_communes"


def test_a_place_whose_commune_is_not_told_is_in_the_commune_of_the_nearest_town(folder):
    header = "ID,NOM_TL,INSEECOM,TYPO,LAT,LONG"
    write(folder / "tiers_lieux_2019.csv", f"{header}\n1,FabLab (fictif),0,,46.05,5.24\n")

    tables = gather.gather(folder, EPCI, ASSUMED)

    assert tables.places["name", "commune_code"].rows() == [("FabLab (fictif)", "01004")]


def _compact_communes(folder):
    row = {
        "code": "01004", "nom": "Ambre", "siren": "210100046", "dep": "01", "zone": "metro",
        "siren_epci": EPCI, "population_cog": 1000.0, "superficie_km2": 20.5,
        "lon_cheflieu": 5.25, "lat_cheflieu": 46.05, "lon_centre": 5.25, "lat_centre": 46.05,
    }  # fmt: skip
    codes = ("01001", "01003", "01009", "69123")
    others = [row | {"code": code, "siren_epci": None} for code in codes]
    pl.DataFrame([row, *others]).write_parquet(folder / "communes_2026.parquet")
    epci = {"siren": [EPCI], "nom": ["CC des Prés fictifs"], "nature": ["CC"]}
    pl.DataFrame(epci).write_parquet(folder / "epci_2026.parquet")


@needs_tables
def test_the_communes_restored_since_the_census_have_no_figure_and_are_named():
    tables = gather.gather(DATA, "200066637", ASSUMED)

    members = tables.communes.filter("is_member").join(
        tables.work, on="commune_code", how="left", maintain_order="left"
    )
    without = members.filter(pl.col("employed").is_null())["name"].to_list()
    divided = ["Celles", "Chalinargues", "Chavagnac", "Neussargues-Moissac", "Sainte-Anastasie"]
    assert (len(members), without) == (39, divided)
    assert tables.notes == (Note("no_equipment_figures", {"communes": divided}),)


@needs_tables
def test_compact_tables_and_the_census_of_2021_give_the_same_work(tmp_path):
    folder = tmp_path / "tables"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("*_rp2018_cog2026*", "demo_*"))

    ours = gather.gather(folder, "200067817", ASSUMED).work
    theirs = gather.gather(DATA, "200067817", ASSUMED).work

    assert ours["commune_code"].to_list() == theirs["commune_code"].to_list()
    assert (ours["jobs"] - theirs["jobs"]).abs().max() <= 0.01


def test_third_places_of_the_national_schema_are_cited_as_theirs_and_kept_so(folder):
    lines = [
        "id,nom,commune,code_insee,latitude,longitude,typologie,date_maj",
        "1,Le Nid (fictif),Ambre,01004,46.05,5.25,TIERS_LIEUX,2026-05-02",
        "2,Sans adresse (fictif),Ambre,01004,,,TIERS_LIEUX,2026-05-03",
    ]
    write(folder / "lieux-mediation-numerique-france-tiers-lieux.csv", "\n".join([*lines, ""]))

    tables = gather.gather(folder, EPCI, ASSUMED)

    assert tables.places.select("kind", "name").rows() == [("third_place", "Le Nid (fictif)")]
    left = next(note for note in tables.notes if note.code == "places_left_out")
    assert left.facts["no_position"] == 1
    for read in (tables, kept.from_bytes(kept.to_bytes(tables))):
        [source] = [s for s in read.sources if s.dataset.id == "third_places"]
        assert (source.dataset.publisher, source.vintage) == ("France Tiers-Lieux", "2026-05-02")


def test_a_detail_file_gives_the_flows_of_the_members_alone(folder):
    lines = ["COMMUNE;DCLT;CS1;IPONDI", "1001;1004;3;12.5", "01004;69123;5;4", "01003;01004;5;9"]
    path = write(folder / "FD_MOBPRO_2022.csv", "\n".join([*lines, ""]))

    tables = gather.gather(folder, EPCI, ASSUMED, flows_file=path)

    assert tables.flows.select("home_code", "work_code", "category", "workers").rows() == [
        ("01001", "01004", "3", 12.5),
        ("01004", "69123", "5", 4.0),
    ]
    assert "codes_repaired" in [note.code for note in tables.notes]


DETAIL = (
    "COMMUNE;DCLT;CS1;TP;TRANS;IPONDI",
    "1001;1004;3;1;5;12.5",
    "01001;01004;3;2;2;1.25",
    "01004;69123;5;1;6;4",
    "01003;01004;5;1;5;9",
)


def test_the_trips_of_a_detail_file_are_those_of_the_members_and_sum_to_their_flows(folder):
    path = write(folder / "FD_MOBPRO_2022.csv", "\n".join([*DETAIL, ""]))

    tables = gather.gather(folder, EPCI, ASSUMED, flows_file=path)

    assert tables.trips.rows() == [
        ("01001", "01004", "3", "car", "full", 12.5),
        ("01001", "01004", "3", "walk", "part", 1.25),
        ("01004", "69123", "5", "transit", "full", 4.0),
    ]
    assert tables.flows.select("home_code", "work_code", "category", "workers").rows() == [
        ("01001", "01004", "3", 13.75),
        ("01004", "69123", "5", 4.0),
    ]


def test_a_detail_file_is_read_once(folder, monkeypatch):
    path = write(folder / "FD_MOBPRO_2022.csv", "\n".join([*DETAIL, ""]))
    read, once = [], files.read_in_pieces
    monkeypatch.setattr(files, "read_in_pieces", lambda *a: read.append(a[0]) or once(*a))

    gather.gather(folder, EPCI, ASSUMED, flows_file=path)

    assert read.count(path) == 1


def test_a_flow_base_tells_no_trip(folder, tmp_path):
    lines = [FLOWS, "01001;AB;01004;Ambre;450", "01004;Ambre;SU112;Vaud;450", ""]
    path = write(tmp_path / "flux-2022.csv", "\n".join(lines))

    assert gather.gather(folder, EPCI, ASSUMED, flows_file=path).trips is None
    assert gather.gather(folder, EPCI, ASSUMED).trips is None


def test_the_trips_are_kept_with_the_tables_and_what_was_kept_before_them_is_read(folder):
    path = write(folder / "FD_MOBPRO_2022.csv", "\n".join([*DETAIL, ""]))
    with_trips = gather.gather(folder, EPCI, ASSUMED, flows_file=path)
    data = kept.to_bytes(with_trips)

    again = kept.from_bytes(data)

    assert again.trips.equals(with_trips.trips)
    assert kept.to_bytes(again) == data
    before = kept.to_bytes(replace(with_trips, trips=None))
    with zipfile.ZipFile(io.BytesIO(before)) as archive:
        assert kept.TRIPS not in archive.namelist()
    assert kept.from_bytes(before).trips is None
