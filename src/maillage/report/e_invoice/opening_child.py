"""A PDF received from somebody, opened in a process of its own: a PDF in, its XML out.

A small PDF may unpack to gigabytes as soon as it is opened: only this process would suffer.
Run as a script by `report.e_invoice.opening`; it imports nothing of Maillage.
"""

import io
import sys
import zlib

import pikepdf

MEMORY_BYTES = 512 * 2**20
CPU_S = 10
# exit statuses beside 0
WITHOUT_XML, DAMAGED, TOO_HEAVY = 3, 4, 5
# the names that Factur-X and its German twins give to the XML
ATTACHED = frozenset(
    {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "zugferd_invoice.xml"}
)


class _Stop(Exception):  # noqa: N818  (how the script ends)
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def main(most_bytes: str) -> int:
    """The XML of the PDF on the standard input; nothing beyond `most_bytes` is unpacked."""
    _bounded()
    try:
        xml = _inside(sys.stdin.buffer.read(), int(most_bytes))
    except _Stop as stop:
        return stop.status
    except Exception:
        # each kind of damage has its own name in the library: who asked needs one
        return DAMAGED
    sys.stdout.buffer.write(xml)
    return 0


def _inside(content: bytes, most: int) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if pdf.is_encrypted:
            raise _Stop(DAMAGED)
        for name in pdf.attachments:
            if name.lower() in ATTACHED:
                return _unpacked(pdf.attachments[name].obj.EF.F, most)
    raise _Stop(WITHOUT_XML)


def _unpacked(stream: pikepdf.Object, most: int) -> bytes:
    """The bytes of a stream, stopped one after the limit."""
    raw = stream.read_raw_bytes()
    packing = stream.get("/Filter")
    if isinstance(packing, pikepdf.Array) and len(packing) == 1:
        packing = packing[0]
    if packing is not None:
        if str(packing) != "/FlateDecode" or "/DecodeParms" in stream:
            raise _Stop(DAMAGED)
        raw = zlib.decompressobj().decompress(raw, most + 1)
    if len(raw) > most:
        raise _Stop(TOO_HEAVY)
    return raw


def _bounded() -> None:
    if sys.platform == "win32":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        # nothing is written but the standard output
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
