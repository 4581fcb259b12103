"""Pages of price lists: whose they are, what is written, what a page costs the database."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import network_sites, people, tariffs
from maillage.apps.people.models import RoleKind
from maillage.apps.tariffs.keep_list import Asked, Resource, Terms, write_prices
from maillage.apps.tariffs.models import ListState, Price, PriceList

pytestmark = pytest.mark.django_db
HERE = ("territory", network_sites.territories.INVENTED)


@pytest.fixture
def site():
    return network_sites.site()


@pytest.fixture
def officer(client):
    return people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, HERE))


def of(price_list, name="price_list", *more):
    return reverse(name, args=(price_list.pk, *more))


def test_a_list_is_kept_by_the_officer_of_its_territory_alone(client, site):
    made = tariffs.drafted(site.operator)
    address = of(made)

    assert client.get(address).status_code == 302
    people.signed_in(client, people.holder(scope=people.TWIN))
    assert client.get(address).status_code == 404
    people.signed_in(client, people.holder(RoleKind.SITE_MANAGER, HERE))
    assert client.get(address).status_code in (403, 404)
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, HERE))
    assert client.get(address).status_code == 200


def test_a_list_is_begun_priced_voted_from_its_pages(officer, site):
    asked = {
        "operator": str(site.operator.pk), "name": "Tarifs 2027", "starts_on": "2026-01-01",
        "half_day_min": "",
    }  # fmt: skip
    officer.post("/tarifs/nouvelle/", asked)
    made = PriceList.objects.get()

    written = officer.post(
        of(made, "price_grid", "open_space"),
        {
            "version": "1", "vat_rate": "20", "includes_tax": "on", "free_reason": "",
            "half_day-public": "8", "day-public": "12,50", "day-newcomer": "0",
        },
    )  # fmt: skip
    voted = officer.post(
        of(made, "price_list_vote"), {"reference": "2026-07", "voted_on": "2026-01-02"}
    )

    assert (written.status_code, voted.status_code) == (302, 302)
    made.refresh_from_db()
    assert (made.state, made.deliberation_ref) == (ListState.VOTED, "2026-07")
    assert sorted(Price.objects.values_list("unit", "audience", "cents", "vat_rate_bp")) == [
        ("day", "newcomer", 0, 2000), ("day", "public", 1250, 2000),
        ("half_day", "public", 800, 2000),
    ]  # fmt: skip
    page = officer.get(of(made)).content.decode()
    assert "12,50" in page
    assert "gratuit" in page
    assert officer.post(of(made, "price_grid", "open_space"), {}).status_code == 409


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day-public": "douze"}, "Indiquez un nombre, par exemple 12,50."),
        ({"day-public": "12,505"}, "Indiquez un nombre, par exemple 12,50."),
        ({"day-public": "-1"}, "Indiquez un nombre, par exemple 12,50."),
        ({"vat_rate": "120"}, "Indiquez un taux entre 0 et 100"),
        ({"day-public": "12", "free-public": "2027-06-30"}, "Dites pourquoi c’est gratuit."),
        ({"free-public": "2027-06-30", "free_reason": "x"}, "Indiquez le prix demandé ensuite"),
    ],
)
def test_a_wrong_price_says_what_to_write_and_keeps_what_was_typed(officer, site, typed, sentence):
    made = tariffs.empty(site.operator)

    response = officer.post(
        of(made, "price_grid", "open_space"), {"version": "1", "vat_rate": "20"} | typed
    )

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert next(iter(typed.values())) in response.content.decode()
    assert not Price.objects.exists()


def test_whoever_saves_second_keeps_her_text(officer, site):
    made = tariffs.empty(site.operator)
    PriceList.objects.update(version=3)

    response = officer.post(
        of(made, "price_grid", "open_space"),
        {"version": "1", "vat_rate": "20", "day-public": "12"},
    )

    assert response.status_code == 422
    assert 'value="12"' in response.content.decode()


def test_a_space_of_another_operator_is_not_priced(officer, site):
    made = tariffs.empty(site.operator)
    other = network_sites.site("Ailleurs", territory=site.territory,
                               operator=network_sites.operator("Autre"))  # fmt: skip
    space = network_sites.space(other)

    for key in (f"espace-{space.pk}", "espace-x", "inconnu", "espace-999999"):
        assert officer.get(of(made, "price_grid", key)).status_code == 404


def test_a_copy_is_a_draft_and_a_draft_may_be_withdrawn(officer, site):
    made = tariffs.voted(site.operator)

    officer.post(of(made, "price_list_copy"), {"name": "Tarifs 2028", "starts_on": "2028-01-01"})
    copied = PriceList.objects.get(name="Tarifs 2028")
    assert copied.prices.count() == made.prices.count()
    assert officer.get(of(copied, "price_list_withdraw")).status_code == 200
    officer.post(of(copied, "price_list_withdraw"))

    assert not PriceList.objects.filter(pk=copied.pk).exists()
    assert officer.post(of(made, "price_list_withdraw")).status_code == 409


def test_the_list_tells_of_free_times_that_end_and_of_who_has_no_price(officer, site, monkeypatch):
    network_sites.site("Sans tarif", territory=site.territory,
                       operator=network_sites.operator("Commune sans tarif"))  # fmt: skip
    today = date.today()  # noqa: DTZ011  (the page reads the clock)
    made = tariffs.empty(site.operator, starts_on=date(2026, 1, 1))
    write_prices(
        made, Resource("open_space"), [Asked("month", "newcomer", 100, today)],
        Terms(2_000, free_reason="Accueil"), version=1, by=None, at=tariffs.AT,
    )  # fmt: skip
    officer.post(of(made, "price_list_vote"), {"reference": "7", "voted_on": "2026-01-02"})

    page = officer.get("/tarifs/").content.decode()

    assert "la gratuité finit le" in page
    assert "Commune sans tarif n’a pas de tarif en vigueur" in page


def test_everybody_reads_the_prices_in_force_and_no_draft(client, site):
    tariffs.voted(site.operator, starts_on=date(2026, 1, 1))
    tariffs.drafted(site.operator, (("office", "day", "public", 7777),), date(2026, 2, 1))
    address = reverse("operator_tariffs", args=(site.operator.pk,))

    page = client.get(address).content.decode()

    assert "12,00" in page
    assert "77,77" not in page
    type(site).objects.update(is_listed=False)
    assert client.get(address).status_code == 404


def test_pages_cost_a_constant_number_of_queries(officer, site):
    def cost(address):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert officer.get(address).status_code == 200
        return len(queries)

    first = tariffs.voted(site.operator, starts_on=date(2026, 1, 1))
    addresses = ("/tarifs/", of(first), reverse("operator_tariffs", args=(site.operator.pk,)))
    for address in addresses:
        cost(address)
    before = [cost(address) for address in addresses]
    for n in range(3):
        other = network_sites.operator(f"Autre {n}")
        network_sites.site(f"Lieu {n}", territory=site.territory, operator=other)
        network_sites.space(site, name=f"Salle {n}")
        tariffs.voted(other, starts_on=date(2026, 1, 1))

    assert [cost(address) for address in addresses] == before
