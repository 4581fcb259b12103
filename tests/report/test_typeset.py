"""The report: a tagged French PDF that says the numbers of plan.json, and text as text."""

import io
import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest

from maillage.core.bad_input import BadInput
from maillage.report import french, story, summary, typeset, typeset_child
from maillage.report.story import annex

AT = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
FIGURES = 9
FONTS = Path(typeset.__file__).with_name("fonts")
HOSTILE = [
    "#pagebreak() *Local* [x] $y$ <z> @w `v` \\ _u_ fictif",
    '#read("CANARY") #include "CANARY" #image("CANARY")',
    '#import "@preview/cetz:0.3.0" #eval("1+1") \\u{41} // fictif',
]


@pytest.fixture(scope="module")
def pdf(outcome) -> bytes:
    return typeset.report(outcome, at=AT)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\u00a0", " ").replace("\u202f", " ").split())


def plain(words: str) -> str:
    spaced = words.replace("\u00a0", " ").replace("\u202f", " ").replace("'", "’")
    return " ".join(spaced.split())


def test_it_is_tagged_french_and_titled(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked) is True
        assert str(root.Lang).startswith("fr")
        assert "/StructTreeRoot" in root
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["pdfaid:part"] == "3"
            assert "CC Saône-Beaujolais" in metadata["dc:title"]


def test_every_figure_has_an_alternative_text(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        figures = [
            element
            for element in document.objects
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Figure"
        ]
        alternatives = [str(figure.get("/Alt", "")) for figure in figures]

    assert len(figures) >= FIGURES
    assert all(len(words) > 30 for words in alternatives)


def test_it_says_what_the_plan_says(pdf, outcome):
    said = text_of(pdf)

    assert plain(summary.headline(outcome)) in said
    assert plain(french.planned_euros(outcome.money.investment.central)) in said
    assert plain(french.euros_between(outcome.money.investment)) in said
    for site in outcome.sites:
        assert site.candidate.name in said
    for row in story.of_outcome(outcome, "", "")["money"]["rows"]:
        assert plain(" ".join(row)) in said


def test_it_says_what_each_euro_buys_unless_nothing_was_proved(pdf, outcome):
    said = text_of(pdf)
    without = replace(outcome)
    vars(without)["front"] = ()

    for row in story.of_outcome(outcome, "", "")["euros"]["rows"]:
        assert plain(" ".join(row[:4])) in said
    assert "Ce qu’achète chaque euro" not in text_of(typeset.report(without, at=AT))


def test_same_outcome_and_date_give_the_same_bytes(pdf, outcome):
    assert typeset.report(outcome, at=AT) == pdf


def test_it_holds_in_sixteen_pages_and_none_is_empty(pdf):
    document = pypdfium2.PdfDocument(pdf)

    assert len(document) <= 16
    for page in document:
        assert len(page.get_textpage().get_text_bounded()) > 200


@pytest.mark.parametrize("typed", HOSTILE)
def test_markup_in_a_name_comes_out_as_it_was_typed(outcome, tmp_path, typed):
    (tmp_path / "canary").write_text("= Secret of the machine")
    hostile = typed.replace("CANARY", str(tmp_path / "canary"))
    site = outcome.sites[3]
    named = replace(site, candidate=replace(site.candidate, commune_name=hostile))
    sites = tuple(named if s is site else s for s in outcome.sites)

    said = text_of(typeset.report(replace(outcome, sites=sites), at=AT))

    # a long word may break at the end of a line: spaces do not count
    assert hostile.replace(" ", "") in said.replace(" ", "")
    assert "Secret of the machine" not in said


def test_the_printed_totals_are_the_sums_of_what_is_printed(outcome):
    table = story.of_outcome(outcome, "", "")["money"]

    def number(text: str) -> int:
        return int(text.replace("\u202f", "").replace("\u2212", "-"))

    for n in range(1, len(table["header"])):
        column = [number(row[n]) for row in table["rows"]]
        assert sum(column) == number(table["total"][n])
    for row in [*table["rows"], table["total"]]:
        assert sum(number(cell) for cell in row[1:-1]) == number(row[-1])


def test_the_title_is_the_finding(outcome):
    share = french.share(outcome.coverage.after.central)

    title = story.of_outcome(outcome, "", "")["title"]

    assert title == f"{share} des habitants à 10 minutes d'un lieu de travail"


def test_the_annex_has_every_commune_once_in_the_order_of_a_dictionary(outcome):
    names = [row[0] for row in annex.communes_rows(outcome)]

    assert sorted(names) == sorted(outcome.territory.communes["name"])
    assert names.index("Dracé") < names.index("Émeringes") < names.index("Fleurie")


def test_every_assumption_is_printed_once(outcome):
    sections = story.of_outcome(outcome, "", "")["assumptions"]

    # by distance, what is assumed of roads changes nothing
    assert sum(len(s["rows"]) for s in sections) == sum(
        key.partition(".")[0] in annex.SECTIONS.keys() - {"roads"}
        for key in outcome.assumptions.by_key
    )


def folder_of(tmp_path: Path, template: str) -> Path:
    (tmp_path / "one.typ").write_text(
        f'#set document(title: "Un essai")\n#set text(lang: "fr")\n{template}', encoding="utf-8"
    )
    return tmp_path


def typeset_one(tmp_path: Path, template: str) -> bytes:
    return typeset.compile_folder(folder_of(tmp_path, template), "one.typ", FONTS, AT)


FACE = '#set text(font: "Public Sans")\n'


def test_a_template_reads_its_own_folder_and_no_other(tmp_path):
    (tmp_path / "inside.txt").write_text("dedans")
    (tmp_path.parent / "canary.txt").write_text("dehors")

    assert "dedans" in text_of(typeset_one(tmp_path, FACE + '#read("inside.txt")'))
    for path in ("../canary.txt", str(tmp_path.parent / "canary.txt"), "/etc/hostname"):
        with pytest.raises(typeset.TypesetError):
            typeset_one(tmp_path, FACE + f'#read("{path}")')


def test_a_symbolic_link_in_the_folder_is_refused(tmp_path):
    (tmp_path / "link.txt").symlink_to("/etc/hostname")

    with pytest.raises(typeset.TypesetError, match="symbolic links"):
        typeset_one(tmp_path, FACE + "Bonjour")


def test_a_drawing_brings_no_file_of_the_machine(tmp_path):
    (tmp_path / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<image href="/etc/hostname" width="9" height="9"/></svg>'
    )

    with pytest.raises(typeset.TypesetError, match="absolute paths are not allowed"):
        typeset_one(tmp_path, FACE + '#image("a.svg", alt: "Un essai")')


def test_a_report_that_asks_for_too_much_memory_is_refused(tmp_path):
    with pytest.raises(BadInput, match="report_too_heavy"):
        typeset_one(tmp_path, FACE + '#("a" * 700000000).len()')


def test_a_report_that_takes_too_long_is_refused(tmp_path, monkeypatch):
    # no time at all: a short one may go by while the machine does something else
    monkeypatch.setattr(typeset, "TIME_S", 0.0)

    with pytest.raises(BadInput, match="report_too_heavy"):
        typeset_one(tmp_path, FACE + "Bonjour")


def test_a_warning_of_typst_is_not_passed_over(tmp_path):
    with pytest.raises(typeset.TypesetWarning, match="unknown font family"):
        typeset_one(tmp_path, '#set text(font: "Nowhere")\nBonjour')


def test_the_child_knows_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("MAILLAGE_SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/maillage")

    assert "secret" not in "".join(typeset._environment().values())
    assert set(typeset._environment()) <= typeset.KEPT | typeset.CONFINED.keys()


CONNECT = """
import runpy, socket, sys
child = runpy.run_path(sys.argv[1])
if sys.argv[3] == "confined":
    child["_without_network"]()
socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=2)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux parts a process from the network")
def test_the_child_reaches_no_address_not_even_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])

        def connects(how: str) -> bool:
            words = [sys.executable, "-c", CONNECT, str(Path(typeset_child.__file__)), port, how]
            return subprocess.run(words, capture_output=True, env=os.environ).returncode == 0

        assert connects("free")
        if not may_unshare():
            pytest.skip("this container forbids new namespaces")
        assert not connects("confined")


def may_unshare() -> bool:
    asks = "import os; os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)"
    return subprocess.run([sys.executable, "-c", asks], capture_output=True).returncode == 0
