"""Who holds a site: shares that make the whole, in the verb and in the database."""

import pytest
from django.db import IntegrityError, connection, transaction

from factories import people, sites
from maillage.apps.sites import keep_holders, versions
from maillage.apps.sites.keep_holders import Governed, Held
from maillage.apps.sites.models import Site, SiteHolder

pytestmark = pytest.mark.django_db
CO_MANAGED = "co_managed"


@pytest.fixture
def bodies():
    return [sites.organisation(name) for name in ("CC fictive", "Atelier fictif", "Asso fictive")]


def held(*shares, bodies):
    return [Held(body.pk, share) for body, share in zip(bodies, shares, strict=False)]


def keep(site, said, version=1):
    return keep_holders.keep_holders(site, said, sites.author(), version=version)


def test_two_bodies_hold_a_site_between_them(bodies):
    site = sites.site()
    said = Governed(CO_MANAGED, bodies[0].pk, bodies[2].pk, held(6_000, 4_000, bodies=bodies))

    row = keep(site, said)

    row.refresh_from_db()
    assert (row.governance, row.operator, row.collector) == (CO_MANAGED, bodies[0], bodies[2])
    shares = SiteHolder.objects.order_by("-share_bp").values_list("organisation__name", "share_bp")
    assert list(shares) == [("CC fictive", 6_000), ("Atelier fictif", 4_000)]


def test_a_co_managed_site_has_at_least_two_holders(bodies):
    with pytest.raises(keep_holders.TooFewHolders):
        keep(sites.site(), Governed(CO_MANAGED, holders=held(10_000, bodies=bodies)))


@pytest.mark.parametrize(
    ("shares", "said"), [((6_000, 3_999), "99,99 %"), ((6_000, 5_000), "110 %")]
)
def test_shares_make_the_whole(bodies, shares, said):
    with pytest.raises(keep_holders.NotTheWhole) as refused:
        keep(sites.site(), Governed(CO_MANAGED, holders=held(*shares, bodies=bodies)))

    assert f"Les parts font {said}" in str(refused.value)


def test_one_body_has_one_share(bodies):
    twice = [bodies[0], bodies[0]]

    with pytest.raises(keep_holders.HeldTwice):
        keep(sites.site(), Governed(CO_MANAGED, holders=held(5_000, 5_000, bodies=twice)))


def test_a_body_of_another_territory_neither_holds_runs_nor_collects(bodies):
    stranger = people.organisation("CC voisine", territory_siren=people.TWIN_SIREN)
    for said in (
        Governed(operator=stranger.pk),
        Governed(collector=stranger.pk),
        Governed(CO_MANAGED, holders=held(5_000, 5_000, bodies=[bodies[0], stranger])),
    ):
        with pytest.raises(keep_holders.OfAnotherTerritory):
            keep(sites.site(f"Lieu {said.operator}{said.collector}{len(said.holders)}"), said)


def test_nobody_need_be_known(bodies):
    site = sites.site()
    keep(site, Governed("shop", bodies[0].pk, None, held(10_000, bodies=bodies)))

    keep(site, Governed(), version=2)

    site.refresh_from_db()
    assert (site.governance, site.operator, site.collector) == ("", None, None)
    assert not site.holders.exists()


def test_whoever_comes_second_is_told(bodies):
    site = sites.site()
    keep(site, Governed("epci"))

    with pytest.raises(versions.SomebodyElseEdited):
        keep(site, Governed("shop"))


def check():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@transaction.atomic
def co_manage(site, *held):
    """Written without the verb."""
    Site.objects.filter(pk=site.pk).update(governance=CO_MANAGED)
    for body, share in held:
        SiteHolder.objects.create(site=site, organisation=body, share_bp=share)
    check()


@transaction.atomic
def leave(body):
    """Written without the verb."""
    SiteHolder.objects.filter(organisation=body).delete()
    check()


@pytest.mark.parametrize("shares", [(10_000,), (5_000, 4_000), ()])
def test_the_database_refuses_a_co_managed_site_that_is_not_held_whole(bodies, shares):
    site = sites.site()

    with pytest.raises(IntegrityError, match="co-managed"):
        co_manage(site, *zip(bodies, shares, strict=False))


def test_the_database_refuses_that_a_holder_leaves(bodies):
    site = sites.site()
    keep(site, Governed(CO_MANAGED, holders=held(6_000, 4_000, bodies=bodies)))

    with pytest.raises(IntegrityError, match="co-managed"):
        leave(bodies[1])


def test_shares_change_one_by_one_within_a_transaction(bodies):
    site = sites.site()
    keep(site, Governed(CO_MANAGED, holders=held(6_000, 4_000, bodies=bodies)))

    with transaction.atomic():
        SiteHolder.objects.filter(organisation=bodies[0]).update(share_bp=7_000)
        SiteHolder.objects.filter(organisation=bodies[1]).update(share_bp=3_000)
        check()

    assert sum(site.holders.values_list("share_bp", flat=True)) == 10_000


@pytest.mark.parametrize(
    ("share_bp", "said"), [(10_000, "100"), (3_333, "33,33"), (5_050, "50,5"), (1, "0,01")]
)
def test_a_share_is_written_as_people_write_it(share_bp, said):
    assert keep_holders.percent(share_bp) == said
