"""How people go to work, on the portrait of a territory whose detail file was read."""

import pytest
from playwright.sync_api import expect

from factories import detail
from factories.territories import AT, SIREN, sample_territory
from maillage.apps.territories.load import load
from maillage.core import sample

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("width", "theme"), [("desktop", "light"), ("phone", "dark")], ids=["desktop", "phone"]
)
def test_the_modes_and_the_categories_are_read_without_fault(opened, tmp_path, width, theme):
    sample_territory()
    path = detail.write_file(tmp_path)
    load(SIREN, lambda _: detail.added(sample.load(), path), by=None, at=AT)
    watched = opened(width=width, theme=theme)

    page = watched.goto(f"/territoires/{SIREN}/")

    heading = page.get_by_role("heading", name="Comment on va au travail")
    expect(heading).to_contain_text("81\u00a0% des actifs en voiture")
    expect(page.get_by_role("rowheader", name="À vélo")).to_be_visible()
    expect(page.locator("#categories").get_by_role("row")).to_have_count(8)
    watched.refuse_faults()
