"""Hand documents of a public body over: revenue orders to its software, invoices to Chorus Pro."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold
from maillage.apps.billing.models import Document, DocumentKind, PayerDetails
from maillage.apps.collecting.models import PortalState, RevenueBatch, Transmission
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.kit import files
from maillage.kit.files import read
from maillage.kit.refusal import Refusal
from maillage.report import french

PUBLIC = (OrganisationKind.EPCI, OrganisationKind.COMMUNE)
COLUMNS = (
    "numero", "type", "date", "echeance", "debiteur", "siret", "adresse", "code_postal", "commune",
    "objet", "ht", "tva", "ttc", "facture_corrigee", "code_service", "engagement", "fichier",
)  # fmt: skip


class NothingToHandOver(Refusal):
    """Everything was handed over."""

    sentence = _("Tout est déjà remis : rien à ajouter à un bordereau.")


class FileMissing(Refusal):
    """A document whose PDF cannot be read is not handed over."""

    sentence = _("Le fichier de {number} ne peut pas être lu : rien n’est remis. Prévenez "
                 "l’exploitant, puis recommencez.")  # fmt: skip


def to_hand_over(operator: Organisation, kind: str) -> list[Document]:
    """What a list would hold: documents not handed over, or rejected by the portal."""
    rows = Document.objects.filter(operator=operator).exclude(
        pk__in=Transmission.objects.filter(kind=kind)
        .exclude(state=PortalState.REJECTED)
        .values("document")
    )
    if kind == RevenueBatch.Kind.PORTAL:
        coded = PayerDetails.objects.filter(operator=operator).exclude(service_code="")
        rows = rows.filter(
            Q(payer_organisation__kind__in=PUBLIC)
            | Q(payer_organisation__in=coded.values("payer_organisation"))
        )
    return list(rows.select_related("corrects").order_by("-kind", "n"))


def hand_over(operator: Organisation, kind: str, *, by: int, at: datetime) -> RevenueBatch:
    """One list of everything that waits, stored whole, each document marked; raises refusals."""
    with transaction.atomic():
        hold(operator)
        documents = to_hand_over(operator, kind)
        if not documents:
            raise NothingToHandOver
        last = RevenueBatch.objects.filter(operator=operator, kind=kind).aggregate(n=Max("n"))["n"]
        n = (last or 0) + 1
        folder = f"bordereaux/{operator.pk}-{kind}-{n}-{at:%Y%m%d%H%M%S}"
        lines = _lines(operator, documents)
        made = RevenueBatch.objects.create(
            operator=operator,
            kind=kind,
            n=n,
            folder=folder,
            files=files.write_folder(folder, _contents(kind, n, documents, lines)),
            total_cents=sum(_signed(one) for one in documents),
            by=by,
            at=at,
        )
        Transmission.objects.bulk_create(
            Transmission(batch=made, document=one, kind=kind) for one in documents
        )
        record(
            "collecting.export_titles", ("revenue_batch", made.pk), by=by, at=at,
            scope=operator.scopes[0], kind=kind, documents=len(documents),
        )  # fmt: skip
    return made


def _signed(document: Document) -> int:
    cents = document.gross_cents
    return cents if document.kind == DocumentKind.INVOICE else -cents


def _contents(
    kind: str, n: int, documents: Sequence[Document], lines: list[dict[str, str]]
) -> dict[str, bytes]:
    if kind == RevenueBatch.Kind.PORTAL:
        return {f"chorus-{n:04d}.zip": _archive(documents, lines)}
    return {f"bordereau-{n:04d}.csv": _csv(lines), f"bordereau-{n:04d}.xml": _xml(n, lines)}


def _lines(operator: Organisation, documents: Sequence[Document]) -> list[dict[str, str]]:
    described = {
        (row.payer_person_id, row.payer_organisation_id): row
        for row in PayerDetails.objects.filter(operator=operator)
    }
    found = []
    for one in documents:
        row = described.get((one.payer_person_id, one.payer_organisation_id))
        buyer, sign = one.buyer, 1 if one.kind == DocumentKind.INVOICE else -1
        said = (
            one.number,
            "titre" if sign > 0 else "annulation",
            one.issued_on.isoformat(),
            one.due_on.isoformat(),
            buyer.get("name", ""),
            buyer.get("siret") or buyer.get("siren", ""),
            buyer.get("address", ""),
            buyer.get("postcode", ""),
            buyer.get("city", ""),
            one.reason or f"Services de {one.month:%m/%Y}",
            *(
                french.bare_cents(sign * cents)
                for cents in (one.net_cents, one.tax_cents, one.gross_cents)
            ),
            one.corrects.number if one.corrects else "",
            row.service_code if row else "",
            row.engagement if row else "",
            f"{one.number}.pdf",
        )
        found.append({name: _inert(str(cell)) for name, cell in zip(COLUMNS, said, strict=True)})
    return found


def _inert(text: str) -> str:
    """A name that begins like a formula stays a name in a spreadsheet; an amount stays one."""
    is_amount = text.lstrip("-").replace(",", "").isdigit()
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} and not is_amount else text


def _csv(lines: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xml(n: int, lines: list[dict[str, str]]) -> bytes:
    root = ElementTree.Element("bordereau", numero=str(n), titres=str(len(lines)))
    for line in lines:
        title = ElementTree.SubElement(root, "titre")
        for name, text in line.items():
            ElementTree.SubElement(title, name).text = text.replace(",", ".") if name in {
                "ht", "tva", "ttc"} else text  # fmt: skip
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _archive(documents: Sequence[Document], lines: list[dict[str, str]]) -> bytes:
    """The PDF of each document (Factur-X inside) with an index and their hashes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.csv", _csv(lines))
        sums = []
        for one in documents:
            data = _pdf(one)
            archive.writestr(f"{one.number}.pdf", data)
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {one.number}.pdf")
        archive.writestr("SHA256SUMS", "\n".join(sums) + "\n")
    return out.getvalue()


def _pdf(document: Document) -> bytes:
    names = [file["name"] for file in document.files if str(file["name"]).endswith(".pdf")]
    if not names:
        raise FileMissing(number=document.number)
    try:
        return read(document.folder, names[0])
    except OSError as fault:
        raise FileMissing(number=document.number) from fault
