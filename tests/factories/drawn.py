"""The files of an outcome, drawn once however many studies keep them."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from maillage.core.scenario import Outcome
from maillage.report import bundle

Files = dict[str, bytes]
KEPT_MAX = 8


class DrawnOnce:
    """Stands for `report.bundle`: typesetting takes longer than all that apps do with the files.

    The same object asked at the same moment has the same files; an outcome that was computed
    again is drawn again, even when it is equal.
    """

    def __init__(self) -> None:
        # the outcome is kept with its files: its identity is not given to another
        self._kept: OrderedDict[tuple[Any, ...], tuple[Outcome, Files]] = OrderedDict()

    def of_outcome(self, outcome: Outcome, **at: Any) -> Files:
        """As in report.bundle."""
        return self._once(bundle.of_outcome, outcome, **at)

    def for_pages(self, outcome: Outcome) -> Files:
        """As in report.bundle."""
        return self._once(bundle.for_pages, outcome)

    def _once(self, make: Callable[..., Files], outcome: Outcome, **at: Any) -> Files:
        key = (make, id(outcome), *at.values())
        if key not in self._kept:
            self._kept[key] = (outcome, make(outcome, **at))
            if len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return dict(self._kept[key][1])


DRAWN_ONCE = DrawnOnce()
