"""Observed commuting flows, in each of their layouts."""

import polars as pl
import pytest

from factories.official import history, real_history, write
from maillage.core.bad_input import BadInput
from maillage.core.sources import flows
from shared import DATA, needs_tables

BASE = "base-flux-mobilite-domicile-lieu-travail-2022.csv"
DETAIL = "COMMUNE;ARM;DCLT;CS1;IPONDI"


@pytest.mark.parametrize(
    ("name", "encoding", "end", "count"),
    [
        (BASE, "utf-8-sig", "\r\n", "NBFLUX_C22_ACTOCC15P"),
        ("base-texte-flux-mobilite-2012.txt", "latin-1", "\n", "NBFLUX_C12_ACTOCC15P"),
    ],
)
def test_the_flow_base_is_read_in_every_vintage(tmp_path, name, encoding, end, count):
    lines = [
        f"CODGEO;LIBGEO;DCLT;L_DCLT;{count}",
        "01004;Ambérieu;01004;Ambérieu;12.5",
        "01004;Ambérieu;SU112;Vaud;3.25",
    ]
    path = write(tmp_path / name, end.join([*lines, ""]), encoding)

    observed, year = flows.read(path, history(tmp_path))

    assert year == 2000 + int(count[8:10])
    assert observed.table.rows() == [
        ("01004", "01004", None, 12.5),
        ("01004", "SU112", None, 3.25),
    ]


def test_the_weights_of_the_detail_file_are_summed_unrounded(tmp_path):
    weights = ["4.843533072555049", "4.885812204264465", "0.333333333333333"]
    lines = [f"01004;ZZZZZ;01004;3;{weight}" for weight in weights]
    path = write(tmp_path / "FD_MOBPRO_2022.csv", "\n".join([DETAIL, *lines, ""]))

    observed, year = flows.read(path, history(tmp_path))

    assert year == 2022
    assert observed.table.rows() == [("01004", "01004", "3", sum(map(float, weights)))]


def test_the_detail_file_reads_alike_from_parquet(tmp_path):
    text = "\n".join([DETAIL, "01004;ZZZZZ;69381;5;4.25", "01004;ZZZZZ;69382;5;1.5", ""])
    csv = write(tmp_path / "FD_MOBPRO_2022.csv", text)
    parquet = tmp_path / "RP2022_mobpro.parquet"
    table = pl.read_csv(csv, separator=";", schema_overrides={"CS1": pl.String})
    table.with_columns(pl.format("0{}", "COMMUNE").alias("COMMUNE")).with_columns(
        pl.col("DCLT").cast(pl.String)
    ).write_parquet(parquet)

    from_csv, _ = flows.read(csv, history(tmp_path))
    from_parquet, _ = flows.read(parquet, history(tmp_path))

    assert from_csv.table.rows() == [("01004", "69123", "5", 5.75)]
    assert from_parquet.table.equals(from_csv.table)


def test_districts_are_merged_at_both_ends(tmp_path):
    lines = [
        "CODGEO;DCLT;NBFLUX_C22_ACTOCC15P",
        *("75101;75102;10", "75120;13201;4", "69381;75101;1"),
    ]
    path = write(tmp_path / BASE, "\n".join([*lines, ""]))

    observed, _ = flows.read(path, history(tmp_path))

    assert observed.table.select("home_code", "work_code", "workers").rows() == [
        ("69123", "75056", 1.0),
        ("75056", "13055", 4.0),
        ("75056", "75056", 10.0),
    ]


@pytest.mark.parametrize("abroad", ["BE540", "SU112", "AL157", "LU320", "ZZZZZ", "99999"])
def test_a_destination_abroad_is_kept_as_it_is(tmp_path, abroad):
    text = f"CODGEO;DCLT;NBFLUX_C22_ACTOCC15P\n01004;{abroad};7\n"
    path = write(tmp_path / BASE, text)

    observed, _ = flows.read(path, history(tmp_path))

    assert observed.table.rows() == [("01004", abroad, None, 7.0)]


def test_workers_of_a_divided_commune_are_left_out_but_those_who_work_there_are_kept(tmp_path):
    text = "CODGEO;DCLT;NBFLUX_C18_ACTOCC15P\n01003;01004;9\n01004;01003;5\n"
    path = write(tmp_path / "base-csv-flux-mobilite-2018.csv", text)

    observed, _ = flows.read(path, history(tmp_path))

    assert observed.table.rows() == [("01004", "01003", None, 5.0)]
    assert observed.incomplete == {"01003", "01009"}


@pytest.mark.parametrize("line", ["1004;01004;9", "01004;1004;9"])
def test_codes_without_their_zero_are_refused_at_both_ends(tmp_path, line):
    path = write(tmp_path / BASE, f"CODGEO;DCLT;NBFLUX_C22_ACTOCC15P\n{line}\n")

    with pytest.raises(BadInput) as refusal:
        flows.read(path, history(tmp_path))

    assert refusal.value.code == "codes_lost_zero"
    assert refusal.value.facts["repaired"] == "01004"


def test_another_table_than_the_two_of_insee_is_refused(tmp_path):
    path = write(tmp_path / "flux.csv", "from;to;n\n01004;01004;9\n")

    with pytest.raises(BadInput) as refusal:
        flows.read(path, history(tmp_path))

    assert (refusal.value.code, refusal.value.facts["columns"]) == (
        *("unknown_flows", ["from", "to", "n"]),
    )


@needs_tables
def test_the_workers_of_the_orne_are_conserved_through_recoding():
    path = DATA / "mobpro_orne_rp2012_individus.parquet"
    raw = pl.read_parquet(path).filter(pl.col("COMMUNE").str.starts_with("61"))

    observed, year = flows.read(path, real_history())

    orne = observed.table.filter(pl.col("home_code").str.starts_with("61"))
    assert (year, observed.notes) == (2012, ())
    assert round(raw["IPONDI"].sum()) == 110_996
    assert orne["workers"].sum() == pytest.approx(raw["IPONDI"].sum(), rel=1e-3)
    assert _abroad(orne["work_code"], orne["workers"]) == pytest.approx(
        _abroad(raw["DCLT"], raw["IPONDI"]), rel=1e-12
    )


@needs_tables
def test_the_table_drawn_from_the_orne_gives_the_same_flows():
    history = real_history()

    ours, _ = flows.read(DATA / "mobpro_orne_rp2012_individus.parquet", history)
    drawn, year = flows.read(
        DATA / "flux_domicile_travail_orne_rp2012_cs1_cog2026.parquet", history
    )

    orne = ours.table.filter(pl.col("home_code").str.starts_with("61"))
    assert year == 2012
    assert drawn.table["workers"].sum() == pytest.approx(orne["workers"].sum(), rel=1e-3)


def _abroad(codes: pl.Series, workers: pl.Series) -> float:
    is_abroad = codes.str.contains(r"^([A-Z]{2}|99)")
    total = float(workers.filter(is_abroad).sum())
    assert total > 0
    return total
