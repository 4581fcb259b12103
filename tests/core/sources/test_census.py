"""Jobs and employed residents of each commune."""

import polars as pl
import pytest

from factories.official import history, real_history, write
from maillage.core.bad_input import BadInput
from maillage.core.sources import census
from shared import DATA, needs_tables

HEADER = "CODGEO;P22_POP;SUPERF;P22_EMPLT;P22_EMPLT_SAL;P22_ACT1564;P22_CHOM1564;P16_EMPLT"


def comparateur(folder, *lines):
    return write(folder / "base_cc_comparateur.csv", "\r\n".join([HEADER, *lines, ""]))


def test_the_work_of_the_latest_year_is_read_whatever_the_year_in_the_names(tmp_path):
    path = comparateur(tmp_path, "01004;9;1.5;100.5;90;60;10.25;7")

    work, year = census.read(path, history(tmp_path))

    assert year == 2022
    assert work.table.rows() == [("01004", 49.75, 10.25, 100.5, 90.0)]


def test_merged_communes_are_summed_and_divided_ones_have_no_figure(tmp_path):
    old = HEADER.replace("P22", "P18")
    lines = [old, "01001;1;1;10;10;10;0;0", "01002;1;1;5;5;5;0;0", "01003;1;1;7;7;7;0;0", ""]
    path = write(tmp_path / "base_cc_comparateur.csv", "\n".join(lines))

    work, year = census.read(path, history(tmp_path))

    assert year == 2018
    assert work.table["commune_code", "jobs"].rows() == [("01001", 15.0)]
    assert work.incomplete == {"01003", "01009"}


def test_paris_does_not_count_twice_with_its_districts(tmp_path):
    lines = ["75056;9;9;100;90;60;10;0", *(f"751{n:02};9;9;5;4;3;1;0" for n in range(1, 21))]
    path = comparateur(tmp_path, *lines)

    work, _ = census.read(path, history(tmp_path))

    assert work.table["commune_code", "jobs"].rows() == [("75056", 100.0)]


def test_variables_of_two_years_are_never_mixed(tmp_path):
    text = "CODGEO;P22_EMPLT;P22_EMPLT_SAL;P18_ACT1564;P18_CHOM1564\n01004;1;1;1;1\n"
    path = write(tmp_path / "base_cc_comparateur.csv", text)

    with pytest.raises(BadInput) as refusal:
        census.read(path, history(tmp_path))

    assert refusal.value.code == "years_differ"


def test_an_older_year_that_has_every_variable_is_preferred_to_a_newer_one_that_has_not(tmp_path):
    text = "CODGEO;P22_EMPLT;P18_EMPLT;P18_EMPLT_SAL;P18_ACT1564;P18_CHOM1564\n01004;9;5;4;3;1\n"
    path = write(tmp_path / "base_cc_comparateur.csv", text)

    work, year = census.read(path, history(tmp_path))

    assert (year, work.table["jobs"].to_list()) == (2018, [5.0])


def test_complementary_variables_do_not_replace_the_main_ones(tmp_path):
    text = "CODGEO;C20_EMPLT;C20_EMPLT_SAL;C20_ACT1564;C20_CHOM1564\n01004;1;1;1;1\n"
    path = write(tmp_path / "base-cc-emploi-pop-active-2020_v2.CSV", text)

    with pytest.raises(BadInput) as refusal:
        census.read(path, history(tmp_path))

    assert (refusal.value.code, refusal.value.facts["pattern"]) == (
        *("missing_variable", "PAA_ACT1564"),
    )


def test_a_file_of_work_without_communes_is_refused(tmp_path):
    path = write(tmp_path / "base_cc_comparateur.csv", "IRIS;P22_EMPLT\n010040000;1\n")

    with pytest.raises(BadInput) as refusal:
        census.read(path, history(tmp_path))

    assert refusal.value.facts == {"table": "base_cc_comparateur.csv", "columns": ["CODGEO"]}


def test_population_and_area_are_read_for_a_folder_that_has_no_better(tmp_path):
    path = comparateur(tmp_path, "01004;14081.0;24.6;1;1;1;1;1")

    inhabitants = census.read_inhabitants(path, history(tmp_path))

    assert inhabitants.table.rows() == [("01004", 14_081, 24.6)]


def test_a_code_written_twice_is_refused_and_not_summed(tmp_path):
    path = comparateur(tmp_path, "01004;9;1.5;100;90;60;10;7", "01004;9;1.5;100;90;60;10;7")

    for read in (census.read, census.read_inhabitants):
        with pytest.raises(BadInput) as refusal:
            read(path, history(tmp_path))
        assert refusal.value.code == "table_duplicate_key"
        assert refusal.value.facts == {"table": path.name, "columns": ["CODGEO"]}


def test_a_negative_count_is_refused_with_its_file_and_column(tmp_path):
    path = comparateur(tmp_path, "01004;9;1.5;100;90;-60;10;7")

    with pytest.raises(BadInput) as refusal:
        census.read(path, history(tmp_path))

    assert refusal.value.code == "table_negative_value"
    facts = {"table": path.name, "column": "P22_ACT1564", "value": "-60"}
    assert refusal.value.facts == facts


def test_more_unemployed_than_active_is_refused(tmp_path):
    path = comparateur(tmp_path, "01004;9;1.5;100;90;10;60;7")

    with pytest.raises(BadInput) as refusal:
        census.read(path, history(tmp_path))

    assert (refusal.value.code, refusal.value.facts["column"]) == (
        *("table_negative_value", "employed"),
    )


def test_a_table_without_a_row_is_refused(tmp_path):
    with pytest.raises(BadInput) as refusal:
        census.read(comparateur(tmp_path), history(tmp_path))

    assert refusal.value.code == "table_without_rows"


@needs_tables
def test_the_compact_table_of_2026_is_not_recoded_a_second_time():
    path = DATA / "insee_comparateur_rp2018_cog2026.parquet"
    jobs = pl.read_parquet(path)["P18_EMPLT"]

    work, year = census.read(path, real_history())

    assert (year, work.notes, work.incomplete) == (2018, (), frozenset())
    assert work.table["jobs"].sum() == pytest.approx(jobs.sum(), rel=1e-12)


@needs_tables
def test_the_table_of_2021_gives_the_figures_of_the_table_brought_to_2026():
    history = real_history()

    ours, _ = census.read(DATA / "insee_comparateur_rp2018_cog2021.parquet", history)
    theirs, _ = census.read(DATA / "insee_comparateur_rp2018_cog2026.parquet", history)

    both = ours.table.join(theirs.table, on="commune_code", suffix="_2026")
    assert len(both) > 34_000
    assert (both["jobs"] - both["jobs_2026"]).abs().max() <= 0.01
    assert ours.notes == ()
