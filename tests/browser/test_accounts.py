"""Who keeps the accounts takes a file, closes a month, has a year archived."""

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect

from browser import stage
from factories import accounts, billing, network_sites

pytestmark = pytest.mark.django_db(transaction=True)
ISSUED_AT = datetime(2025, 11, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_month_is_closed_a_file_taken_and_a_year_archived(opened, late_work, width):
    body = network_sites.operator()
    billing.issued(body, at=ISSUED_AT, on=date(2025, 10, 20))
    accounts.closed(body, date(2025, 11, 1), date(2025, 11, 1))
    watched = opened(person=accounts.keeper(body), width=width)

    page = watched.goto("/comptes/2025-12/")
    # its invoice is due and nobody was reminded
    expect(page.get_by_role("heading", level=1)).to_have_text("Décembre 2025 : il reste 1 étape")
    watched.refuse_faults()
    stage.enter(page, page.get_by_role("link", name="Clôturer le mois"))
    expect(page.get_by_text("Il reste à faire : Relances")).to_be_visible()
    watched.refuse_faults()
    stage.enter(page, page.get_by_role("button", name="Clôturer quand même"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Décembre 2025 : clôturé")

    page.goto(f"{watched.origin}/exports/?du=2025-11&au=2025-12")
    watched.refuse_faults()
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile("au format FEC")).click()
    assert taken.value.suggested_filename == f"{billing.profile().siren}FEC20251231.txt"

    stage.enter(page, page.get_by_role("link", name="Archiver 2025"))
    expect(page.get_by_text("Une année est archivée une seule fois.")).to_be_visible()
    watched.refuse_faults()
    stage.enter(page, page.get_by_role("button", name="Archiver 2025"))
    expect(page.get_by_text("L’archive de 2025 se prépare")).to_be_visible()
    late_work()
    page.reload()
    expect(page.get_by_role("link", name=re.compile("Archive 2025"))).to_be_visible()
    watched.refuse_faults()
