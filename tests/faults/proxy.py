"""A loopback proxy in front of a server, which lets through, swallows, cuts or refuses."""

import socket
import threading
from contextlib import suppress
from enum import Enum


class Mode(Enum):
    THROUGH = "through"
    # accepts, then never answers
    SWALLOW = "swallow"
    REFUSE = "refuse"


class Proxy:
    """TCP on 127.0.0.1 in front of a Unix socket."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._mode = Mode.THROUGH
        self._open: list[socket.socket] = []
        # nobody slips through while the mode changes
        self._lock = threading.Lock()
        self._listener = self._listen(0)
        self.port = self._listener.getsockname()[1]

    def turn(self, mode: Mode) -> None:
        """Change what happens to newcomers; those already through are cut."""
        with self._lock:
            self._mode = mode
            self._close(*self._open)
            self._open = []
        if mode is Mode.REFUSE:
            self._close(self._listener)
        elif self._listener.fileno() < 0:
            self._listener = self._listen(self.port)

    def close(self) -> None:
        self.turn(Mode.REFUSE)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                with self._lock:
                    self._open.append(client)
                    if self._mode is Mode.THROUGH:
                        self._join(client)

    def _join(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._target)
        self._open.append(server)
        for pair in ((client, server), (server, client)):
            threading.Thread(target=self._copy, args=pair, daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self._close(source, sink)

    @staticmethod
    def _close(*sockets: socket.socket) -> None:
        for one in sockets:
            # wakes a thread that waits on it
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
