"""serve, worker, migrate, audit, read-only: what they refuse, in French, with the way out."""

import pytest

from factories.platform import Platform

SAFE = {
    "MAILLAGE_DEMONSTRATION": "",
    "MAILLAGE_URL": "https://exemple.fr",
    "MAILLAGE_MAIL": "smtp://127.0.0.1:25",
    "MAILLAGE_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
}


@pytest.fixture(scope="module")
def unmigrated(tmp_path_factory):
    platform = Platform(tmp_path_factory.mktemp("unmigrated"))
    yield platform
    platform.drop()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    platform = Platform(tmp_path_factory.mktemp("migrated"), is_migrated=True)
    yield platform
    platform.drop()


@pytest.mark.parametrize("word", ["serve", "worker"])
def test_a_base_behind_the_code_is_refused(unmigrated, word):
    done = unmigrated.run(word)

    assert done.returncode == 2
    assert "maillage migrate" in done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"MAILLAGE_SECRET_KEY": ""}, "MAILLAGE_SECRET_KEY est vide"),
        ({"MAILLAGE_SECRET_KEY": "short"}, "security.W009"),
        ({"MAILLAGE_URL": "http://exemple.fr"}, "security.W012"),
        ({"MAILLAGE_MAIL": ""}, "development-only email"),
        ({"MAILLAGE_DEBUG": "1", "MAILLAGE_URL": "http://exemple.fr"}, "maillage migrate"),
    ],
)
def test_settings_that_are_not_safe_are_refused(unmigrated, change, words):
    done = unmigrated.run("serve", **SAFE | change)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_safe_settings_reach_the_next_refusal(unmigrated):
    done = unmigrated.run("serve", **SAFE)

    assert done.stderr.startswith("La base attend")


def test_a_demonstration_is_never_opened_to_others(unmigrated):
    done = unmigrated.run("serve", "--host", "192.0.2.1")

    assert done.returncode == 2
    assert "ne s'ouvre que sur cette machine" in done.stderr


def test_migrating_says_what_was_done_and_then_that_nothing_is_left(migrated):
    done = migrated.run("migrate")

    assert (done.returncode, done.stdout) == (0, "Rien à faire.\n")
    assert migrated.ask("SELECT count(*) FROM shared_cache") == [(0,)]


def test_the_read_only_switch_is_turned_and_noted(migrated):
    assert migrated.run("read-only", "on").returncode == 0
    assert migrated.ask("SELECT name FROM kit_switch") == [("read-only",)]

    assert migrated.run("read-only", "off").returncode == 0
    assert migrated.ask("SELECT name FROM kit_switch") == []
    acts = "SELECT facts->'is_read_only' FROM journal_entry WHERE act = 'platform.read_only'"
    assert migrated.ask(f"{acts} ORDER BY id") == [(True,), (False,)]


def test_an_audit_of_a_sound_base_succeeds_and_one_defect_fails_it(migrated):
    sound = migrated.run("audit")
    migrated.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_is_never_emptied")
    found = migrated.run("audit", "journal")

    assert sound.returncode == 0
    assert found.returncode == 1
    assert "journal_is_never_emptied" in found.stdout


def test_the_first_administrator_enters_by_a_link_once_and_twice_is_one_role(migrated):
    words = ("administrator", "camille@exemple.invalid", "Camille (fictif)", "CC (fictif)")
    first, second = migrated.run(*words), migrated.run(*words)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "http://127.0.0.1:8000/connexion/lien/" in first.stdout
    assert first.stdout != second.stdout
    held = "SELECT kind, scope_kind FROM people_role r JOIN people_position p ON p.id = position_id"
    assert migrated.ask(held) == [("administrator", "platform")]
