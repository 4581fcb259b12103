"""Stored documents: whole or absent, whatever stops the writing."""

import errno
import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from maillage.kit import files


@pytest.fixture
def store(tmp_path, monkeypatch) -> files.WholeFiles:
    store = files.WholeFiles(location=str(tmp_path))
    monkeypatch.setattr(files, "default_storage", store)
    return store


def test_a_folder_is_written_with_what_its_row_must_say(store):
    written = files.write_folder("runs/1", {"plan.json": b"{}", "sites.csv": b"id\n"})

    assert written == [
        {"name": "plan.json", "size_bytes": 2, "sha256": hashlib.sha256(b"{}").hexdigest()},
        {"name": "sites.csv", "size_bytes": 3, "sha256": hashlib.sha256(b"id\n").hexdigest()},
    ]
    assert files.read("runs/1", "sites.csv") == b"id\n"


def test_a_full_disk_leaves_none_of_the_folder(store, monkeypatch, tmp_path):
    kept = Path.replace

    def second_time_full(self: Path, target: Path) -> Path:
        if target.name == "sites.csv":
            raise OSError(errno.ENOSPC, "No space left on device")
        return kept(self, target)

    monkeypatch.setattr(Path, "replace", second_time_full)

    with pytest.raises(OSError, match="No space"):
        files.write_folder("runs/1", {"plan.json": b"{}", "sites.csv": b"id\n"})

    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_name_appears_only_once_its_bytes_are_there(store, monkeypatch, tmp_path):
    def stopped(_descriptor: int) -> None:
        assert not (tmp_path / "report.pdf").exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", stopped)

    with pytest.raises(KeyboardInterrupt):
        store.save("report.pdf", ContentFile(b"%PDF"))

    assert list(tmp_path.iterdir()) == []


def test_removing_a_folder_removes_its_files(store, tmp_path):
    files.write_folder("runs/1", {"plan.json": b"{}"})

    files.remove_folder("runs/1", ["plan.json"])

    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
