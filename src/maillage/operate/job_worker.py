"""The worker: takes late work from the queue, several jobs at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from maillage.kit import read_only

ASK_AGAIN_S = 1.0
# a job that outlives this after a stop is taken back by another worker
STOP_S = 20.0


def work(jobs_at_once: int) -> None:
    """Do the jobs of the queue until asked to stop."""
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError(connector)
    with app.replace_connector(connector.get_worker_connector()) as worker_app:

        async def run() -> None:
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    concurrency=jobs_at_once,
                    shutdown_graceful_timeout=STOP_S,
                    worker_middleware=[when_writing_is_open],
                )

        asyncio.run(run())


async def when_writing_is_open(
    call_next: Callable[[], Awaitable[Any]], *_context: object
) -> object:
    """A job starts only while writing is open: the read-only switch holds it back."""
    while await sync_to_async(read_only.is_on)():
        await asyncio.sleep(ASK_AGAIN_S)
    return await call_next()
