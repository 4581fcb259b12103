"""What the tests of accounts share: documents of their own, stored as the product stores them."""

import pytest


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of documents that nobody else writes in."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "maillage.kit.files.WholeFiles",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    return tmp_path
