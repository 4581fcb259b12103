"""Take one's data away, then erase them: nothing of the person is left."""

import io
import zipfile

import pytest
from django.db import connection
from playwright.sync_api import expect

from browser import stage
from factories import people

pytestmark = pytest.mark.django_db(transaction=True)

MARKER = "Marqueline"


def rows_with(marker: str) -> dict[str, int]:
    """How many rows of each table hold a word, whatever their columns."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*) FROM {name} AS line WHERE line::text ILIKE %s",  # noqa: S608
                [f"%{marker}%"],
            )
            if count := cursor.fetchone()[0]:
                found[table] = count
    return found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_person_takes_her_data_away_then_erases_them(opened, premier, scripts):
    who = people.person(f"{MARKER} Fictive", f"{MARKER.lower()}@exemple.fr")
    people.role(who, position=people.position(organisation=premier.organisation))
    watched = opened(person=who, scripts=scripts)
    page = watched.goto("/compte/")
    stage.enter(page, page.get_by_role("link", name="Mes données : lire, emporter, effacer"))
    stage.enter(page, page.get_by_role("button", name="Donner mon accord").first)
    expect(page.get_by_text("Votre accord est noté.")).to_be_visible()

    stage.enter(page, page.get_by_role("link", name="Emporter mes données"))
    with page.expect_download() as taken:
        stage.enter(page, page.get_by_role("button", name="Télécharger (ZIP)"))
    archive = zipfile.ZipFile(io.BytesIO(taken.value.path().read_bytes()))
    texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert any(MARKER in text for name, text in texts.items() if name.endswith(".json"))
    assert any(MARKER in text for name, text in texts.items() if name.endswith(".csv"))
    assert not any("claire@premier.fr" in text for text in texts.values())

    assert rows_with(MARKER) != {}
    watched.goto("/compte/donnees/")
    stage.enter(page, page.get_by_role("link", name="Effacer mon compte"))
    expect(page.get_by_role("heading", level=2, name="Effacer mon compte ?")).to_be_visible()
    stage.enter(page, page.get_by_role("button", name="Effacer mon compte"))

    expect(page.get_by_text("Votre compte est effacé.")).to_be_visible()
    assert rows_with(MARKER) == {}
    watched.goto("/compte/")
    page.wait_for_url("**/connexion/**")
