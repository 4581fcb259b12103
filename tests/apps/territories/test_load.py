"""Loading the tables of a territory."""

from dataclasses import replace

import pytest
from django.core.files.storage import default_storage

from factories.territories import AT, INVENTED, SIREN, sample_territory, territory
from maillage.apps.journal.models import Entry
from maillage.apps.territories import load as module
from maillage.apps.territories.load import OtherTerritory, UnknownTerritory, load
from maillage.apps.territories.models import Portrait
from maillage.apps.territories.sources import NoTablesFolder, UnusableTables, source_of
from maillage.core import sample
from maillage.core.bad_input import BadInput
from maillage.kit import files

pytestmark = pytest.mark.django_db
LATER = AT.replace(year=2028)


def from_sample(_assumed):
    return sample.load()


def with_other_vintage(_assumed):
    tables = sample.load()
    first, *others = tables.sources
    return replace(tables, sources=(replace(first, sha256="0" * 64), *others))


def test_loading_stores_the_files_then_names_them_in_the_row_and_the_journal():
    sample_territory()

    row = load(SIREN, from_sample, by=7, at=AT)

    assert Portrait.objects.get() == row
    by_name = {entry["name"]: entry for entry in row.files}
    assert {"page.json", "portrait.json", "map-panel.svg", "communes.csv"} <= by_name.keys()
    for name, entry in by_name.items():
        assert default_storage.size(f"{row.folder}/{name}") == entry["size_bytes"]
    line = Entry.objects.filter(act="territories.load").get()
    assert (line.actor_id, line.scope_key, line.facts["is_new"]) == (7, SIREN, True)


def test_the_same_tables_give_the_same_portrait_and_write_nothing(monkeypatch):
    sample_territory()
    first = load(SIREN, from_sample, by=7, at=AT)
    monkeypatch.setattr(files, "write_folder", None)

    again = load(SIREN, from_sample, by=8, at=LATER)

    assert again.pk == first.pk
    assert (again.loaded_at, again.loaded_by) == (LATER, 8)
    assert Entry.objects.filter(act="territories.load").count() == 2


def test_other_tables_give_another_portrait_and_keep_the_first():
    sample_territory()
    load(SIREN, from_sample, by=None, at=AT)
    load(SIREN, with_other_vintage, by=None, at=LATER)

    assert [p.loaded_at for p in Portrait.objects.order_by("loaded_at")] == [AT, LATER]
    assert Portrait.objects.shown().get().loaded_at == LATER


def test_a_change_of_the_code_gives_another_portrait(monkeypatch):
    sample_territory()
    first = load(SIREN, from_sample, by=None, at=AT)
    monkeypatch.setattr(module.fingerprint, "code_version", lambda: "another")

    assert load(SIREN, from_sample, by=None, at=LATER).pk != first.pk


def test_a_file_that_cannot_be_written_leaves_no_row(monkeypatch):
    sample_territory()

    def full_disk(_folder, _contents):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_folder", full_disk)

    with pytest.raises(OSError, match="No space"):
        load(SIREN, from_sample, by=None, at=AT)

    assert not Portrait.objects.exists()
    assert not Entry.objects.filter(act="territories.load").exists()


def test_a_territory_that_nobody_registered_is_refused():
    with pytest.raises(UnknownTerritory):
        load(SIREN, from_sample, by=None, at=AT)


def test_the_tables_of_another_territory_are_refused_with_its_name():
    territory()

    with pytest.raises(OtherTerritory, match=r"Saône-Beaujolais \(200067817\)"):
        load(INVENTED, from_sample, by=None, at=AT)


def test_what_core_refuses_is_said_in_its_own_sentence():
    sample_territory()

    def unreadable(_assumed):
        raise BadInput("cells_empty", name="CC Saône-Beaujolais")

    with pytest.raises(UnusableTables, match="Aucun carreau habité"):
        load(SIREN, unreadable, by=None, at=AT)


def test_steps_are_told_in_their_order():
    sample_territory()
    steps: list[int] = []

    load(SIREN, from_sample, by=None, at=AT, on_step=steps.append)

    assert steps == [1, 2]


def test_without_a_folder_only_the_embedded_territory_has_tables():
    assert source_of(SIREN, "")
    with pytest.raises(NoTablesFolder):
        source_of(INVENTED, "")
