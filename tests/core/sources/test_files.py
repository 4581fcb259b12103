"""Delimited, Parquet and spreadsheet files, whole or not."""

import zipfile

import polars as pl
import pytest

from factories.official import write, write_workbook
from maillage.core.bad_input import BadInput
from maillage.core.sources import files


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("CODGEO;LIBGEO\n01001;Évosges\n", "utf-8"),
        ("CODGEO;LIBGEO\r\n01001;Évosges\r\n", "utf-8-sig"),
        ("CODGEO;LIBGEO\r\n01001;Évosges\r\n", "latin-1"),
        ("CODGEO,LIBGEO\n01001,Évosges", "utf-8"),
        ('CODGEO\tLIBGEO\n01001\t"Évosges"\n', "utf-8"),
    ],
)
def test_a_table_reads_alike_in_every_encoding_separator_and_line_end(tmp_path, text, encoding):
    path = write(tmp_path / "table.csv", text, encoding)

    table = files.read_any(path)

    assert table.rows(named=True) == [{"CODGEO": "01001", "LIBGEO": "Évosges"}]
    assert files.columns_of(path) == ["CODGEO", "LIBGEO"]


def test_only_the_asked_columns_are_read_in_the_order_of_the_file(tmp_path):
    path = write(tmp_path / "table.csv", "A;B;C\n1;2;3\n")

    assert files.read_any(path, ("C", "A", "Z")).rows(named=True) == [{"A": "1", "C": "3"}]
    assert files.read_any(path, ("Z",)).columns == []


def test_the_table_of_an_insee_archive_is_read_and_not_its_metadata(tmp_path):
    path = tmp_path / "base_cc_comparateur_csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("meta_base_cc_comparateur.csv", "COD_VAR;LIB\nP22_POP;Population\n")
        archive.writestr("base_cc_comparateur.csv", "CODGEO;P22_POP\n" + "01001;771\n" * 9)

    assert files.read_any(path).rows() == [("01001", "771")] * 9


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file_empty"),
        ("a.csv", b"\n\n", "file_empty"),
        ("a.csv", b"PK\x03\x04\x00\x00", "file_not_text"),
        ("a.csv", b"CODGEO P18_POP\n01001 771\n", "file_one_column"),
        ("a.csv", b"CODGEO;A;B\n01001;7;8\n01002;7", "file_truncated"),
        ("a.csv", b"CODGEO;A\n01001;7;8\n", "file_unreadable"),
        ("a.csv", b'CODGEO;A\n01001;"7\n', "file_unreadable"),
        ("a.parquet", b"CODGEO;A\n01001;7\n", "file_unreadable"),
        ("a.parquet", b"", "file_unreadable"),
        ("a.zip", b"PK\x03\x04 cut", "file_unreadable"),
    ],
)
def test_a_file_that_is_not_a_whole_table_is_refused(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(BadInput) as refusal:
        files.read_any(path)

    assert refusal.value.code == code
    assert refusal.value.facts["path"] == path


def test_a_cut_parquet_file_is_refused(tmp_path):
    whole, cut = tmp_path / "whole.parquet", tmp_path / "cut.parquet"
    pl.DataFrame({"code": ["01001"] * 1000}).write_parquet(whole)
    cut.write_bytes(whole.read_bytes()[:-20])

    with pytest.raises(BadInput) as refusal:
        files.read_any(cut, ("code",))

    assert (refusal.value.code, refusal.value.facts["reason"]) == ("file_unreadable", "parquet")
    assert len(files.read_any(whole, ("code",))) == 1000


def test_a_zip_without_a_table_is_refused(tmp_path):
    path = tmp_path / "carreaux.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("carreaux.7z", b"7z")

    with pytest.raises(BadInput) as refusal:
        files.read_any(path)

    assert refusal.value.code == "zip_without_table"


def test_a_text_in_utf16_is_refused_as_such(tmp_path):
    path = write(tmp_path / "locaux.txt", "id\tname\nL1\tLe Nid\n", "utf-16")

    with pytest.raises(BadInput) as refusal:
        files.read_any(path)

    assert (refusal.value.code, refusal.value.facts) == ("file_utf16", {"path": path})


def test_a_folder_given_as_a_file_is_refused(tmp_path):
    for read in (files.read_any, files.columns_of, files.read_json):
        with pytest.raises(BadInput) as refusal:
            read(tmp_path)
        assert refusal.value.code == "is_a_folder"


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_number_that_is_not_finite_is_refused(tmp_path, value):
    with pytest.raises(BadInput) as refusal:
        files.as_numbers(tmp_path / "a.csv", pl.DataFrame({"n": ["1", value]}), ["n"])

    assert refusal.value.code == "column_not_a_number"


@pytest.mark.parametrize("name", ["absent.csv", "absent.parquet"])
def test_a_file_that_does_not_exist_is_refused(tmp_path, name):
    for read in (files.read_any, files.columns_of, files.read_json):
        with pytest.raises(BadInput) as refusal:
            read(tmp_path / name)
        assert refusal.value.code == "missing_file"


def test_every_missing_column_is_named(tmp_path):
    path = write(tmp_path / "BPE25.csv", "DEP;AN\n01;2025\n")

    with pytest.raises(BadInput) as refusal:
        files.required(path, files.read_any(path), ("DEP", "DEPCOM", "TYPEQU"))

    assert refusal.value.facts == {"table": "BPE25.csv", "columns": ["DEPCOM", "TYPEQU"]}


def test_numbers_are_read_with_a_point_or_a_comma_and_the_first_other_text_is_named(tmp_path):
    path = tmp_path / "a.csv"
    good = pl.DataFrame({"n": ["1.5", " 2,5 ", None]})

    assert files.as_numbers(path, good, ["n"])["n"].to_list() == [1.5, 2.5, None]
    with pytest.raises(BadInput) as refusal:
        files.as_numbers(path, pl.DataFrame({"n": ["1", "secret"]}), ["n"])
    assert refusal.value.facts == {"path": path, "column": "n", "value": "secret"}


def test_a_sheet_starts_at_its_header_whatever_the_titles_above(tmp_path):
    path = write_workbook(
        tmp_path / "EPCI.xlsx",
        {
            "Lisez-moi": [["Intercommunalités"]],
            "EPCI": [["Titre"], ["Géographie 2026"], ["CODGEO", "EPCI"], ["01001", "200000001"]],
        },
    )

    table = files.read_sheet(path, ("CODGEO", "EPCI"), "EPCI")

    assert table.rows(named=True) == [{"CODGEO": "01001", "EPCI": "200000001"}]


def test_a_workbook_that_is_none_or_has_no_such_header_is_refused(tmp_path):
    text = write(tmp_path / "epcicom2026.xlsx", "siren;insee\n")
    other = write_workbook(tmp_path / "other.xlsx", {"Feuille": [["a", "b"], ["1", "2"]]})

    with pytest.raises(BadInput) as unreadable:
        files.read_sheet(text, ("siren",))
    with pytest.raises(BadInput) as headless:
        files.read_sheet(other, ("siren",))

    assert unreadable.value.code == "file_unreadable"
    assert headless.value.code == "table_missing_column"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [1, 7, 40, 64, 1 << 20])
@pytest.mark.parametrize("is_zip", [False, True])
def test_a_table_read_in_pieces_is_the_whole_table(
    tmp_path, monkeypatch, encoding, end, size, is_zip
):
    lines = ["CODGEO;LIBGEO;N", *(f'0100{n};"Évosges {n}";{n}' for n in range(9)), "01010;;", ""]
    path = write(tmp_path / "table.csv", end.join(lines), encoding)
    if is_zip:
        with zipfile.ZipFile(tmp_path / "table.zip", "w") as archive:
            archive.write(path, "table.csv")
        path = tmp_path / "table.zip"
    # the header is always in the first piece
    monkeypatch.setattr(files, "_CHUNK_BYTES", max(size, 30))

    pieces = list(files.read_in_pieces(path, ("LIBGEO", "N")))

    assert pl.concat(pieces).equals(files.read_any(path, ("LIBGEO", "N")))
    assert len(pieces) > 1 or size > 64
