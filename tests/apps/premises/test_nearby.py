"""How far premises are from a motorway exit and a France services, by the portrait's roads."""

from functools import cache

import pytest

from factories import premises, streets, territories
from maillage.apps.premises.fitting import fits_of
from maillage.apps.premises.words import fact
from maillage.apps.territories import streets as kept_streets
from maillage.apps.territories.load import load
from maillage.apps.territories.models import Portrait
from maillage.core import sample

pytestmark = pytest.mark.django_db
BEAUJEU_TOWN = (4.58687, 46.1544)


@cache
def drawn(folder):
    return streets.extract(folder, sample.load(), exit_near="69018")


@pytest.fixture
def by_road(tmp_path_factory) -> Portrait:
    """The embedded territory, loaded with invented streets."""
    territories.sample_territory()
    path = drawn(tmp_path_factory.getbasetemp())

    def source(assumed):
        return streets.added(sample.load(), path, assumed)

    return load(territories.SIREN, source, by=None, at=territories.AT)


def fit_of(row):
    [found] = fits_of(row.territory, [row])
    return found


def test_a_motorway_exit_is_named_with_its_drive_time(by_road):
    lon, lat = BEAUJEU_TOWN

    found = fit_of(premises.placed(lon=lon, lat=lat))

    assert found.exit_name == "A6 sortie 30"
    assert found.origins["motorway"] == "modelled"
    assert 0.5 < found.facts.motorway.low < found.facts.motorway.central < 3
    assert fact(found, "motorway").startswith("A6 sortie 30 : ")


def test_what_somebody_declared_is_kept(by_road):
    lon, lat = BEAUJEU_TOWN
    said = premises.placed(lon=lon, lat=lat, motorway_min=12, motorway_exit="A6 sortie 31")

    found = fit_of(said)

    assert (found.exit_name, found.facts.motorway.central) == ("A6 sortie 31", 12)
    assert found.origins["motorway"] == "declared"


def test_without_streets_the_exit_is_not_known():
    territories.loaded()

    found = fit_of(premises.placed())

    assert found.facts.motorway is None
    assert found.facts.services is not None


def test_minutes_to_services_follow_the_roads(by_road):
    row = premises.placed()
    by_its_roads = fit_of(row).facts.services
    territories.loaded(by_road.territory, fingerprint="b" * 64, at=premises.AT.replace(year=2028))

    assert fit_of(row).facts.services != by_its_roads


def test_a_place_that_no_road_reaches_has_no_minutes(by_road):
    found = fit_of(premises.placed(lon=7.5, lat=48.5))

    assert found.facts.motorway is None
    assert found.facts.services is None


def test_streets_are_kept_and_not_offered(by_road, client):
    address = f"/territoires/{territories.SIREN}/fichiers/{kept_streets.NAME}"

    assert kept_streets.folder_of(by_road) == by_road.folder
    assert client.get(address).status_code == 404
