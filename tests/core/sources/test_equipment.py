"""Equipment of each commune, in the old and new layouts of the BPE."""

import polars as pl
import pytest

from factories.official import COMMUNES, history, real_history, write
from maillage.core.bad_input import BadInput
from maillage.core.sources import equipment
from shared import DATA, needs_tables

NEW = "DEP;DEPCOM;DCIRIS;TYPEQU;DOM;LAMBERT_X;LAMBERT_Y"
OLD = "REG;DEP;DEPCOM;DCIRIS;AN;TYPEQU;NB_EQUIP"


def test_the_new_layout_counts_one_equipment_a_line(tmp_path):
    lines = [
        *("01;01004;01004_IND;B203;B;882000,5;6540000,1", "01;01004;01004_IND;B203;B;;"),
        "69;69381;69381_0101;A504;A;842000;6520000",
    ]
    path = write(tmp_path / "BPE25.csv", "\r\n".join([NEW, *lines, ""]))

    counts = equipment.read(path, history(tmp_path), COMMUNES)

    assert counts.table.rows() == [("01004", "B203", 2), ("69123", "A504", 1)]


def test_the_new_layout_reads_alike_from_parquet(tmp_path):
    path = tmp_path / "BPE25.parquet"
    pl.DataFrame({"DEPCOM": ["01004", "01004"], "TYPEQU": ["B203", "B203"]}).write_parquet(path)

    counts = equipment.read(path, history(tmp_path), COMMUNES)

    assert counts.table.rows() == [("01004", "B203", 2)]


def test_the_old_layout_sums_its_counts_over_the_districts_of_a_commune(tmp_path):
    lines = ["84;01;01004;01004_0101;2018;B203;2", "84;01;01004;01004_0102;2018;B203;3"]
    path = write(tmp_path / "bpe18_ensemble.csv", "\n".join([OLD, *lines, ""]))

    counts = equipment.read(path, history(tmp_path), COMMUNES)

    assert counts.table.rows() == [("01004", "B203", 5)]


def test_only_the_asked_communes_are_counted_with_those_they_absorbed(tmp_path):
    lines = [f"84;01;{code};;2018;B203;1" for code in ("01001", "01002", "01004")]
    path = write(tmp_path / "bpe18_ensemble.csv", "\n".join([OLD, *lines, ""]))

    counts = equipment.read(path, history(tmp_path), {"01001"})

    assert counts.table.rows() == [("01001", "B203", 2)]


def test_the_equipment_of_a_divided_commune_goes_to_none_of_its_parts(tmp_path):
    lines = [f"84;01;{code};;2018;B203;1" for code in ("01003", "01004")]
    path = write(tmp_path / "bpe18_ensemble.csv", "\n".join([OLD, *lines, ""]))

    counts = equipment.read(path, history(tmp_path), COMMUNES)

    assert counts.table.rows() == [("01004", "B203", 1)]
    assert counts.incomplete == {"01003", "01009"}


@pytest.mark.parametrize("missing", ["DEPCOM", "TYPEQU"])
def test_a_table_without_commune_or_type_is_refused(tmp_path, missing):
    path = write(tmp_path / "BPE25.csv", f"{NEW.replace(missing, 'AUTRE')}\n01;a;b;c;d;e;f\n")

    with pytest.raises(BadInput) as refusal:
        equipment.read(path, history(tmp_path), COMMUNES)

    assert refusal.value.facts == {"table": "BPE25.csv", "columns": [missing]}


@pytest.mark.parametrize(
    ("second", "code"),
    [("01004_0101;2018;B203;2", "table_duplicate_key"), (";2018;A504;-2", "table_negative_value")],
)
def test_a_count_given_twice_or_negative_is_refused(tmp_path, second, code):
    lines = [OLD, "84;01;01004;01004_0101;2018;B203;2", f"84;01;01004;{second}", ""]
    path = write(tmp_path / "bpe18_ensemble.csv", "\n".join(lines))

    with pytest.raises(BadInput) as refusal:
        equipment.read(path, history(tmp_path), COMMUNES)

    assert (refusal.value.code, refusal.value.facts["table"]) == (code, path.name)


def test_a_table_without_equipment_is_refused(tmp_path):
    path = write(tmp_path / "BPE25.csv", f"{NEW}\n")

    with pytest.raises(BadInput) as refusal:
        equipment.read(path, history(tmp_path), COMMUNES)

    assert refusal.value.code == "table_without_rows"


@needs_tables
def test_the_compact_table_keeps_every_equipment_outside_divided_communes():
    path, now = DATA / "bpe_2018_communes.parquet", real_history()
    raw = pl.read_parquet(path)
    recoding = now.since("2018-01-01")
    lost = raw.filter(pl.col("DEPCOM").is_in(recoding.former(recoding.incomplete)))
    overseas = raw.filter(pl.col("DEPCOM") >= "97")

    counts = equipment.read(path, now, now.communes)

    expected = raw["NB_EQUIP"].sum() - lost["NB_EQUIP"].sum() - overseas["NB_EQUIP"].sum()
    assert counts.table["count"].sum() == expected
    assert counts.notes == ()


def test_a_type_that_was_renumbered_keeps_its_code_of_2018(tmp_path):
    types = ["B104", "B105", "B207", "C108", "C109", "D265", "D277", "D281", "D307", "A504"]
    lines = [f"01;01004;01004_IND;{code};X;;" for code in types]
    path = write(tmp_path / "BPE25.csv", "\n".join([NEW, *lines, ""]))

    counts = equipment.read(path, history(tmp_path), COMMUNES)

    assert dict(counts.table.select("equipment_code", "count").iter_rows()) == {
        "A504": 1,
        "B101": 1,
        "B102": 1,
        "B203": 1,
        "C104": 2,
        "D201": 1,
        "D221": 1,
        "D232": 1,
        "D301": 1,
    }
