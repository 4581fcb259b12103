"""A run on the workers of a Dask scheduler: the same plans, its death said."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from factories.official import official_folder
from maillage.core import assumptions, national
from maillage.core.bad_input import BadInput
from maillage.core.scenario import Request
from maillage.core.sources.shelf import Shelf
from maillage.operate.national.kept import Kept
from maillage.operate.national.pool import Pool
from maillage.operate.national.run import run
from maillage.operate.national.work import Work, whole_print

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

from maillage.operate.national.cluster import Cluster, refuse_address

ASSUMED = assumptions.load()
REQUEST = Request(first_year=2027)
LIMIT_S = 60


@pytest.fixture(autouse=True)
def the_code_is_that_of_now():
    """The processes that a test starts read the code as it is then, not when the tests began."""
    national.method_print.cache_clear()


@contextmanager
def dask(*words: str):
    command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:], "--no-dashboard"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def cluster_of_two(folder: Path):
    """A scheduler and two workers, each a process; the scheduler's process and address."""
    told = folder / "scheduler.json"
    scheduler = ("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    with dask(*scheduler, "--scheduler-file", str(told)) as process:
        until(told.exists)
        address = json.loads(told.read_text())["address"]
        worker = ("dask_worker", address, "--nthreads", "1", "--no-nanny")
        names = [f"--local-directory={folder / name}" for name in "ab"]
        with dask(*worker, names[0]), dask(*worker, names[1]):
            yield process, address


def until(is_so) -> None:
    end = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def workers_of(address: str):
    found = Cluster(address)
    until(lambda: len(found._client.scheduler_info(n_workers=-1)["workers"]) == 2)
    return found


def ran_on(data: Path, out: Path, workers):
    whole = whole_print(data, (), ASSUMED, REQUEST)
    work = Work(data, (), None, ASSUMED, REQUEST, national.method_print(), whole)
    places = national.places(Shelf(data, is_shared=True))
    return run(work, places, Kept(out), workers, stop=Event(), on_progress=lambda _: None)


def test_a_cluster_gives_the_same_plans_and_its_death_is_said(tmp_path):
    data = official_folder(tmp_path / "tables")
    here = ran_on(data, tmp_path / "here", Pool(1))
    with cluster_of_two(tmp_path) as (scheduler, address):
        there = ran_on(data, tmp_path / "there", workers_of(address))

        lost = workers_of(address)
        scheduler.kill()
        scheduler.wait()
        after = ran_on(data, tmp_path / "lost", lost)

    plans = [{r.plan.siren: r.plan for r in ran.records} for ran in (here, there)]
    assert plans[0] == plans[1]
    assert (after.lost.code, after.records) == ("cluster_lost", ())


@pytest.mark.parametrize("address", ["127.0.0.1", "tcp://127.0.0.1", "tcp://h:0", "http://h:80"])
def test_what_is_no_address_of_a_scheduler_is_refused_at_once(address):
    with pytest.raises(BadInput, match="scheduler_address"):
        refuse_address(address)
