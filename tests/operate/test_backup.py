"""Backups: of one moment, whole or not at all, proved by restoring them."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from factories import people
from factories.platform import Platform
from maillage.apps.journal.models import Entry
from maillage.apps.people.erase import erase
from maillage.apps.territories.models import Portrait, Territory
from maillage.kit import files
from maillage.operate import archive, backup, backup_acts, erasures, restore
from maillage.operate.refused import Refused

AT = datetime(2027, 3, 3, 2, 40, tzinfo=UTC)
TABLES = ("people_person", "people_role", "territories_portrait", "territories_territory")
# the program of the example is not on every machine; any pair of filters shows the same
ENCRYPT, DECRYPT = {"MAILLAGE_BACKUP_ENCRYPT": "gzip -c"}, {"MAILLAGE_BACKUP_DECRYPT": "gunzip -c"}


def contents(platform) -> dict[str, list]:
    return {name: platform.ask(f"TABLE {name} ORDER BY 1") for name in TABLES}


def documents(platform) -> dict[str, bytes]:
    paths = [p for p in platform.files.rglob("*") if p.is_file()]
    return {p.relative_to(platform.files).as_posix(): p.read_bytes() for p in paths}


@pytest.fixture
def stored(transactional_db, settings, tmp_path):
    """One territory with one document, in a store of its own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "maillage.kit.files.WholeFiles",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }
    territory = Territory.objects.create(siren="200000001", name="CC", communes=1)
    written = files.write_folder("territories/x", {"page.json": b"{}"})
    return Portrait.objects.create(
        territory=territory, folder="territories/x", fingerprint="x", files=written, loaded_at=AT
    )


def test_a_restored_platform_has_the_same_rows_and_documents(saved, empty):
    done = empty.run("restore", str(saved.backup))

    assert done.returncode == 0, done.stderr
    assert contents(empty) == contents(saved.platform)
    assert documents(empty) == documents(saved.platform)
    assert empty.run("audit").returncode == 0


def test_a_restored_platform_signs_nobody_in(saved, empty, tmp_path):
    saved.platform.python(
        "from maillage.operate.product import open_product\n"
        "open_product()\n"
        "from django.contrib.sessions.backends.db import SessionStore\n"
        "SessionStore().save()\n"
    )
    assert saved.platform.run("backup", str(tmp_path)).returncode == 0

    empty.run("restore", str(next(tmp_path.glob("*.tar"))))

    assert saved.platform.ask("SELECT count(*) FROM django_session") != [(0,)]
    assert empty.ask("SELECT count(*) FROM django_session") == [(0,)]


def test_a_restore_never_writes_over_a_base(saved):
    before = contents(saved.platform)

    done = saved.platform.run("restore", str(saved.backup))

    assert done.returncode == 2
    assert "n'est pas vide" in done.stderr
    assert contents(saved.platform) == before


def test_a_good_backup_passes_its_check_and_the_platform_knows(saved):
    done = saved.platform.run("restore-check", str(saved.backup))

    assert done.returncode == 0, done.stderr
    assert "empreinte conforme" in done.stdout
    assert "Bonne sauvegarde" in done.stdout
    noted = saved.platform.ask(
        "SELECT object_key FROM journal_entry WHERE act = 'platform.restore_check'"
    )
    assert noted == [(saved.backup.name,)]


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_backup_with_one_changed_byte_is_refused(saved, tmp_path, place):
    copy = saved.copied(tmp_path)
    with tarfile.open(copy) as tar:
        members = [m for m in tar.getmembers() if m.name != archive.MANIFEST]
    member = {"first": members[0], "middle": members[len(members) // 2], "last": members[-1]}[place]
    with copy.open("r+b") as file:
        file.seek(member.offset_data + member.size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))

    (tmp_path / "out").mkdir()

    with pytest.raises(Refused, match=f"est abîmée : {member.name}"):
        archive.unpack(copy, tmp_path / "out")


@pytest.mark.parametrize("kept_share", [0.1, 0.5, 0.95])
def test_a_backup_cut_short_is_refused(saved, tmp_path, kept_share):
    copy = saved.copied(tmp_path)
    os.truncate(copy, int(copy.stat().st_size * kept_share))
    (tmp_path / "out").mkdir()

    with pytest.raises(Refused):
        archive.unpack(copy, tmp_path / "out")


def test_a_backup_of_a_later_version_is_refused(saved, tmp_path, db):
    facts = {"product": "9.0", "migrations": ["people.0001_initial", "people.9999_later"]}

    with pytest.raises(Refused, match="version plus récente"):
        restore._refuse_newer(tmp_path / "x.tar", facts)


def test_an_encrypted_backup_is_read_with_its_key_alone(saved, empty, tmp_path):
    assert saved.platform.run("backup", str(tmp_path), **ENCRYPT).returncode == 0
    file = next(tmp_path.glob("*.tar"))
    assert not tarfile.is_tarfile(file) or file.read_bytes()[:2] == b"\x1f\x8b"

    without = empty.run("restore", str(file))
    assert without.returncode == 2
    assert "MAILLAGE_BACKUP_DECRYPT" in without.stderr

    with_key = empty.run("restore", str(file), **DECRYPT)
    assert with_key.returncode == 0, with_key.stderr
    assert contents(empty) == contents(saved.platform)


def test_a_failed_encryption_leaves_no_file(saved, tmp_path):
    done = saved.platform.run("backup", str(tmp_path), MAILLAGE_BACKUP_ENCRYPT="false")

    assert done.returncode == 2
    assert "Le chiffrement a échoué" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_whoever_is_erased_after_a_backup_is_erased_again_by_its_restore(
    tmp_path_factory, empty, tmp_path
):
    platform = Platform(tmp_path_factory.mktemp("erasing"), is_migrated=True)
    platform.seed()
    assert platform.run("backup", str(tmp_path / "first")).returncode == 0
    platform.erase("nadia@exemple.invalid")
    source = next((tmp_path / "first").glob("*.tar"))
    shutil.copytree(platform.files / erasures.STORED, empty.files / erasures.STORED)

    done = empty.run("restore", str(source))

    assert "1 effacement(s) rejoué(s)" in done.stdout, done.stderr
    names = [name for (name,) in empty.ask("SELECT name FROM people_person ORDER BY id")]
    assert names[0] == "Personne effacée"
    assert names[1].endswith("(fictif)")
    platform.drop()


def test_the_list_beside_backups_names_the_erased_by_number_alone(stored, tmp_path):
    person = people.person("Marqueur Unique", "marqueur@exemple.fr")
    erase(person, by=person, at=AT)

    backup.backup(tmp_path / "backups", at=AT)

    text = (tmp_path / "backups" / erasures.LIST).read_text()
    assert json.loads(text) == [{"person_id": person.pk, "at": AT.isoformat()}]
    assert "arqueur" not in text


def test_backups_past_thirty_five_days_leave_and_nothing_else_does(stored, tmp_path):
    for days in (34, 35, 36, 400):
        backup.backup(tmp_path / "backups", at=AT - timedelta(days=days))
    (tmp_path / "backups" / "notes.txt").write_text("mine")

    saved = backup.backup(tmp_path / "backups", at=AT)

    left = sorted(p.name for p in (tmp_path / "backups").iterdir())
    assert [p.name for p in saved.removed] == [
        "maillage-2026-01-27T024000Z.tar",
        "maillage-2027-01-26T024000Z.tar",
    ]
    assert left == [
        erasures.LIST,
        "maillage-2027-01-27T024000Z.tar",
        "maillage-2027-01-28T024000Z.tar",
        "maillage-2027-03-03T024000Z.tar",
        "notes.txt",
    ]


@pytest.mark.parametrize("damage", ["removed", "changed"])
def test_a_backup_of_a_damaged_store_is_kept_but_not_called_good(stored, tmp_path, damage):
    old = backup.backup(tmp_path / "backups", at=AT - timedelta(days=36)).path
    path = f"{stored.folder}/page.json"
    default_storage.delete(path)
    if damage == "changed":
        default_storage.save(path, ContentFile(b"other"))

    saved = backup.backup(tmp_path / "backups", at=AT)

    assert saved.damaged == (path,)
    assert saved.path.exists()
    assert old.exists()
    assert Entry.objects.filter(act=backup_acts.DONE, at=AT).count() == 0


def test_a_document_removed_during_the_copy_makes_it_start_again(stored, tmp_path, monkeypatch):
    dump = backup._dump

    def remove_after(target):
        named = dump(target)
        for portrait in Portrait.objects.all():
            default_storage.delete(f"{portrait.folder}/page.json")
            portrait.delete()
        return named

    monkeypatch.setattr(backup, "_dump", remove_after)

    saved = backup.backup(tmp_path / "backups", at=AT)

    assert (saved.damaged, saved.documents) == ((), 0)


def test_a_good_backup_is_one_line_of_the_journal(stored, tmp_path):
    saved = backup.backup(tmp_path / "backups", at=AT)

    line = Entry.objects.get(act=backup_acts.DONE)
    assert (line.at, line.object_key, line.facts["documents"]) == (AT, saved.path.name, 1)


def test_a_full_disk_is_said_and_leaves_nothing_behind(saved, tmp_path):
    """The system refuses any file above a size, as a full disk would."""

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = subprocess.run(
        [sys.executable, "-m", "maillage.cli.main", "backup", str(tmp_path)],
        env=saved.platform.environment,
        preexec_fn=small_files,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []
