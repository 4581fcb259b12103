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
        (RoleKind.HOST, ["Aujourd’hui", "Les lieux", "Compte"]),
        (RoleKind.MEMBER, ["Trouver", "Mes places", "Les lieux", "Compte"]),
        (RoleKind.VOLUNTEER, ["Territoire", "Études publiées", "Données ouvertes"]),
    ],
)
def test_each_role_sees_its_sections(kind, sections):
    assert labels(people.role(kind=kind)) == sections


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
