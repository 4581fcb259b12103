"""Every note that core can write has its French sentence, and none is unused."""

import re
from pathlib import Path

import pytest

from maillage.core.sources.notes import Note
from maillage.report import notes

CORE = Path(notes.__file__).parents[1] / "core"
FACTS = {
    "communes": ["Murat", "Massiac"],
    "codes": ["99999"],
    "names": ["Local (fictif)"],
    "file": "flux.csv",
    "files": ["corse-latest.osm.pbf"],
    "share": 0.62,
    "declared": "2014-01-01",
    "found": "2018-01-01",
    "fewest": 1,
    "most": 6,
    "ratio": 0.85,
    "workers": 3009,
    "employed": 2953,
    "commune": "Murat",
    "code": "1004",
    "other_kind": 2,
    "no_name": 0,
    "no_position": 1,
    "twice": 0,
    "count": 3,
}


def written_codes() -> set[str]:
    code = "\n".join(path.read_text(encoding="utf-8") for path in CORE.rglob("*.py"))
    return set(re.findall(r'Note\(\s*"(\w+)"', code)) | set(
        re.findall(r'_note_incomplete\(given, "(\w+)"', code)
    )


def test_every_note_has_a_sentence_and_every_sentence_a_note():
    assert set(notes.SENTENCES) == written_codes()


@pytest.mark.parametrize("code", sorted(notes.SENTENCES))
def test_a_note_is_a_whole_sentence(code):
    said = notes.sentence(Note(code, FACTS))

    assert said.endswith(".")
    assert "[" not in said


@pytest.mark.parametrize("code", sorted(notes.SENTENCES))
def test_a_page_never_names_an_option_of_the_command_line(code):
    assert "--" not in notes.for_page(Note(code, FACTS))


def test_the_command_line_is_told_its_option():
    assert notes.sentence(Note("existing_hubs", FACTS)).endswith(
        "--existing-places close les retire."
    )
    assert set(notes.COMMAND_LINE) <= set(notes.SENTENCES)
