"""A mayor reads what her commune gets and pays, and takes its sheet to the council."""

import pypdfium2
import pytest
from playwright.sync_api import expect

from browser import stage
from browser.test_reading import taken
from factories import people
from maillage.apps.people.models import OrganisationKind, RoleKind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("width", "scripts"),
    [("desktop", True), ("phone", True), ("phone", False)],
    ids=["desktop", "phone", "plain"],
)
def test_a_mayor_opens_her_commune_and_takes_its_sheet(opened, premier, width, scripts):
    body = people.organisation("Commune de Lancié (fictif)", OrganisationKind.COMMUNE)
    post = people.position(RoleKind.MAYOR, organisation=body)
    watched = opened(
        width=width, scripts=scripts, person=people.role(people.person(), position=post).person
    )
    page = watched.goto("/elus/")

    expect(page.get_by_role("heading", name="Ma commune : Lancié")).to_be_visible()
    stage.enter(page, page.get_by_role("link", name="Ce qu’elle reçoit, ce qu’elle paie"))
    page.wait_for_url("**/elus/69108/")
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("Lancié")
    expect(page.get_by_role("heading", name="Deux questions avant de voter")).to_be_visible()
    expect(page.locator("#carte svg").first).to_be_visible()
    if scripts:
        watched.refuse_faults()

    data = taken(page, page.get_by_role("link", name="Fiche d’une page"))
    [sheet] = pypdfium2.PdfDocument(data)
    said = " ".join(sheet.get_textpage().get_text_bounded().split())
    assert " ".join(title.inner_text().replace("'", "’").split()) in said
