"""A file received from somebody: opened with care, down to the tree of its XML.

No document type, hence no entity; nothing of the machine or of the network is read; a PDF is
opened by a child with bounds of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

from lxml import etree

from maillage.core.bad_input import BadInput
from maillage.report.e_invoice import opening_child
from maillage.report.warm import KEPT

MEGABYTE = 2**20
MOST_XML = 5 * MEGABYTE
MOST_PDF = 20 * MEGABYTE
# a busy machine is slow: what loops is ended sooner, by its bound of computing time
TIME_S = 60
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
    """The XML that a PDF carries, taken out by a child of ours."""
    _refuse_heavy(len(content), MOST_PDF)
    words = [sys.executable, "-I", str(Path(opening_child.__file__)), str(MOST_XML)]
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    try:
        done = subprocess.run(  # noqa: S603  (our own script, our own arguments)
            words, input=content, env=kept, capture_output=True, timeout=TIME_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput("received_damaged_pdf") from error
    if done.returncode == opening_child.WITHOUT_XML:
        raise BadInput("received_without_xml")
    if done.returncode == opening_child.TOO_HEAVY:
        _refuse_heavy(MOST_XML + 1, MOST_XML)
    if done.returncode:
        # damaged, or killed by the bounds of the child
        raise BadInput("received_damaged_pdf")
    return done.stdout


def _refuse_heavy(size: int, most: int) -> None:
    if size > most:
        raise BadInput("received_too_heavy", most_mb=most // MEGABYTE)
