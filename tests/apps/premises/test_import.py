"""Lists of premises: read whatever they are made of, previewed, imported whole, undone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factories import people, territories
from factories import premises as factory
from factories.premises import AT, csv
from maillage.apps.journal.models import Entry
from maillage.apps.people.models import RoleKind
from maillage.apps.premises import forget, list_plan
from maillage.apps.premises.columns import of_row
from maillage.apps.premises.import_list import (
    AlreadyImported,
    ChangedMeanwhile,
    ListHasFaults,
    NothingToImport,
    import_list,
)
from maillage.apps.premises.keep import correct
from maillage.apps.premises.list_plan import UnusableList, plan_of
from maillage.apps.premises.models import Import, ImportState, Premises
from maillage.apps.premises.receive_list import receive
from maillage.apps.premises.undo_import import EditedSince, NotDone, undo
from maillage.core.sources import described, lines
from maillage.report import refusals

pytestmark = pytest.mark.django_db

HOME = f"/territoires/{people.SIREN}/locaux/"
TWO = csv("L1;Ancienne poste (fictif);69018;building;60;yes;no", ";Grange;69016;building;;;")


@pytest.fixture
def officer(client):
    return people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER))


def received(data, name="locaux.csv"):
    return receive(factory.territory(), name, data, by=None, at=AT)


def planned(of):
    return plan_of(of.territory, of.name, of.text)


def imported(of):
    return import_list(of, shown=planned(of).digest, by=None, at=AT)


def whole_list():
    return {row.name: of_row(row) for row in Premises.objects.present()}


def faults(data):
    return [
        (fault.facts["line"], fault.facts["column"], fault.code)
        for fault in planned(received(data)).faults
    ]


HEADER = "id;name;commune_code;kind;area_m2;fibre;step_free"
UNUSABLE = {
    "nothing": b"",
    "blank": b"\n\n  \n",
    "nul": HEADER.encode() + b"\nL1;A\0B;69018;building;;;\n",
    "utf16": f"{HEADER}\n".encode("utf-16"),
    "one column": b"name\nPoste\n",
    "unclosed quote": f'{HEADER}\nL1;"Poste;69018;building;;;\n'.encode(),
    "quote in a cell": f'{HEADER}\nL1;"Poste" sud;69018;building;;;\n'.encode(),
    "duplicate header": b"name;commune_code;kind;kind\nPoste;69018;building;shop\n",
    "homoglyph header": "n\u0430me;commune_code;kind\nPoste;69018;building\n".encode(),
    "separators alone": b";;;\n;;;\n",
    "header alone": f"{HEADER}\n".encode(),
    "more cells than columns": f"{HEADER}\nL1;Poste;69018;building;;;;;x\n".encode(),
    "a million columns": (";".join(["a"] * 1_000_000) + "\n").encode(),
    "a cell of ten megabytes": f'{HEADER}\nL1;"{"x" * 9_000_000}";69018;building;;;\n'.encode(),
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a workbook": b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
}


@pytest.mark.parametrize("data", UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(officer, data):
    factory.territory()

    response = officer.post(
        f"{HOME}importer/", {"file": SimpleUploadedFile("locaux.csv", data, "text/csv")}
    )

    assert response.status_code == 422
    assert response.context["form"].errors["file"][0].endswith(".")
    assert not Import.objects.exists()


def test_a_file_one_byte_too_heavy_is_refused(monkeypatch):
    monkeypatch.setattr(lines, "MOST_BYTES", len(TWO))
    assert received(TWO).state == ImportState.WAITING
    monkeypatch.setattr(lines, "MOST_BYTES", len(TWO) - 1)

    with pytest.raises(UnusableList):
        received(TWO)


def test_a_list_one_line_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(lines, "MOST_ROWS", 2)
    assert received(TWO).state == ImportState.WAITING
    monkeypatch.setattr(lines, "MOST_ROWS", 1)

    with pytest.raises(UnusableList):
        received(TWO)


def test_a_territory_holds_so_many_premises_and_no_more(monkeypatch):
    factory.premises("Mairie")
    for module in (described, list_plan):
        monkeypatch.setattr(module, "MOST_PREMISES", 3)
    assert received(TWO).state == ImportState.WAITING
    monkeypatch.setattr(list_plan, "MOST_PREMISES", 2)
    with pytest.raises(list_plan.TooManyPremises):
        received(TWO)
    monkeypatch.setattr(described, "MOST_PREMISES", 1)

    with pytest.raises(UnusableList):
        received(TWO)


def test_a_file_wrong_everywhere_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(described, "MOST_FAULTS", 2)

    plan = planned(received(csv(*[f";;69018;building;;{n};" for n in "xyz"])))

    assert (len(plan.faults), plan.is_cut) == (2, True)


TEXTS = {
    "utf-8": ("utf-8", "\n", ";"),
    "byte order mark": ("utf-8-sig", "\n", ";"),
    "windows": ("cp1252", "\r\n", ";"),
    "commas": ("utf-8", "\r\n", ","),
    "tabs": ("utf-8", "\n", "\t"),
}


@pytest.mark.parametrize(("encoding", "end", "separator"), TEXTS.values(), ids=TEXTS)
def test_every_usual_writing_says_the_same(encoding, end, separator):
    rows = (HEADER, 'L1;"Épicerie de l’Œuvre";69018;shop;60;oui;non', "")
    data = end.join(rows).replace(";", separator).encode(encoding)

    ((line, said),) = planned(received(data)).adds

    assert (line, said["name"], said["area_m2"], said["fibre"], said["step_free"]) == (
        *(2, "Épicerie de l’Œuvre", 60.0, True, False),
    )


def test_mixed_line_ends_and_empty_lines_keep_the_numbers_of_the_file():
    text = f"{HEADER}\r\n\n;A1;69018;building;x;;\r\n;;;;;;\n;A2;69018;building;y;;\n"

    assert [fault[0] for fault in faults(text.encode())] == [3, 5]


def test_a_cell_on_two_lines_keeps_the_numbers_of_the_file():
    text = f'{HEADER}\n;"A\n1";69018;building;;;\n;B;69018;building;31/02;;\n'

    assert faults(text.encode()) == [(4, "area_m2", "line_not_a_number")]


WRONG = {
    ";;69018;building;;;": ("name", "line_empty_value"),
    ";=1+1;69018;building;;;": ("name", "line_formula"),
    ";＝1+1;69018;building;;;": ("name", "line_formula"),
    ";A\x07B;69018;building;;;": ("name", "line_control_character"),
    f";{'x' * 161};69018;building;;;": ("name", "line_too_long"),
    ";A;1004;building;;;": ("commune_code", "line_code_lost_zero"),
    ";A;Beaujeu;building;;;": ("commune_code", "line_bad_code"),
    ";A;75056;building;;;": ("commune_code", "line_commune_elsewhere"),
    ";A;69018;bâtiment;;;": ("kind", "line_unknown_choice"),
    ";A;69018;building;1e309;;": ("area_m2", "line_not_a_number"),
    ";A;69018;building;NaN;;": ("area_m2", "line_not_a_number"),
    ";A;69018;building;31/02;;": ("area_m2", "line_not_a_number"),
    ";A;69018;building;-5;;": ("area_m2", "line_not_positive"),
    ";A;69018;building;100001;;": ("area_m2", "line_too_large"),
    ";A;69018;building;;peut-être;": ("fibre", "line_unknown_choice"),
}


@pytest.mark.parametrize(("line", "wrong"), WRONG.items(), ids=[code for _, code in WRONG.values()])
def test_a_wrong_cell_is_told_with_its_line_and_column(line, wrong):
    assert faults(csv(";Bon;69018;building;;;", line)) == [(3, *wrong)]


PLACES = "name;commune_code;kind;lon;lat;motorway_min"
MISPLACED = {
    "A;69018;building;4,58;;": ("lat", "line_half_position"),
    "A;69018;building;46,15;4,58;": ("lon", "line_swapped_coordinates"),
    "A;69018;building;882000;6540000;": ("lon", "line_projected_coordinates"),
    "A;69018;building;inf;46,15;": ("lon", "line_not_a_number"),
    "A;69018;building;2,35;48,85;": ("lon", "line_far_from_town"),
    "A;69018;building;;;500": ("motorway_min", "line_minutes"),
}


@pytest.mark.parametrize(
    ("line", "wrong"), MISPLACED.items(), ids=[c for _, c in MISPLACED.values()]
)
def test_a_wrong_place_is_told_with_its_line_and_column(line, wrong):
    territories.loaded()

    assert faults(csv(line, header=PLACES)) == [(2, *wrong)]


def test_every_fault_of_every_line_is_told_at_once():
    data = csv(";;1004;grange;0;x;", "L1;A;69018;building;;;", "L1;a;69018;building;;;")

    assert faults(data) == [
        (2, "name", "line_empty_value"),
        (2, "commune_code", "line_code_lost_zero"),
        (2, "kind", "line_unknown_choice"),
        (2, "area_m2", "line_not_positive"),
        (2, "fibre", "line_unknown_choice"),
        (4, "id", "line_said_twice"),
        (4, "name", "line_said_twice"),
    ]


def test_a_fault_is_worded_for_a_table_that_has_its_line_and_column():
    plan = planned(received(csv(";A;1004;building;;;")))

    assert [refusals.of_cell(fault) for fault in plan.faults] == [
        "Le code « 1004 » a perdu son zéro. Écrivez 01004 "
        "(dans un tableur, mettez la colonne au format texte)."
    ]


def test_an_import_adds_its_lines_and_keeps_no_text():
    done = imported(received(TWO))

    assert whole_list().keys() == {"Ancienne poste (fictif)", "Grange"}
    assert (done.state, done.added, done.changed, done.text) == (ImportState.DONE, 2, 0, "")
    entry = Entry.objects.get(act="premises.import")
    assert (entry.scope_key, entry.facts) == (people.SIREN, {"added": 2, "changed": 0})


def test_an_import_changes_what_its_columns_say_and_nothing_else():
    factory.premises("Autre nom (fictif)", ref="L1", owner="commune", fibre=False, area_m2=10)
    of = received(csv("L1;Ancienne poste (fictif);69018;building;60;;", header=HEADER))

    (change,) = planned(of).changes
    imported(of)

    assert change.columns == {
        "name": ("Autre nom (fictif)", "Ancienne poste (fictif)"),
        "area_m2": (10.0, 60.0),
        "fibre": (False, None),
    }
    row = Premises.objects.get()
    assert (row.owner, row.area_m2, row.fibre, row.version) == ("commune", 60.0, None, 2)


def test_a_name_in_its_commune_finds_the_sheet_when_no_identifier_does():
    factory.premises("Ancienne Poste", area_m2=60, fibre=True)
    plan = planned(received(csv(";ancienne poste;69018;building;60;yes;")))

    assert (len(plan.adds), [c.columns for c in plan.changes]) == (
        *(0, [{"name": ("Ancienne Poste", "ancienne poste")}]),
    )


def test_an_identifier_and_a_name_of_two_sheets_are_a_fault():
    factory.premises("Poste", ref="L1")
    factory.premises("Mairie")

    assert faults(csv("L1;Mairie;69018;building;;;")) == [(2, "id", "line_two_premises")]


def test_two_lines_for_one_sheet_are_a_fault():
    factory.premises("Poste", ref="L1")

    assert faults(csv("L1;Poste neuve;69018;building;;;", ";Poste;69018;building;;;")) == [
        (3, "name", "line_said_twice")
    ]


def test_premises_without_a_point_take_the_middle_of_their_town_and_it_is_said():
    territories.loaded()
    of = received(TWO)

    assert (planned(of).at_town, planned(of).nowhere) == (2, 0)
    imported(of)
    assert set(Premises.objects.values_list("position_origin", flat=True)) == {"town"}


def test_the_exported_list_comes_back_without_any_change(officer):
    territories.loaded()
    factory.placed(
        "Poste", ref="L1", area_m2=60.5, fibre=True, notes="- toit à refaire", host="post"
    )
    factory.premises("Grange", commune_code="69016", commune_name="Azolette")

    for name in ("locaux.csv", "locaux-excel.csv"):
        plan = planned(received(officer.get(f"{HOME}{name}").content))
        assert [c.columns for c in plan.changes if c.premises.name == "Poste"] == []
        assert plan.faults == []


def test_a_list_with_a_fault_imports_nothing():
    of = received(csv(";Bon;69018;building;;;", ";Mauvais;1004;building;;;"))

    with pytest.raises(ListHasFaults):
        imported(of)
    assert not Premises.objects.exists()


def test_a_list_is_imported_once():
    of = received(TWO)
    digest = planned(of).digest
    imported(of)

    with pytest.raises(AlreadyImported):
        import_list(of, shown=digest, by=None, at=AT)


def test_a_list_that_says_what_is_known_imports_nothing():
    imported(received(TWO))

    with pytest.raises(NothingToImport):
        imported(received(TWO))


def test_what_the_preview_did_not_show_is_not_done():
    of = received(TWO)
    shown = planned(of).digest
    factory.premises("Grange", commune_code="69016", commune_name="Azolette", area_m2=9)

    with pytest.raises(ChangedMeanwhile):
        import_list(of, shown=shown, by=None, at=AT)
    assert Premises.objects.count() == 1


def test_undoing_an_import_puts_back_exactly_what_was_there():
    factory.placed("Autre nom (fictif)", ref="L1", owner="commune", fibre=False, area_m2=10.5)
    before = whole_list()
    done = imported(received(TWO))
    assert whole_list() != before

    undo(done, by=None, at=AT)

    assert whole_list() == before
    assert Premises.objects.count() == 1
    assert Entry.objects.filter(act="premises.undo_import").count() == 1


def test_an_import_is_not_undone_over_somebodys_work():
    done = imported(received(TWO))
    row = Premises.objects.get(name="Grange")
    who = people.person("Paul Fictif")
    said = factory.said("Grange neuve", commune_code="69016")
    correct(row, said, at_town=False, version=1, by=who.pk, at=AT)

    with pytest.raises(EditedSince) as refusal:
        undo(done, by=None, at=AT)

    assert refusal.value.facts == {"who": "Paul Fictif", "name": "Grange neuve"}
    assert Premises.objects.count() == 2


def test_an_import_is_undone_once():
    done = imported(received(TWO))
    undo(done, by=None, at=AT)

    with pytest.raises(NotDone):
        undo(done, by=None, at=AT)


def test_a_list_left_unconfirmed_is_forgotten_after_a_day_and_an_import_after_a_month():
    waiting, done = received(TWO), imported(received(TWO))

    forget.forget(at=AT + timedelta(hours=23))
    assert Import.objects.count() == 2
    forget.forget(at=AT + timedelta(hours=25))
    assert list(Import.objects.values_list("pk", flat=True)) == [done.pk]
    forget.forget(at=AT + timedelta(days=31))
    assert (Import.objects.exists(), waiting.pk > 0) == (False, True)


def test_the_pages_import_then_undo(officer):
    factory.territory()
    sent = officer.post(f"{HOME}importer/", {"file": SimpleUploadedFile("l.csv", TWO)})
    preview = officer.get(sent["Location"])

    assert preview.context["title"] == "2 locaux à ajouter, 0 à modifier"
    assert preview.context["act"] == "Importer les 2 locaux"
    stale = officer.post(sent["Location"], {"vu": "autre"})
    done = officer.post(sent["Location"], {"vu": preview.context["shown"]}, follow=True)

    assert stale.status_code == 409
    assert "Annuler cet import" in done.content.decode()
    assert Premises.objects.count() == 2
    undone = officer.post(f"{sent['Location']}annuler/", follow=True)
    assert undone.context["title"] == "Import annulé : la liste est comme avant"
    assert not Premises.objects.exists()


def test_the_template_is_a_list_that_is_read(officer):
    factory.territory()

    plan = planned(received(officer.get(f"{HOME}importer/modele.csv").content))

    assert ([said["name"] for _, said in plan.adds], plan.faults, plan.ignored) == (
        *(["Ancienne perception (fictif)"], [], ()),
    )
