"""What PostgreSQL says of itself in `postmaster.pid`, and whether it is still true."""

import subprocess
from pathlib import Path

FILE = "postmaster.pid"
# line of that file, from zero, that names the socket's folder
SOCKET_LINE = 4


def live_pid(data: Path) -> int | None:
    """The process that truly runs postgres on this data folder, or None."""
    pid = _written_pid(data)
    return pid if pid is not None and _serves(pid, data) else None


def sockets_in_use(data: Path) -> Path | None:
    """The folder of the server's socket, once it is written."""
    lines = _lines(data)
    return Path(lines[SOCKET_LINE]) if len(lines) > SOCKET_LINE and lines[SOCKET_LINE] else None


def forget_stranger(data: Path) -> None:
    """Remove a file whose number now belongs to another program: postgres would believe it."""
    pid = _written_pid(data)
    if pid is not None and _arguments(pid) and not _serves(pid, data):
        (data / FILE).unlink()


def _lines(data: Path) -> list[str]:
    try:
        return (data / FILE).read_text().splitlines()
    except FileNotFoundError:
        return []


def _written_pid(data: Path) -> int | None:
    lines = _lines(data)
    return int(lines[0]) if lines and lines[0].isdecimal() else None


def _serves(pid: int, data: Path) -> bool:
    program, *arguments = _arguments(pid) or [""]
    return Path(program).name == "postgres" and str(data) in arguments


def _arguments(pid: int) -> list[str]:
    """The command line of a process; empty when it is gone, or dead and not yet buried."""
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return []
        return raw.decode(errors="replace").split("\0")[:-1]
    shown = subprocess.run(  # noqa: S603 - macOS has no /proc
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.split()
