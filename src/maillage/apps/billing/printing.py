"""A document as XML and PDF, checked: by a press kept warm in this process, or by several at once.

The rules and the PDF are computed in children of their own; a thread only waits for them.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from maillage.core.bad_input import BadInput
from maillage.report.e_invoice import check, cii, pdf
from maillage.report.e_invoice.check import CheckFailed, Fault
from maillage.report.e_invoice.document import Document
from maillage.report.typeset import Press, TypesetError, TypesetWarning
from maillage.report.warm import ChildDied, OnePerProcess

# what may keep a document from being drawn: its text, its weight, a template of ours
NOT_DRAWN = (BadInput, TypesetError, TypesetWarning, CheckFailed, ChildDied)


@dataclass(frozen=True)
class Printed:
    """The two files of a document; without them, what the checks refuse in it."""

    xml: bytes = b""
    pdf: bytes = b""
    faults: tuple[Fault, ...] = ()


def printed(document: Document, press: Press, *, at: datetime) -> Printed:
    """The files of a document, or its faults; nothing is drawn of a document with faults."""
    xml = cii.xml(document)
    faults = check.faults(xml)
    if faults:
        return Printed(faults=faults)
    return Printed(xml, pdf.invoice_pdf(press, document, xml, at=at))


def renumbered(document: Document, press: Press, *, at: datetime) -> Printed:
    """A checked document, drawn again with another number."""
    xml = cii.xml(document)
    return Printed(xml, pdf.invoice_pdf(press, document, xml, at=at))


# begun at the first document of this process, whatever the thread; it ends with the process
warm_press = OnePerProcess(Press, Press.close)


class Printers:
    """Presses side by side, each with a thread that waits for it."""

    def __init__(self, count: int) -> None:
        self._open = ExitStack()
        self._desks = [self._desk() for _ in range(count)]
        self._turn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def give(self, document: Document, *, at: datetime) -> Future[Printed]:
        """Hand a document to the next press."""
        thread, press = self._desks[self._turn]
        self._turn = (self._turn + 1) % len(self._desks)
        return thread.submit(printed, document, press, at=at)

    def _desk(self) -> tuple[ThreadPoolExecutor, Press]:
        # a press ends after the thread that writes in its folder, not under its hands
        press = self._open.enter_context(Press())
        thread = ThreadPoolExecutor(1)
        self._open.callback(thread.shutdown, cancel_futures=True)
        return thread, press
