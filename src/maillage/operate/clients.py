"""PostgreSQL's client programs (pg_dump, pg_restore), able to speak to the product's database."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from django.db import connection
from psycopg import pq

from maillage.operate import programs
from maillage.operate.refused import Refused


def find(name: str) -> Path:
    """The first program of that name which is not older than the server."""
    wanted = connection.cursor().connection.info.server_version // 10_000
    found = []
    for candidate in _candidates(name):
        major = _major(candidate)
        if major >= wanted:
            return candidate
        found.append(str(major))
    seen = f" (vu : {', '.join(found)})" if found else ""
    raise Refused(
        f"Il faut le programme {name} de PostgreSQL {wanted} ou plus récent{seen}. Installez le "
        "paquet « postgresql-client » de votre système, ou l'extra « demo » de Maillage."
    )


def run(program: Path, *arguments: str) -> None:
    """Run a client on the product's database; what it says of a failure is passed on."""
    done = subprocess.run(  # noqa: S603 - programs found by `find`
        [str(program), *arguments],
        env=os.environ | environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refused(f"{program.name} a échoué : {done.stderr.strip()}")


def environment() -> Mapping[str, str]:
    """How to reach the database, out of sight of the list of processes."""
    variables = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        # the pages' own limits on statements are too short for a whole base
        if option.envvar and option.keyword != b"options"
    }
    known = connection.get_connection_params()
    return {variables[key]: str(value) for key, value in known.items() if key in variables}


def _candidates(name: str) -> list[Path]:
    on_path = shutil.which(name)
    found = (Path(on_path) if on_path else None, programs.installed_program(name))
    return [path for path in found if path is not None]


def _major(program: Path) -> int:
    said = subprocess.run(  # noqa: S603
        [str(program), "--version"], capture_output=True, text=True, check=True
    ).stdout
    numbers = re.search(r"(\d+)\.", said)
    return int(numbers.group(1)) if numbers else 0
