"""In whose name money is handled: one's own body, never the territory's others."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from factories import network_sites, people
from factories.people import PLATFORM, SIREN, TERRITORY, TWIN, TWIN_SIREN
from maillage.apps.people.models import OrganisationKind, RoleKind, ScopeKind
from maillage.apps.people.rights import ACTS, GRANTS
from maillage.apps.sites import bodies

pytestmark = pytest.mark.django_db
MONEY = (
    "billing.read",
    "billing.issue",
    "collecting.keep",
    "contracts.keep",
    "settlement.keep",
    "accounts.export",
)


def read(person, act: str = "billing.read") -> list[str]:
    """The names of the bodies of a person."""
    return [body.name for body in bodies.bodies(person, act)]


def holder(kind: str, body, scope=TERRITORY):
    """Someone who holds a post in a body."""
    return people.role(kind=kind, position=people.position(kind, scope, organisation=body)).person


@pytest.fixture
def association():
    """A body that sells at two sites of the invented network."""
    network_sites.site("Le Pressoir (fictif)")
    network_sites.site("La Verrerie (fictif)")
    return network_sites.operator()


@pytest.mark.parametrize("kind", [kind for kind in RoleKind if kind != RoleKind.TREASURER])
@pytest.mark.parametrize("act", MONEY)
def test_a_post_in_a_body_gives_its_acts_of_money_and_no_other(kind, act):
    body = people.organisation("CC Mienne")
    people.organisation("CC Voisine")
    who = holder(kind, body)

    assert read(who, act) == (["CC Mienne"] if act in GRANTS[kind] else [])


def test_the_table_of_rights_gives_money_to_those_who_keep_it():
    keep = {kind for kind, acts in GRANTS.items() if set(MONEY) <= acts}

    assert keep == {RoleKind.ADMINISTRATOR, RoleKind.PROJECT_OFFICER, RoleKind.SITE_MANAGER}


def test_an_act_that_does_not_exist_is_a_bug():
    who = holder(RoleKind.PROJECT_OFFICER, people.organisation())

    assert "billing.dream" not in ACTS
    with pytest.raises(KeyError):
        read(who, "billing.dream")


def test_an_officer_of_a_territory_does_not_read_an_association_of_it():
    people.organisation("Association du lieu", OrganisationKind.ASSOCIATION)
    officer = holder(RoleKind.PROJECT_OFFICER, people.organisation("CC Mienne"))

    assert read(officer) == ["CC Mienne"]


def test_the_administrator_of_the_platform_reads_her_own_body_alone():
    people.organisation("Association du lieu", OrganisationKind.ASSOCIATION)
    body = people.organisation("Hébergeur", territory_siren="")

    assert read(holder(RoleKind.ADMINISTRATOR, body, PLATFORM)) == ["Hébergeur"]


def test_the_public_treasurer_answers_for_the_public_bodies_of_her_territory_alone():
    people.organisation("CC Mienne")
    people.organisation("Commune de Lancié", OrganisationKind.COMMUNE)
    people.organisation("Association du lieu", OrganisationKind.ASSOCIATION)
    people.organisation("Atelier", OrganisationKind.COMPANY)
    people.organisation("CC Jumelle", territory_siren=TWIN_SIREN)
    state = people.organisation("Trésor public", OrganisationKind.STATE)
    treasurer = holder(RoleKind.TREASURER, state)

    assert read(treasurer) == ["CC Mienne", "Commune de Lancié"]
    assert read(treasurer, "collecting.keep") == ["CC Mienne", "Commune de Lancié"]
    assert read(treasurer, "accounts.export") == ["CC Mienne", "Commune de Lancié"]
    assert read(treasurer, "billing.issue") == []


@pytest.mark.parametrize("scope", [PLATFORM, (ScopeKind.SITE, "1"), (ScopeKind.NETWORK, SIREN)])
def test_a_treasurer_of_no_territory_answers_for_nobody(scope):
    body = people.organisation("CC Mienne")

    assert read(holder(RoleKind.TREASURER, body, scope)) == []


def test_the_manager_of_one_of_two_sites_does_not_open_the_accounts_of_both(association):
    one, _other = bodies.sells_at(association).order_by("pk")
    manager = holder(RoleKind.SITE_MANAGER, association, (ScopeKind.SITE, str(one.pk)))

    assert {name for act in MONEY for name in read(manager, act)} == set()


def test_the_manager_of_the_only_site_of_a_body_keeps_its_accounts(association):
    one, other = bodies.sells_at(association).order_by("pk")
    other.removed_at = network_sites.AT
    other.save()
    manager = holder(RoleKind.SITE_MANAGER, association, (ScopeKind.SITE, str(one.pk)))

    assert [read(manager, act) for act in MONEY] == [[association.name]] * len(MONEY)


def test_a_site_that_another_body_collects_for_gives_nothing(association):
    """Who collects sells: the operator of a site whose money another takes has no accounts."""
    one, other = bodies.sells_at(association).order_by("pk")
    collector = people.organisation("CC qui encaisse")
    type(one).objects.filter(pk__in=(one.pk, other.pk)).update(collector=collector)
    manager = holder(RoleKind.SITE_MANAGER, association, (ScopeKind.SITE, str(one.pk)))

    assert read(manager) == []
    assert set(bodies.sells_at(collector)) == {one, other}


def test_a_post_of_another_body_at_a_site_does_not_open_the_accounts_of_who_sells_there():
    place = network_sites.site()
    helper = people.organisation("Association d’à côté", OrganisationKind.ASSOCIATION)
    manager = holder(RoleKind.SITE_MANAGER, helper, (ScopeKind.SITE, str(place.pk)))

    assert read(manager) == []


def test_twins_read_nothing_of_each_other():
    mine = people.organisation("CC Mienne")
    other = people.organisation("CC Jumelle", territory_siren=TWIN_SIREN)
    officer, twin = (
        holder(RoleKind.PROJECT_OFFICER, mine),
        holder(RoleKind.PROJECT_OFFICER, other, TWIN),
    )

    assert (read(officer), read(twin)) == (["CC Mienne"], ["CC Jumelle"])
    with pytest.raises(Http404):
        bodies.body_of(officer, other.pk, "billing.read")
    assert bodies.body_of(officer, mine.pk, "billing.read") == mine
    assert bodies.may_act_for(twin, other, "billing.issue")
    assert not bodies.may_act_for(twin, mine, "billing.issue")


def test_two_posts_in_two_bodies_give_both_once_each_in_order():
    who = people.person()
    for name in ("CC Zinc", "Association Ambre", "CC Zinc"):
        body = people.Organisation.objects.filter(name=name).first() or people.organisation(name)
        people.role(who, position=people.position(organisation=body))

    assert read(who) == ["Association Ambre", "CC Zinc"]


def test_a_role_that_ended_gives_nothing():
    body = people.organisation("CC Mienne")
    who = people.role(
        position=people.position(organisation=body), ends_on=people.LONG_AGO.replace(year=2021)
    ).person

    assert read(who) == []
    assert not bodies.may_somewhere("billing.read")(who, None)


def test_a_stranger_reads_no_accounts():
    people.organisation("CC Mienne")

    assert bodies.bodies(AnonymousUser(), "billing.read") == []
    assert not bodies.may_somewhere("billing.read")(AnonymousUser(), None)
