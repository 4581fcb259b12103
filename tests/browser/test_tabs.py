"""A host on her phone: four tabs at the foot, never over the page, none on a desk."""

import pytest

from factories import people
from maillage.apps.people.models import RoleKind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_host_has_her_tabs_on_a_phone(opened, theme):
    host = people.holder(RoleKind.HOST)

    phone = opened(width="phone", theme=theme, person=host)
    phone.goto("/compte/")

    tabs = phone.page.get_by_role("navigation", name="Sections principales").get_by_role("link")
    assert tabs.all_inner_texts() == ["Aujourd’hui", "Ma part", "Les lieux", "Compte"]
    assert tabs.last.get_attribute("aria-current") == "page"
    # at the end of the page, where nothing may be left behind the bar
    phone.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    phone.refuse_axe_violations()
    phone.refuse_sideways_scroll()


def test_a_desk_shows_the_sections_once(opened):
    desk = opened(person=people.holder(RoleKind.HOST))
    desk.goto("/compte/")

    assert desk.page.get_by_role("link", name="Les lieux", exact=True).count() == 1
