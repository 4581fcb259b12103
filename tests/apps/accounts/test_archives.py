"""A year is archived once, when it is closed, whole: one altered byte shows."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from factories import accounts, billing, network_sites
from maillage.apps.accounts import archives
from maillage.apps.accounts.archive_year import (
    AlreadyArchived,
    DocumentsDamaged,
    EarlierFirst,
    LaterAlready,
    YearNotClosed,
    archive_year,
)
from maillage.apps.accounts.export import NoProfile
from maillage.apps.accounts.models import Archive
from maillage.apps.billing.models import Document
from maillage.apps.journal.models import Entry
from maillage.kit import files

pytestmark = pytest.mark.django_db
AFTER = datetime(2028, 1, 5, 9, tzinfo=UTC)


def opened(archive: Archive) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(files.read(archive.folder, archives.name_of(archive))))


def rewritten(archive: Archive, change) -> None:
    """The stored archive with some of its members changed, by name."""
    name = f"{archive.folder}/{archives.name_of(archive)}"
    with opened(archive) as old:
        held = {member: old.read(member) for member in old.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for member, content in change(held).items():
            new.writestr(member, content)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(out.getvalue()))


def test_an_archive_holds_every_document_and_journal_with_its_fingerprint():
    archive = accounts.archived()
    document = Document.objects.get()

    with opened(archive) as held:
        manifest = json.loads(held.read(archives.MANIFEST))
        told = {one["name"]: one["sha256"] for one in manifest["files"]}
        there = {
            name: hashlib.sha256(held.read(name)).hexdigest()
            for name in held.namelist()
            if name != archives.MANIFEST
        }
    assert told == there
    for file in document.files:
        extension = file["name"].rpartition(".")[2]
        assert told[f"documents/{document.number}.{extension}"] == file["sha256"]
    assert any(name.startswith("journaux/ventes-20270101-20271231") for name in told)
    assert manifest["series"][1] == {
        "kind": "invoice",
        "count": 1,
        "first": document.number,
        "last": document.number,
        "last_hash": bytes(document.hash).hex(),
    }
    assert [one["month"] for one in manifest["closed_months"]] == ["2027-11", "2027-12"]


def test_the_seal_can_be_found_again_by_hand_as_the_notice_says():
    archive = accounts.archived()
    with opened(archive) as held:
        manifest = held.read(archives.MANIFEST)

    assert hashlib.sha256(manifest).digest() == bytes(archive.seal)
    assert archives.broken() == ()


def test_each_archive_is_bound_to_the_one_of_the_year_before():
    first = accounts.archived()
    body = network_sites.operator()
    billing.issued(body, at=datetime(2028, 2, 1, 9, tzinfo=UTC), on=date(2028, 1, 20))
    accounts.closed(body, date(2028, 1, 1), date(2028, 12, 1), at=datetime(2029, 1, 3, tzinfo=UTC))
    second = archive_year(body, 2028, by=None, at=datetime(2029, 1, 3, tzinfo=UTC))

    assert bytes(second.previous_seal) == bytes(first.seal)
    with opened(second) as held:
        told = json.loads(held.read(archives.MANIFEST))
        assert told["previous_seal"] == bytes(first.seal).hex()
    assert archives.broken() == ()


def one_byte_of_a_document(held):
    name = next(one for one in held if one.endswith(".pdf"))
    return held | {name: held[name][:-1] + b"!"}


def one_document_less(held):
    return {name: content for name, content in held.items() if not name.endswith(".pdf")}


def one_file_more(held):
    return held | {"documents/FA-2027-000099.pdf": b"%PDF"}


def another_manifest(held):
    changed = held[archives.MANIFEST].replace(b'"count": 1', b'"count": 2')
    assert changed != held[archives.MANIFEST]
    return held | {archives.MANIFEST: changed}


def a_document_and_its_fingerprint(held):
    """Whoever changes a document and its line of the manifest still breaks the seal."""
    changed = one_byte_of_a_document(held)
    manifest = held[archives.MANIFEST].decode()
    for name in held:
        old, new = (hashlib.sha256(of[name]).hexdigest() for of in (held, changed))
        manifest = manifest.replace(old, new)
    return changed | {archives.MANIFEST: manifest.encode()}


@pytest.mark.parametrize(
    "change",
    [
        one_byte_of_a_document,
        one_document_less,
        one_file_more,
        another_manifest,
        a_document_and_its_fingerprint,
    ],
)
def test_an_archive_that_was_changed_is_found(change):
    archive = accounts.archived()
    rewritten(archive, lambda held: held)
    assert archives.broken() == ()

    rewritten(archive, change)
    assert archives.broken() == (f"{archive.operator_id}-2027",)


def test_a_lost_archive_is_found():
    archive = accounts.archived()
    files.remove_folder(archive.folder, [archives.name_of(archive)])

    assert archives.broken() == (f"{archive.operator_id}-2027",)


def test_a_year_with_an_open_month_is_refused_and_leaves_no_file(tmp_path):
    body = network_sites.operator()
    billing.issued(body, at=datetime(2027, 11, 2, 9, tzinfo=UTC), on=date(2027, 10, 20))
    accounts.closed(body, date(2027, 11, 1), date(2027, 11, 1))
    before = sorted(tmp_path.rglob("*.zip"))

    with pytest.raises(YearNotClosed, match="dernier mois clôturé est novembre 2027"):
        archive_year(body, 2027, by=None, at=AFTER)
    assert sorted(tmp_path.rglob("*.zip")) == before == []


def test_a_year_is_archived_once():
    accounts.archived()

    with pytest.raises(AlreadyArchived):
        archive_year(network_sites.operator(), 2027, by=None, at=AFTER)
    assert Archive.objects.count() == 1


def test_years_are_archived_in_order():
    body = network_sites.operator()
    billing.issued(body, at=datetime(2027, 12, 2, 9, tzinfo=UTC), on=date(2027, 11, 20))
    end = datetime(2029, 1, 3, tzinfo=UTC)
    accounts.closed(body, date(2027, 12, 1), date(2028, 12, 1), at=end)

    with pytest.raises(EarlierFirst, match="2027"):
        archive_year(body, 2028, by=None, at=end)
    archive_year(body, 2027, by=None, at=end)
    archive_year(body, 2028, by=None, at=end)
    with pytest.raises(LaterAlready):
        archive_year(body, 2026, by=None, at=end)


def test_a_body_that_invoices_nothing_has_nothing_to_archive():
    with pytest.raises(NoProfile):
        archive_year(network_sites.operator("Sans factures (fictif)"), 2027, by=None, at=AFTER)


@pytest.mark.parametrize("fault", ["missing", "altered"])
def test_a_document_that_is_no_longer_as_issued_stops_the_archive(tmp_path, fault):
    body = network_sites.operator()
    document = billing.issued(body, at=datetime(2027, 11, 2, 9, tzinfo=UTC), on=date(2027, 10, 20))
    accounts.closed(body, date(2027, 11, 1), date(2027, 12, 1))
    name = f"{document.folder}/{document.files[0]['name']}"
    default_storage.delete(name)
    if fault == "altered":
        default_storage.save(name, ContentFile(b"%PDF-1.7 altered"))

    with pytest.raises(DocumentsDamaged, match=document.number):
        archive_year(body, 2027, by=None, at=AFTER)
    assert Archive.objects.count() == 0
    assert list(tmp_path.rglob("*.zip")) == []


def test_archiving_writes_one_line_of_the_journal_with_the_seal():
    archive = accounts.archived()
    (line,) = Entry.objects.filter(act="accounts.archive_year")

    assert line.facts["seal"] == bytes(archive.seal).hex()
    assert line.facts["year"] == 2027


@pytest.mark.parametrize(
    "query", ["UPDATE accounts_archive SET year = 2026", "DELETE FROM accounts_archive"]
)
def test_the_database_refuses_to_change_an_archive(query):
    accounts.archived()

    with pytest.raises(Exception, match="an archive never changes"), connection.cursor() as cursor:
        cursor.execute(query)
