"""What lies beside the checkout; tests that need it skip elsewhere, saying so."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_tables = pytest.mark.skipif(
    not DATA.is_dir(), reason="the official tables (../shared/data) are not beside this checkout"
)

INSTANCES = DATA.parent / "bench"

needs_instances = pytest.mark.skipif(
    not INSTANCES.is_dir(),
    reason="the published instances (../shared/bench) are not beside this checkout",
)

EXTRACTS = INSTANCES / "osm"
ANDORRA = EXTRACTS / "andorra.osm.pbf"
LIECHTENSTEIN = EXTRACTS / "liechtenstein.osm.pbf"

needs_extracts = pytest.mark.skipif(
    not EXTRACTS.is_dir(),
    reason="the extracts of OpenStreetMap (../shared/bench/osm) are not beside this checkout",
)
