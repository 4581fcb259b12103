"""Filling the list of territories."""

import pytest

from factories.official import EPCI, official_folder
from factories.territories import AT, INVENTED, SIREN, listed
from maillage.apps.journal.models import Entry
from maillage.apps.territories.models import Territory
from maillage.apps.territories.register import (
    Listed,
    Member,
    Registered,
    listed_in,
    listed_in_sample,
    register,
)
from maillage.apps.territories.sources import UnusableTables

pytestmark = pytest.mark.django_db


def test_registering_adds_each_territory_with_its_communes_and_one_journal_line():
    done = register([listed()], by=7, at=AT)

    row = Territory.objects.get()
    assert done == Registered(new=1, known=0)
    assert (row.pk, row.communes, row.population) == (INVENTED, 2, 300)
    assert row.members[0] == {"code": "00001", "name": "Ambre-sur-Loue", "population": 100}
    line = Entry.objects.get()
    assert (line.act, line.actor_id, line.facts) == (
        "territories.register",
        7,
        {"new": 1, "known": 0},
    )


def test_registering_again_changes_nothing():
    register([listed()], by=None, at=AT)
    before = Territory.objects.values().get()

    assert register([listed()], by=None, at=AT) == Registered(new=0, known=1)
    assert Territory.objects.values().get() == before


def test_a_former_name_still_leads_to_the_territory():
    register([listed(name="CC des Prés fictifs")], by=None, at=AT)
    register([listed(name="CC Grand Pré fictif")], by=None, at=AT)

    row = Territory.objects.get()
    assert (row.name, row.aliases) == ("CC Grand Pré fictif", "CC des Prés fictifs")
    assert row.search_name == "\ngrand pre fictif\npres fictifs\n"


def test_a_population_that_one_commune_lacks_is_not_a_total():
    member = Member("00001", "Ambre", 12)
    unknown = Member("00002", "Bourg", None)

    assert Listed("200000002", "CC", (member, unknown)).population is None


def test_the_embedded_territory_is_listed_with_its_known_total():
    (only,) = listed_in_sample()

    assert (only.siren, len(only.members), only.population) == (SIREN, 35, 46_214)


def test_a_folder_of_official_tables_lists_those_with_communes_of_the_mainland(tmp_path):
    found = {entry.siren: entry for entry in listed_in(official_folder(tmp_path))}

    assert found.keys() == {EPCI, "200046977"}
    assert [member.name for member in found[EPCI].members] == ["AB", "Ambre"]


def test_a_folder_that_lacks_a_table_is_refused_in_words(tmp_path):
    with pytest.raises(UnusableTables, match="Il manque la table"):
        listed_in(tmp_path)
