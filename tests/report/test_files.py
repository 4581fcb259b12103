"""Files are written whole or not at all."""

import csv
import errno
import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.bad_input import BadInput
from maillage.report import files
from maillage.report.shown import Cell, Column, Grid

WRITE_TOO_MUCH = """
import resource, sys
from pathlib import Path
from maillage.core.bad_input import BadInput
from maillage.report import files
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    files.write_all(Path(sys.argv[1]), {"small.txt": b"new", "large.txt": b"x" * 5000})
except BadInput as error:
    print(error.code)
"""


def test_all_files_are_written_and_others_left_alone(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("kept")

    files.write_all(folder, {"a.txt": b"1", "b.txt": b"2"})

    assert {p.name: p.read_text() for p in folder.iterdir()} == {
        "a.txt": "1",
        "b.txt": "2",
        "mine.txt": "kept",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path):
    """The kernel refuses to write beyond a limit, as it does when a disk is full."""
    folder = tmp_path / "out"
    files.write_all(folder, {"small.txt": b"old", "large.txt": b"old"})

    done = subprocess.run(
        [sys.executable, "-c", WRITE_TOO_MUCH, str(folder)], capture_output=True, text=True
    )

    assert done.stdout.strip() == "cannot_write"
    assert {p.name: p.read_text() for p in folder.iterdir()} == {
        "small.txt": "old",
        "large.txt": "old",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE) != (1000, 1000)


def test_an_exchange_that_fails_midway_brings_the_old_files_back(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    files.write_all(folder, {"a.txt": b"old a", "b.txt": b"old b"})
    rename = Path.rename

    def fails_on_b(self, target):
        if self.name == "b.txt" and self.parent.name == "new":
            raise OSError(errno.EIO, "input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_on_b)
    with pytest.raises(BadInput):
        files.write_all(folder, {"a.txt": b"new a", "b.txt": b"new b"})

    assert {p.name: p.read_text() for p in folder.iterdir()} == {
        "a.txt": "old a",
        "b.txt": "old b",
    }


def test_a_file_in_the_way_is_refused_before_anything_is_computed(tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(BadInput) as refused:
        files.refuse_unwritable(tmp_path / "out" / "deeper")

    assert refused.value.code == "cannot_write"


def test_a_folder_still_to_be_made_is_accepted(tmp_path):
    files.refuse_unwritable(tmp_path / "not" / "yet")

    assert list(tmp_path.iterdir()) == []


DANGEROUS = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\u00a0=1", "a\n=1", "＝1", "=\0 1")


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("write", [files.grid_csv, files.grid_excel])
def test_a_text_that_a_spreadsheet_would_run_is_made_plain(write, text):
    grid = Grid("Noms", (Column("name", "Nom"),), ((Cell(text, text),),))

    written = write(grid).decode("utf-8-sig")

    delimiter = ";" if write is files.grid_excel else ","
    (cell,) = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter))[1]
    assert cell == "'" + text.replace("\0", "")


def test_an_ordinary_text_and_a_negative_number_stay_as_they_are():
    columns = (Column("name", "Nom"), Column("loss", "Perte", is_numeric=True))
    grid = Grid("Noms", columns, ((Cell("L'Haÿ-les-Roses", "L'Haÿ-les-Roses"), Cell("−3", -3)),))

    assert files.grid_csv(grid).decode().splitlines()[1] == "L'Haÿ-les-Roses,-3"
    assert files.grid_excel(grid).decode("utf-8-sig").splitlines()[1] == "L'Haÿ-les-Roses;-3"


def test_excel_in_french_reads_commas_words_and_nothing():
    columns = tuple(Column(key, key) for key in ("share", "is_inside", "unknown"))
    row = (Cell("9,5 %", 0.095), Cell("oui", "true"), Cell("non renseigné", None))
    grid = Grid("Parts", columns, (row,), (Cell("", None),) * 3)

    lines = files.grid_excel(grid).split(b"\r\n")

    assert lines[0] == "\ufeffshare;is_inside;unknown".encode()
    assert lines[1:] == [b"0,095;oui;", b";;", b""]


@given(st.text())
def test_no_written_cell_begins_like_a_formula(text):
    grid = Grid("Noms", (Column("name", "Nom"),), ((Cell(text, text),),))

    written = files.grid_excel(grid).decode("utf-8-sig")

    cells = list(csv.reader(io.StringIO(written, newline=""), delimiter=";"))[1:]
    for cell in (c for row in cells for c in row):
        assert not cell.lstrip(" \u00a0\u202f").startswith(("=", "+", "-", "@", "\t", "\r"))
