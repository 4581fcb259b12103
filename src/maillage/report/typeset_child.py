"""Typst, alone in a process of its own: a folder in, a PDF out, bounds on everything else.

Run as a script by `report.typeset`; it imports nothing of Maillage and knows none of its secrets.
"""

import os
import sys
from pathlib import Path
from typing import Literal

import typst

STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
MEMORY_BYTES = 512 * 2**20
CPU_S = 20
OPEN_FILES = 64
# exit statuses beside 0, said in words on the error stream
REFUSED, WARNED = 3, 4


def main(root: str, template: str, fonts: str, dated_s: str) -> int:
    """Compile `template` of the folder `root`; the PDF goes to the standard output."""
    links = sorted(p.name for p in Path(root).rglob("*") if p.is_symlink())
    if links:
        return _say(REFUSED, f"symbolic links: {', '.join(links)}")
    _without_network()
    _bounded()
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(Path(root) / template),
            root=root,
            font_paths=[fonts],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[*STANDARDS],
            timestamp=int(dated_s),
        )
    except typst.TypstError as error:
        return _say(REFUSED, str(error))
    if warnings:
        return _say(WARNED, "; ".join(warning.message for warning in warnings))
    sys.stdout.buffer.write(pdf)
    return 0


def _without_network() -> None:
    """Leave the machine's network, and a superuser's powers with it, where the system allows it."""
    if sys.platform != "linux":
        return
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    except OSError:
        # some containers forbid it; then only the address of a dead proxy stands in the way
        return


def _bounded() -> None:
    if sys.platform == "win32":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        # nothing is written but the standard output
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _say(status: int, words: str) -> int:
    sys.stderr.write(words)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
