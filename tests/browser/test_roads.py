"""A study by road: its pages say so, its zones are drawn, at two widths and in two themes."""

import pytest

from browser import stage
from factories import people, scenarios, studies
from maillage.apps.people.models import RoleKind
from maillage.apps.studies.publish import publish
from maillage.kit.clock import now

CREDIT = "© les contributeurs d'OpenStreetMap"


@pytest.fixture
def by_road(road_outcome, transactional_db):
    run = studies.computed(studies.study(), road_outcome)
    publish(run, by=None, at=now())
    return run.study


@pytest.mark.parametrize(("width", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_the_zones_are_drawn_over_plain_cells(opened, by_road, width, theme):
    at = opened(width=width, theme=theme)

    page = at.goto(f"{by_road.get_absolute_url()}?vue=zones")

    stage.drawn(page)
    assert page.locator("#zones tbody tr").count() > 3
    assert "Aplat : à 10 minutes" in page.locator(".map-legend").inner_text()
    assert CREDIT in page.locator(".map-legend").inner_text()
    at.refuse_faults()


def test_without_scripts_the_drawing_shows_them(opened, by_road):
    page = opened(scripts=False).goto(f"{by_road.get_absolute_url()}?vue=zones")

    assert page.locator("#carte-zones path").count() == 2


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_the_page_tells_where_its_times_come_from(opened, by_road, width):
    at = opened(width=width)

    page = at.goto(by_road.get_absolute_url())

    assert CREDIT in page.locator("section[aria-labelledby=sources]").inner_text()
    assert page.locator("#routes tbody tr").count() == 7
    at.refuse_faults()


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_scenario_by_road_keeps_its_zones_while_one_tries(opened, by_road, road_outcome, width):
    one = scenarios.scenario(studies.study("Essai", slug="essai"), road_outcome)
    site = next(s for s in road_outcome.sites if s.tier == "mini")
    at = opened(width=width, person=people.holder(RoleKind.PROJECT_OFFICER))

    page = at.goto(f"{one.get_absolute_url()}?vue=zones&coup=retirer:{site.candidate.id}")

    stage.drawn(page)
    said = page.locator("section[aria-labelledby=portee]").inner_text()
    assert "Pour le réseau enregistré" in said
    at.refuse_faults()
