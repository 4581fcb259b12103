"""The individual detail file: repaired codes, modes of each vintage, unrounded weights."""

import zipfile

import polars as pl
import pytest

from factories.official import history, real_history, write
from maillage.core.bad_input import BadInput
from maillage.core.sources import files, flows, mobpro
from maillage.report import notes
from shared import DATA, needs_tables

HEADER = "COMMUNE;ARM;DCLT;CS1;TP;TRANS;IPONDI"
LINES = (
    "01004;ZZZZZ;01004;3;1;5;1.25",
    "01004;ZZZZZ;01004;3;1;5;2.5",
    "01004;ZZZZZ;01004;3;2;2;4.0",
    "01004;ZZZZZ;69381;5;1;6;1.0",
    "01001;ZZZZZ;BE540;6;1;4;3.0",
)
VARMOD = "COD_VAR;LIB_VAR;COD_MOD;LIB_MOD\n"
AIN = "mobpro_rp2021_echantillon_ain.csv"
ORNE = "mobpro_orne_rp2012_individus.parquet"


def detail(folder, *lines, header=HEADER, name="FD_MOBPRO_2022.csv"):
    return write(folder / name, "\n".join([header, *(lines or LINES), ""]))


def test_workers_are_told_by_category_mode_and_working_time(tmp_path):
    found, year = mobpro.read_breakdown(detail(tmp_path), history(tmp_path))

    assert year == 2022
    assert found.table.rows() == [
        ("01001", "BE540", "6", "motorbike", "full", 3.0),
        ("01004", "01004", "3", "car", "full", 3.75),
        ("01004", "01004", "3", "walk", "part", 4.0),
        ("01004", "69123", "5", "transit", "full", 1.0),
    ]


def test_the_flows_are_the_sums_of_the_breakdown(tmp_path):
    observed, _ = flows.read(detail(tmp_path), history(tmp_path))

    assert observed.table.rows() == [
        ("01001", "BE540", "6", 3.0),
        ("01004", "01004", "3", 7.75),
        ("01004", "69123", "5", 1.0),
    ]


def test_only_the_residents_of_the_wanted_communes_are_kept_under_the_codes_they_had(tmp_path):
    # 01002 merged into 01001 in 2023: the file of 2020 still has it
    path = detail(tmp_path, "01002;ZZZZZ;01004;3;1;5;2", *LINES, name="FD_MOBPRO_2020.csv")

    wanted, _ = flows.read(path, history(tmp_path), ["01001"])

    assert wanted.table.rows() == [("01001", "01004", "3", 2.0), ("01001", "BE540", "6", 3.0)]


def test_a_flow_base_is_cut_to_the_wanted_communes_too(tmp_path):
    text = "CODGEO;DCLT;NBFLUX_C22_ACTOCC15P\n01004;01004;9\n01001;01004;5\n"
    path = write(tmp_path / "base-flux-mobilite-domicile-lieu-travail-2022.csv", text)

    wanted, _ = flows.read(path, history(tmp_path), ["01001"])

    assert wanted.table.rows() == [("01001", "01004", None, 5.0)]


def test_codes_that_lost_their_zero_are_repaired_and_it_is_said(tmp_path):
    path = detail(tmp_path, "1004;ZZZZZ;1001;3;1;5;2")

    found, _ = flows.read(path, history(tmp_path))

    assert found.table.rows() == [("01004", "01001", "3", 2.0)]
    assert [notes.sentence(note) for note in found.notes] == [
        "Le fichier FD_MOBPRO_2022.csv avait perdu le zéro de tête de ses codes de commune (1004 "
        "pour 01004) : ils ont été complétés."
    ]


@pytest.mark.parametrize(
    ("name", "modes"),
    [
        ("FD_MOBPRO_2012.csv", ["none", "walk", "two_wheels", "car", "transit"]),
        ("FD_MOBPRO_2017.csv", ["none", "walk", "bicycle", "motorbike", "car"]),
        ("detail.csv", ["none", "walk", "bicycle", "motorbike", "car"]),
    ],
)
def test_the_modes_are_those_of_the_vintage(tmp_path, name, modes):
    lines = [f"01004;ZZZZZ;01004;{n};1;{n};1" for n in range(1, 6)]

    found, _ = mobpro.read_breakdown(detail(tmp_path, *lines, name=name), history(tmp_path))

    assert found.table.sort("category")["mode"].to_list() == modes


def test_a_sixth_mode_tells_the_newer_list_whatever_the_name_says(tmp_path):
    lines = [f"01004;ZZZZZ;01004;{n};1;{n};1" for n in (4, 6)]
    path = detail(tmp_path, *lines, name="FD_MOBPRO_2012.csv")

    found, _ = mobpro.read_breakdown(path, history(tmp_path))

    assert found.table["mode"].to_list() == ["motorbike", "transit"]


def test_the_dictionary_beside_the_file_is_believed_first(tmp_path):
    worded = ["TRANS;Mode;1;Voiture, camion, fourgonnette", "TRANS;Mode;5;Vélo (y compris)"]
    worded += ["TP;Temps;1;Voiture", "TRANS;Mode;2;Autre chose"]
    write(tmp_path / "varmod_mobpro_2022.csv", VARMOD + "\n".join([*worded, ""]))
    write(tmp_path / "varmod_mobpro_2016.csv", VARMOD + "TRANS;Mode;1;Transports en commun\n")
    lines = [f"01004;ZZZZZ;01004;{n};1;{n};1" for n in (1, 2, 5)]

    found, _ = mobpro.read_breakdown(detail(tmp_path, *lines), history(tmp_path))

    assert found.table.sort("category")["mode"].to_list() == ["car", None, "bicycle"]


@pytest.mark.parametrize("name", ["Varmod_MOBPRO_2022.csv", "doc/varmod_mobpro_2022.csv"])
def test_the_dictionary_of_the_archive_is_read(tmp_path, name):
    path = tmp_path / "RP2022_mobpro_csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("FD_MOBPRO_2022.csv", "\r\n".join([HEADER, *LINES * 20, ""]))
        archive.writestr(name, f"{VARMOD}TRANS;Mode;5;Marche à pied\n".encode("latin-1"))

    found, year = mobpro.read_breakdown(path, history(tmp_path))

    told = found.table.drop_nulls("mode").select("home_code", "mode", "workers").rows()
    assert (year, told) == (2022, [("01004", "walk", 75.0)])


def test_the_category_of_recent_files_has_another_name(tmp_path):
    path = detail(tmp_path, header=HEADER.replace("CS1", "GS"))

    found, _ = flows.read(path, history(tmp_path))

    assert found.table["category"].to_list() == ["6", "3", "5"]


def test_what_the_file_does_not_tell_is_null_and_not_guessed(tmp_path):
    path = detail(tmp_path, "01004;01001;2.5", header="COMMUNE;DCLT;IPONDI")

    found, _ = mobpro.read_breakdown(path, history(tmp_path))

    assert found.table.rows() == [("01004", "01001", None, None, None, 2.5)]


def test_a_file_larger_than_a_piece_is_summed_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_CHUNK_BYTES", 200)
    monkeypatch.setattr(files, "_PIECE_ROWS", 7)
    monkeypatch.setattr(mobpro, "_MOST_ROWS", 5)
    text = detail(tmp_path, *LINES * 50)
    archive = tmp_path / "RP2022_mobpro_csv.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as held:
        held.write(text, "FD_MOBPRO_2022.csv")
    parquet = tmp_path / "RP2022_mobpro.parquet"
    types = {"IPONDI": pl.Float64}
    lines = pl.read_csv(text, separator=";", infer_schema=False).cast(types)
    lines.with_columns(pl.col("TRANS").cast(pl.Int8)).write_parquet(parquet)
    expected = [187.5, 200.0, 50.0, 150.0]

    for path in (text, archive, parquet):
        found, _ = mobpro.read_breakdown(path, history(tmp_path))
        assert sorted(found.table["workers"]) == sorted(expected), path.name


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("01004;ZZZZZ;01004;3;1;5;-1", "table_negative_value"),
        ("01004;ZZZZZ;01004;3;1;5;beaucoup", "column_not_a_number"),
        ("01004;ZZZZZ;01004;3;1;5;", "table_empty_value"),
        (";ZZZZZ;01004;3;1;5;1", "table_empty_value"),
        ("01004;ZZZZZ;;3;1;5;1", "table_empty_value"),
    ],
)
def test_impossible_lines_are_refused(tmp_path, line, code):
    with pytest.raises(BadInput) as refusal:
        flows.read(detail(tmp_path, *LINES, line), history(tmp_path))

    assert refusal.value.code == code


@pytest.mark.parametrize("rows", ["", "\n"])
def test_a_file_without_persons_is_refused(tmp_path, rows):
    path = write(tmp_path / "FD_MOBPRO_2022.csv", HEADER + rows)

    with pytest.raises(BadInput) as refusal:
        flows.read(path, history(tmp_path))

    assert refusal.value.code == "table_without_rows"


def test_a_file_that_was_cut_is_refused(tmp_path):
    path = write(tmp_path / "FD_MOBPRO_2022.csv", "\n".join([HEADER, *LINES, "01004;ZZ"]))

    with pytest.raises(BadInput) as refusal:
        flows.read(path, history(tmp_path))

    assert refusal.value.code == "file_truncated"


def test_a_cut_archive_is_refused(tmp_path):
    path = tmp_path / "RP2022_mobpro_csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("FD_MOBPRO_2022.csv", "\n".join([HEADER, *LINES, ""]))
    path.write_bytes(path.read_bytes()[:-30])

    with pytest.raises(BadInput) as refusal:
        flows.read(path, history(tmp_path))

    assert (refusal.value.code, refusal.value.facts["reason"]) == ("file_unreadable", "zip")


@needs_tables
def test_the_sample_of_the_ain_is_read_with_its_zeros_and_its_six_modes():
    raw = pl.read_csv(DATA / AIN)

    found, year = mobpro.read_breakdown(DATA / AIN, real_history())

    by_mode = dict(found.table.group_by("mode").agg(pl.col("workers").sum()).iter_rows())
    by_code = dict(raw.group_by("TRANS").agg(pl.col("IPONDI").sum()).iter_rows())
    assert year == 2021
    assert set(found.table["home_code"]) == {"01001", "01002", "01004"}
    assert [note.code for note in found.notes] == ["codes_repaired"]
    assert by_mode == pytest.approx(
        {mode: by_code[int(code)] for code, mode in mobpro._SINCE_2017.items()}
    )


@needs_tables
def test_the_orne_has_its_workers_and_its_categories():
    found, year = mobpro.read_breakdown(DATA / ORNE, real_history())

    raw = pl.read_parquet(DATA / ORNE).filter(pl.col("COMMUNE").str.starts_with("61"))
    orne = found.table.filter(pl.col("home_code").str.starts_with("61"))
    assert year == 2012
    assert raw["IPONDI"].sum() == pytest.approx(110_996.36, abs=0.005)
    assert orne["workers"].sum() == pytest.approx(110_996.36, rel=1e-3)
    assert set(orne["category"]) == set("123456")
    assert orne["mode"].null_count() == len(orne)
