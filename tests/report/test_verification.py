"""Every reason of a verification has its sentence."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from maillage.core import verification as core
from maillage.core.verification import Verdict
from maillage.core.verification.question import KINDS
from maillage.report import verification

FACTS = defaultdict(lambda: 1, file="certificate", name="tree")


def given() -> set[str]:
    """Every reason given to `Wrong`, or held in a table of reasons, in the checker."""
    files = Path(core.__file__).parent.glob("*.py")
    nodes = [n for file in files for n in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    calls = [n for n in nodes if isinstance(n, ast.Call) and ast.unparse(n.func) == "Wrong"]
    direct = {c.args[0].value for c in calls if isinstance(c.args[0], ast.Constant)}
    return direct | {"forbidden_open", "fixed_closed"}


def test_every_reason_has_a_sentence_and_no_sentence_is_unused():
    assert given() == set(verification.REASONS)


@pytest.mark.parametrize("reason", sorted(verification.REASONS))
def test_a_false_certificate_is_said_false_with_its_reason(reason):
    (line,) = verification.lines(Verdict("wrong", reason=reason, facts=FACTS))

    assert line.startswith("Faux : ")
    assert line.endswith(".")
    assert "nan" not in line


def test_every_problem_has_its_name():
    assert set(verification.KINDS) == {*KINDS, "network"}
