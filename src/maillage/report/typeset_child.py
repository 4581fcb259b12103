"""Typst, alone in a process of its own: a folder in, a PDF out, bounds on everything else.

Run as a script by `report.typeset`; it imports nothing of Maillage and knows none of its secrets.
Once, or kept warm: then each line of the standard input asks for one more PDF.
"""

import json
import os
import sys
from pathlib import Path
from typing import Literal

import typst

STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
MEMORY_BYTES = 512 * 2**20
CPU_S = 20
OPEN_FILES = 64
# statuses beside 0, of which the words are said
REFUSED, WARNED = 3, 4


def main(root: str, template: str, fonts: str, dated_s: str) -> int:
    """Compile `template` of the folder `root`; the PDF goes to the standard output."""
    _without_network()
    _bounded()
    status, said = _compiled(root, template, [fonts], int(dated_s))
    (sys.stderr if status else sys.stdout).buffer.write(said)
    return status


def serve(root: str, fonts: str) -> None:
    """For each line, {"template": …, "dated_s": …}: « status length », then the PDF or words."""
    _without_network()
    _bounded()
    known = typst.Fonts(include_system_fonts=False, font_paths=[fonts])
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        _cpu_from_now()
        status, said = _compiled(root, asked["template"], known, asked["dated_s"])
        sys.stdout.buffer.write(b"%d %d\n%b" % (status, len(said), said))
        sys.stdout.buffer.flush()


def _compiled(
    root: str, template: str, fonts: typst.Fonts | list[str], dated_s: int
) -> tuple[int, bytes]:
    """The status, and the PDF or why there is none."""
    links = sorted(p.name for p in Path(root).rglob("*") if p.is_symlink())
    if links:
        return REFUSED, f"symbolic links: {', '.join(links)}".encode()
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(Path(root) / template),
            root=root,
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[*STANDARDS],
            timestamp=dated_s,
        )
    except typst.TypstError as error:
        return REFUSED, str(error).encode()
    if warnings:
        return WARNED, "; ".join(warning.message for warning in warnings).encode()
    return 0, pdf


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

    _cpu_from_now()
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        # nothing is written but the standard output
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _cpu_from_now() -> None:
    """So much for one PDF, whatever the others took."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + CPU_S
    _, given = resource.getrlimit(resource.RLIMIT_CPU)
    if given != resource.RLIM_INFINITY:
        most = min(most, given)
    resource.setrlimit(resource.RLIMIT_CPU, (most, given))


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(*sys.argv[2:])
        sys.exit(0)
    sys.exit(main(*sys.argv[1:]))
