"""The embedded territory: the same facts as the official tables, small, each with its source."""

import json
import tomllib
from importlib import resources

import pytest
from polars.testing import assert_frame_equal

from maillage.core import assumptions, sample, scenario, territory
from maillage.core.sample import SCHEMAS, build
from maillage.core.sources import registry
from maillage.core.sources.gather import gather
from maillage.report.plan import document
from shared import DATA, needs_tables

FOLDER = resources.files("maillage.core.sample")
MAX_BYTES = 300_000


@pytest.fixture(scope="module")
def official(assumed):
    return gather(DATA, sample.SIREN, assumed)


def test_the_embedded_files_hold_in_300_kilobytes():
    shipped = [f for f in FOLDER.iterdir() if f.name.endswith((".csv", ".geojson", ".toml"))]

    assert sum(len(f.read_bytes()) for f in shipped) <= MAX_BYTES


def test_every_column_has_its_dataset_vintage_licence_and_unit():
    columns = tomllib.loads(FOLDER.joinpath("columns.toml").read_text(encoding="utf-8"))

    described = {key for key in columns if not key.endswith(":service_houses")}
    declared = {f"{file}:{c.name}" for file, schema in SCHEMAS.items() for c in schema.columns}
    declared |= {"outlines.geojson:commune_code", "outlines.geojson:geometry"}
    assert described == declared
    for entry in columns.values():
        assert entry["dataset"] in registry.datasets()
        assert entry["vintage"]
        assert entry["licence"]


@needs_tables
def test_the_embedded_files_are_what_the_official_tables_give(official):
    for name, data in build.files(official).items():
        assert FOLDER.joinpath(name).read_bytes() == data, f"run maillage.core.sample.build: {name}"


@needs_tables
def test_the_embedded_territory_is_the_official_one(official, place, assumed):
    other = territory.assemble(official, assumed)

    for table in ("communes", "surroundings", "cells", "equipment", "workplaces"):
        assert_frame_equal(getattr(place, table), getattr(other, table))


@needs_tables
def test_the_embedded_territory_gives_the_plan_of_the_official_tables(official, outcome, assumed):
    theirs = scenario.evaluate(
        territory.assemble(official, assumptions.load()), outcome.request, assumed
    )

    def without_sources(plan):
        return json.dumps({k: v for k, v in plan.items() if k != "sources"}, sort_keys=True)

    assert without_sources(document(outcome)) == without_sources(document(theirs))
