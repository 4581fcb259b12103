"""The database out of reach: a sentence within seconds, and everything comes back alone."""

import http.client
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from factories.platform import Platform
from faults.demonstration import free_port
from faults.proxy import Mode, Proxy
from patience import PATIENCE_S, wait_until


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    made = Platform(tmp_path_factory.mktemp("unreachable"), is_migrated=True)
    yield made
    made.drop()


@pytest.fixture(scope="module")
def proxy():
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    made = Proxy(str(Path(parts["host"]) / f".s.PGSQL.{parts['port']}"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def port(platform, proxy):
    """A web server that reaches its database through the proxy."""
    chosen = free_port()
    url = f"postgresql://postgres@127.0.0.1:{proxy.port}/{platform.database}"
    with subprocess.Popen(
        [sys.executable, "-m", "maillage.operate.web_server", str(chosen)],
        env=platform.environment | {"DATABASE_URL": url},
        stderr=subprocess.DEVNULL,
    ) as server:
        wait_until(lambda: is_listening(chosen))
        yield chosen
        server.terminate()


def is_listening(port: int) -> bool:
    try:
        return answer(port, "/sante/vivant")[0] == 200
    except OSError:
        return False


def answer(port: int, path: str) -> tuple[int, str, float]:
    """Status, text, seconds."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", path)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    is_page = not path.startswith("/sante/")
    assert response.status != 503 or not is_page or response.getheader("Retry-After")
    return response.status, text, time.monotonic() - begun


@pytest.mark.parametrize("fault", [Mode.REFUSE, Mode.SWALLOW])
@pytest.mark.parametrize("path", ["/", "/territoires/", "/sante/pret"])
def test_a_page_says_that_it_is_out_of_reach_and_then_comes_back(port, proxy, fault, path):
    proxy.turn(Mode.THROUGH)
    wait_until(lambda: answer(port, "/territoires/")[0] == 200)

    proxy.turn(fault)
    status, text, seconds = answer(port, path)
    sys.stdout.write(f"{fault.value:8s} {path:12s} {status} after {seconds:.1f} s\n")
    assert status == 503
    assert "Traceback" not in text

    proxy.turn(Mode.THROUGH)
    wait_until(lambda: answer(port, "/territoires/")[0] == 200)


def test_the_process_is_alive_without_its_database(port, proxy):
    proxy.turn(Mode.REFUSE)

    assert answer(port, "/sante/vivant")[0] == 200
