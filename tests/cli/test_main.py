"""The command line as typed: help fast and in French, mistakes answered in French."""

import os
import subprocess
import sys

import pytest

from maillage.cli.main import COMMANDS, run


def typed(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "maillage.cli.main", *words], capture_output=True, text=True
    )


def answer(monkeypatch, capsys, *words: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["maillage", *words])
    with pytest.raises(SystemExit) as stopped:
        run()
    return stopped.value.code, capsys.readouterr().err


def test_help_lists_every_command_and_loads_no_heavy_library():
    code = (
        "import sys, contextlib, maillage.cli.main as m\n"
        "sys.argv = ['maillage', '--help']\n"
        "with contextlib.suppress(SystemExit): m.run()\n"
        "print([x for x in ('polars', 'highspy', 'typst', 'rich') if x in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.rstrip().endswith("[]")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("etude",),
            f"La commande « etude » n'existe pas. Il y a : {', '.join(COMMANDS)}.",
        ),
        (("data", "voir"), "La commande « voir » n'existe pas. Il y a : check, fetch."),
        (("demo", "extra"), "Il y a un mot de trop : extra."),
        (("assumptions", "zzz"), "Aucune hypothèse ne commence par « zzz »."),
        (
            ("demo", "--hubs", "²"),
            "L'option --hubs : « ² » : écrivez un nombre, ou MIN:MAX, par exemple 2:3.",
        ),
        (("study",), "Il manque SIREN."),
        (("study", "1"), "Il manque l'option --data : le dossier de vos tables officielles."),
        (("study", "1", "--hub", "3"), "L'option --hub n'existe pas. Vouliez-vous dire --hubs ?"),
        (("demo", "--minutes", "dix"), "L'option --minutes : « dix » n'est pas un nombre."),
        (
            ("demo", "--minutes", "1"),
            "L'option --minutes : indiquez un nombre entre 2 et 60, pas 1.",
        ),
        (("demo", "--hubs", "3:2"), "L'option --hubs : « 3:2 » est inversé : écrivez 2:3."),
        (("demo", "--set", "x"), "L'option --set : « x » : écrivez une clé, = et un nombre."),
        (("demo", "--seed", "1.5"), "L'option --seed : « 1.5 » n'est pas un nombre entier."),
        (
            ("demo", "--existing-places", "maybe"),
            "L'option --existing-places : « maybe » : écrivez keep ou close.",
        ),
    ],
)
def test_a_mistyped_command_is_answered_in_french(monkeypatch, capsys, words, sentence):
    status, said = answer(monkeypatch, capsys, *words)

    assert status == 2
    assert said.splitlines()[0] == sentence


def test_the_help_of_a_study_gives_each_default_and_its_source():
    said = " ".join(typed("study", "--help").stdout.split())

    assert "--minutes MINUTES Trajet à ne pas dépasser. Par défaut 10 min." in said
    assert "Source : stratégie de tiers-lieux de la CC Saône-Beaujolais" in said
    assert "--data DOSSIER" in said


def test_assumptions_are_listed_with_value_source_and_reason():
    said = typed("assumptions", "siting.hubs").stdout

    assert "siting.hubs" in said
    assert "Trois bourgs-centres" in said
    assert "demand." not in said


def test_a_terminal_that_is_not_utf8_still_gets_french():
    env = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "maillage.cli.main", "study", "69"]

    done = subprocess.run(command, env=env, capture_output=True)

    assert done.returncode == 2
    assert "l'option --data : le dossier de vos tables officielles" in done.stderr.decode("utf-8")
