"""A run over the country: what is kept, what is computed again, what dies on the way."""

import json
import multiprocessing
import os
import signal
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from factories.official import EPCI, cell_id, official_folder
from maillage.core import assumptions, national
from maillage.core.scenario import Request
from maillage.core.sources.shelf import Shelf
from maillage.operate.national import pool as pools
from maillage.operate.national.kept import FOLDER, Kept
from maillage.operate.national.pool import Pool
from maillage.operate.national.run import run
from maillage.operate.national.work import Task, Work, compute, whole_print
from maillage.report.national import Failed

OTHER = "200046977"
ASSUMED = assumptions.load()
REQUEST = Request(first_year=2027)


class Here:
    """Workers of this very process, that count what they compute."""

    def __init__(self, stop_after: int = 99) -> None:
        self.asked = Counter()
        self.stop_after = stop_after

    def run(self, work, tasks, stop):
        for n, task in enumerate(tasks):
            if n == self.stop_after:
                stop.set()
                return
            self.asked[task.place.siren] += 1
            # a folder that changed between two runs is read anew, as by a new worker
            compute.__globals__["_shelf"].cache_clear()
            yield compute(work, task)


def work_of(data: Path) -> Work:
    whole = whole_print(data, (), ASSUMED, REQUEST)
    return Work(data, (), None, ASSUMED, REQUEST, national.method_print(), whole)


def places_of(data: Path):
    return national.places(Shelf(data, is_shared=True))


def ran_on(data: Path, out: Path, workers):
    return run(
        work_of(data),
        places_of(data),
        Kept(out),
        workers,
        stop=Event(),
        on_progress=lambda _: None,
    )


@pytest.fixture
def data(tmp_path):
    return official_folder(tmp_path / "tables")


def without_lyon(data: Path) -> None:
    grid = data / "ESTAT_Census_2021_V2.csv"
    lines = grid.read_text().splitlines(keepends=True)
    grid.write_text("".join(line for line in lines if not line.startswith(cell_id(4.85, 46.05))))


def test_a_second_run_computes_nothing(data, tmp_path):
    first = ran_on(data, tmp_path / "out", Here())

    again = Here()
    second = ran_on(data, tmp_path / "out", again)

    assert not again.asked
    assert second.kept == 2
    assert {r.plan.siren: r for r in second.records} == {r.plan.siren: r for r in first.records}


def test_once_a_file_changes_only_the_places_it_changes_are_planned_again(data, tmp_path):
    first = {r.plan.siren: r for r in ran_on(data, tmp_path / "out", Here()).records}
    equipment = data / "BPE25.csv"
    equipment.write_text(equipment.read_text() + "69;69123;69123_IND;B203\n")

    second = {r.plan.siren: r for r in ran_on(data, tmp_path / "out", Here()).records}

    assert second[EPCI] == replace(first[EPCI], whole=second[EPCI].whole)
    assert second[OTHER].digest != first[OTHER].digest
    third = ran_on(data, tmp_path / "out", Here())
    assert third.kept == 2


def test_one_place_without_plan_does_not_stop_the_others_and_is_tried_again(data, tmp_path):
    whole = (data / "ESTAT_Census_2021_V2.csv").read_text()
    without_lyon(data)

    first = ran_on(data, tmp_path / "out", Here())
    (data / "ESTAT_Census_2021_V2.csv").write_text(whole)
    second = ran_on(data, tmp_path / "out", Here())

    assert [f.place.siren for f in first.failed] == [OTHER]
    assert "Métropole fictive" in first.failed[0].reason
    assert [r.plan.siren for r in first.records] == [EPCI]
    assert (second.failed, len(second.records)) == ((), 2)


def test_a_bug_on_one_place_is_told_with_its_trace(data, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(national, "plan", broken)

    failed = compute(work_of(data), Task(places_of(data)[0]))

    assert "ZeroDivisionError" in failed.reason
    assert "in broken" in failed.trace


def test_a_stopped_run_keeps_what_is_done_and_the_next_one_ends_it(data, tmp_path):
    stopped = ran_on(data, tmp_path / "out", Here(stop_after=1))

    left = Here()
    ended = ran_on(data, tmp_path / "out", left)

    assert (stopped.is_stopped, len(stopped.records)) == (True, 1)
    assert left.asked == {OTHER: 1}
    assert (ended.is_stopped, ended.kept, len(ended.records)) == (False, 1, 2)


def test_a_file_cut_by_a_crash_is_nothing_and_its_place_is_computed_again(data, tmp_path):
    out = tmp_path / "out"
    first = ran_on(data, out, Here())
    path = out / FOLDER / f"{EPCI}.json"
    path.write_bytes(path.read_bytes()[:200])

    again = Here()
    second = ran_on(data, out, again)

    assert again.asked == {EPCI: 1}
    assert len(second.records) == len(first.records)
    assert json.loads(path.read_text())["plan"]["siren"] == EPCI


@contextmanager
def killing(times: int):
    """Kill each worker that is started, so many times."""
    over, killed = Event(), set()

    def kill() -> None:
        while not over.is_set() and len(killed) < times:
            for child in multiprocessing.active_children():
                if child.pid not in killed and len(killed) < times:
                    killed.add(child.pid)
                    os.kill(child.pid, signal.SIGKILL)
            time.sleep(0.01)

    thread = Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_killed_worker_is_replaced_and_its_place_tried_again(data):
    [place, _] = places_of(data)

    with killing(1):
        [ended] = Pool(1).run(work_of(data), [Task(place)], Event())

    assert ended.plan.siren == EPCI
    assert not multiprocessing.active_children()


def test_a_place_that_kills_two_workers_is_told(data):
    [place, _] = places_of(data)

    with killing(2):
        ended = list(Pool(1).run(work_of(data), [Task(place)], Event()))

    assert ended == [Failed(place, pools.KILLED)]
