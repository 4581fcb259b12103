"""Every stored document that a row names, whatever the app."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Model

COLUMNS = {"folder", "files"}


@dataclass(frozen=True)
class Document:
    """A document as its row describes it."""

    path: str
    size_bytes: int
    sha256: str

    def is_intact(self) -> bool:
        """Whether the store still holds these very bytes."""
        try:
            with default_storage.open(self.path) as stored:
                digest = hashlib.file_digest(stored, "sha256").hexdigest()
        except FileNotFoundError:
            return False
        return digest == self.sha256


def stored() -> Iterator[Document]:
    """The documents of every table that has a folder and its files."""
    for model in holders():
        for folder, files in model._default_manager.values_list("folder", "files").iterator():
            for file in files:
                path = f"{folder}/{file['name']}"
                yield Document(path, int(file["size_bytes"]), str(file["sha256"]))


def holders() -> tuple[type[Model], ...]:
    """The models that name documents."""
    return tuple(
        model
        for model in apps.get_models()
        if {field.name for field in model._meta.get_fields()} >= COLUMNS
    )
