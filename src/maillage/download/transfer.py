"""The bytes of an address, in as many tries as it takes: what alone opens a connection."""

import email.utils
import errno
import re
import shutil
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import truststore
import urllib3

from maillage.core.bad_input import BadInput
from maillage.download.address import Address
from maillage.download.part import Part

_AGENT = "Maillage"
_CHUNK_BYTES = 1 << 18
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
# Answers that another try may change
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_CHECKSUM_BYTES = 1 << 12


class Watch(Protocol):
    """Who follows a transfer."""

    def holds(self, done: int, total: int | None) -> None:
        """So many bytes are there, of so many when the server tells."""

    def waits(self, seconds: float) -> None:
        """The server cut, or asked to wait: another try follows."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for what; `sleep` is given so that tests do not wait.

    tries  fruitless tries in a row before giving up; a try that brings bytes starts the count anew
    """

    connect_s: float = 15.0
    read_s: float = 60.0
    tries: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 120.0
    sleep: Callable[[float], None] = time.sleep

    def wait_s(self, failures: int) -> float:
        """The pause before another try: twice the last one, within a bound."""
        return min(self.first_wait_s * 2.0 ** (failures - 1), self.longest_wait_s)


class _Again(Exception):  # noqa: N818
    """This try failed, another may not; `refusal` is what to say when none is left."""

    def __init__(self, refusal: BadInput, wait_s: float | None = None) -> None:
        super().__init__(refusal)
        self.refusal, self.wait_s = refusal, wait_s


class Client:
    """Connections to publishers, with the certificates and the proxy of this machine."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._pools: dict[str | None, urllib3.PoolManager] = {}

    def bring(self, source: Address, part: Part, most_bytes: int, page: str, watch: Watch) -> None:
        """Bring the bytes of an address into a part, from where it stands.

        Raises BadInput `download_not_found`, `download_forbidden`, `download_refused`,
        `download_cut`, `download_unreachable`, `download_certificate`, `download_redirect`,
        `download_too_heavy`, `download_wait_too_long`, `download_cannot_write`.
        """
        if part.is_whole:
            return
        asked = _Asked(source, most_bytes, page)
        self._insist(lambda: self._receive(asked, part, watch), lambda: part.size, watch)

    def checksum(self, source: Address, page: str, watch: Watch) -> str:
        """The first word of a small text: what a publisher says its file's MD5 is."""
        asked = _Asked(source, _CHECKSUM_BYTES, page)
        found: list[str] = []

        def once() -> None:
            with self._answer(asked, {}) as response:
                _refuse_status(asked, response)
                text = response.read(_CHECKSUM_BYTES).decode("ascii", errors="replace")
                found.append(next(iter(text.split()), ""))

        self._insist(once, lambda: 0, watch)
        return found[0].lower()

    def _insist(self, once: Callable[[], None], held: Callable[[], int], watch: Watch) -> None:
        """Try until it works, with longer and longer pauses, or until patience is spent."""
        failures, most_held = 0, held()
        while True:
            try:
                return once()
            except _Again as failure:
                failures = 1 if held() > most_held else failures + 1
                most_held = max(most_held, held())
                if failures >= self.patience.tries:
                    raise failure.refusal from failure
                wait_s = failure.wait_s
                if wait_s is None:
                    wait_s = self.patience.wait_s(failures)
                if wait_s > self.patience.longest_wait_s:
                    raise BadInput("download_wait_too_long", minutes=wait_s / 60) from failure
                watch.waits(wait_s)
                self.patience.sleep(wait_s)

    def _receive(self, asked: "_Asked", part: Part, watch: Watch) -> None:
        headers = {}
        if part.size and part.state.strong:
            headers = {"Range": f"bytes={part.size}-", "If-Range": part.state.strong}
        with self._answer(asked, headers) as response:
            if response.status == 416:
                part.forget()
                raise _Again(asked.wrong("download_refused", status=416), 0.0)
            _refuse_status(asked, response)
            if response.status == 206:
                _refuse_other_range(asked, part, response)
            else:
                _begin(asked, part, response)
            watch.holds(part.size, part.state.total)
            # read1: what is there at once, so that nothing that came is lost in a cut
            while data := response.read1(_CHUNK_BYTES, decode_content=False):
                asked.refuse_heavy(part.size + len(data))
                part.write(data)
                watch.holds(part.size, part.state.total)
            part.settled()

    @contextmanager
    def _answer(
        self, asked: "_Asked", headers: Mapping[str, str]
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """The response to a request, redirects followed, what the network does made refusals."""
        response = None
        try:
            response = self._followed(asked, headers)
            yield response
        except ssl.SSLCertVerificationError as error:
            raise asked.wrong("download_certificate") from error
        except urllib3.exceptions.SSLError as error:
            raise asked.wrong("download_certificate") from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            if response is None:
                raise _Again(asked.wrong("download_unreachable")) from error
            raise _Again(asked.wrong("download_cut")) from error
        finally:
            if response is not None:
                response.close()

    def _followed(self, asked: "_Asked", headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        there = asked.source
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._ask(there, headers)
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or location is None:
                return response
            response.close()
            there = there.followed_to(location)
        raise BadInput("download_redirect", address=asked.source.shown, host=there.host)

    def _ask(self, there: Address, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        authorized = {"Authorization": there.authorization} if there.authorization else {}
        pool = self._pool(None if there.is_local else _proxy(there))
        return pool.request(
            "GET",
            there.url,
            headers={"User-Agent": _AGENT, "Accept-Encoding": "identity", **headers, **authorized},
            preload_content=False,
            redirect=False,
            retries=False,
        )

    def _pool(self, proxy: str | None) -> urllib3.PoolManager:
        if proxy not in self._pools:
            timeout = urllib3.Timeout(connect=self.patience.connect_s, read=self.patience.read_s)
            # town halls sit behind proxies with certificates of their own: the system knows them
            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._pools[proxy] = _pool(proxy, timeout, context)
        return self._pools[proxy]


@dataclass(frozen=True)
class _Asked:
    """What is asked of a server, for the sentences of what goes wrong."""

    source: Address
    most_bytes: int
    page: str

    def wrong(self, code: str, **facts: object) -> BadInput:
        shown = {"address": self.source.shown, "host": self.source.host, "page": self.page}
        return BadInput(code, **shown, **facts)

    def refuse_heavy(self, size: int) -> None:
        if size > self.most_bytes:
            raise self.wrong("download_too_heavy", most_mb=self.most_bytes / 1e6)


def _pool(
    proxy: str | None, timeout: urllib3.Timeout, context: ssl.SSLContext
) -> urllib3.PoolManager:
    if proxy is None:
        return urllib3.PoolManager(timeout=timeout, ssl_context=context)
    through = urllib3.util.parse_url(proxy)
    headers = urllib3.util.make_headers(proxy_basic_auth=through.auth) if through.auth else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, timeout=timeout, ssl_context=context)


def _proxy(there: Address) -> str | None:
    """The proxy that this machine's settings name for a host."""
    if urllib.request.proxy_bypass(there.host):
        return None
    named = urllib.request.getproxies().get(there.parts.scheme)
    return named if named is None or "://" in named else f"http://{named}"


def _refuse_status(asked: _Asked, response: urllib3.BaseHTTPResponse) -> None:
    status = response.status
    if status in (200, 206):
        return
    if status in (404, 410):
        raise asked.wrong("download_not_found")
    if status in (401, 403):
        raise asked.wrong("download_forbidden")
    refusal = asked.wrong("download_refused", status=status)
    if status in _PASSING:
        raise _Again(refusal, _retry_after_s(response))
    raise refusal


def _retry_after_s(response: urllib3.BaseHTTPResponse) -> float | None:
    """What the server asks to wait: seconds, or a date against its own clock."""
    text = response.headers.get("Retry-After", "").strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
        now = email.utils.parsedate_to_datetime(response.headers.get("Date", ""))
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _refuse_other_range(asked: _Asked, part: Part, response: urllib3.BaseHTTPResponse) -> None:
    """A range that does not go on from what came, or of a file of another size: start again."""
    found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    total = None if found is None or found[2] == "*" else int(found[2])
    goes_on = found is not None and int(found[1]) == part.size
    if not goes_on or total not in (None, part.state.total):
        part.forget()
        raise _Again(asked.wrong("download_cut"), 0.0)


def _begin(asked: _Asked, part: Part, response: urllib3.BaseHTTPResponse) -> None:
    """The whole file comes from its first byte: note by what it is known, and its size."""
    length = response.headers.get("Content-Length", "")
    total = int(length) if _NUMBER.fullmatch(length) else None
    asked.refuse_heavy(total or 0)
    if shutil.disk_usage(part.path.parent).free < (total or 0):
        raise BadInput("download_cannot_write", path=part.path, errno=errno.ENOSPC)
    tag, at = response.headers.get("ETag"), response.headers.get("Last-Modified")
    # a weak tag does not promise the same bytes
    strong = tag if tag and not tag.startswith("W/") else at
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    part.begin(strong, total, "" if encoding == "identity" else encoding, at)
