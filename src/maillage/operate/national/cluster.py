"""The workers of a Dask scheduler that is already there: the one door to Dask."""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import Event

from maillage.core import national
from maillage.core.bad_input import BadInput
from maillage.core.national import Record
from maillage.operate.national.work import Task, Work, compute
from maillage.report.national import Failed

try:
    import distributed
except ModuleNotFoundError as error:
    raise BadInput("cluster_not_installed") from error

Answer = distributed.Future[Record | Failed]

TICK_S = 0.2
CONNECT_S = 10
_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):(\d{1,5})")
_LAST_PORT = 65535
LOST = (
    "Les machines du cluster qui calculaient se sont arrêtées l'une après l'autre, sans doute "
    "faute de mémoire. Donnez-leur davantage, puis relancez la même commande."
)


def refuse_address(address: str) -> None:
    """Refuse what is no address of a scheduler, before anything is asked of the network.

    Raises BadInput `scheduler_address`.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found[3]) <= _LAST_PORT:
        raise BadInput("scheduler_address", address=address)


class Cluster:
    """The workers of a scheduler.

    Raises BadInput `cluster_unreachable`, `cluster_without_workers`, `cluster_other_version`,
    `cluster_without_tables`, and `cluster_lost` when it dies on the way.
    """

    def __init__(self, address: str) -> None:
        refuse_address(address)
        self.address = address
        # what it says of a lost connection is said here, in French
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client = distributed.Client(
                address, timeout=CONNECT_S, set_as_default=False, direct_to_workers=False
            )
        except (OSError, TimeoutError) as error:
            raise BadInput("cluster_unreachable", address=address, seconds=CONNECT_S) from error

    def run(self, work: Work, tasks: Sequence[Task], stop: Event) -> Iterator[Record | Failed]:
        """Each place as it ends, the first tasks begun first; nothing more once `stop` is set."""
        try:
            self._refuse_unfit(work)
            shared = self._client.scatter(work, broadcast=True)
            # another run on the same scheduler, with other choices, has other names
            run_name = f"maillage-{work.whole[:16]}"
            left = {
                self._client.submit(
                    compute, shared, task, key=f"{run_name}-{task.place.siren}", priority=-rank
                ): task
                for rank, task in enumerate(tasks)
            }
            while left and not stop.is_set():
                yield from self._ended(left)
        except (OSError, TimeoutError, distributed.client.FutureCancelledError) as error:
            raise BadInput("cluster_lost", address=self.address) from error
        finally:
            self._close()

    def _ended(self, left: dict[Answer, Task]) -> Iterator[Record | Failed]:
        self._refuse_lost()
        with suppress(TimeoutError), self._client.as_current():
            distributed.wait(list(left), timeout=TICK_S, return_when="FIRST_COMPLETED")
        for future in [f for f in left if f.done()]:
            task = left.pop(future)
            try:
                yield future.result(timeout=CONNECT_S)
            except distributed.KilledWorker:
                yield Failed(task.place, LOST)
            future.release()

    def _refuse_unfit(self, work: Work) -> None:
        """Every worker must be able to compute, on the same tables, with the same code."""
        told = self._client.scheduler_info(n_workers=-1)
        if "workers" not in told:
            # a scheduler that dies while it is asked leaves an empty answer
            raise BadInput("cluster_lost", address=self.address)
        if not told["workers"]:
            raise BadInput("cluster_without_workers", address=self.address)
        for name, (method, has_tables) in self._client.run(_fitness, work).items():
            if method != work.method:
                raise BadInput("cluster_other_version", worker=name)
            if not has_tables:
                raise BadInput("cluster_without_tables", worker=name, path=work.data)

    def _refuse_lost(self) -> None:
        if self._client.status != "running":
            raise BadInput("cluster_lost", address=self.address)

    def _close(self) -> None:
        with suppress(OSError, TimeoutError):
            self._client.close(timeout=TICK_S)


def _fitness(work: Work) -> tuple[str, bool]:
    return national.method_print(), work.data.is_dir()
