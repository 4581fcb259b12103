"""Plans of intercommunalities drawn at random: ./run bench robustness [COUNT] [SEED].

One line each: proved or not, valid against the published schema, coverage, seconds.
"""

import json
import random
import sys
import time
from collections import Counter
from importlib import resources
from pathlib import Path

import jsonschema
import polars as pl

from maillage.core import assumptions, scenario, territory
from maillage.core.bad_input import BadInput
from maillage.core.scenario import Request
from maillage.core.sources.gather import gather
from maillage.report.plan import document

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
COUNT, SEED = 40, 1


def main(count: int, seed: int) -> None:
    """Draw, compute, count."""
    text = resources.files("maillage.report").joinpath("plan.schema.json").read_text("utf-8")
    schema = jsonschema.Draft202012Validator(json.loads(text))
    every = pl.read_parquet(DATA / "epci_2026.parquet")["siren"].sort().to_list()
    ends = Counter(
        study(siren, schema)
        for siren in random.Random(seed).sample(every, count)  # noqa: S311
    )
    print(", ".join(f"{end} : {n}" for end, n in ends.most_common()))


def study(siren: str, schema: jsonschema.Draft202012Validator) -> str:
    """Print one line; how the study ended: proved, gap, refused or invalid."""
    begin = time.perf_counter()
    assumed = assumptions.load()
    try:
        place = territory.assemble(gather(DATA, siren, assumed), assumed)
        outcome = scenario.evaluate(place, Request(first_year=2027), assumed)
    except BadInput as refusal:
        print(f"{siren} refused ({refusal.code})")
        return "refused"
    end = outcome.siting.status if schema.is_valid(document(outcome)) else "invalid"
    after = outcome.coverage.after.central
    seconds = time.perf_counter() - begin
    print(f"{siren} {end} {len(place.communes)} communes, {after:.0%}, {seconds:.1f} s")
    return end


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [COUNT, SEED][len(given) :]))
