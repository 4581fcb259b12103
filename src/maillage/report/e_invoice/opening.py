"""A file received from somebody: opened with care, down to the tree of its XML.

No document type, hence no entity; nothing of the machine or of the network is read; what is
unpacked is bounded before it is kept.
"""

import io
import zlib

import pikepdf
from lxml import etree

from maillage.core.bad_input import BadInput

MEGABYTE = 2**20
MOST_XML = 5 * MEGABYTE
MOST_PDF = 20 * MEGABYTE
# the names that Factur-X and its German twins give to the XML
ATTACHED = frozenset(
    {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "zugferd_invoice.xml"}
)
ENCODINGS = frozenset({"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "WINDOWS-1252"})


def tree_of(content: bytes) -> etree._Element:
    """The XML of an invoice, itself or inside its PDF; BadInput says what to ask for instead."""
    if content.lstrip(b"\x00\t\r\n ")[:5] == b"%PDF-":
        return parsed(_inside(content))
    if content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00\t\r\n ")[:1] != b"<":
        raise BadInput("received_not_invoice")
    return parsed(content)


def parsed(xml: bytes) -> etree._Element:
    """The tree of an XML file that has no document type."""
    _refuse_heavy(len(xml), MOST_XML)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in xml.replace(b"\x00", b""):
            raise BadInput("received_with_doctype") from error
        raise BadInput("received_damaged_xml", line=error.lineno or 1) from error
    told = root.getroottree().docinfo
    if told.internalDTD is not None or told.doctype:
        raise BadInput("received_with_doctype")
    if (told.encoding or "UTF-8").upper() not in ENCODINGS:
        raise BadInput("received_damaged_xml", line=1)
    return root


def _inside(content: bytes) -> bytes:
    """The XML that a PDF carries."""
    _refuse_heavy(len(content), MOST_PDF)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise BadInput("received_damaged_pdf")
            for name in pdf.attachments:
                if name.lower() in ATTACHED:
                    return _unpacked(pdf.attachments[name].obj.EF.F)
    except (
        pikepdf.PdfError,
        pikepdf.PasswordError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        # each kind of damage has its own name in the library: the person needs one
        raise BadInput("received_damaged_pdf") from error
    raise BadInput("received_without_xml")


def _unpacked(stream: pikepdf.Object) -> bytes:
    """The bytes of a stream, stopped at the limit: a small file may unpack to gigabytes."""
    raw = stream.read_raw_bytes()
    packing = stream.get("/Filter")
    if isinstance(packing, pikepdf.Array) and len(packing) == 1:
        packing = packing[0]
    if packing is None:
        return raw
    if str(packing) != "/FlateDecode" or "/DecodeParms" in stream:
        raise BadInput("received_damaged_pdf")
    try:
        unpacked = zlib.decompressobj().decompress(raw, MOST_XML + 1)
    except zlib.error as error:
        raise BadInput("received_damaged_pdf") from error
    _refuse_heavy(len(unpacked), MOST_XML)
    return unpacked


def _refuse_heavy(size: int, most: int) -> None:
    if size > most:
        raise BadInput("received_too_heavy", most_mb=most // MEGABYTE)
