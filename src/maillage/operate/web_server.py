"""The web server: granian, several processes, on one address.

`python -m maillage.operate.web_server PORT` serves this machine alone, for a supervisor that has
checked everything.
"""

import multiprocessing
import sys
from dataclasses import dataclass

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

TARGET = "maillage.web.wsgi:application"
# a client that sends its headers more slowly than this is let go
HEADERS_MS_MAX = 10_000
# how long requests under way may last once the server is asked to stop
STOP_S = 20


@dataclass(frozen=True)
class Listen:
    """Where and with how many hands the server answers."""

    host: str
    port: int
    processes: int
    threads: int


def serve(listen: Listen) -> None:
    """Answer until asked to stop."""
    # the libraries of the tables do not survive a fork
    multiprocessing.set_start_method("spawn")
    Server(
        TARGET,
        address=listen.host,
        port=listen.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=listen.processes,
        blocking_threads=listen.threads,
        backlog=1024,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_MS_MAX),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOP_S,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    serve(Listen("127.0.0.1", int(sys.argv[1]), processes=2, threads=4))
