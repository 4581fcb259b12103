"""« Pourquoi pas ce village ? »: asked by an elected person, imposed by the officer, undone."""

from playwright.sync_api import expect

from browser import stage
from factories import people
from maillage.apps.people.models import RoleKind
from maillage.apps.scenarios.models import Scenario, VillagePrice
from maillage.apps.studies.models import RunState


def test_an_elected_person_asks_for_her_village_and_the_officer_imposes_it(
    opened, premier, late_work
):
    home = premier.scenario.get_absolute_url()
    # a phone without scripts: forms and links alone
    watched = opened(width="phone", scripts=False, person=people.holder(RoleKind.ELECTED_OFFICIAL))
    page = watched.goto(home)
    page.get_by_role("link", name="Pourquoi pas ce village ?").first.click()
    page.get_by_label("Commune", exact=True).select_option("Jullié")
    page.get_by_role("button", name="Choisir cette commune").click()
    page.get_by_role("button", name="Calculer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("un lieu à Jullié")
    VillagePrice.objects.filter(state=RunState.QUEUED).update(state=RunState.RUNNING, step="seats")
    page.reload()
    expect(page.locator("progress")).to_have_attribute("value", "3")
    page.get_by_role("button", name="Arrêter").click()
    late_work()
    page.reload()
    page.get_by_role("button", name="Recalculer").click()
    late_work()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Un lieu à Jullié : 12 habitants de moins à portée, pour le même coût"
    )
    expect(page.get_by_text("Il faudrait renoncer à Cenves")).to_be_visible()

    watched = opened(person=premier.person)
    page = watched.goto(page.url.removeprefix(watched.origin))
    watched.refuse_faults()
    imposing = page.get_by_role("button", name="Imposer ce village dans un nouveau scénario")
    stage.enter(page, imposing)
    page.wait_for_url("**/scenarios/2/")
    late_work()
    made = Scenario.objects.get(number=2)
    assert made.versions.get().run.state == RunState.DONE
    page.goto(f"{watched.origin}{made.get_absolute_url()}retirer/")
    page.get_by_role("button", name="Retirer le scénario").click()
    expect(page.get_by_text("est retiré. Il se reprend")).to_be_visible()
