"""Why a booking costs what it costs."""

from datetime import date

import pytest

from factories import members, network_sites, people, tariffs
from factories.network_sites import slot
from maillage.apps.bookings import price
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.reasons import because
from maillage.apps.bookings.reserve import reserve

pytestmark = pytest.mark.django_db


@pytest.fixture
def desks():
    site = network_sites.site()
    tariffs.voted(site.operator)
    return network_sites.open_space(site)


@pytest.fixture
def elise():
    return people.person("Élise Fictive")


def said(desks, who, period):
    known = price.pricing([desks], price.Who(who.pk), period)
    found = because(known.quote(desks, period, 1, False), known.holdings)
    return [words.replace("\u00a0", " ").replace("\u202f", " ") for words in found]


def test_a_plan_that_is_over_is_named_with_its_last_day(desks, elise):
    members.subscription(members.plan(desks.site.operator), elise)

    assert said(desks, elise, slot(date(2027, 4, 2))) == [
        "Votre forfait « Nomade (fictif) » prend fin le 31 mars 2027 : il ne paie pas après "
        "cette date."
    ]
    assert said(desks, elise, slot(date(2027, 3, 30))) == []


def test_a_carnet_that_expired_is_named(desks, elise):
    plan = members.carnet_plan(desks.site.operator, validity_months=1)
    members.carnet(plan, elise, date(2027, 2, 1))

    (words,) = said(desks, elise, slot())

    assert words == ("Votre carnet « Carnet de 10 tickets (fictif) » a expiré le 28 février 2027.")


def test_the_other_half_of_a_day_says_what_is_counted_already(desks, elise):
    reserve([Ask(desks.pk, slot())], Booker(elise, elise.pk), at=network_sites.AT)

    assert said(desks, elise, slot(begins=14, ends=18)) == [
        "La journée entière coûte 12,00 € : 8,00 € sont déjà comptés."
    ]


def test_a_day_says_what_was_dearer(desks, elise):
    assert said(desks, elise, slot(begins=9, ends=18)) == [
        "1 journée à 12,00 € plutôt que 2 demi-journées (16,00 €)."
    ]


def test_a_space_without_a_price_has_no_reason_to_give(elise):
    assert said(network_sites.open_space(), elise, slot()) == []
