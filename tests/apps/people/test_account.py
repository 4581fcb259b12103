"""One's own account: address, password, tokens, agreements, data, erasure."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from factories.people import (
    PASSWORD,
    PLATFORM,
    holder,
    person,
    position,
    role,
    signed_in,
)
from maillage.apps.people import (
    api_token,
    change_email,
    consent,
    erase,
    export,
    forget,
    sign_in_link,
)
from maillage.apps.people.change_password import change
from maillage.apps.people.end_role import LastAdministrator
from maillage.apps.people.invite import invite
from maillage.apps.people.models import Invitation, Person, RoleKind
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
CONTACT = consent.PURPOSES["contact"]


# --- address -------------------------------------------------------------------------------


def links_in(sent):
    return {to: re.search(r"/compte/adresse/([\w-]+)/", text).group(1) for to, _s, text in sent}


def test_an_address_changes_once_both_have_confirmed(at, mails, journal):
    claire = person(email="avant@exemple.fr")
    links = links_in(mails(change_email.ask, claire, "Apres@exemple.fr", at=at))

    assert change_email.confirm(links["apres@exemple.fr"], at=at) is False
    claire.refresh_from_db()
    assert claire.email == "avant@exemple.fr"
    assert change_email.confirm(links["avant@exemple.fr"], at=at) is True
    claire.refresh_from_db()
    assert claire.email == "apres@exemple.fr"
    assert journal() == ["email.ask_change", "email.change"]


def test_one_link_opened_twice_is_one_agreement(at, mails):
    claire = person(email="avant@exemple.fr")
    links = links_in(mails(change_email.ask, claire, "apres@exemple.fr", at=at))

    for _ in range(2):
        assert change_email.confirm(links["apres@exemple.fr"], at=at) is False


def test_a_changed_address_closes_the_other_sessions(at, mails):
    claire = person()
    browser = signed_in(Client(), claire)
    links = links_in(mails(change_email.ask, claire, "apres@exemple.fr", at=now()))

    for link in links.values():
        change_email.confirm(link, at=now())

    assert browser.get("/compte/").status_code == 302


def test_an_address_that_has_an_account_is_asked_like_another_and_never_taken(at, mails):
    claire, paul = person(email="claire@exemple.fr"), person(email="paul@exemple.fr")

    links = links_in(mails(change_email.ask, claire, paul.email, at=at))

    change_email.confirm(links["claire@exemple.fr"], at=at)
    with pytest.raises(change_email.ChangeIsOver):
        change_email.confirm(links["paul@exemple.fr"], at=at)
    claire.refresh_from_db()
    assert claire.email == "claire@exemple.fr"


def test_a_change_lasts_a_day_and_is_withdrawn_at_will(at, mails):
    claire = person(email="avant@exemple.fr")
    links = links_in(mails(change_email.ask, claire, "apres@exemple.fr", at=at))

    with pytest.raises(change_email.ChangeIsOver):
        change_email.confirm(links["apres@exemple.fr"], at=at + change_email.LASTS)
    change_email.withdraw(claire, at=at)
    with pytest.raises(change_email.ChangeIsOver):
        change_email.find(links["apres@exemple.fr"], at=at)
    with pytest.raises(change_email.ChangeIsOver):
        change_email.withdraw(claire, at=at)


def test_a_second_change_replaces_the_first(at, mails):
    claire = person(email="avant@exemple.fr")
    first = links_in(mails(change_email.ask, claire, "un@exemple.fr", at=at))
    change_email.ask(claire, "deux@exemple.fr", at=at)

    with pytest.raises(change_email.ChangeIsOver):
        change_email.find(first["un@exemple.fr"], at=at)


def test_the_same_address_is_no_change(at):
    with pytest.raises(change_email.SameAddress):
        change_email.ask(person(email="avant@exemple.fr"), " Avant@exemple.fr", at=at)


# --- password ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "easy",
    ["onze lettre", "motdepasse123", "maillage-maillage", "Tierslieu2027!!", "claire-fictive-1"],
)
def test_easy_passwords_are_refused(at, easy):
    claire = person("Claire Fictive", email="claire-fictive@exemple.fr")

    with pytest.raises(ValidationError):
        change(claire, easy, at=at)


@pytest.mark.parametrize(
    "good", ["douze lettres", "é" * 12 + "xyz", "🌲 dans la forêt", "ab c" * 32]
)
def test_any_twelve_characters_make_a_password_up_to_128_and_more(client, good):
    claire = holder(RoleKind.MEMBER)
    signed_in(client, claire)

    response = client.post("/compte/mot-de-passe/", {"password": good})

    assert response.status_code == 302
    claire.refresh_from_db()
    assert claire.check_password(good)


def test_a_new_password_closes_the_other_sessions_and_keeps_this_one(client):
    claire = holder(RoleKind.MEMBER, password=PASSWORD)
    other = signed_in(Client(), claire)
    signed_in(client, claire)

    client.post("/compte/mot-de-passe/", {"password": "une phrase toute neuve"})

    assert client.get("/compte/").status_code == 200
    assert other.get("/compte/").status_code == 302


# --- tokens --------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_kept_as_a_digest(client):
    claire = holder()
    signed_in(client, claire)

    shown = client.post(
        "/compte/jetons/nouveau/",
        {"label": "Tableur", "scopes": ["studies:read"], "lasts_days": "30"},
    )

    secret = re.search(r"maillage_[\w-]+", shown.content.decode()).group()
    assert api_token.valid(secret, at=now()).person == claire
    assert secret not in client.get("/compte/jetons/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_apitoken")
        assert secret.encode() not in repr(cursor.fetchall()).encode()


def test_a_token_opens_nothing_once_expired_revoked_or_its_person_closed(at):
    claire = person()
    token, secret = api_token.create(claire, "x", ["studies:read"], lasts_days=30, at=at)

    assert api_token.valid(secret, at=at + timedelta(days=29)) == token
    assert api_token.valid(secret, at=at + timedelta(days=30)) is None
    assert api_token.valid(secret + "x", at=at) is None
    claire.is_active = False
    claire.save()
    assert api_token.valid(secret, at=at) is None
    claire.is_active = True
    claire.save()
    api_token.revoke(token, by=claire, at=at)
    assert api_token.valid(secret, at=at) is None


def test_a_token_is_revoked_once_and_scopes_are_a_closed_list(at, journal):
    claire = person()
    token, _secret = api_token.create(claire, "x", ["studies:read"], lasts_days=30, at=at)
    api_token.revoke(token, by=claire, at=at)

    with pytest.raises(api_token.AlreadyRevoked):
        api_token.revoke(token, by=claire, at=at)
    for scopes in ([], ["people:write"]):
        with pytest.raises(api_token.UnknownScope):
            api_token.create(claire, "x", scopes, lasts_days=30, at=at)
    assert journal() == ["token.create", "token.revoke"]


def test_the_token_of_another_does_not_exist(client, at):
    token, _secret = api_token.create(person(), "x", ["studies:read"], lasts_days=30, at=at)
    signed_in(client, person())

    assert client.post(f"/compte/jetons/{token.pk}/revoquer/").status_code == 404


# --- agreements ----------------------------------------------------------------------------


def test_an_agreement_is_kept_in_its_words_and_withdrawn_without_being_forgotten(at, journal):
    claire = person()
    given = consent.give(claire, CONTACT, at=at)

    with pytest.raises(consent.AlreadyGiven):
        consent.give(claire, CONTACT, at=at)
    consent.withdraw(claire, CONTACT, at=at + timedelta(days=1))
    with pytest.raises(consent.NotGiven):
        consent.withdraw(claire, CONTACT, at=at)

    given.refresh_from_db()
    assert given.wording == CONTACT.wording
    assert given.withdrawn_at == at + timedelta(days=1)
    assert journal() == ["consent.give", "consent.withdraw"]


# --- export --------------------------------------------------------------------------------


def everything_about(at):
    """Somebody with a marker in each thing that is kept of her."""
    who = person("Zoé Marqueur", "zoe.marqueur@exemple.fr", password=PASSWORD)
    role(who, kind=RoleKind.ADMINISTRATOR, scope=PLATFORM)
    role(kind=RoleKind.ADMINISTRATOR, scope=PLATFORM)
    held = role(who, hand_over_note="Appelez Zoé Marqueur, zoe.marqueur@exemple.fr.")
    invite(position(), email=who.email, name=who.name, starts_on=at.date(), by=None, at=at)
    consent.give(who, CONTACT, at=at)
    api_token.create(who, "Tableur de Zoé Marqueur", ["studies:read"], lasts_days=30, at=at)
    sign_in_link.issue(who, at=at)
    change_email.ask(who, "zoe.nouvelle-marqueur@exemple.fr", at=at)
    return who, held


def test_the_export_holds_everything_in_json_and_in_csv(at, journal):
    who, _held = everything_about(at)

    archive = zipfile.ZipFile(io.BytesIO(export.export(who, by=who, at=at)))

    data = json.loads(archive.read("donnees.json"))
    assert data["compte"][0]["adresse"] == "zoe.marqueur@exemple.fr"
    assert {line["poste"] for line in data["roles"]} == {
        "Administration de la plateforme",
        "Chargé·e de mission",
    }
    filled = {name for name, lines in data.items() if lines}
    assert {f"{name}.csv" for name in filled} == set(archive.namelist()) - {"donnees.json"}
    assert filled >= {"compte", "roles", "invitations", "accords", "jetons"}
    assert journal()[-1] == "person.export"


def test_a_name_that_looks_like_a_formula_stays_a_text_in_the_csv(at):
    who = person("=HYPERLINK(1)")

    archive = zipfile.ZipFile(io.BytesIO(export.export(who, by=who, at=at)))

    assert "'=HYPERLINK(1)" in archive.read("compte.csv").decode()


def test_the_sixth_export_of_an_hour_is_refused(client):
    signed_in(client, person())

    answers = [client.post("/compte/donnees/emporter/").status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_another_app_adds_its_table_to_the_export(at, monkeypatch):
    monkeypatch.setattr(export, "_exporters", {})
    export.also("reservations", lambda p: [{"lieu": "Jullié", "personne": p.pk}])
    who = person()

    assert export.tables_of(who)["reservations"] == [{"lieu": "Jullié", "personne": who.pk}]


# --- erasure -------------------------------------------------------------------------------


def whole_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        rows = []
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            rows.append(repr(cursor.fetchall()))
    return "\n".join(rows).lower()


def test_nothing_of_an_erased_person_is_left_in_any_table(client, at, mails):
    def lived():
        who = everything_about(at)[0]
        invite(position(), email="a@exemple.fr", name="A", starts_on=at.date(), by=who, at=at)
        made.append(who)

    made: list[Person] = []
    mails(lived)
    who = made[0]
    signed_in(client, who)
    client.get("/compte/")
    assert "marqueur" in whole_database()

    erase.erase(who, by=who, at=now())

    left = whole_database()
    assert "marqueur" not in left
    assert who.password.lower() not in left
    assert client.get("/compte/").status_code == 302


def test_erasing_frees_the_posts_and_withdraws_the_invitations(at):
    who, held = everything_about(at)

    erase.erase(who, by=who, at=at)

    held.refresh_from_db()
    assert held.ends_on == at.date()
    assert held.hand_over_note == "Appelez Personne effacée, Personne effacée."
    assert Invitation.objects.get().withdrawn_at == at


def test_a_person_is_erased_once_and_the_last_administrator_not_at_all(at):
    gone, last = person(), holder(RoleKind.ADMINISTRATOR, PLATFORM)
    erase.erase(gone, by=gone, at=at)

    with pytest.raises(erase.AlreadyErased):
        erase.erase(gone, by=gone, at=at)
    with pytest.raises(LastAdministrator):
        erase.erase(last, by=last, at=at)
    last.refresh_from_db()
    assert last.closed_at is None


def test_a_restored_backup_forgets_again(at):
    who, _held = everything_about(at)
    erase.erase(who, by=who, at=at)
    carried = json.loads(json.dumps(erase.remembered()))
    Person.objects.filter(pk=who.pk).update(
        name="Zoé Marqueur", email="zoe.marqueur@exemple.fr", closed_at=None, is_active=True
    )

    assert erase.replay(carried, at=at) == 1
    assert erase.replay(carried, at=at) == 0
    assert "marqueur" not in whole_database()


def test_another_app_forgets_with_the_others(at, monkeypatch):
    monkeypatch.setattr(erase, "_erasers", [])
    forgotten = []
    erase.also(lambda who, _at: forgotten.append(who.pk))
    who = person()

    erase.erase(who, by=who, at=at)

    assert forgotten == [who.pk]


# --- what is kept no longer -------------------------------------------------------------------


def test_what_the_register_says_is_kept_no_longer_goes_every_night(at):
    who = person(last_login=at)
    sign_in_link.issue(who, at=at - timedelta(days=2))
    sign_in_link.issue(who, at=at)
    change_email.ask(who, "un@exemple.fr", at=at - timedelta(days=40))
    api_token.create(who, "x", ["studies:read"], lasts_days=30, at=at - timedelta(days=400))

    planned = {name: rows.count() for name, rows in forget.overdue(at).items()}
    done = forget.forget(at=at)

    assert planned == {"links": 1, "changes": 1, "tokens": 1, "invitations": 0, "sessions": 0,
                       "accounts": 0}  # fmt: skip
    assert {name: done[name] for name in planned} == planned
    assert who.sign_in_links.count() == 1


def test_an_unused_account_is_warned_then_erased_a_month_later(at, mails):
    silent = person(last_login=at - timedelta(days=705))
    holder(last_login=at - timedelta(days=2_000))

    sent = mails(forget.forget, at=at)
    forget.forget(at=at + timedelta(days=29))
    silent.refresh_from_db()
    assert silent.closed_at is None
    forget.forget(at=at + timedelta(days=31))

    silent.refresh_from_db()
    assert len(sent) == 1
    assert silent.closed_at == at + timedelta(days=31)
    assert Person.objects.exclude(closed_at=None).count() == 1


def test_an_account_used_after_the_warning_is_kept(at):
    back = person(last_login=at - timedelta(days=705))
    forget.forget(at=at)
    Person.objects.filter(pk=back.pk).update(last_login=at + timedelta(days=5))

    forget.forget(at=at + timedelta(days=31))

    back.refresh_from_db()
    assert back.closed_at is None
