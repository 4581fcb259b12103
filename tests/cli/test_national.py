"""maillage national, typed as a person would: on an invented country of two places."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from factories.official import EPCI, cell_id, official_folder
from maillage.cli.main import app
from maillage.core import national

OTHER = "200046977"
LIMIT_S = 120


@pytest.fixture(autouse=True)
def the_code_is_that_of_now():
    """The processes that a test starts read the code as it is then, not when the tests began."""
    national.method_print.cache_clear()


@pytest.fixture
def data(tmp_path):
    return official_folder(tmp_path / "tables")


def typed(data: Path, *words: str) -> Result:
    runner = CliRunner()
    return runner.invoke(app, ["national", "--data", str(data), "--workers", "1", *words])


def test_a_run_writes_its_tables_and_pages_and_a_second_one_leaves_what_holds(data, tmp_path):
    out = tmp_path / "out"

    first = typed(data, "--out", str(out))
    second = typed(data, "--out", str(out))

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "2 intercommunalités avec un plan." in first.output
    assert "dont 2 déjà à jour" in second.output
    assert sorted(pl.read_parquet(out / "national.parquet")["siren"]) == [EPCI, OTHER]
    assert "Métropole fictive" in (out / "index.html").read_text()
    assert sorted(p.name for p in (out / "epci").iterdir()) == [f"{EPCI}.json", f"{OTHER}.json"]


def test_a_place_without_plan_is_said_and_the_command_ends_in_one(data, tmp_path):
    grid = data / "ESTAT_Census_2021_V2.csv"
    lines = grid.read_text().splitlines(keepends=True)
    grid.write_text("".join(line for line in lines if not line.startswith(cell_id(4.85, 46.05))))

    done = typed(data, "--out", str(tmp_path / "out"))

    assert done.exit_code == 1
    assert "1 intercommunalité avec un plan." in done.output
    assert f"Sans plan : Métropole fictive ({OTHER})." in done.output
    assert "Métropole fictive" in (tmp_path / "out" / "echecs.csv").read_text()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--only", "123456789"), "Aucune intercommunalité de métropole n'a le SIREN 123456789."),
        (("--departement", "99"), "Aucun département de métropole n'a le code 99."),
        (("--only", EPCI, "--departement", "69"), "à la fois dans --only et dans --departement"),
        (("--roads", "."), "ne contient aucun extrait OpenStreetMap"),
        (("--scheduler", "tcp://127.0.0.1:1"), "Choisissez --workers"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_written(data, tmp_path, words, sentence):
    out = tmp_path / "out"

    done = typed(data, *words, "--out", str(out))

    assert done.exit_code == 2
    assert sentence in str(done.exception) + done.output
    assert not out.exists()


def test_an_address_that_is_none_is_refused_in_a_sentence(data, tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    words = ["--data", str(data), "--scheduler", "127.0.0.1", "--out", str(tmp_path / "out")]

    done = CliRunner().invoke(app, ["national", *words])

    assert done.exit_code == 2
    assert "« 127.0.0.1 » n'est pas l'adresse d'un ordonnanceur Dask." in done.output


def test_without_the_extra_a_sentence_says_what_to_install(data, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "maillage.operate.national.cluster", raising=False)
    words = ["--data", str(data), "--scheduler", "tcp://127.0.0.1:1"]

    done = CliRunner().invoke(app, ["national", *words, "--out", str(tmp_path / "out")])

    assert done.exit_code == 2
    assert "pip install 'maillage[cluster]'" in done.output


@pytest.mark.parametrize(
    ("order", "status", "sentence"),
    [
        (signal.SIGKILL, -signal.SIGKILL, ""),
        (signal.SIGINT, 130, "Arrêté. 1 intercommunalité calculée est gardée dans "),
    ],
)
def test_what_a_run_had_done_when_it_was_ended_is_kept(data, tmp_path, order, status, sentence):
    out = tmp_path / "out"
    typed(data, "--only", EPCI, "--out", str(out))
    (out / "national.parquet").unlink()
    command = [sys.executable, "-m", "maillage.cli.main", "national", "--workers", "1"]

    with subprocess.Popen(
        [*command, "--data", str(data), "--out", str(out)], stderr=subprocess.PIPE, text=True
    ) as run:
        begun = run.stderr.readline()
        os.kill(run.pid, order)
        said = run.communicate(timeout=LIMIT_S)[1]
    left = [p.name for p in out.glob("*.parquet")]
    ended = typed(data, "--out", str(out))

    assert (begun, run.returncode, left) == ("1 sur 2\n", status, ["sites.parquet"])
    assert said.startswith(sentence)
    assert "2 intercommunalités avec un plan, dont 1 déjà à jour." in ended.output
