"""The menu: the sections of a role, the territory's name, tabs for those who are on foot."""

import pytest

from factories import people, studies
from maillage.apps.people.models import OrganisationKind, Person, Role, RoleKind
from maillage.web import navigation

pytestmark = pytest.mark.django_db


def menu(*roles: Role, path: str = "/") -> navigation.Menu:
    return navigation.of(roles, path)


def labels(*roles: Role) -> list[str]:
    return [item.label for item in menu(*roles).items]


@pytest.mark.parametrize(
    ("kind", "sections"),
    [
        (
            RoleKind.PROJECT_OFFICER,
            ["Territoire", "Étude", "Lieux", "Réseau", "Personnes"],
        ),
        (RoleKind.MAYOR, ["Territoire", "Décisions", "Étude", "Données ouvertes"]),
        (RoleKind.HOST, ["Aujourd’hui", "Ma part", "Les lieux", "Compte"]),
        (RoleKind.MEMBER, ["Trouver", "Mes places", "Les lieux", "Compte"]),
        (RoleKind.VOLUNTEER, ["Territoire", "Études publiées", "Données ouvertes"]),
    ],
)
def test_each_role_sees_its_sections(kind, sections):
    assert labels(people.role(kind=kind)) == sections


@pytest.mark.parametrize(
    ("kind", "sections"),
    [
        (
            RoleKind.PROJECT_OFFICER,
            ["Territoire", "Étude", "Lieux", "Réseau", "Facturation", "Personnes"],
        ),
        (
            RoleKind.TREASURER,
            [
                "Territoire",
                "Étude",
                "Titres et factures",
                "Encaissements",
                "Exports",
            ],
        ),
        (RoleKind.MAYOR, ["Territoire", "Décisions", "Étude", "Données ouvertes"]),
    ],
)
def test_who_reads_the_accounts_of_a_body_has_their_sections(kind, sections):
    found = navigation.of((people.role(kind=kind),), "/", has_accounts=True)

    assert [item.label for item in found.items] == sections


@pytest.mark.parametrize("has_accounts", [True, False])
def test_the_keeper_of_a_site_has_the_accounts_that_are_hers(has_accounts):
    keeper = people.role(kind=RoleKind.SITE_MANAGER, scope=("site", "1"))
    found = navigation.of((keeper,), "/", has_accounts=has_accounts)

    assert ("Facturation" in [item.label for item in found.items]) is has_accounts


def test_an_employer_finds_its_invoices():
    employer = people.role(kind=RoleKind.EMPLOYER, scope=("site", "1"))

    found = menu(employer, path=f"/employeur/{employer.position.organisation_id}/factures/").items

    assert [(one.label, one.is_current) for one in found[:2]] == [
        ("Employeur", False),
        ("Factures", True),
    ]


@pytest.mark.parametrize(
    "path", ["/facturation/2027-03/", "/factures/3/", "/exports/", "/comptes/2027-03/"]
)
def test_every_page_of_money_is_in_one_section(path):
    found = navigation.of((people.role(),), path, has_accounts=True)

    assert [item.label for item in found.items if item.is_current] == ["Facturation"]


def test_a_stranger_reads_what_is_public_and_an_administrator_keeps_the_platform():
    administrator = people.role(kind=RoleKind.ADMINISTRATOR, scope=people.PLATFORM)

    public = ["Trouver", "Les lieux", "Les territoires", "Études publiées", "Données ouvertes"]
    assert labels() == public
    assert labels(administrator) == ["Les territoires", "Étude", "Lieux", "Personnes", "Réglages"]


def test_members_and_hosts_alone_have_tabs_at_the_foot_of_a_phone():
    one: Person = people.person()
    host = people.role(one, RoleKind.HOST)

    assert menu(host).style == "bar"
    assert all(item.icon for item in menu(host).items)
    assert menu(host, people.role(one, RoleKind.PROJECT_OFFICER)).style == "top"
    assert menu().style == "top"


def test_the_section_of_the_page_is_the_current_one():
    current = [i.label for i in menu(people.role(), path="/etudes/3-x/").items if i.is_current]

    assert current == ["Étude"]


def test_the_name_beside_the_logo_is_the_territorys_whatever_body_one_acts_for():
    studies.territory()
    town_hall = people.organisation("Mairie fictive", OrganisationKind.COMMUNE)
    post = people.position(RoleKind.MAYOR, organisation=town_hall)

    assert menu(people.role(position=post)).territory_name == "Saône-Beaujolais"


def test_a_page_of_money_shows_the_other_rooms_that_one_may_enter():
    role = people.role(kind=RoleKind.PROJECT_OFFICER)

    found = navigation.rooms(role.person, "/encaissements/1/")

    assert [(item.label, item.is_current) for item in found] == [
        ("Contrats", False),
        ("Factures", False),
        ("Encaissements", True),
        ("Reversements", False),
        ("Mois et clôture", False),
        ("Exports", False),
    ]


def test_who_reads_alone_has_no_rooms_to_go_to():
    role = people.role(kind=RoleKind.CHIEF_EXECUTIVE)

    assert navigation.rooms(role.person, "/facturation/") == ()


def test_other_pages_show_no_rooms():
    role = people.role(kind=RoleKind.PROJECT_OFFICER)

    assert navigation.rooms(role.person, "/etudes/") == ()
