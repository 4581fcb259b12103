"""The officer opens the programme of her study, notes a late end, accepts and takes it back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import programmes, studies
from maillage.apps.programme.models import Phase
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)


def follow(page: Page, name: str | re.Pattern[str], leads_to: str, role: str = "link") -> None:
    """Press what bears this name, and wait for the page it leads to."""
    stage.enter(page, page.get_by_role(role, name=name).first)
    page.wait_for_url(f"**{leads_to}")


def opened_programme(watched, address: str) -> Page:
    """From nothing to the four phases, begun seventy days ago."""
    page = watched.goto(address)
    expect(page.get_by_role("heading", name="Aucun calendrier pour cette étude")).to_be_visible()
    watched.refuse_faults()
    stage.tab_to(page, page.get_by_label("Étude en quatre phases"))
    page.keyboard.press("Space")
    page.get_by_label("Premier jour").fill((now().date() - timedelta(days=70)).isoformat())
    follow(page, "Proposer des dates", "/nouveau/?*", "button")
    expect(page.get_by_label("Titre (phase 4)")).to_have_value("Implantation et aménagement")
    watched.refuse_faults()
    follow(page, "Ouvrir le programme", address, "button")
    expect(page.get_by_text("Le programme est ouvert.")).to_be_visible()
    return page


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_phase_ends_late_a_deliverable_is_accepted_and_taken_back(opened, premier, width):
    study = studies.study("Quatre phases", slug="quatre-phases")
    home = f"/etudes/{study.pk}-{study.slug}/"
    watched = opened(person=premier.person, width=width)
    page = opened_programme(watched, home)
    expect(page.locator(".timeline > li")).to_have_count(4)
    first = Phase.objects.get(programme__study=study, rank=1)

    follow(page, re.compile("^Commencer «"), "/1/commencer/")
    page.get_by_label("Premier jour").fill(first.starts_on.isoformat())
    follow(page, "Noter le début", "/programme/1/", "button")
    follow(page, "Noter la fin", "/1/terminer/")
    page.get_by_label("Dernier jour").fill((first.ends_on + timedelta(days=12)).isoformat())
    follow(page, "Noter la fin", "/programme/1/", "button")
    expect(page.get_by_text("La fin est notée.")).to_be_visible()
    expect(page.locator(".lead .late-tag")).to_have_text("12 jours de retard")
    watched.refuse_faults()

    watched.goto(home)
    row = page.locator(".timeline > li").first
    expect(row.get_by_text("12 jours de retard").first).to_be_visible()
    expect(page.get_by_role("heading", name="1 phase terminée sur 4")).to_be_visible()
    expect(page.locator(".gantt-bar").first).to_be_visible(visible=width == "desktop")
    watched.refuse_faults()

    follow(page, "Note de cadrage", "/livrables/*/")
    follow(page, "Noter la remise", "/remise/")
    follow(page, "Noter la remise", "/livrables/*/", "button")
    follow(page, "Accepter ce livrable", "/acceptation/")
    watched.refuse_faults()
    follow(page, "Accepter le livrable", "/livrables/*/", "button")
    expect(page.locator(".lead")).to_contain_text("Accepté le")
    watched.refuse_faults()
    stage.enter(page, page.get_by_role("button", name="Annuler l’acceptation"))
    expect(page.get_by_text("L’acceptation est annulée.")).to_be_visible()
    expect(page.locator(".lead")).to_contain_text("à accepter")
    watched.refuse_faults()


def test_the_calendar_is_kept_without_javascript(opened, premier):
    study = studies.study("Sans script", slug="sans-script")
    programmes.programme(study)
    watched = opened(person=premier.person, scripts=False)
    page = watched.goto(f"/etudes/{study.pk}-{study.slug}/programme/dates/")
    page.get_by_label("Titre (phase 1)").fill("Cadrage")
    page.get_by_label("Dernier jour (phase 2)").fill("2020-01-01")
    page.get_by_role("button", name="Enregistrer les dates").click()
    expect(page.get_by_text("1 champ à corriger")).to_be_visible()
    expect(page.get_by_label("Titre (phase 1)")).to_have_value("Cadrage")
    watched.excuse("422")

    page.get_by_label("Dernier jour (phase 2)").fill("2027-03-20")
    page.get_by_role("button", name="Enregistrer les dates").click()

    expect(page.get_by_role("link", name="Phase 1 : Cadrage").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_programme_that_is_over_or_to_come_breaks_no_rule(opened, premier, theme):
    for title, shift in (("À venir", 30), ("Finie", -400)):
        study = studies.study(title, slug=f"etude-{shift}".replace("--", "-"))
        made = programmes.programme(
            study, "campagne", starts_on=now().date() + timedelta(days=shift)
        )
        programmes.signed(made, f"Cabinet {title}")
        if shift < 0:
            for phase in made.phases.order_by("rank"):
                Phase.objects.filter(pk=phase.pk).update(
                    began_on=phase.starts_on, finished_on=phase.ends_on - timedelta(days=2)
                )
        watched = opened(person=premier.person, theme=theme)
        watched.goto(f"/etudes/{study.pk}-{study.slug}/")
        watched.refuse_faults()
