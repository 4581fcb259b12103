"""maillage verify: what a town hall reads, and the exit status that a script reads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from factories import certified, tampering
from factories.network import network_problem
from maillage.cli.main import app
from maillage.core.siting import certify_network, plan_network
from maillage.core.siting.archive import CERTIFICATE, INSTANCE
from maillage.core.siting.certificate import certify
from maillage.report import files


def verified(folder: Path, made: dict[str, bytes]) -> Result:
    files.write_all(folder, made)
    return CliRunner().invoke(
        app, ["verify", str(folder / CERTIFICATE), str(folder / INSTANCE)], standalone_mode=False
    )


@pytest.fixture
def made() -> dict[str, bytes]:
    asked = certified.question("p_median", 4)
    return certify(asked, certified.solved(asked))


def test_a_proved_plan_is_said_proved_and_leaves_with_0(tmp_path, made):
    result = verified(tmp_path, made)

    assert result.exit_code == 0
    assert result.stdout.replace("\u202f", " ").splitlines() == [
        "Prouvé : aucun autre choix permis ne fait mieux, tout a été recalculé sans solveur.",
        "Problème : coût total au plus proche (p-médiane) ; 2 sites ouverts, règles et "
        "affectations vérifiées.",
        "Valeur recalculée : 142.",
        "Borne recalculée : 142.",
    ]


def test_a_gap_is_said_and_leaves_with_1(tmp_path):
    asked = certified.question("p_median", 4)
    best = certified.solved(asked)
    nearest = certified.weighted(asked).min(axis=1)
    proof = replace(best.proof, multipliers=nearest[None], tree=np.array([-1], np.int32))
    told = replace(best, bound=float(nearest.sum()), status="gap", proof=proof)

    result = verified(tmp_path, certify(asked, told))

    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith("Non prouvé : écart de ")


def test_a_plan_proved_by_the_solver_alone_says_so_and_leaves_with_1(tmp_path):
    problem = network_problem(1, sites=6)

    result = verified(tmp_path, certify_network(problem, plan_network(problem)))

    said = result.stdout.replace("\u00a0", " ").splitlines()
    assert result.exit_code == 1
    assert said[0] == "Prouvé par le solveur ; vérifié indépendamment à 8,3 % près."
    assert len(said) == 6


def test_a_false_certificate_says_why_and_leaves_with_2(tmp_path, made):
    altered = tampering.with_header(made[CERTIFICATE], objective=90.0)

    result = verified(tmp_path, made | {CERTIFICATE: altered})

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "Faux : la valeur est mal dite : 90 au lieu de 142.\n"


def test_a_file_that_is_no_certificate_leaves_with_2(tmp_path, made):
    result = verified(tmp_path, made | {CERTIFICATE: b"PK"})

    assert result.exit_code == 2
    assert result.stderr.startswith("Faux : le certificat est illisible")


def test_a_missing_file_is_named():
    result = CliRunner().invoke(app, ["verify", "absent.npz", "absent.npz"])

    assert result.exit_code == 2
    assert "Le fichier absent.npz n'existe pas." in result.stderr
