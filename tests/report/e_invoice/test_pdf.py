"""The printed invoice: PDF/A-3a and PDF/UA-1 with its XML inside, the same bytes each time."""

import io
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import facturx
import pikepdf
import pypdfium2
import pytest
from lxml import etree

from factories import e_invoices
from factories.e_invoices import CASES, item
from maillage.core.bad_input import BadInput
from maillage.core.invoicing import VatStatus, totals
from maillage.report import e_invoice, typeset
from maillage.report.typeset import Press, TypesetError, TypesetWarning
from patience import wait_until

AT = datetime(2027, 4, 1, 7, 0, tzinfo=UTC)
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
HOSTILE = '#read("CANARY") *gras* $x$ @preview <fin> // ] #eval("1+1") \\u{41} (fictif)'


@pytest.fixture(scope="module")
def press():
    with Press() as press:
        yield press


def printed(press, document) -> bytes:
    return e_invoice.invoice_pdf(press, document, e_invoice.xml(document), at=AT)


def text_of(pdf: bytes) -> str:
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    return " ".join(" ".join(pages).replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_document_prints_on_a_page_and_is_read_back(press, name):
    document = CASES[name]()

    pdf = printed(press, document)

    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert facturx.get_xml_from_pdf(pdf, check_xsd=True) == (
        "factur-x.xml",
        e_invoice.xml(document),
    )
    read = e_invoice.read(pdf)
    assert (read.number, read.gross_cents) == (document.number, document.totals.gross_cents)
    assert document.number in text_of(pdf)


def test_it_keeps_the_marks_of_both_standards_and_says_its_profile(press):
    with pikepdf.open(io.BytesIO(printed(press, e_invoices.normal()))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert str(pdf.Root.Lang).startswith("fr")
        assert [str(one.AFRelationship) for one in pdf.Root.AF] == ["/Alternative"]
        assert list(pdf.attachments) == ["factur-x.xml"]
        told = etree.fromstring(pdf.Root.Metadata.read_bytes())
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"
    found = {node.tag.removeprefix(FX): node.text for node in told.iter(f"{FX}*")}
    assert found == {
        "DocumentType": "INVOICE",
        "DocumentFileName": "factur-x.xml",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }
    described = [node.text for node in told.iter("{http://www.aiim.org/pdfa/ns/schema#}prefix")]
    assert "fx" in described


def test_same_document_and_date_give_the_same_bytes(press):
    first = printed(press, e_invoices.normal())
    other = printed(press, e_invoices.mixed())

    with Press() as another:
        assert printed(another, e_invoices.normal()) == first
    assert printed(press, e_invoices.normal()) == first != other


def test_it_says_what_its_xml_says(press):
    said = text_of(printed(press, e_invoices.normal()))

    for words in ("FA-2027-000042", "1er avril 2027", "1er mai 2027", "123 456 782 00002",
                  "FR11123456782", "Menuiserie Roche & Fils (fictif)", "61,50 €", "12,30 €",
                  "73,80 €", "FR76 3000 6000 0112 3456 7890 189", "0,00 €",
                  "trois fois le taux d’intérêt légal", "40 €", "Pas d’escompte"):  # fmt: skip
        assert words in said


def test_a_credit_note_says_which_invoice_and_why(press):
    said = text_of(printed(press, e_invoices.credit_note()))

    assert "Avoir AV-2027-000007" in said
    assert "FA-2027-000042 du 1er avril 2027" in said
    assert "Salle fermée pour travaux le 11 mars" in said
    assert "À vous rendre 15,00 €" in said


def test_a_paid_invoice_is_stamped_and_another_is_not(press):
    assert "Facture acquittée" in text_of(printed(press, e_invoices.paid()))
    assert "acquittée" not in text_of(printed(press, e_invoices.deposit()))


def test_an_employer_reads_who_and_how_much(press):
    said = text_of(printed(press, e_invoices.employer()))

    assert "Détail par personne" in said
    assert "Lou Garnier (fictif) 45,00 €" in said


def test_a_body_in_franchise_prints_the_article(press):
    said = text_of(printed(press, e_invoices.franchise()))

    assert "TVA non applicable, article 293 B du CGI" in said


def test_a_long_invoice_goes_on_with_its_header_and_nothing_lost(press):
    items = [item(12_00, label=f"Journée {n} (fictif)") for n in range(120)]
    pdf = printed(press, e_invoices.document(totals(items, VatStatus.LIABLE)))

    pages = pypdfium2.PdfDocument(pdf)
    assert len(pages) > 2
    said = text_of(pdf)
    assert all(f"Journée {n} (fictif)" in said for n in range(120))
    assert said.count("Prix unitaire HT") == sum(
        "Journée" in page.get_textpage().get_text_bounded() for page in pages
    )


def test_markup_comes_out_as_it_was_typed(press, tmp_path):
    (tmp_path / "canary").write_text("secret de la machine")
    typed = HOSTILE.replace("CANARY", str(tmp_path / "canary"))
    known = e_invoices.normal()
    buyer = replace(known.buyer, name=typed[:200])

    said = text_of(printed(press, replace(known, buyer=buyer, reason=typed)))

    assert typed.replace(" ", "") in said.replace(" ", "")
    assert "secret de la machine" not in said


def test_the_documents_of_a_press_do_not_mix(press):
    for n in range(5):
        document = replace(e_invoices.normal(), number=f"FA-2027-{n:06d}")
        assert f"FA-2027-{n:06d}" in text_of(printed(press, document))
    assert sorted(p.name for p in press._root.iterdir() if p.suffix != ".typ") == ["data.json"]


def test_a_press_whose_child_was_killed_says_so_and_goes_on(press):
    printed(press, e_invoices.normal())
    press._child._child.kill()

    with pytest.raises(BadInput, match="report_too_heavy"):
        printed(press, e_invoices.normal())

    assert printed(press, e_invoices.normal()).startswith(b"%PDF-")


def test_a_press_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(typeset, "TIME_S", 0.001)

    with Press() as press, pytest.raises(BadInput, match="report_too_heavy"):
        printed(press, e_invoices.normal())


def test_a_press_has_the_bounds_of_one_alone(press):
    def compiled(template: str) -> bytes:
        (press._root / "essai.typ").write_text(
            f'#set document(title: "Essai")\n#set text(lang: "fr", font: "Public Sans")\n{template}'
        )
        return press.compile("essai.typ", {}, {}, AT)

    with pytest.raises(TypesetError):
        compiled('#read("/etc/hostname")')
    with pytest.raises(TypesetWarning):
        compiled('#set text(font: "Nowhere")\nBonjour')
    with pytest.raises(BadInput, match="report_too_heavy"):
        compiled('#("a" * 700000000).len()')
    (press._root / "lien.txt").symlink_to("/etc/hostname")
    with pytest.raises(TypesetError, match="symbolic links"):
        compiled("Bonjour")
    (press._root / "lien.txt").unlink()
    (press._root / "essai.typ").unlink()


def test_a_press_leaves_neither_child_nor_folder():
    with Press() as press:
        printed(press, e_invoices.normal())
        pid, root = press._child._child.pid, press._root

    assert not Path(root).exists()
    wait_until(lambda: not _lives(pid))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
