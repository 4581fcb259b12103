"""The demonstration served: its own database, its people, its links, until Ctrl-C."""

import os
import secrets
import socket
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import URLError

import click

from maillage.cli.operating import refusing
from maillage.cli.remembered_plan import RememberedPlan
from maillage.cli.study import Computed
from maillage.kit.clock import now
from maillage.operate import home, postgres, processes, readiness, stamp
from maillage.operate.postgres import Server
from maillage.operate.processes import Child
from maillage.operate.product import open_product
from maillage.operate.refused import Refused

HOST = "127.0.0.1"
# five seconds, on a machine that does nothing else
READY_WITHIN_S = 120.0
ASK_AGAIN_S = 0.05
# settings of a real platform must not leak into the invented one
KEPT_VARIABLES = frozenset({"MAILLAGE_HOME", "MAILLAGE_LOG"})


@dataclass(frozen=True)
class Place:
    """Where the demonstration lives, and where it answers."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{HOST}:{self.port}"


def demonstrate(port: int, options: dict[str, Any], compute: Callable[[], Computed]) -> None:
    """Show the plan, fill the database once, serve until Ctrl-C."""
    place = Place(home.folder() / "demo", port)
    with refusing():
        refuse_busy(port)
        plan = RememberedPlan(place.folder / "plan.json", options, now(), compute)
        plan.show()
        with postgres.start(place.folder / "postgres") as server:
            refuse_neighbour(server, place)
            use_settings(settings_of(place, server.url))
            if not stamp.is_seeded(server.url, plan.key):
                _fill(plan)
            _serve(place, server)
    click.echo("\nTout est arrêté. « maillage demo » rouvre au même endroit.")


def _fill(plan: RememberedPlan) -> None:
    open_product()
    # the models that it fills exist once the product is open
    from maillage.operate import demonstration

    readiness.migrate()
    demonstration.seed(plan.key, plan.outcome, at=now())


def _serve(place: Place, server: Server) -> None:
    environment = dict(os.environ)
    web = Child(
        "web", processes.module("maillage.operate.web_server", str(place.port)), environment
    )
    worker = Child("worker", processes.module("maillage.cli.main", "worker"), environment)
    with processes.stop_on_signals() as stop, processes.running((web,)):
        # while the web server starts
        open_product()
        from maillage.operate import demonstration

        links = demonstration.links(at=now())
        _wait_for(place.address, web, stop)
        with processes.running((worker,)):
            _tell(place, links)
            processes.keep_alive((web, worker), server.ensure_running, stop, _say)


def refuse_busy(port: int) -> None:
    """A port taken by another program is said before anything is computed."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Refused(
                f"Le port {port} est déjà pris, peut-être par une démonstration ouverte : "
                f"http://{HOST}:{port}. Arrêtez-la, ou choisissez un autre port avec --port."
            ) from error


def refuse_neighbour(server: Server, place: Place) -> None:
    """One demonstration at a time in a folder: the other would stop our database."""
    if not server.is_owner:
        raise Refused(
            f"Une autre démonstration tient déjà {place.folder}. Arrêtez-la, ou donnez un autre "
            "dossier à celle-ci avec MAILLAGE_HOME."
        )


def settings_of(place: Place, database_url: str) -> Mapping[str, str]:
    """The settings of the demonstration: this machine alone, invented people, no real mail."""
    return {
        "DATABASE_URL": database_url,
        "MAILLAGE_DEMONSTRATION": "1",
        "MAILLAGE_URL": place.address,
        "MAILLAGE_FILES": str(place.folder / "files"),
        "MAILLAGE_MAIL": f"file:{place.folder / 'mail'}",
        "MAILLAGE_SECRET_KEY": _secret_key(place.folder / "secret-key"),
    }


def use_settings(chosen: Mapping[str, str]) -> None:
    """Make them this process's and its children's, in place of any other."""
    for name in list(os.environ):
        if name.startswith("MAILLAGE_") and name not in KEPT_VARIABLES:
            del os.environ[name]
    os.environ.update(chosen)


def _secret_key(file: Path) -> str:
    """Drawn once: sessions go on from one start to the next."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return file.read_text(encoding="ascii")


def _wait_for(address: str, web: Child, stop: Event) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not stop.is_set() and not _answers(address):
        if web.pid is None or time.monotonic() > deadline:
            raise Refused("Le serveur web ne démarre pas ; sa raison est écrite plus haut.")
        stop.wait(ASK_AGAIN_S)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/sante/vivant", timeout=2):  # noqa: S310
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


def _tell(place: Place, links: tuple[tuple[str, str, str], ...]) -> None:
    click.echo(f"\nL'application est ouverte : {place.address}")
    click.echo("\nEntrer comme (personnes inventées ; chaque lien sert une fois) :")
    for name, post, path in links:
        click.echo(f"  {post}, {name}\n    {place.address}{path}")
    click.echo("\nCtrl-C arrête tout.")


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
