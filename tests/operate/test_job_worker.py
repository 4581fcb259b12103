"""The worker holds jobs back while writing is closed, and does them afterwards."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from maillage.operate import job_worker


@pytest.mark.parametrize("closed_for", [0, 3])
def test_a_job_starts_only_once_writing_is_open(monkeypatch, closed_for):
    asked = iter([True] * closed_for + [False])
    seen = []
    monkeypatch.setattr(job_worker, "ASK_AGAIN_S", 0)

    def is_on() -> bool:
        seen.append(next(asked))
        return seen[-1]

    async def job() -> str:
        return f"done after {len(seen)} questions"

    monkeypatch.setattr(job_worker.read_only, "is_on", is_on)

    # a thread of its own: the browser's tests leave a loop running in this one
    with ThreadPoolExecutor(1) as thread:
        held = job_worker.when_writing_is_open(job, None, None)
        done = thread.submit(asyncio.run, held).result()

    assert done == f"done after {closed_for + 1} questions"
