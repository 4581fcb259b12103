"""Other names of a territory."""

import pytest

from factories.territories import AT, INVENTED, territory
from maillage.apps.journal.models import Entry
from maillage.apps.territories.load import UnknownTerritory
from maillage.apps.territories.models import Territory
from maillage.apps.territories.rename import EmptyAlias, UnknownAlias, add_alias, remove_alias
from maillage.apps.territories.search import find

pytestmark = pytest.mark.django_db


def test_an_alias_leads_to_the_territory_and_can_be_taken_back():
    territory()

    add_alias(INVENTED, "Val de  l'Eyre", by=7, at=AT)
    assert [row.pk for row in find("val de l’eyre").territories] == [INVENTED]

    remove_alias(INVENTED, "Val de l'Eyre", by=7, at=AT)
    assert list(find("val de l’eyre").territories) == []
    acts = Entry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts)[1:] == ["territories.add_alias", "territories.remove_alias"]


def test_the_same_alias_twice_is_one():
    territory()
    for _ in range(2):
        add_alias(INVENTED, "Le Val", by=None, at=AT)

    assert Territory.objects.get().aliases == "Le Val"


def test_an_alias_of_small_words_only_is_refused():
    territory()
    with pytest.raises(EmptyAlias):
        add_alias(INVENTED, "la", by=None, at=AT)


def test_an_alias_that_it_does_not_have_is_refused_with_those_it_has():
    territory()
    add_alias(INVENTED, "Le Val", by=None, at=AT)

    with pytest.raises(UnknownAlias) as refusal:
        remove_alias(INVENTED, "Le Mont", by=None, at=AT)

    assert str(refusal.value) == (
        "CC des Prés fictifs ne porte pas ce nom. Ses autres noms : Le Val."
    )


def test_a_territory_that_nobody_registered_is_refused():
    with pytest.raises(UnknownTerritory):
        add_alias(INVENTED, "Le Val", by=None, at=AT)
