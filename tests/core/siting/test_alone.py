"""What the page of location problems shows is what happens."""

import re
from pathlib import Path

import numpy as np

from maillage.core.siting import p_median

PAGE = Path(__file__).resolve().parents[3] / "docs" / "method" / "location.md"
COST = np.array([[0.0, 1, 10], [1, 0, 9], [10, 9, 0]])


def test_the_example_of_the_page_runs_alone(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    exec(compile(code, PAGE.name, "exec"), {})  # noqa: S102

    assert capsys.readouterr().out == "proved [0 2] 843.3 0.0\nproved [2] 500.0\n"


def test_the_bounds_of_the_page_are_those_of_its_formula():
    def bound(*u: float) -> float:
        worth = np.minimum(0, COST - np.array(u)[:, None]).sum(axis=0)
        return float(sum(u) + worth.min())

    found = p_median(COST, 1)

    assert (bound(0, 9, 1), bound(1, 9, 9)) == (1, 10)
    assert (found.status, found.objective, found.open_sites.tolist()) == ("proved", 10, [1])
