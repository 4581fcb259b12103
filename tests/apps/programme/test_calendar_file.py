"""The calendar as a file and as a private address: read back, nothing injected, revocable."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from factories import people, programmes
from maillage.apps.people.erase import erase
from maillage.apps.people.models import Role, RoleKind
from maillage.apps.programme import ical
from maillage.apps.programme.models import Deliverable, Phase, Programme, Subscription
from maillage.apps.programme.rules import programme_or_none
from maillage.apps.programme.subscribe import NoAddress, revoke, subscribe, subscription_of
from maillage.apps.studies.models import Study

pytestmark = pytest.mark.django_db
NASTY = "Carte; de l’offre,\\ ici\r\nEND:VEVENT\r\nBEGIN:VALARM\x0bX\x85Y\u2028Z"


def read(of: Programme, at) -> list:
    """The events of its file, read by the library that others use."""
    text = ical.calendar(programme_or_none(of.study), host="exemple.fr", at=at)
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_phases_and_deliverables_are_whole_days_with_stable_names(programme, at):
    events = {str(event["uid"]): event for event in read(programme, at)}

    first = programme.phases.get(rank=1)
    found = events[f"phase-{first.pk}@exemple.fr"]
    assert len(events) == 4 + Deliverable.objects.count()
    assert found.decoded("dtstart") == first.starts_on
    assert found.decoded("dtend") == first.ends_on + timedelta(days=1)
    assert found["summary"] == "Phase 1\u00a0: Pré-cadrage et analyse de l’offre"
    due = programmes.deliverable(programme)
    assert events[f"deliverable-{due.pk}@exemple.fr"].decoded("dtstart") == due.due_on


def test_a_phase_that_has_begun_shows_its_real_days(programme, at):
    Phase.objects.filter(rank=1).update(began_on=date(2027, 1, 9), finished_on=date(2027, 2, 20))

    found = next(e for e in read(programme, at) if str(e["summary"]).startswith("Phase 1"))

    assert found.decoded("dtstart") == date(2027, 1, 9)
    assert found.decoded("dtend") == date(2027, 2, 21)
    assert "17 jours de retard" in found["description"]


def test_what_is_off_the_list_is_off_the_calendar(programme, at):
    Deliverable.objects.update(removed_at=at)

    assert len(read(programme, at)) == 4


def test_no_text_opens_a_component_of_its_own(programme, at):
    Deliverable.objects.update(title=NASTY)
    Phase.objects.update(title=NASTY)
    Study.objects.update(title=NASTY)
    programme.study.refresh_from_db()

    text = ical.calendar(programme_or_none(programme.study), host="exemple.fr", at=at)

    lines = text.split(b"\r\n")
    assert b"BEGIN:VALARM" not in lines
    assert lines.count(b"END:VEVENT") == 4 + Deliverable.objects.count()
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    summaries = {str(event["summary"]) for event in read(programme, at)}
    assert "Livrable : Carte; de l’offre,\\ ici END:VEVENT BEGIN:VALARM X Y Z" in summaries


@given(st.text())
def test_a_text_stays_on_one_line(text):
    found = ical.one_line(text)

    assert len(found.splitlines()) <= 1
    assert ical.one_line(found) == found


# --- the private address -------------------------------------------------------------------


def test_the_file_is_downloaded_by_those_who_read_the_study(client, programme):
    address = f"/etudes/{programme.study.pk}-dix-minutes/programme/calendrier.ics"
    assert client.get(address).status_code == 302
    people.signed_in(client, people.holder(RoleKind.MAYOR))

    answer = client.get(address)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('calendrier-dix-minutes.ics"')
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) > 4


def test_a_private_address_answers_until_it_is_revoked(client, programme, at, journal):
    mayor = people.holder(RoleKind.MAYOR)
    secret = subscribe(programme, mayor, at=at)

    assert client.get(f"/calendriers/{secret}.ics").status_code == 200
    assert secret.encode() not in bytes(Subscription.objects.get().secret_hash)
    revoke(programme, mayor, at=at)

    assert client.get(f"/calendriers/{secret}.ics").status_code == 404
    with pytest.raises(NoAddress):
        revoke(programme, mayor, at=at)
    assert journal()[-2:] == ["calendar.subscribe", "calendar.revoke"]


def test_a_new_address_replaces_the_one_before(programme, at):
    mayor = people.holder(RoleKind.MAYOR)
    first = subscribe(programme, mayor, at=at)
    second = subscribe(programme, mayor, at=at)

    assert subscription_of(first) is None
    assert subscription_of(second).person == mayor


def test_an_address_answers_no_more_once_its_person_reads_the_study_no_more(client, programme, at):
    mayor = people.holder(RoleKind.MAYOR)
    secret = subscribe(programme, mayor, at=at)

    Role.objects.filter(person=mayor).update(ends_on=date(2021, 1, 1))

    assert client.get(f"/calendriers/{secret}.ics").status_code == 404


def test_the_address_of_an_erased_account_is_gone(client, programme, at):
    mayor = people.holder(RoleKind.MAYOR)
    secret = subscribe(programme, mayor, at=at)

    erase(mayor, by=None, at=at)

    assert not Subscription.objects.exists()
    assert client.get(f"/calendriers/{secret}.ics").status_code == 404


@pytest.mark.parametrize("secret", ["inconnu", "a" * 43, "%00"])
def test_an_unknown_address_answers_nothing(client, secret):
    assert client.get(f"/calendriers/{secret}.ics").status_code == 404
