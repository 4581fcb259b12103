"""A publisher's server on this machine, that also does what servers should not do."""

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

Answer = Callable[["Handler", "Offer"], None]


@dataclass
class Offer:
    """A file; `answers` are what the first requests get instead of it."""

    content: bytes
    etag: str | None = '"v1"'
    changed_at: str | None = "Tue, 03 Nov 2026 10:00:00 GMT"
    answers: list[Answer] = field(default_factory=list)


@dataclass
class Publisher:
    """Files by path, and every request that was made: its path and headers."""

    offers: dict[str, Offer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __enter__(self) -> Self:
        publisher = self

        class Bound(Handler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                publisher.asked.append((path, {k.lower(): v for k, v in self.headers.items()}))
                offer = publisher.offers.get(path)
                if offer is None:
                    status(404)(self, Offer(b""))
                    return
                answer = offer.answers.pop(0) if offer.answers else serve
                answer(self, offer)

        self._server = _Quiet(("127.0.0.1", 0), Bound)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def put(self, path: str, content: bytes, *answers: Answer, **offered: str | None) -> str:
        """Offer a file; its address."""
        self.offers[path] = Offer(content, answers=list(answers), **offered)
        return self.url(path)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def ranges(self, path: str) -> list[str | None]:
        """The range that each request of a file asked."""
        return [headers.get("range") for asked, headers in self.asked if asked == path]


class Handler(BaseHTTPRequestHandler):
    """Answers in HTTP/1.1, without a log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Nothing on the screen."""

    def head(self, code: int, length: int | None, **headers: str | None) -> None:
        """The status and the headers; an underscore in a name is a dash."""
        self.send_response(code)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()


def serve(to: Handler, offer: Offer) -> None:
    """The file, or what follows in it when the range is still good."""
    start, known = to.headers.get("Range"), to.headers.get("If-Range")
    size = len(offer.content)
    if start is None or known not in (offer.etag, offer.changed_at):
        _whole(to, offer, size)
        return
    first = int(start.removeprefix("bytes=").rstrip("-"))
    if first >= size:
        to.head(416, 0, Content_Range=f"bytes */{size}")
        return
    rest = offer.content[first:]
    span = f"bytes {first}-{size - 1}/{size}"
    to.head(206, len(rest), Content_Range=span, **_marks(offer))
    to.wfile.write(rest)


def _marks(offer: Offer) -> dict[str, str | None]:
    return {"ETag": offer.etag, "Last_Modified": offer.changed_at}


def _whole(to: Handler, offer: Offer, length: int | None, content: bytes | None = None) -> None:
    to.head(200, length, **_marks(offer))
    to.wfile.write(offer.content if content is None else content)


def ignore_range(to: Handler, offer: Offer) -> None:
    """The whole file, whatever is asked."""
    _whole(to, offer, len(offer.content))


def cut_after(size: int) -> Answer:
    """Some more bytes, then the line is cut."""

    def answer(to: Handler, offer: Offer) -> None:
        start = to.headers.get("Range")
        first = int(start.removeprefix("bytes=").rstrip("-")) if start else 0
        total = len(offer.content)
        if first:
            span = f"bytes {first}-{total - 1}/{total}"
            to.head(206, total - first, Content_Range=span, **_marks(offer))
        else:
            to.head(200, total, **_marks(offer))
        to.wfile.write(offer.content[first : first + size])
        to.close_connection = True

    return answer


def say_length(length: int | str) -> Answer:
    """The whole file under a length that is not its own."""

    def answer(to: Handler, offer: Offer) -> None:
        _whole(to, offer, length)
        to.close_connection = True

    return answer


def other_range(to: Handler, offer: Offer) -> None:
    """A part that is not the one asked."""
    total = len(offer.content)
    to.head(206, total, Content_Range=f"bytes 0-{total - 1}/{total}", **_marks(offer))
    to.wfile.write(offer.content)


def status(code: int, **headers: str) -> Answer:
    """An error."""

    def answer(to: Handler, offer: Offer) -> None:
        to.head(code, 6, **headers)
        to.wfile.write(b"erreur")

    return answer


def redirect(location: str, code: int = 302) -> Answer:
    """Elsewhere."""

    def answer(to: Handler, offer: Offer) -> None:
        to.head(code, 0, Location=location)

    return answer


def slowly(to: Handler, offer: Offer) -> None:
    """The file in small pieces."""
    to.head(200, len(offer.content), **_marks(offer))
    step = max(len(offer.content) // 5, 1)
    for start in range(0, len(offer.content), step):
        to.wfile.write(offer.content[start : start + step])
        to.wfile.flush()
        time.sleep(0.01)


def silent(to: Handler, offer: Offer) -> None:
    """The beginning, then nothing until the client hangs up."""
    to.head(200, len(offer.content), **_marks(offer))
    to.wfile.write(offer.content[:10])
    to.wfile.flush()
    to.rfile.read(1)
    to.close_connection = True


def web_page(to: Handler, offer: Offer) -> None:
    """A page for people, as if it were the file."""
    _whole(to, offer, None, b"<!DOCTYPE html>\n<html><body>Identifiez-vous</body></html>")
    to.close_connection = True


def without_length(to: Handler, offer: Offer) -> None:
    """The file until the line closes."""
    _whole(to, offer, None)
    to.close_connection = True


def in_chunks(*, is_whole: bool) -> Answer:
    """The file in chunks of HTTP, with or without the last one."""

    def answer(to: Handler, offer: Offer) -> None:
        to.head(200, None, Transfer_Encoding="chunked", **_marks(offer))
        for start in range(0, len(offer.content), 1000):
            data = offer.content[start : start + 1000]
            to.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        if is_whole:
            to.wfile.write(b"0\r\n\r\n")
        to.close_connection = True

    return answer


def gzipped(to: Handler, offer: Offer) -> None:
    """The file compressed on the way, though nobody asked."""
    packed = gzip.compress(offer.content)
    to.head(200, len(packed), Content_Encoding="gzip", **_marks(offer))
    to.wfile.write(packed)


@contextmanager
def in_tls(folder: Path) -> Iterator[int]:
    """A server behind a certificate that no authority signed; its port."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + timedelta(days=9999))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "localhost.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = _Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(ThreadingHTTPServer):
    """Says nothing of the clients that hang up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""
