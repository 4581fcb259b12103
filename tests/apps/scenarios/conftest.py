"""One scenario of the embedded territory, and who may do what with it."""

import pytest


@pytest.fixture
def one(outcome):
    from factories import scenarios, studies

    return scenarios.scenario(studies.study(), outcome)


@pytest.fixture
def officer(client):
    from factories import people

    return people.signed_in(client, people.holder(name="Claire Fictive"))


@pytest.fixture
def mini(outcome):
    return next(s for s in outcome.sites if s.tier == "mini")
