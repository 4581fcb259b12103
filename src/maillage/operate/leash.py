"""A leash: what must be killed with this process, whatever the way this process ends."""

import subprocess
from typing import Self

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


class Leash:
    """A shell that waits for our end (its pipe closes) and then gives one order."""

    def __init__(self, order: str) -> None:
        self._shell = subprocess.Popen(  # noqa: S603 - orders of this package, made of numbers
            ["/bin/sh", "-c", f"read -r _; {order}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            # Ctrl-C in the terminal is for us, who stop things in order
            start_new_session=True,
        )

    @classmethod
    def of_process(cls, pid: int) -> Self:
        """Interrupt one process."""
        return cls(f"kill -s INT {pid}")

    @classmethod
    def of_group(cls, pgid: int) -> Self:
        """End a group of processes, by force if it lingers."""
        return cls(f"kill -s TERM -- -{pgid}; sleep 5; kill -s KILL -- -{pgid}")

    @property
    def pid(self) -> int:
        """The shell's own process."""
        return self._shell.pid

    def release(self) -> None:
        """Let go: nothing is killed."""
        self._shell.kill()
        self._shell.communicate()
