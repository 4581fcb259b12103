"""The hand-over dossier: what the successor finds, and where she is led first."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from factories.people import SIREN, TERRITORY, TWIN, holder, person, position, role, signed_in
from maillage.apps.people import handover
from maillage.apps.people.end_role import end
from maillage.apps.people.handover import Line, NothingToTakeOver, dossier, take_over
from maillage.apps.people.invite import invite
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(at):
    """A post that Claire leaves today with a note, and that Nadia takes."""
    post = position(title="Chargée de mission")
    claire = role(person("Claire Fictive"), position=post)
    end(claire, on=at.date(), note="Rappeler Jullié.", by=claire.person, at=at)
    nadia = role(person("Nadia Fictive"), position=post, starts_on=at.date())
    return post, nadia


def texts(found, code):
    section = next(part for part in found.sections if part.code == code)
    return [(line.title, line.text) for line in section.lines]


def test_the_dossier_holds_the_note_the_contacts_and_what_waits(at, left):
    post, _nadia = left
    position(title="Maire de Jullié")
    role(person("Ailleurs"), scope=TWIN)
    invite(post, email="x@exemple.fr", name="Xavier", starts_on=at.date(), by=None, at=at)

    found = dossier(post, at=at)

    assert (found.leaver, found.note) == ("Claire Fictive", "Rappeler Jullié.")
    assert [title for title, _ in texts(found, "contacts")] == ["Nadia Fictive"]
    assert [title for title, _ in texts(found, "attentes")] == ["Maire de Jullié", "Xavier"]
    assert texts(found, "journal")[0][0] == "Invitation envoyée"


def test_an_end_to_come_already_names_the_one_who_leaves(at):
    held = role(person("Claire Fictive"))
    end(held, on=at.date() + timedelta(days=9), note="Bientôt.", by=held.person, at=at)

    assert dossier(held.position, at=at).leaver == "Claire Fictive"


def test_a_fixed_term_under_way_is_not_a_departure(at):
    held = role(person("Claire Fictive"), ends_on=at.date() + timedelta(days=400))

    assert dossier(held.position, at=at).leaver == ""


def test_another_app_adds_its_section(at, left, monkeypatch):
    monkeypatch.setattr(handover, "_sections", {})
    handover.section("etudes", "Les études", lambda scope, _on: [Line(f"Étude de {scope[1]}")])

    assert texts(dossier(left[0], at=at), "etudes") == [(f"Étude de {SIREN}", "")]


def test_the_successor_lands_on_the_dossier_until_she_has_it_in_hand(client):
    at = now()
    post = position()
    before = role(position=post)
    end(before, on=at.date(), by=before.person, at=at)
    nadia = role(position=post, starts_on=at.date())
    signed_in(client, nadia.person)
    address = f"/personnes/postes/{post.pk}/dossier/"

    assert client.get("/bienvenue/").headers["Location"] == address
    assert "J’ai le dossier en main" in client.get(address).content.decode()
    client.post(address)

    assert client.get("/bienvenue/").headers["Location"] == "/etudes/"
    assert "J’ai le dossier en main" not in client.get(address).content.decode()


def test_the_first_holder_of_a_post_has_nothing_to_take_over(at):
    assert handover.to_take_over(role().person, on=at.date()) is None


def test_a_colleague_who_leaves_a_shared_post_gives_nothing_to_those_who_were_there(at):
    post = position()
    stays = role(position=post)
    leaves = role(position=post, starts_on=stays.starts_on + timedelta(days=30))
    end(leaves, on=at.date(), by=leaves.person, at=at)

    assert handover.to_take_over(stays.person, on=at.date()) is None


def test_taking_over_is_written_once(at, left, journal):
    _post, nadia = left
    before = len(journal())

    take_over(nadia, by=nadia.person, at=at)
    take_over(nadia, by=nadia.person, at=at)

    assert journal()[before:] == ["handover.take"]


def test_nobody_takes_over_for_another_nor_before_her_first_day(at, left):
    _post, nadia = left

    with pytest.raises(NothingToTakeOver):
        take_over(nadia, by=holder(), at=at)
    with pytest.raises(NothingToTakeOver):
        take_over(nadia, by=nadia.person, at=at - timedelta(days=1))


def test_the_archive_says_the_same_in_html_json_and_csv(at, left):
    post, _nadia = left
    found = dossier(post, at=at)

    archive = zipfile.ZipFile(io.BytesIO(handover.archive(found)))

    data = json.loads(archive.read("dossier.json"))
    assert data["note"] == "Rappeler Jullié."
    assert "Rappeler Jullié." in archive.read("dossier.html").decode()
    assert {f"{part['code']}.csv" for part in data["sections"]} == {
        name for name in archive.namelist() if name.endswith(".csv")
    }
    assert "Nadia Fictive" in archive.read("contacts.csv").decode()


def test_a_name_is_text_in_the_archive_s_page(at):
    post = position(title="<script>alert(1)</script>")

    page = zipfile.ZipFile(io.BytesIO(handover.archive(dossier(post, at=at))))

    assert "<script>" not in page.read("dossier.html").decode()


def test_the_download_is_written_in_the_journal(client, journal):
    officer = holder()
    post = position(scope=TERRITORY)
    signed_in(client, officer)

    response = client.get(f"/personnes/postes/{post.pk}/dossier.zip")

    assert response.headers["Content-Type"] == "application/zip"
    assert journal() == ["handover.download"]


def test_a_former_holder_does_not_read_it_any_more(client):
    held = role(kind="mayor", ends_on=now().date())
    signed_in(client, held.person)

    assert client.get(f"/personnes/postes/{held.position_id}/dossier/").status_code == 404
