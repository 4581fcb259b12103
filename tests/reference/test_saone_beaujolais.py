"""Known answers for CC Saône-Beaujolais, from the published tables."""

import pytest


def test_the_territory_has_the_published_totals(place):
    assert len(place.communes) == 35
    assert place.communes["commune_code"].n_unique() == 35
    # reference population 2023 (Insee)
    assert place.population == 46_214
    # census 2018, jobs at the workplace and employed residents aged 15-64 (Insee)
    assert round(place.jobs) == 15_147
    assert round(place.employed) == 19_723
    # jobs that are not salaried, the proxy for the self-employed
    assert round(place.jobs - place.communes["salaried_jobs"].sum()) == 3_246


def test_the_inhabited_cells_hold_the_population_within_two_percent(place):
    assert place.cells["population"].sum() == pytest.approx(place.population, rel=0.02)
    assert place.cells["commune_code"].n_unique() == 35


def test_no_shared_workplace_existed_inside_in_2019(place):
    inside = set(place.communes["commune_code"])

    assert not inside & set(place.workplaces["commune_code"])
    assert len(place.workplaces) == 6


def test_the_plan_is_proved_at_every_stage(outcome):
    assert outcome.siting.status == "proved"
    assert [stage.gap for stage in outcome.siting.stages] == [0.0, 0.0, 0.0, 0.0]
