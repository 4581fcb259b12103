"""Archive a year: every document and every file of the accounts, in one sealed file.

why  docs/method/accounts.md
"""

import hashlib
import secrets
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.accounts import books, grids
from maillage.apps.accounts.archives import MANIFEST, seal_of
from maillage.apps.accounts.books import Span
from maillage.apps.accounts.export import CannotBeWritten, NoProfile
from maillage.apps.accounts.models import Archive
from maillage.apps.billing.closed import last_closed
from maillage.apps.billing.models import BillingProfile, ClosedMonth, Document, Series
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.core.bad_input import BadInput
from maillage.kit import files
from maillage.kit.refusal import Refusal
from maillage.report import moments, refusals
from maillage.report.files import to_json

# of the members of an archive: the same accounts give the same bytes
LONG_AGO = (1980, 1, 1, 0, 0, 0)
NOTHING_WRITTEN = "fec_empty"
NOTICE = "LISEZ-MOI.txt"
HOW_TO_CHECK = """Archive des ventes et des encaissements d’une année.

Ce que contient cette archive : les factures et avoirs émis (PDF et XML), les journaux et les
écritures de l’année, et « manifeste.json » qui donne l’empreinte SHA-256 de chaque fichier.

Vérifier un fichier : son empreinte (sha256sum, ou Get-FileHash) est celle du manifeste.
Vérifier l’archive : le sceau est l’empreinte SHA-256 des 32 octets du sceau de l’année
précédente (aucun octet pour la première année) suivis du fichier « manifeste.json » entier.
Le sceau à retrouver est celui que l’organisme vous a remis, hors de cette archive.
"""


class YearNotClosed(Refusal):
    """Only what no longer changes is archived."""

    sentence = _(
        "L’année {year} n’est pas close : {what}. Clôturez ses mois dans l’ordre, puis archivez."
    )


class AlreadyArchived(Refusal):
    """A year has one archive."""

    sentence = _("L’année {year} est déjà archivée. Téléchargez son archive.")


class EarlierFirst(Refusal):
    """Each archive is bound to the one of the year before."""

    sentence = _("Des factures de {year} ne sont pas archivées. Archivez d’abord {year}.")


class LaterAlready(Refusal):
    """A chain is not added to in its middle."""

    sentence = _("L’année {year} précède une année déjà archivée : elle ne peut plus l’être.")


class DocumentsDamaged(Refusal):
    """What is archived is what was issued, to the byte."""

    sentence = _(
        "Des fichiers ne sont plus tels qu’ils ont été émis : {names}. Restaurez-les depuis la "
        "sauvegarde, puis archivez."
    )


@dataclass(frozen=True)
class _Sealed:
    manifest: bytes
    seal: bytes


def archive_year(body: Organisation, year: int, *, by: int | None, at: datetime) -> Archive:
    """Store the archive of a year of a body, sealed with that of the year before."""
    profile = refuse_unready(body, year)
    name = f"archive-{profile.siren or body.pk}-{year}.zip"
    folder = f"accounts/{body.pk}/{year}-{secrets.token_hex(4)}"
    previous = _last_seal(body)
    with tempfile.TemporaryFile() as made:
        sealed = _write(made, profile, year, previous)
        written = _store(made, folder, name)
    try:
        with transaction.atomic():
            archive = Archive.objects.create(
                operator=body,
                year=year,
                folder=folder,
                files=[written],
                seal=sealed.seal,
                previous_seal=previous,
                by=by,
                at=at,
            )
            record(
                "accounts.archive_year",
                ("archive", archive.pk),
                by=by,
                at=at,
                scope=body.scopes[0],
                year=year,
                sha256=written["sha256"],
                seal=sealed.seal.hex(),
            )
    except IntegrityError as error:
        files.remove_folder(folder, [name])
        raise AlreadyArchived(year=year) from error
    except BaseException:
        files.remove_folder(folder, [name])
        raise
    return archive


def refuse_unready(body: Organisation, year: int) -> BillingProfile:
    """Say why a year cannot be archived, before anything long; how the body invoices."""
    profile = BillingProfile.objects.select_related("operator").filter(operator=body).first()
    if profile is None:
        raise NoProfile(name=body.name)
    known = set(Archive.objects.filter(operator=body).values_list("year", flat=True))
    if year in known:
        raise AlreadyArchived(year=year)
    if known and max(known) > year:
        raise LaterAlready(year=year)
    last = last_closed(body)
    if last is None or last < date(year, 12, 1):
        raise YearNotClosed(year=year, what=_closed_until(last))
    issued = Document.objects.filter(operator=body, issued_on__year__lt=year)
    missing = {on.year for on in issued.dates("issued_on", "year")} - known
    if missing:
        raise EarlierFirst(year=min(missing))
    return profile


def _closed_until(last: date | None) -> str:
    if last is None:
        return str(_("aucun mois n’est clôturé"))
    return str(_("le dernier mois clôturé est {month}")).format(month=moments.month(last))


def _last_seal(body: Organisation) -> bytes:
    last = Archive.objects.filter(operator=body).order_by("-year").first()
    return bytes(last.seal) if last else b""


def _write(out: IO[bytes], profile: BillingProfile, year: int, previous: bytes) -> _Sealed:
    """The archive and its manifest, which comes last: it names all the others."""
    span = Span(date(year, 1, 1), date(year, 12, 31))
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w") as made:
        for name, content in _members(profile, span):
            _put(made, name, content)
            digest = hashlib.sha256(content).hexdigest()
            listed.append({"name": name, "size_bytes": len(content), "sha256": digest})
        manifest = to_json(_manifest(profile, year, previous) | {"files": listed})
        _put(made, MANIFEST, manifest)
    return _Sealed(manifest, seal_of(previous, manifest))


def _members(profile: BillingProfile, span: Span) -> Iterator[tuple[str, bytes]]:
    yield NOTICE, HOW_TO_CHECK.encode()
    for book in books.offered(profile):
        try:
            made = book.write(profile, span)
        except BadInput as bad:
            if bad.code != NOTHING_WRITTEN:
                raise CannotBeWritten(why=refusals.sentence(bad)) from bad
            # a year without an entry has no file of entries
            continue
        yield f"journaux/{made.name}", made.content
    issued = grids.issued(profile.operator, span.first, span.last).prefetch_related(None)
    for document in issued:
        for file in document.files:
            yield _member(document, file), _intact(document, file)


def _member(document: Document, file: dict[str, Any]) -> str:
    """Where a file of a document is in the archive: under its number, which is given once."""
    extension = str(file["name"]).rpartition(".")[2]
    return f"documents/{document.number.replace('/', '_')}.{extension}"


def _intact(document: Document, file: dict[str, Any]) -> bytes:
    try:
        content = files.read(document.folder, file["name"])
    except FileNotFoundError as error:
        raise DocumentsDamaged(names=document.number) from error
    if hashlib.sha256(content).hexdigest() != file["sha256"]:
        raise DocumentsDamaged(names=document.number)
    return content


def _manifest(profile: BillingProfile, year: int, previous: bytes) -> dict[str, Any]:
    body = profile.operator
    months = ClosedMonth.objects.filter(operator=body, month__year=year).order_by("month")
    return {
        "body": {"name": profile.legal_name, "siren": profile.siren},
        "year": year,
        "previous_seal": previous.hex(),
        "series": [_series(one, year) for one in Series.objects.filter(operator=body)
                   .order_by("kind")],
        "closed_months": [
            {"month": f"{one.month:%Y-%m}", "hash": bytes(one.hash).hex(), "totals": one.totals}
            for one in months
        ],
    }  # fmt: skip


def _series(series: Series, year: int) -> dict[str, Any]:
    """The first and the last document of a series in a year, and the hash that binds them."""
    rows = Document.objects.filter(
        operator=series.operator_id, kind=series.kind, issued_on__year=year
    ).order_by("n")
    first, last = rows.first(), rows.last()
    return {
        "kind": series.kind,
        "count": rows.count(),
        "first": first.number if first else "",
        "last": last.number if last else "",
        "last_hash": bytes(last.hash).hex() if last else "",
    }


def _put(made: zipfile.ZipFile, name: str, content: bytes) -> None:
    told = zipfile.ZipInfo(name, LONG_AGO)
    # PDF are compressed already; the journals are not
    told.compress_type = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
    made.writestr(told, content)


def _store(made: IO[bytes], folder: str, name: str) -> files.Written:
    made.seek(0)
    digest = hashlib.file_digest(made, "sha256").hexdigest()  # type: ignore[arg-type]
    size = made.tell()
    made.seek(0)
    default_storage.save(f"{folder}/{name}", File(made))
    return {"name": name, "size_bytes": size, "sha256": digest}
