"""Two operators with the same data: nothing of one is in any answer to the other."""

import io
import re
import zipfile

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import world
from factories.people import SIREN, TWIN, TWIN_SIREN, holder, person, position, role, signed_in
from maillage.apps.people.models import RoleKind

MARK = "Jumelle"
# what makes the answer the other's, in any letters
MARKS = (MARK.lower(),)
READERS = (RoleKind.PROJECT_OFFICER, RoleKind.CHIEF_EXECUTIVE, RoleKind.SITE_MANAGER)

pytestmark = pytest.mark.django_db


def texts(response) -> str:
    """Everything that an answer says: body, headers, and what its archive holds."""
    body = b"".join(response) if response.streaming else response.content
    said = [repr(response.headers), body.decode("utf-8", "replace")]
    if body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        said += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join(said).lower()


@pytest.mark.long
@pytest.mark.parametrize("kind", READERS)
def test_no_page_of_one_operator_says_anything_of_the_other(kind):
    mine, other = world.territory(SIREN, "Premier"), world.territory(TWIN_SIREN, MARK)
    client = signed_in(Client(), holder(kind))
    leaks, read = [], 0
    for pattern, route in world.routes():
        for target in (mine, other):
            # what nobody asked a right for is everybody's
            if "<" in pattern and target is other and not pattern.startswith(PRIVATE):
                continue
            parts = target.of(route.name, pattern) if "<" in pattern else route.default_args
            address = reverse(route.name, kwargs=parts)
            with transaction.atomic():
                said = texts(client.get(address))
            read += 1
            leaks += [address for mark in MARKS if mark in said]

    assert leaks == []
    assert read > 100


PRIVATE = (
    *("tarifs/<", "tarifs/formules/<", "adherents/", "employeur/<", "mon-abonnement/<"),
    *("personnes/", "organisations/", "etudes/<", "reglages/", "compte/jetons/"),
    "territoires/<siren:siren>/initiatives/",
    "territoires/<slug:siren>/locaux/",
    "gerer/import-grr/<",
    "reversements/",
    *("exports/<", "exports/archives/<", "comptes/<"),
)


def test_the_marks_are_there_for_whoever_may_read_them():
    """The test above could see a leak: the other's own officer reads the mark."""
    other = world.territory(TWIN_SIREN, MARK)
    client = signed_in(Client(), holder(scope=TWIN))

    pages = ("/personnes/", "/organisations/", f"/personnes/postes/{other.position.pk}/dossier.zip")

    assert [MARK.lower() in texts(client.get(page)) for page in pages] == [True, True, True]


def test_a_form_of_one_operator_names_nobody_of_the_other():
    mine = world.territory(SIREN, "Premier")
    world.territory(TWIN_SIREN, MARK)
    client = signed_in(Client(), holder())

    for address in (
        "/personnes/inviter/",
        "/personnes/postes/nouveau/",
        f"/personnes/postes/{mine.position.pk}/confier/",
        "/organisations/nouvelle/",
    ):
        page = texts(client.get(address))
        assert "premier" in page or SIREN in page
        assert MARK.lower() not in page
        assert TWIN_SIREN not in page


def test_what_is_absent_and_what_is_the_other_s_get_the_same_answer():
    other = world.territory(TWIN_SIREN, MARK)
    client = signed_in(Client(), holder())

    def answer(pk: int):
        found = client.get(f"/personnes/{pk}/")
        said = re.sub(r'csrfmiddlewaretoken" value="[^"]+', "", found.content.decode())
        return found.status_code, said.replace(f"/personnes/{pk}/", "")

    assert answer(other.person.pk) == answer(10**9)


LISTS = ("/personnes/", "/organisations/", "/reglages/journal/", "/compte/donnees/")


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_the_database_as_much_for_one_line_as_for_three(address):
    client = signed_in(Client(), holder())

    def asked() -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(address)
        # the read-only switch is read again every two seconds, whatever the page
        return len([q for q in seen.captured_queries if "kit_switch" not in q["sql"]])

    def one_more(n: int) -> None:
        held = role(person(f"Personne {n}"), kind=RoleKind.MAYOR)
        position(RoleKind.HOST, organisation=held.position.organisation)
        client.get(f"/personnes/{held.person_id}/")

    one_more(1)
    few = asked()
    one_more(2)
    one_more(3)

    assert asked() == few
