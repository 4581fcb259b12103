"""maillage demo: the embedded plan, the same bytes every time, the rules obeyed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maillage.cli.main import app

OPEN_PLACE = "id,name,commune_code,lon,lat,state\nl1,Le Lieu (fictif),69018,4.5906,46.1561,open\n"


def demo(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["demo", "--once", "--start", "2027", *arguments])


def plan_of(folder) -> dict:
    return json.loads((folder / "plan.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> tuple[Path, Result]:
    """The plan without any choice: its folder, and what the terminal showed."""
    folder = tmp_path_factory.mktemp("plain") / "out"
    return folder, demo("--out", str(folder))


def test_the_summary_says_the_finding_the_proof_the_money_and_what_is_modelled(plain):
    folder, result = plain

    said = " ".join(result.stdout.replace("\u00a0", " ").replace("\u202f", " ").split())
    assert result.exit_code == 0
    assert "35 communes, 46 214 habitants" in said
    assert "11 lieux mettent 99 % des habitants à 10 minutes" in said
    assert "Optimum prouvé" in said
    assert "Qui paie quoi" in said
    assert "Modélisé : temps de trajet" in said
    names = {p.name for p in folder.iterdir()}
    assert {"plan.json", "sites.csv", "communes.csv", "sites.geojson"} <= names
    assert {"coverage.geojson", "report.pdf", "manifest.json"} <= names


def test_the_same_inputs_and_seed_give_the_same_bytes(tmp_path):
    """Two processes, with other hash seeds and other numbers of threads."""
    for n in ("1", "2"):
        env = os.environ | {"PYTHONHASHSEED": n, "POLARS_MAX_THREADS": n}
        words = ["demo", "--once", "--start", "2027", "--out", str(tmp_path / n)]
        command = [sys.executable, "-m", "maillage.cli.main", *words]
        subprocess.run(command, env=env, check=True, capture_output=True)

    dated = {"manifest.json", "report.pdf"}
    for first in (tmp_path / "1").iterdir():
        if first.name not in dated:
            assert first.read_bytes() == (tmp_path / "2" / first.name).read_bytes(), first.name


def test_another_seed_changes_the_draws_not_the_coverage(tmp_path, plain):
    demo("--out", str(tmp_path / "2"), "--seed", "2")

    first, second = plan_of(plain[0]), plan_of(tmp_path / "2")
    assert first["demand"]["seats_per_day"] != second["demand"]["seats_per_day"]
    assert first["coverage"] == second["coverage"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--require", "69999"), "n'est pas membre de l'intercommunalité CC Saône-Beaujolais"),
        (("--require", "69084", "--forbid", "69084"), "à la fois imposé et exclu à Fleurie"),
        (("--require", "69258"), "Aucun lieu possible à Vauxrenard"),
        (("--set", "siting.tiers=3"), "Il n'y a pas d'hypothèse « siting.tiers »"),
        (("--premises", "nowhere.csv"), "nowhere.csv n'existe pas"),
        (("--hubs", "4"), "(--hubs 3)"),
        (("--hubs", "0"), "Il faut au moins un site structurant"),
        (("--set", "siting.hub_seats_min=20"), "places est inversé"),
        (("--set", "siting.coverage_minutes=inf"), "va de 1 à 90"),
        (("--set", "costs.host_share=2"), "va de 0 à 1"),
        (("--set", "costs.animator_fte=-42000"), "écrit -42000"),
        (("--set", "demand.draws=2.5"), "va de 100 à 100000"),
        (("--corpo-seats", "1000000"), "va de 1 à 200"),
        (("--commune-budget", "30000"), "(--commune-budget"),
        (("--epci-budget", "1000"), "(--epci-budget"),
    ],
)
def test_rules_that_cannot_hold_are_refused_with_the_way_out(tmp_path, arguments, words):
    result = demo("--out", str(tmp_path / "out"), *arguments)

    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_the_way_out_that_is_offered_works(tmp_path):
    refused = demo("--out", str(tmp_path / "out"), "--commune-budget", "30000").stderr
    enough = refused.split("(--commune-budget ")[1].split(")")[0]

    result = demo("--out", str(tmp_path / "out"), "--commune-budget", enough)

    assert result.exit_code == 0


def test_a_refusal_leaves_an_earlier_plan_untouched(tmp_path, plain):
    shutil.copytree(plain[0], tmp_path / "out")
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}

    demo("--out", str(tmp_path / "out"), "--hubs", "9")

    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == before


def test_fewer_minutes_reach_fewer_people(tmp_path, plain):
    demo("--out", str(tmp_path / "7"), "--minutes", "7")

    folders = (tmp_path / "7", plain[0])
    shares = [plan_of(folder)["coverage"]["population_share_after"] for folder in folders]
    assert shares == sorted(shares)
    assert shares[0] < shares[1]


def test_forbidding_every_commune_offers_the_one_to_allow(tmp_path, place):
    forbidden = [w for c in place.communes["commune_code"] for w in ("--forbid", c)]

    result = demo("--out", str(tmp_path / "out"), *forbidden)

    assert result.exit_code == 2
    assert "(retirer --forbid)" in result.stderr


def test_an_open_place_in_a_forbidden_commune_is_a_named_contradiction(tmp_path):
    (tmp_path / "lieux.csv").write_text(OPEN_PLACE)

    result = demo("--existing", str(tmp_path / "lieux.csv"), "--forbid", "69018")

    assert result.exit_code == 2
    assert "Le Lieu (fictif) est ouvert à Beaujeu, où aucun lieu n'est" in result.stderr


def test_a_place_far_from_its_commune_is_refused(tmp_path):
    (tmp_path / "locaux.csv").write_text(
        "id,name,commune_code,kind,lon,lat,area_m2,rented\n"
        "p1,Local (fictif),69019,building,2.35,48.85,200,no\n"
    )

    result = demo("--premises", str(tmp_path / "locaux.csv"))

    assert result.exit_code == 2
    assert "du bourg de Belleville-en-Beaujolais" in result.stderr


def test_names_are_shown_as_they_were_written_and_never_run(tmp_path):
    (tmp_path / "lieux.csv").write_text(OPEN_PLACE.replace("Le Lieu (fictif)", "=[red]1+1[/red]"))

    result = demo("--out", str(tmp_path / "out"), "--existing", str(tmp_path / "lieux.csv"))

    assert "=[red]1+1[/red]" in result.stdout
    assert "'=[red]1+1[/red]" in (tmp_path / "out" / "sites.csv").read_text()


def test_a_wide_rule_and_late_openings_keep_the_totals_whole(tmp_path):
    demo("--out", str(tmp_path / "out"), "--set", "siting.minis_opened_per_year=1")

    money = plan_of(tmp_path / "out")["money"]
    invested = sum(sum(y["investment_cents"].values()) for y in money["by_payer"])
    assert len(money["by_payer"]) > 5
    assert invested == round(money["investment"]["central"] * 100)


def test_minis_of_another_size_than_two_or_three_seats_are_said(tmp_path):
    result = demo("--out", str(tmp_path / "out"), "--mini-seats", "1:6")

    assert result.exit_code == 0
    assert "hors de la règle de 2 à 3 places" in " ".join(result.stdout.split())


def test_sixty_minutes_are_drawn_too(tmp_path):
    assert demo("--out", str(tmp_path / "out"), "--minutes", "60").exit_code == 0


def test_a_required_commune_gets_a_site_and_a_forbidden_one_none(tmp_path):
    demo("--out", str(tmp_path / "out"), "--require", "69103", "--forbid", "69084")

    communes = [s["commune_code"] for s in plan_of(tmp_path / "out")["sites"]]
    assert "69103" in communes
    assert "69084" not in communes


def test_existing_places_and_premises_become_sites(tmp_path):
    (tmp_path / "lieux.csv").write_text(OPEN_PLACE)
    (tmp_path / "locaux.csv").write_text(
        "id,name,commune_code,kind,lon,lat,area_m2,rented\n"
        "p1,Parc (fictif),69206,business_park,4.72,46.06,,yes\n"
    )
    out = tmp_path / "out"

    result = demo(
        *("--out", str(out), "--existing", str(tmp_path / "lieux.csv")),
        *("--premises", str(tmp_path / "locaux.csv")),
    )

    assert result.exit_code == 0, result.stderr
    sites = {s["name"]: s for s in plan_of(out)["sites"]}
    assert sites["Le Lieu (fictif)"]["is_existing"] is True
    assert sites["Parc (fictif)"]["tier"] == "corpo"
    assert plan_of(out)["coverage"]["population_share_before"] > 0.1


def test_closing_existing_places_counts_them_before_and_not_after(tmp_path):
    (tmp_path / "lieux.csv").write_text(OPEN_PLACE)
    out = tmp_path / "out"

    demo(
        *("--out", str(out), "--existing", str(tmp_path / "lieux.csv")),
        *("--existing-places", "close"),
    )

    plan = plan_of(out)
    assert plan["coverage"]["population_share_before"] > 0.1
    assert not any(s["is_existing"] for s in plan["sites"])
