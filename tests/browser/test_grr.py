"""An export of GRR, from the file to its report and back: by keyboard, and without scripts."""

import pytest
from playwright.sync_api import expect

from browser import stage
from factories import grr, people
from factories import sites as sheets
from maillage.apps.bookings.models import Booking
from maillage.apps.people.models import RoleKind

pytestmark = pytest.mark.django_db(transaction=True)

HOME = f"/gerer/import-grr/{people.SIREN}/"
YEAR = 2031


def export(tmp_path):
    """Two rooms and a vehicle, a booking past, two that overlap, one cancelled."""
    rooms = ("Grande salle (fictif)", "Bureau 2 (fictif)", "Minibus (fictif)")
    day = f"{YEAR}-04-07"
    said = grr.tables(
        site=[{"id": 1, "sitename": "Maison des services (fictif)", "ville": "Beaujeu"}],
        room=[{"id": n, "area_id": 1, "room_name": name} for n, name in enumerate(rooms, 1)],
        entry=[
            grr.entry(1, f"{day}T09:00", f"{day}T12:00", name="Conseil (fictif)"),
            grr.entry(2, f"{day}T10:00", f"{day}T11:00"),
            grr.entry(3, f"{day}T14:00", f"{day}T15:00", room_id=2),
            grr.entry(4, f"{day}T09:00", f"{day}T10:00", room_id=3),
            grr.entry(5, "2025-04-07T09:00", "2025-04-07T10:00"),
            grr.entry(6, f"{day}T16:00", f"{day}T17:00", supprimer=1),
        ],
    )
    path = tmp_path / "grr.sql"
    path.write_bytes(grr.dump(said))
    return path


@pytest.mark.parametrize(("width", "scripts"), [("desktop", True), ("phone", False)])
def test_an_export_is_read_previewed_imported_and_undone(
    opened, late_work, tmp_path, width, scripts
):
    sheets.territory()
    look = opened(width=width, scripts=scripts, person=people.holder(RoleKind.PROJECT_OFFICER))
    page = look.goto("/gerer/")
    page.get_by_role("link", name="Reprendre les salles et les réservations de GRR").click()
    page.get_by_label("Export de GRR").set_input_files(export(tmp_path))
    stage.enter(page, page.get_by_role("button", name="Voir l’aperçu"))

    expect(page.get_by_role("heading", level=1)).to_contain_text("2 réservations, 2 espaces")
    if scripts:
        look.refuse_faults()
    page.get_by_label("Minibus (fictif)").select_option(label="Bureau fermé")
    stage.enter(page, page.get_by_role("button", name="Actualiser l’aperçu"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 réservations, 3 espaces")
    assert Booking.objects.count() == 0

    stage.enter(page, page.get_by_role("button", name="Reprendre les 3 réservations"))
    expect(page.get_by_role("heading", level=1)).to_have_text("3 réservations reprises")
    expect(page.get_by_role("row", name="Toutes")).to_contain_text("6")
    if scripts:
        look.refuse_faults()
    assert Booking.objects.count() == 3

    stage.enter(page, page.get_by_role("button", name="Annuler cet import"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import annulé")
    assert Booking.objects.count() == 0


def test_a_wrong_file_says_what_to_do_where_it_was_sent(opened, late_work, tmp_path):
    sheets.territory()
    wrong = tmp_path / "notes.sql"
    wrong.write_text("bonjour")
    look = opened(person=people.holder(RoleKind.PROJECT_OFFICER))
    page = look.goto(HOME)
    page.get_by_label("Export de GRR").set_input_files(wrong)
    page.get_by_role("button", name="Voir l’aperçu").click()

    expect(page.locator(".error-summary")).to_contain_text("Sauvegardez la base")
    look.refuse_faults()
    look.excuse("422")
