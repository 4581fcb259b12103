"""A whole study on official tables: Pays des Achards, from the first day to the report."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from playwright.sync_api import expect

from browser import stage
from factories import people
from factories.premises import csv
from maillage.apps.premises.models import Premises
from maillage.apps.programme.models import Phase
from maillage.apps.studies.models import Run, RunState
from maillage.apps.territories import load, register
from maillage.apps.territories.sources import source_of
from maillage.kit.clock import now
from shared import DATA, needs_tables

pytestmark = [pytest.mark.django_db(transaction=True), needs_tables]

SIREN = "248500530"
PHASES = [
    "Pré-cadrage et analyse de l’offre",
    "Analyse de la demande",
    "Capacités d’accueil",
    "Implantation et aménagement",
]
LIST = csv(
    "A1;Ancienne minoterie (fictif);85152;building;-1.659;46.618;240;no;yes;oui",
    "A2;Café du Bourg (fictif);85161;shop;-1.507;46.575;30;yes;yes;oui",
    header="id;name;commune_code;kind;lon;lat;area_m2;rented;fibre;step_free",
)


@pytest.fixture
def officer(settings, transactional_db):
    """The project officer of the Pays des Achards, whose tables the server reads."""
    settings.DATA_FOLDER = str(DATA)
    listed = [entry for entry in register.listed_in(DATA) if entry.siren == SIREN]
    register.register(listed, by=None, at=now())
    load.load(SIREN, source_of(SIREN, str(DATA)), by=None, at=now())
    return people.holder(scope=("territory", SIREN))


def press(page, name, role="link"):
    page.get_by_role(role, name=name).first.click()


def test_the_study_of_the_achards_runs_from_its_first_day_to_its_report(
    opened, officer, late_work, tmp_path
):
    late_work()
    watched = opened(person=officer)
    page = watched.goto(f"/etudes/nouvelle/{SIREN}/")
    page.get_by_label("Titre de l’étude").fill("Réseau de tiers-lieux")
    page.get_by_label("Année des premières ouvertures").fill("2027")
    press(page, "Ouvrir l’étude et calculer", "button")
    page.wait_for_url("**/calculs/1/")
    late_work()
    run = Run.objects.get()
    assert run.state == RunState.DONE
    home = f"/etudes/{run.study.pk}-{run.study.slug}/"

    # four phases over four months
    page = watched.goto(home)
    page.get_by_label("Étude en quatre phases").check()
    page.get_by_label("Premier jour").fill((now().date() - timedelta(days=30)).isoformat())
    press(page, "Proposer des dates", "button")
    press(page, "Ouvrir le programme", "button")
    expect(page.locator(".timeline > li")).to_have_count(4)
    titles = Phase.objects.order_by("rank").values_list("title", flat=True)
    assert [title.replace("'", "’") for title in titles] == PHASES
    watched.refuse_faults()

    # the premises of the communes
    page = watched.goto(f"/territoires/{SIREN}/locaux/importer/")
    page.get_by_label("Fichier CSV").set_input_files(
        {"name": "locaux.csv", "mimeType": "text/csv", "buffer": LIST}
    )
    press(page, "Voir l’aperçu", "button")
    press(page, "Importer les 2 locaux", "button")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 locaux ajoutés")
    mill = Premises.objects.get(name="Ancienne minoterie (fictif)")

    # the scenario that takes them
    page = watched.goto(f"{home}scenarios/nouveau/")
    page.get_by_label("Titre du scénario").fill("La minoterie et les bourgs")
    press(page, "Calculer", "button")
    page.wait_for_url("**/scenarios/1/")
    late_work()
    page = watched.goto(f"{home}scenarios/1/")
    stage.drawn(page)
    expect(page.locator("#lieux")).to_contain_text("Ancienne minoterie (fictif)")
    watched.refuse_faults()

    # its fit-out, then what is handed over
    page = watched.goto(f"{home}scenarios/1/?lieu=local-{mill.pk}")
    press(page, "Son aménagement pour ces places")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    watched.refuse_faults()
    page = watched.goto(f"{home}scenarios/1/")
    with page.expect_download() as waited:
        page.get_by_role("link", name=re.compile("^Rapport pour les élus")).click()
    waited.value.save_as(tmp_path / "report.pdf")
    text = "".join(
        sheet.get_textpage().get_text_bounded()
        for sheet in pypdfium2.PdfDocument(tmp_path / "report.pdf")
    )
    assert "Pays des Achards" in text
    assert "Ancienne minoterie (fictif)" in text
    with page.expect_download() as waited:
        page.get_by_role("link", name=re.compile("^Communes")).click()
    waited.value.save_as(tmp_path / "communes.csv")
    lines = (tmp_path / "communes.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 9
