"""Factur-X: the printed invoice with its XML inside, PDF/A-3a and PDF/UA-1 both.

Typst attaches the XML and tags the pages; what it cannot say, the `fx:` description of the
metadata, is added to them as a tree.
"""

import io
from datetime import datetime
from typing import Final

import pikepdf
from lxml import etree

from maillage.report.e_invoice import paper
from maillage.report.e_invoice.document import Document
from maillage.report.typeset import Press

TEMPLATE = "invoice.typ"
ATTACHED = "factur-x.xml"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FX: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_EXTENSION: Final = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA: Final = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY: Final = "http://www.aiim.org/pdfa/ns/property#"
# what the standard asks: names, values, and their description in words
PROPERTIES = (
    ("DocumentType", "INVOICE", "Type of the embedded document"),
    ("DocumentFileName", ATTACHED, "Name of the embedded XML file"),
    ("Version", "1.0", "Version of the standard of the XML file"),
    ("ConformanceLevel", "EN 16931", "Profile of the XML file"),
)


def invoice_pdf(press: Press, document: Document, xml: bytes, *, at: datetime) -> bytes:
    """The document printed, with this XML inside: the same document and date, the same bytes."""
    printed = press.compile(TEMPLATE, paper.words(document), {ATTACHED: xml}, at)
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        metadata = pdf.Root.Metadata
        metadata.write(_described(metadata.read_bytes()))
        out = io.BytesIO()
        # its own way of writing metadata would drop the marks of PDF/A and PDF/UA
        pdf.save(out, fix_metadata_version=False, deterministic_id=True)
    return out.getvalue()


def _described(packet: bytes) -> bytes:
    """The metadata with what Factur-X asks of them, between the same marks of a packet."""
    root = etree.fromstring(packet, etree.XMLParser(resolve_entities=False, no_network=True))
    rdf = root if root.tag == f"{{{_RDF}}}RDF" else root.find(f"{{{_RDF}}}RDF")
    if rdf is None:
        raise ValueError("metadata without description")
    about = {f"{{{_RDF}}}about": ""}
    values = etree.SubElement(rdf, f"{{{_RDF}}}Description", about, nsmap={"fx": _FX})
    for name, value, _ in PROPERTIES:
        etree.SubElement(values, f"{{{_FX}}}{name}").text = value
    _extend(rdf)
    tree = root.getroottree()
    packet_again: bytes = etree.tostring(tree, encoding="UTF-8")
    return packet_again


def _extend(rdf: etree._Element) -> None:
    """PDF/A asks that a schema which is not its own be described beside its values."""
    bag = rdf.find(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag")
    if bag is None:
        spaces = {"pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}
        about = {f"{{{_RDF}}}about": ""}
        described = etree.SubElement(rdf, f"{{{_RDF}}}Description", about, nsmap=spaces)
        schemas = etree.SubElement(described, f"{{{_EXTENSION}}}schemas")
        bag = etree.SubElement(schemas, f"{{{_RDF}}}Bag")
    schema = _resource(bag)
    for name, value in (
        ("schema", "Factur-X PDFA Extension Schema"),
        ("namespaceURI", _FX),
        ("prefix", "fx"),
    ):
        etree.SubElement(schema, f"{{{_SCHEMA}}}{name}").text = value
    listed = etree.SubElement(schema, f"{{{_SCHEMA}}}property")
    sequence = etree.SubElement(listed, f"{{{_RDF}}}Seq")
    for name, _, description in PROPERTIES:
        one = _resource(sequence)
        for what, value in (
            ("name", name),
            ("valueType", "Text"),
            ("category", "external"),
            ("description", description),
        ):
            etree.SubElement(one, f"{{{_PROPERTY}}}{what}").text = value


def _resource(parent: etree._Element) -> etree._Element:
    return etree.SubElement(parent, f"{{{_RDF}}}li", {f"{{{_RDF}}}parseType": "Resource"})
