"""The accessibility mention, from the last audit: « non conforme » until there is one."""

import json
from functools import cache
from pathlib import Path

AUDIT = Path(__file__).with_name("audit.json")


@cache
def mention() -> str:
    """The legal words of the footer (decree 2019-768, art. 5)."""
    if not AUDIT.exists():
        return "non conforme"
    share = json.loads(AUDIT.read_text(encoding="utf-8"))["criteria_met_share"]
    if share == 1:
        return "totalement conforme"
    # RGAA: partial from half of the criteria
    return "partiellement conforme" if share >= 0.5 else "non conforme"
