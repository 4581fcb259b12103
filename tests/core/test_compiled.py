"""Compiled functions answer as they are written, kept on disk or not."""

import numpy as np
from numba.core import caching

from maillage.core.compiled import compiled, compiled_fast


def total(values):
    found = 0.0
    for value in values:
        found += value
    return found


def test_a_compiled_function_answers_as_it_is_written():
    values = np.arange(10, dtype=np.float64)

    assert compiled(total)(values) == compiled_fast(total)(values) == total(values) == 45


def test_where_no_folder_can_be_written_a_process_compiles_for_itself(monkeypatch):
    for locator in caching.CacheImpl._locator_classes:
        monkeypatch.setattr(locator, "from_function", classmethod(lambda *_: None))

    assert compiled(total)(np.ones(3)) == 3
