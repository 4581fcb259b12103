"""Call an address: ten seconds, one connection to the checked IP, no redirect, little read."""

from datetime import datetime

import urllib3
from urllib3.exceptions import HTTPError

from maillage.apps.webhooks.address import Target
from maillage.apps.webhooks.signature import HEADER, sign

LONGEST_S = 10.0
MOST_READ = 64 * 1024
_OK = range(200, 300)


def call(target: Target, body: bytes, *, name: str, secret: str, at: datetime) -> int:
    """The status of the answer, 0 when there was none."""
    headers = {
        "Host": target.host if target.port in {80, 443} else f"{target.host}:{target.port}",
        "Content-Type": "application/json",
        "User-Agent": "Maillage",
        "Maillage-Delivery": name,
        HEADER: sign(secret, body, at),
    }
    pool = _pool(target)
    try:
        answer = pool.urlopen(
            "POST",
            target.path,
            body=body,
            headers=headers,
            retries=False,
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(total=LONGEST_S),
        )
        # what it says is never shown: read a little so that a program sees its answer taken
        answer.read(MOST_READ)
        answer.close()
    except (HTTPError, OSError):
        return 0
    finally:
        pool.close()
    return int(answer.status)


def is_taken(status: int) -> bool:
    """Whether the program said that it has it."""
    return status in _OK


def _pool(target: Target) -> urllib3.HTTPConnectionPool:
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(target.ip, target.port)
    return urllib3.HTTPSConnectionPool(
        target.ip,
        target.port,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )
