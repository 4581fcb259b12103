"""A role ends, the post is vacant, the successor finds what is under way."""

import re

import pytest
from playwright.sync_api import expect

from browser import stage
from factories import people
from maillage.apps.people.models import RoleKind
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = "Rappeler la mairie de Jullié avant le conseil."


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_role_ends_and_its_successor_takes_over(opened, premier, late_work, width):
    leaver = people.person("Odile Fictive", "odile@exemple.fr")
    post = people.position(organisation=premier.organisation, title="Suite du projet")
    people.role(leaver, position=post)
    chief = people.holder(RoleKind.CHIEF_EXECUTIVE, name="Hélène Fictive", email="h@exemple.fr")
    successor = people.holder(RoleKind.VOLUNTEER, name="Sami Fictif", email="sami@exemple.fr")
    hers = opened(person=leaver)
    hers.goto("/etudes/")
    late_work()

    watched = opened(person=chief, width=width)
    page = watched.goto(f"/personnes/postes/{post.pk}/")
    stage.enter(page, page.get_by_role("link", name="Terminer Odile Fictive"))
    page.get_by_label("Premier jour sans ce rôle").fill(now().date().isoformat())
    stage.type_in(page, page.get_by_label("Note pour la personne qui suivra"), NOTE)
    stage.enter(page, page.get_by_role("button", name="Noter la fin"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Suite du projet : poste vacant")
    watched.refuse_faults()

    alerts = [message for message in late_work() if "Poste vacant" in message.subject]
    assert "h@exemple.fr" in {address for message in alerts for address in message.to}
    hers.goto("/etudes/")
    assert "/connexion/" in hers.page.url

    page = watched.goto(re.search(r"/personnes/postes/\d+/", alerts[0].body).group())
    stage.enter(page, page.get_by_role("link", name="Confier à quelqu’un d’ici"))
    page.get_by_label("Personne").select_option(label="Sami Fictif (sami@exemple.fr)")
    stage.enter(page, page.get_by_role("button", name="Confier le poste"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Suite du projet")

    watched = opened(person=successor, width=width)
    page = watched.goto("/bienvenue/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que Odile Fictive vous laisse")
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect(page.get_by_role("link", name="Étude Premier", exact=True)).to_be_visible()
    watched.refuse_faults()
    stage.enter(page, page.get_by_role("button", name="J’ai le dossier en main"))
    page.wait_for_url("**/etudes/")
    watched.goto("/bienvenue/")
    page.wait_for_url("**/etudes/")
