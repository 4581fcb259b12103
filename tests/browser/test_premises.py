"""The officer imports a list, once corrected, looks for premises in it, and undoes the import."""

import re

import pytest
from playwright.sync_api import expect

from browser import stage
from factories import people
from factories import premises as factory
from factories.premises import csv
from maillage.apps.people.models import RoleKind
from maillage.apps.premises.models import Premises

pytestmark = pytest.mark.django_db(transaction=True)

HOME = f"/territoires/{people.SIREN}/locaux/"
WRONG = csv("L1;Ancienne poste (fictif);69018;building;60 m²;yes;oui", "L2;;69018;grange;;;")
RIGHT = csv(
    "L1;Ancienne poste (fictif);69018;building;60;yes;oui",
    "L2;Grange (fictif);69016;building;45;no;non",
    "L3;Café de la place (fictif);69018;shop;;yes;",
)


def send(page, data):
    field = page.get_by_label("Fichier CSV")
    field.set_input_files({"name": "locaux.csv", "mimeType": "text/csv", "buffer": data})
    stage.enter(page, page.get_by_role("button", name="Voir l’aperçu"))


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_list_is_corrected_imported_searched_and_undone(opened, premier, width):
    Premises.objects.all().delete()
    watched = opened(person=premier.person, width=width)
    page = watched.goto(HOME)
    expect(page.get_by_text("Aucun local décrit.")).to_be_visible()
    watched.refuse_faults()

    page.goto(f"{watched.origin}{HOME}importer/")
    send(page, WRONG)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "3 erreurs à corriger dans le fichier"
    )
    expect(page.get_by_text("« 60 m² » n'est pas un nombre")).to_be_visible()
    watched.refuse_faults()

    stage.enter(page, page.get_by_role("link", name="Envoyer le fichier corrigé"))
    send(page, RIGHT)
    stage.enter(page, page.get_by_role("button", name="Importer les 3 locaux"))
    expect(page.get_by_role("heading", level=1)).to_have_text("3 locaux ajoutés, 0 modifié")
    watched.refuse_faults()

    stage.enter(page, page.get_by_role("link", name="Voir les locaux"))
    expect(page.locator("#locaux tbody tr")).to_have_count(3)
    stage.drawn(page)
    stage.enter(page, page.get_by_role("link", name=re.compile("Le plus demandé")))
    expect(page.locator("#locaux tbody tr")).to_have_count(1)
    expect(page.locator("#locaux tbody")).to_contain_text("Ancienne poste (fictif)")
    watched.refuse_faults()

    stage.enter(page, page.get_by_role("link", name="Voir ou annuler cet import"))
    stage.enter(page, page.get_by_role("button", name="Annuler cet import"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Import annulé : la liste est comme avant"
    )
    watched.refuse_faults()
    assert not Premises.objects.exists()


def test_without_javascript_premises_are_described_fitted_out_and_removed(opened, premier):
    person = people.holder(RoleKind.PROJECT_OFFICER)
    watched = opened(person=person, scripts=False)
    page = watched.goto(f"{HOME}ajouter/")
    page.get_by_label("Nom du local").fill("Ancienne école (fictif)")
    page.get_by_label("Sorte de local").select_option("building")
    page.get_by_label("Commune", exact=True).select_option(factory.BEAUJEU[0])
    page.get_by_label("Je ne connais pas le point").check()
    page.get_by_label("Surface, en m²").fill("120")
    page.get_by_role("button", name="Ajouter ce local").click()
    expect(page.get_by_text("« Ancienne école (fictif) » est décrit.")).to_be_visible()
    expect(page.get_by_text("milieu du bourg de Beaujeu")).to_be_visible()

    page.get_by_role("link", name="Aménagement").click()
    page.get_by_role("button", name="Remplir la surface du local").click()
    page.get_by_role("button", name="Enregistrer l’aménagement").click()
    expect(page.get_by_text("L’aménagement est enregistré.")).to_be_visible()
    expect(page.locator("#couts tfoot")).to_contain_text("€")

    page.goto(f"{watched.origin}{HOME}")
    page.get_by_role("link", name="Ancienne école (fictif)").click()
    page.get_by_role("link", name="Retirer").click()
    page.get_by_role("button", name="Retirer ce local").click()
    page.get_by_role("button", name="Rétablir Ancienne école (fictif)").click()
    expect(page.get_by_text("est de nouveau dans la liste")).to_be_visible()
