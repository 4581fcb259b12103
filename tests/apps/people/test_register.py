"""The register of organisations, posts, and the register of personal data."""

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from factories.people import (
    PLATFORM,
    SIREN,
    TWIN,
    holder,
    organisation,
    person,
    position,
    role,
    signed_in,
)
from maillage.apps.people import public_numbers
from maillage.apps.people.assign_role import BeyondOwnRights
from maillage.apps.people.keep_positions import (
    AlreadyClosed,
    StillHeld,
    close_position,
    open_position,
)
from maillage.apps.people.keep_register import (
    AlreadyRegistered,
    Described,
    SomebodyElseEdited,
    WrongNumber,
    correct,
    register,
)
from maillage.apps.people.models import Organisation, Position, RoleKind
from maillage.apps.people.personal_data import REGISTER

BANK = Described(kind="bank", name="Banque fictive", siren="732829320", siret="73282932000074")


def luhn_digit(digits: str) -> str:
    """The digit that completes a number, written another way than in the product."""
    total = 0
    for rank, digit in enumerate(reversed(digits), 2):
        total += sum(divmod(int(digit) * (2 - rank % 2), 10))
    return str(-total % 10)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_of_the_ten_digits_that_may_end_a_siren_one_is_right(eight):
    right = [d for d in "0123456789" if public_numbers.is_siren(eight + d)]

    assert right == [luhn_digit(eight)]


@pytest.mark.parametrize(
    ("siret", "is_right"),
    [
        ("73282932000074", True),
        ("73282932000075", False),
        ("7328293200007", False),
        ("73282932O00074", False),
        ("73282932100074", False),
        ("35600000000048", True),  # La Poste: its head office satisfies both rules
        ("35600000009075", True),  # La Poste: digits that add up to 35
        ("35600000009074", False),
        ("", False),
    ],
)
def test_a_siret_is_a_siren_and_five_digits(siret, is_right):
    assert public_numbers.is_siret(siret) is is_right


@pytest.mark.parametrize(
    ("rna", "is_right"),
    [("W691012345", True), ("W2A1012345", True), ("691012345", False), ("W69101234", False)],
)
def test_an_rna_has_its_form(rna, is_right):
    assert public_numbers.is_rna(rna) is is_right


# --- organisations -------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_body_is_entered_with_its_numbers(at, journal):
    made = register(BANK, territory_siren=SIREN, by=holder(), at=at)

    assert (made.name, made.siren, made.territory_siren) == ("Banque fictive", BANK.siren, SIREN)
    assert journal() == ["organisation.register"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ({"siren": "732829321"}, "SIREN"),
        ({"siren": "732829320", "siret": "73282932000075"}, "SIRET"),
        ({"siren": "552100554", "siret": "73282932000074"}, "SIRET"),
        ({"rna": "X123"}, "RNA"),
    ],
)
def test_a_wrong_number_is_refused_by_its_name(at, numbers, named):
    with pytest.raises(WrongNumber, match=named):
        register(Described("bank", "Banque", **numbers), territory_siren=SIREN, by=None, at=at)

    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_a_number_stands_once_in_a_register_and_may_stand_in_another(at):
    register(BANK, territory_siren=SIREN, by=None, at=at)

    with pytest.raises(AlreadyRegistered):
        register(BANK, territory_siren=SIREN, by=None, at=at)
    register(BANK, territory_siren=TWIN[1], by=None, at=at)

    assert Organisation.objects.count() == 2


@pytest.mark.django_db
def test_whoever_writes_second_is_told_who_wrote_first(at):
    paul, claire = person("Paul Fictif"), person()
    body = register(BANK, territory_siren=SIREN, by=claire, at=at)
    new = Described("bank", "Banque de Paul", BANK.siren, BANK.siret)
    correct(body, new, version=1, by=paul, at=at)

    with pytest.raises(SomebodyElseEdited, match="Paul Fictif a modifié"):
        correct(body, BANK, version=1, by=claire, at=at)

    body.refresh_from_db()
    assert body.name == "Banque de Paul"
    correct(body, BANK, version=2, by=claire, at=at)


@pytest.mark.django_db
def test_the_page_keeps_the_second_writer_s_text(client, at):
    body = register(BANK, territory_siren=SIREN, by=None, at=at)
    signed_in(client, holder())
    typed = {"kind": "bank", "name": "Mon texte", "siren": "732 829 320", "version": "1"}
    Organisation.objects.filter(pk=body.pk).update(name="Autre", version=2)

    told = client.post(f"/organisations/{body.pk}/corriger/", typed)
    again = client.post(f"/organisations/{body.pk}/corriger/", {**typed, "version": "2"})

    assert told.status_code == 422
    assert 'value="Mon texte"' in told.content.decode()
    assert 'name="version" value="2"' in told.content.decode()
    assert again.status_code == 302


@pytest.mark.django_db
def test_nobody_writes_into_the_register_of_another_territory(client, at):
    body = organisation(territory_siren=TWIN[1])
    signed_in(client, holder())

    assert client.post(f"/organisations/{body.pk}/corriger/").status_code == 404
    forged = {"kind": "bank", "name": "Banque", "register": TWIN[1]}
    assert client.post("/organisations/nouvelle/", forged).status_code == 422
    assert Organisation.objects.filter(name="Banque").count() == 0


# --- posts ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_post_is_opened_in_one_s_scope_alone(at, journal):
    officer, body = holder(), organisation()
    words = {"kind": RoleKind.MAYOR, "title": "Maire de Jullié", "by": officer, "at": at}

    made = open_position(body, scope=("territory", SIREN), **words)
    for scope in (TWIN, PLATFORM, ("site", "1")):
        with pytest.raises(BeyondOwnRights):
            open_position(body, scope=scope, **words)

    assert made.title == "Maire de Jullié"
    assert journal() == ["position.open"]
    assert Position.objects.filter(kind=RoleKind.MAYOR).count() == 1


@pytest.mark.django_db
def test_a_post_is_given_up_once_nobody_holds_it(at):
    held, officer = role(kind=RoleKind.MAYOR), holder()

    with pytest.raises(StillHeld):
        close_position(held.position, by=officer, at=at)
    free = position()
    close_position(free, by=officer, at=at)
    with pytest.raises(AlreadyClosed):
        close_position(free, by=officer, at=at)

    free.refresh_from_db()
    assert free.closed_on == at.date()


# --- personal data -------------------------------------------------------------------------


def test_every_column_of_every_table_is_in_the_register():
    assert REGISTER.faults(apps.get_models(include_auto_created=True)) == []


def test_a_column_that_nobody_declared_is_seen():
    from dataclasses import replace

    columns = {k: dict(v) for k, v in REGISTER.columns.items()}
    del columns["people.Person"]["email"]
    columns["people.Person"]["phone"] = "account"
    columns["people.Role"]["id"] = "unknown"

    faults = replace(REGISTER, columns=columns).faults(apps.get_models(include_auto_created=True))

    assert faults == [
        "people.Person.email is not declared",
        "people.Person.phone does not exist",
        "people.Role.id names no treatment: unknown",
    ]


@pytest.mark.django_db
def test_the_page_reads_the_register(client):
    page = client.get("/donnees-personnelles/").content.decode()

    for treatment in REGISTER.treatments.values():
        assert treatment.title in page
