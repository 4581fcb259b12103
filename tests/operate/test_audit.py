"""Each defect planted once is counted once; a sound base gives zero."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from factories import people
from maillage.apps.people.models import SignInLink
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.territories.models import Territory
from maillage.kit import files
from maillage.operate import audit, documents

AT = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def run(db, settings, tmp_path):
    """A finished run with one document."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "maillage.kit.files.WholeFiles",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    territory = Territory.objects.create(siren="200000001", name="CC", communes=1)
    study = Study.objects.create(territory=territory, slug="e", title="E", created_at=AT)
    return Run.objects.create(
        study=study,
        number=1,
        state=RunState.DONE,
        request={},
        folder="runs/1",
        files=files.write_folder("runs/1", {"report.pdf": b"%PDF"}),
        asked_at=AT,
        finished_at=AT,
    )


@pytest.fixture
def erased(db):
    return people.person(closed_at=timezone.now(), is_active=False)


def counted() -> dict[str, int]:
    return {finding.name: finding.count for finding in audit.run() if finding.count}


def test_a_sound_base_gives_zero(run, erased):
    assert counted() == {}


def test_a_missing_document_is_found_and_named(run):
    default_storage.delete("runs/1/report.pdf")

    assert counted() == {"files.damaged": 1}
    assert audit.files()[0].examples == ("runs/1/report.pdf",)


def test_one_altered_byte_is_found(run):
    default_storage.delete("runs/1/report.pdf")
    default_storage.save("runs/1/report.pdf", ContentFile(b"%PDE"))

    assert counted() == {"files.damaged": 1}


def test_a_finished_run_without_a_document_is_found(run):
    Run.objects.update(files=[])

    assert counted() == {"files.run_without_file": 1}


def test_an_erased_person_who_still_holds_a_role_is_found(erased):
    people.role(erased)

    assert counted() == {"people.erased_with_role": 1}


def test_an_erased_person_who_can_still_sign_in_is_found(erased):
    SignInLink.objects.create(person=erased, secret_hash=b"x" * 32, expires_at=AT)

    assert counted() == {"people.erased_with_access": 1}


@pytest.mark.parametrize("guard", audit.JOURNAL_GUARDS)
def test_a_journal_that_could_be_rewritten_is_found(db, guard):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE journal_entry DISABLE TRIGGER {guard}")

    assert counted() == {"journal.unguarded": 1}


def test_every_model_that_names_documents_is_watched():
    assert {model._meta.label for model in documents.holders()} == {
        "accounts.Archive",
        "billing.Document",
        "billing.ReceivedInvoice",
        "collecting.DebitBatch",
        "collecting.Reminder",
        "collecting.RevenueBatch",
        "contracts.Paper",
        "settlement.CostStatement",
        "settlement.HostStatement",
        "sites.FloorPlan",
        "sites.Photo",
        "studies.Run",
        "territories.Portrait",
    }
