"""maillage data fetch, run as a person would: what is said, and how it ends."""

import io
import json
import signal
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from factories import publisher as answers
from factories.official import EPCI
from maillage.cli import data, fetching
from maillage.cli.fetching import FetchScreen
from maillage.cli.main import app
from maillage.cli.options import usage_sentence
from maillage.core.sources import registry
from maillage.download import Patience
from patience import PATIENCE_S, wait_until

INSEE = "/fr/statistiques/fichier"
FLOWS = f"{INSEE}/8998300/base-flux-mobilite-domicile-lieu-travail-2023_csv.zip"
CENSUS = f"{INSEE}/2521169/base_cc_comparateur_csv.zip"
ROADS = "/europe/france/rhone-alpes-latest.osm.pbf"


@pytest.fixture
def run(served, tmp_path, monkeypatch):
    monkeypatch.setattr(data, "PATIENCE", Patience(tries=2, sleep=lambda _: None))

    def act(*words):
        return CliRunner().invoke(app, ["data", "fetch", *words, "--data", str(tmp_path / "d")])

    return act


def flat(text):
    return " ".join(text.split())


def test_the_files_come_and_a_study_is_computed_from_them(run, tmp_path):
    result = run(EPCI)

    assert result.exit_code == 0, result.output
    assert "10/12 gares-de-voyageurs.csv : téléchargé, 1 ko en 0 s." in result.stderr
    assert "8/12 lieux-mediation-numerique-france-tiers-lieux.csv : à déposer" in result.stderr
    said = flat(result.stdout)
    assert "COG 2026 (fichier du 3 novembre 2026)" in said
    assert "à télécharger vous-même, faute d'adresse directe stable" in said.lower()
    assert "Liste des espaces France services : prenez le fichier sur https://" in said
    assert said.endswith("Une étude peut être lancée avec ce dossier.")
    assert max(map(len, result.stdout.splitlines())) <= 80

    out = tmp_path / "plan"
    studied = CliRunner().invoke(
        app, ["study", EPCI, "--data", str(tmp_path / "d"), "--out", str(out)]
    )

    assert studied.exit_code == 0, studied.output
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    vintages = {source["id"]: source["vintage"] for source in plan["sources"]}
    assert vintages["equipment"] == "BPE 2025"
    assert vintages["flows"] == "RP 2023"
    assert "équipements (2025)" in flat(studied.output)


def test_a_second_time_nothing_is_asked(run, publisher):
    run(EPCI)
    asked = len(publisher.asked)

    again = run(EPCI)

    assert (again.exit_code, len(publisher.asked)) == (0, asked)
    assert "1/12 v_commune_2026.csv : déjà là, inchangé." in again.stderr


def test_an_optional_file_that_does_not_come_is_told_by_the_exit_status(run, publisher):
    del publisher.offers[FLOWS]

    result = run(EPCI)

    assert result.exit_code == 3
    assert "Prenez la nouvelle sur la page de l'éditeur" in flat(result.stdout)
    assert "https://www.insee.fr/fr/statistiques/8998300" in flat(result.stdout)
    assert flat(result.stdout).endswith("Un fichier au moins n'est pas venu : voir plus haut.")


def test_a_needed_file_that_does_not_come_stops_studies(run, publisher):
    publisher.offers[CENSUS].answers = [answers.status(503)] * 2

    result = run(EPCI)

    assert result.exit_code == 2
    assert "(503)" in result.stdout
    last = flat(result.stdout)
    assert last.endswith("Aucune étude possible : 1 table indispensable est à déposer.")


def test_an_unknown_perimeter_is_refused_and_what_came_stays(run, tmp_path):
    result = run("CC inconnue")

    assert result.exit_code == 2
    assert "Aucune intercommunalité de métropole ne correspond" in result.stderr
    assert f"Ce qui est venu reste dans {tmp_path / 'd'}." in flat(result.stderr)
    assert (tmp_path / "d" / "v_commune_2026.csv").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--address", "cadastre=https://a.fr/x"], "Il n'y a pas de table « cadastre »"),
        (["--address", "https://a.fr/x"], "Écrivez une table, le signe = et une adresse"),
        (["--address", "flows=ftp://marie:sesame@a.fr/x"], "Une adresse donnée n'en est pas une"),
        (["--addresses", "absent.toml"], "Le fichier absent.toml n'existe pas"),
    ],
)
def test_a_wrong_address_is_refused_before_anything_is_asked(run, publisher, words, said):
    result = run(EPCI, *words)

    assert (result.exit_code, publisher.asked) == (2, [])
    assert said in flat(result.stderr)
    assert "sesame" not in result.output


def test_a_password_is_never_shown_even_when_the_address_fails(run, publisher):
    secret = publisher.url("/absent.zip").replace("http://", "http://marie:sesame@")

    result = run(EPCI, "--address", f"flows={secret}?cle=tresor")

    assert result.exit_code == 3
    assert "/absent.zip" in "".join(result.stdout.split())
    assert "sesame" not in result.output
    assert "tresor" not in result.output


def test_the_addresses_of_a_file_are_used(run, publisher, tmp_path):
    there = publisher.put("/miroir/base-flux-mobilite-domicile-lieu-travail-2021.zip", b"")
    publisher.offers[
        "/miroir/base-flux-mobilite-domicile-lieu-travail-2021.zip"
    ].content = publisher.offers[FLOWS].content
    listed = tmp_path / "adresses.toml"
    listed.write_text(f'flows = "{there}"\n', encoding="utf-8")

    assert run(EPCI, "--addresses", str(listed)).exit_code == 0
    assert (tmp_path / "d" / "base-flux-mobilite-domicile-lieu-travail-2021.zip").is_file()


def test_without_a_perimeter_the_command_says_what_it_lacks():
    with pytest.raises(click.UsageError) as error:
        CliRunner().invoke(app, ["data", "fetch"], standalone_mode=False, catch_exceptions=False)

    assert usage_sentence(error.value).startswith("Il manque SIREN.")


def test_a_stop_keeps_what_came_and_the_same_command_resumes(served, publisher, tmp_path):
    content = publisher.offers[FLOWS].content * 40_000
    publisher.put(FLOWS, content, stalled)
    listed = tmp_path / "adresses.toml"
    addresses = [f'{key} = "{url}"' for key, url in every_address(publisher).items()]
    listed.write_text("\n".join([*addresses, ""]), encoding="utf-8")
    words = ["data", "fetch", EPCI, "--data", str(tmp_path / "d"), "--addresses", str(listed)]
    command = [sys.executable, "-m", "maillage.cli.main", *words]
    part = tmp_path / "d" / "base-flux-mobilite-domicile-lieu-travail-2023_csv.zip.part"
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: part.is_file() and part.stat().st_size >= 1000)

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130
    assert "la même commande reprend où elle en était" in said
    assert part.stat().st_size == 1000
    resumed = subprocess.run(
        command, capture_output=True, text=True, timeout=2 * PATIENCE_S, check=False
    )
    assert resumed.returncode in (0, 2, 3), resumed.stderr
    assert publisher.ranges(FLOWS)[-1] == "bytes=1000-"
    assert not part.exists()


def stalled(to, offer):
    """A thousand bytes, then nothing until the client hangs up."""
    to.head(200, len(offer.content), ETag=offer.etag)
    to.wfile.write(offer.content[:1000])
    to.wfile.flush()
    to.rfile.read(1)


def every_address(publisher):
    known = registry.datasets().values()
    urls = {d.id: d.download.url for d in known if d.download and d.download.url}
    return {key: url.format(region="rhone-alpes") for key, url in urls.items()}


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_off_a_terminal_a_long_file_says_now_and_then_how_far_it_is():
    clock, written = Clock(), io.StringIO()
    with FetchScreen(Console(file=written, width=200), clock) as screen:
        screen.begins("routes.osm.pbf", 3, 12)
        for done in range(61):
            screen.holds(done * 5_000_000, 300_000_000)
            clock.now += 1.0
        screen.waits(4.0)
        screen.waits(0.0)

    assert written.getvalue().splitlines() == [
        "3/12 routes.osm.pbf : 75,0 Mo sur 300,0 Mo, 5,0 Mo/s, encore 45 s",
        "3/12 routes.osm.pbf : 150,0 Mo sur 300,0 Mo, 5,0 Mo/s, encore 30 s",
        "3/12 routes.osm.pbf : 225,0 Mo sur 300,0 Mo, 5,0 Mo/s, encore 15 s",
        "3/12 routes.osm.pbf : 300,0 Mo sur 300,0 Mo, 5,0 Mo/s, encore 0 s",
        "3/12 routes.osm.pbf : coupure, nouvel essai dans 4 s.",
    ]


def test_what_was_there_before_counts_neither_in_the_speed_nor_in_the_time_left():
    clock, written = Clock(), io.StringIO()
    with FetchScreen(Console(file=written, width=200), clock) as screen:
        screen.begins("routes.osm.pbf", 1, 1)
        screen.holds(200_000_000, 300_000_000)
        clock.now += 20.0
        screen.holds(220_000_000, 300_000_000)

    assert written.getvalue().rstrip().endswith("1,0 Mo/s, encore 80 s")


def test_on_a_terminal_a_bar_shows_bytes_speed_and_time_left():
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=120, no_color=True)
    with FetchScreen(console) as screen:
        screen.begins("routes[2026].osm.pbf", 3, 12)
        screen.holds(12_300_000, 200_000_000)
        screen._progress.refresh()

    assert "3/12 routes[2026].osm.pbf" in written.getvalue()
    assert "12,3 Mo sur 200,0 Mo" in written.getvalue()


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 ko"), (12, "1 ko"), (45_400, "45 ko"), (123_456, "0,1 Mo"), (1.5e9, "1 500,0 Mo")],
)
def test_a_size_is_told_in_the_units_people_read(size, words):
    assert fetching.megabytes(size).replace("\u202f", " ") == words
