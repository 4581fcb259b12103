"""The embedded territory and its plan, computed once for all tests."""

import pytest

from maillage.core import assumptions, sample, scenario, territory
from maillage.core.assumptions import Assumptions
from maillage.core.scenario import Outcome, Request
from maillage.core.territory import Territory


@pytest.fixture(scope="session")
def assumed() -> Assumptions:
    return assumptions.load()


@pytest.fixture(scope="session")
def place(assumed) -> Territory:
    return territory.assemble(sample.load(), assumed)


@pytest.fixture(scope="session")
def outcome(place, assumed) -> Outcome:
    return scenario.evaluate(place, Request(first_year=2027), assumed)
