"""What a killed issue left is removed, and nothing else."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from factories import billing
from maillage.apps.billing import run
from maillage.apps.billing.sweep import sweep
from maillage.kit import files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stored(settings, tmp_path):
    """Files of a test are its own."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def left(document, number, *names):
    """A folder that no row names, as a kill leaves it."""
    folder = f"billing/{document.operator_id}/{number}-0badf00d"
    for name in names:
        default_storage.save(f"{folder}/{name}", ContentFile(b"half"))
    return folder


def test_the_folder_of_a_number_that_a_document_keeps_elsewhere_is_removed():
    document = billing.issued()
    folder = left(document, document.number, "factur-x.xml", ".writing-x1")

    assert sweep(document.operator) == (folder,)
    assert not default_storage.exists(folder)
    assert all(files.is_intact(document.folder, one) for one in document.files)
    assert sweep(document.operator) == ()


def test_the_folder_of_a_number_not_taken_stays():
    document = billing.issued()
    folder = left(document, "FA-2027-000002", "factur-x.xml")

    assert sweep(document.operator) == ()
    assert default_storage.exists(f"{folder}/factur-x.xml")


def test_an_operator_that_never_issued_has_nothing_to_remove():
    assert sweep(billing.profile().operator) == ()


def test_a_run_begins_with_the_sweep():
    document = billing.issued()
    folder = left(document, document.number, "factur-x.xml")
    begun = run.start(document.operator, document.month, by=None, at=billing.AT)
    run.carry_out(begun.pk, lambda: billing.AT)

    assert not default_storage.exists(folder)
