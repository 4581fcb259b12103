"""Commune codes through time."""

from dataclasses import replace

import polars as pl
import pytest

from factories.official import MOVEMENTS, history, real_history, write
from maillage.core.bad_input import BadInput
from maillage.core.sources import cog
from shared import DATA, needs_tables

HAUTES_TERRES_DIVIDED = {"15031", "15035", "15047", "15141", "15171"}


def recoded(recoding: cog.Recoding, *codes: str) -> list[str]:
    table = pl.DataFrame({"code": codes})
    return table.select(recoding.current(pl.col("code")))["code"].to_list()


def test_a_merged_commune_takes_the_code_of_the_new_one_and_others_keep_theirs(tmp_path):
    recoding = history(tmp_path).since("2021-01-01")

    assert recoded(recoding, "01001", "01002", "01004", "ZZZZZ") == [
        *("01001", "01001", "01004", "ZZZZZ")
    ]


def test_a_movement_before_the_date_of_the_table_is_not_replayed(tmp_path):
    recoding = history(tmp_path).since("2023-01-01")

    assert recoded(recoding, "01002") == ["01002"]
    assert history(tmp_path).since("2024-01-01").incomplete == frozenset()


def test_the_parts_of_a_divided_commune_have_no_figure(tmp_path):
    assert history(tmp_path).since("2021-01-01").incomplete == {"01003", "01009"}


def test_the_movements_read_alike_from_the_official_csv_and_from_parquet(tmp_path):
    csv = write(tmp_path / "v_mvt_commune_2026.csv", MOVEMENTS)
    parquet = tmp_path / "cog_mouvements.parquet"
    pl.read_csv(csv, infer_schema=False).write_parquet(parquet)

    assert cog.read_history(csv, ()) == cog.read_history(parquet, ())
    assert cog.read_history(csv, ()).since("2021-01-01") == history(tmp_path).since("2021-01-01")


def test_the_codes_of_a_date_are_those_of_today_with_later_movements_undone(tmp_path):
    now = history(tmp_path)

    assert now.at("2024-01-01") == now.communes
    assert now.at("2023-01-01") == now.communes - {"01009"}
    assert now.at("2022-01-01") == now.communes - {"01009"} | {"01002"}


def test_districts_of_paris_lyon_and_marseille_join_their_commune():
    codes = pl.DataFrame({"code": ["75101", "75120", "69381", "13216", "75056", "13055", "01004"]})

    merged = codes.select(cog.with_districts_merged(pl.col("code")))["code"].to_list()

    assert merged == ["75056", "75056", "69123", "13055", "75056", "13055", "01004"]
    assert len(cog.DISTRICTS) == 45


def test_the_former_codes_of_a_commune_hold_those_it_absorbed_and_its_districts(tmp_path):
    recoding = history(tmp_path).since("2021-01-01")

    assert recoding.former(["01001"]) == ["01001", "01002"]
    assert len(recoding.former(["69123"])) == 10


def test_a_table_of_its_declared_geography_is_recoded_without_a_note(tmp_path):
    codes = pl.Series(["01001", "01002", "01003", "75101"])

    recoding, notes = history(tmp_path).recoding(tmp_path / "t.csv", codes, "2021-01-01")

    assert recoded(recoding, "01002") == ["01001"]
    assert notes == ()


def test_a_table_of_another_geography_is_recognised_by_its_codes_and_noted(tmp_path):
    codes = pl.Series(["01001", "01002", "01003", "BE540", "97101"])

    recoding, notes = history(tmp_path).recoding(tmp_path / "t.csv", codes, "2025-01-01")

    assert recoded(recoding, "01002") == ["01001"]
    assert [(note.code, note.facts) for note in notes] == [
        (
            "geography_recognised",
            {"file": "t.csv", "declared": "2025-01-01", "found": "2022-01-01"},
        )
    ]


def test_codes_of_no_geography_are_refused_with_the_nearest_one(tmp_path):
    codes = pl.Series(["01001", "01002", "01777"])

    with pytest.raises(BadInput) as refusal:
        history(tmp_path).recoding(tmp_path / "t.csv", codes, "2025-01-01")

    assert refusal.value.code == "unknown_codes"
    assert refusal.value.facts["codes"] == ["01777"]
    assert refusal.value.facts["year"] == "2022"


def test_a_few_unknown_codes_among_many_are_noted_and_do_not_stop(tmp_path):
    many = [f"01{n:03}" for n in range(100, 400)]
    large = replace(history(tmp_path), communes=frozenset(many))

    _, notes = large.recoding(tmp_path / "t.csv", pl.Series([*many, "01777"]), "2026-01-01")

    assert [(note.code, note.facts["codes"]) for note in notes] == [("unknown_codes", ["01777"])]


def test_codes_that_lost_their_zero_are_refused_with_the_repair(tmp_path):
    with pytest.raises(BadInput) as refusal:
        cog.refuse_lost_zeros(tmp_path / "t.csv", pl.Series(["69019", "1004", "1001"]))

    facts = {"path": tmp_path / "t.csv", "code": "1001", "repaired": "01001"}
    assert (refusal.value.code, refusal.value.facts) == ("codes_lost_zero", facts)


@needs_tables
@pytest.mark.parametrize(
    ("date", "overseas_included"),
    [("2015-01-01", 36_658), ("2018-01-01", 35_357), ("2021-01-01", 34_965)],
)
def test_a_past_geography_has_the_number_of_communes_insee_published(date, overseas_included):
    overseas = 129

    assert len(real_history().at(date)) == overseas_included - overseas


@needs_tables
def test_every_old_code_leads_to_a_commune_of_today():
    history = real_history()

    for year in range(2012, 2026):
        recoding = history.since(f"{year}-01-01")
        olds = sorted(history.at(f"{year}-01-01"))
        assert set(recoded(recoding, *olds)) <= history.communes


@needs_tables
def test_a_commune_that_merged_then_was_restored_gets_its_own_figure_back():
    recoding = cog.read_history(DATA / "cog_mouvements_1943_2026.parquet", ()).since("2016-01-01")

    assert recoded(recoding, *sorted(HAUTES_TERRES_DIVIDED)) == sorted(HAUTES_TERRES_DIVIDED)
    assert not HAUTES_TERRES_DIVIDED & recoding.incomplete


@needs_tables
def test_what_a_restored_commune_leaves_behind_goes_to_the_one_other_part():
    recoding = cog.read_history(DATA / "cog_mouvements_1943_2026.parquet", ()).since("2015-01-01")

    assert recoded(recoding, "85165", "85030", "60455") == ["85165", "85084", "60694"]


@needs_tables
def test_a_merged_level_figure_comes_back_to_none_of_the_restored_communes():
    recoding = cog.read_history(DATA / "cog_mouvements_1943_2026.parquet", ()).since("2021-01-01")

    assert recoding.incomplete == HAUTES_TERRES_DIVIDED | {
        *("60054", "60694"),
        *("85084", "85165", "85212"),
    }


@needs_tables
def test_a_commune_that_changes_department_and_merges_the_same_day_is_followed():
    recoding = cog.read_history(DATA / "cog_mouvements_1943_2026.parquet", ()).since("2015-01-01")

    assert recoded(recoding, "49144", "14513") == ["44180", "50592"]
