"""What is kept around the points of a territory: read by pages, never offered."""

import pytest

from factories import people, territories
from maillage.apps.people.models import RoleKind
from maillage.apps.territories import landmarks
from maillage.apps.territories.models import Territory

pytestmark = pytest.mark.django_db


def test_a_portrait_keeps_its_towns_and_says_which_lists_it_lacks():
    row = territories.loaded()

    kept, near = landmarks.latest(row.territory)

    assert kept == row
    assert len(near.towns) == 35
    assert near.town_centres <= near.towns.keys()
    assert "69018" in near.town_centres
    # the embedded tables hold France services, and no list of stations
    assert (near.stations, bool(near.services)) == (None, True)


def test_a_territory_without_tables_or_with_an_older_portrait_has_none():
    row = territories.loaded()
    row.files = [entry for entry in row.files if entry["name"] != landmarks.NAME]
    row.save()

    assert landmarks.latest(row.territory) is None
    assert landmarks.latest(territories.territory()) is None


def test_landmarks_are_not_offered(client):
    territories.loaded()

    address = f"/territoires/{territories.SIREN}/fichiers/{landmarks.NAME}"
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("is_loaded", [True, False])
def test_the_portrait_leads_to_the_premises_those_who_may_read_them(client, is_loaded):
    if is_loaded:
        territories.loaded()
    else:
        territories.sample_territory()
    link = f'href="/territoires/{territories.SIREN}/locaux/"'
    address = Territory.objects.get().pk

    def page():
        return client.get(f"/territoires/{address}/").content.decode()

    assert link not in page()
    people.signed_in(client, people.holder(RoleKind.MAYOR))
    assert link in page()
