"""The official tables beside the checkout; tests that need them skip elsewhere, saying so."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_tables = pytest.mark.skipif(
    not DATA.is_dir(), reason="the official tables (../shared/data) are not beside this checkout"
)
