"""Who owes whom: a shop's quarter, a month between bodies, the costs of a site, a copier."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import network_sites, people, settlement
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import RoleKind
from maillage.apps.settlement import quarters
from maillage.apps.settlement.models import CostStatement, HostStatement, PairSettlement
from maillage.core import programme
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)
HERE = ("territory", network_sites.territories.INVENTED)


def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """Go to what bears this name by the keyboard, and press it; every act leads to a page."""
    with page.expect_navigation():
        stage.enter(page, page.get_by_role(role, name=name).first)


def told(page: Page, words: str) -> None:
    """The page says it."""
    expect(page.locator("main")).to_contain_text(words)


def holding(body, kind=RoleKind.PROJECT_OFFICER, scope=HERE):
    """Somebody who acts for a body."""
    post = people.position(kind, scope, organisation=body)
    return people.role(people.person("Sophie Tarmignat (fictif)"), position=post).person


def keep(page: Page, name: str) -> None:
    """A picture of the page, where one is asked for."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_shop_is_paid_its_quarter(opened, width):
    before = programme.after(quarters.quarter_of(now().date()), -quarters.MONTHS)
    site, shop = settlement.hosted()
    agreement = settlement.host(site, shop, starts_on=before, minimum_cents=9_000)

    desk = opened(person=holding(site.operator), width=width)
    page = desk.goto("/reversements/")
    told(page, "Épicerie du Bief (fictif)")
    desk.refuse_faults()
    page = desk.goto(f"/reversements/commerces/{agreement.pk}/")
    told(page, "Facturez-nous ce montant")
    desk.refuse_faults()
    keep(page, f"commerce-{width}")
    press(page, "Émettre le relevé", "link")
    told(page, "90,00")
    desk.refuse_faults()
    press(page, "Émettre le relevé")
    told(page, "Relevé REL-")
    press(page, "Noter le paiement", "link")
    desk.refuse_faults()
    press(page, "Noter le paiement")
    told(page, "Le paiement est noté")
    assert HostStatement.objects.get().payments.count() == 1

    hers = opened(person=holding(shop, RoleKind.HOST, ("site", str(site.pk))), width=width)
    page = hers.goto("/comptoir/part/")
    told(page, "Payé le")
    hers.refuse_faults()
    keep(page, f"part-{width}")


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_two_bodies_read_who_owes_whom_and_one_closes(opened, monkeypatch, width):
    home, away = settlement.two_sites()
    pair = settlement.pair(home.operator, away.operator)
    settlement.used(settlement.traveller(home, away), away, date(2027, 3, 18), date(2027, 3, 19))
    settlement.key(home, {home.operator_id: 5_000, away.operator_id: 5_000})
    settlement.cost(home, home.operator, 10_001)
    for module in ("pairs", "home", "costs", "cost_statements"):
        monkeypatch.setattr(
            f"maillage.apps.settlement.pages.{module}.now",
            lambda: settlement.AFTER_MARCH.replace(day=20),
        )

    desk = opened(person=holding(away.operator), width=width)
    page = desk.goto("/reversements/")
    told(page, "16,00")
    desk.refuse_faults()
    keep(page, f"accueil-{width}")
    press(page, re.compile("Pressoir.* et |et .*Pressoir"), "link")
    told(page, "Personne ne l’a encore accepté")
    desk.refuse_faults()
    keep(page, f"mois-{width}")
    press(page, "Arrêter sans attendre", "link")
    told(page, "Le règlement ne changera plus")
    desk.refuse_faults()
    press(page, "Arrêter le mois")
    told(page, "Le mois est arrêté")
    assert PairSettlement.objects.get().agreement == pair

    keeper = opened(person=holding(home.operator), width=width)
    page = keeper.goto(f"/reversements/frais/{home.pk}/")
    told(page, "50,00")
    keeper.refuse_faults()
    keep(page, f"frais-{width}")
    press(page, "Émettre le décompte", "link")
    press(page, "Émettre le décompte")
    told(page, "Qui doit à qui")
    keeper.refuse_faults()
    press(page, "Mettre à facturer", "link")
    press(page, "Mettre à facturer")
    told(page, "La part est à facturer")
    assert CostStatement.objects.get().total_cents == 10_001
    charged = Charge.objects.filter(origin_kind="cost_transfer")
    assert [one.amount_cents for one in charged] in ([5_000], [5_001])


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_the_counters_of_a_copier_become_lines_to_invoice(opened, tmp_path, width):
    site = network_sites.site("La Forge (fictif)")
    settlement.priced(site)
    firm = people.organisation("Atelier (fictif)", "company", territory_siren=site.territory_id)
    file = tmp_path / "compteurs.csv"
    file.write_text("code;mois;nb;couleur\n1001;2027-03;120;8\n")

    desk = opened(person=holding(site.operator), width=width)
    page = desk.goto(f"/reversements/copieurs/{site.pk}/importer/")
    desk.refuse_faults()
    page.get_by_label("Fichier CSV").set_input_files(str(file))
    press(page, "Lire le fichier")
    told(page, "Inconnu")
    desk.refuse_faults()
    keep(page, f"compteurs-{width}")
    press(page, re.compile("Importer et facturer"))
    press(page, "Dire à qui est 1001", "link")
    desk.refuse_faults()
    page.get_by_label("Qui paie").select_option(label=firm.name)
    press(page, "Attribuer le code")
    told(page, "Le code est attribué")
    desk.refuse_faults()
    keep(page, f"copieur-{width}")
    assert sum(Charge.objects.values_list("amount_cents", flat=True)) == 760
