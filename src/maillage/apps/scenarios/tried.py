"""A network tried on a version, judged at once: the ground is laid once and kept by the process."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from maillage.apps.scenarios import moves
from maillage.apps.scenarios.models import Version
from maillage.apps.studies import asked
from maillage.apps.studies.models import Run
from maillage.apps.territories import fingerprint, reading
from maillage.apps.territories import sources as official
from maillage.core import assumptions, scenario, territory
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.scenario import Assessed, Ground, Network, OpenSite, Request
from maillage.core.siting import CurvePoint
from maillage.core.sources import kept
from maillage.core.sources.gather import Tables
from maillage.kit import files
from maillage.kit.refusal import Refusal
from maillage.report import refusals
from maillage.report.bundle import INPUTS

# grounds kept by a process, about 10 MB each for the largest intercommunality
KEPT = 12


class CannotMove(Refusal):
    """A move names a site that is not there, or a number beyond what is possible."""

    sentence = "{why}"
    status = 422


@dataclass(frozen=True)
class Tried:
    """The saved network of a version, and the one tried on it.

    moves  as an address writes them; none of them: both networks are the same
    """

    version: Version
    saved: Assessed
    now: Assessed
    curve: tuple[CurvePoint, ...]
    moves: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        """Whether something is tried."""
        return bool(self.moves)


def of_version(version: Version, texts: tuple[str, ...] = ()) -> Tried:
    """A network tried, from its moves as an address writes them.

    Raises UnreadableMove, TooManyMoves, CannotMove.
    """
    laying = _laying(version.run)
    ground, network = _laid(laying), network_of(version.run)
    try:
        tried = scenario.after(ground, network, moves.read_all(texts))
    except BadInput as error:
        raise CannotMove(why=refusals.for_page(refusals.sentence(error))) from error
    return Tried(
        version=version,
        saved=_judged(laying, network),
        now=_judged(laying, tried),
        curve=curve_of(version.run),
        moves=texts,
    )


def ground_of(run: Run) -> Ground:
    """The ground of a computation, laid again from the tables kept with it."""
    return _laid(_laying(run))


def whole_ground_of(run: Run) -> Ground:
    """The same with the places that the run's own network opens by hand among its candidates."""
    return _lay(run, asked.from_json(run.request))


def judged(run: Run, network: Network) -> Assessed:
    """A network judged on the ground of a computation."""
    return _judged(_laying(run), network)


def network_of(run: Run) -> Network:
    """The sites of a computation, as somebody would draw them."""
    drawn = asked.from_json(run.request).network
    if drawn is not None:
        return drawn
    return tuple(
        OpenSite(site["id"], site["tier"], site["seats"])
        for site in reading.document(run.folder, "plan.json")["sites"]
    )


def curve_of(run: Run) -> tuple[CurvePoint, ...]:
    """The proved curve of a computation."""
    return tuple(
        CurvePoint(
            point["minis"],
            point["inhabitants"],
            round(point["inhabitants"] * (1 + point["gap"])),
        )
        for point in reading.document(run.folder, "plan.json")["curve"]
    )


def is_stale(run: Run) -> bool:
    """Whether today's assumptions or code would give other figures from the same tables."""
    return run.fingerprint != _today(_laying(run), asked.digest(run.request))


@dataclass(frozen=True)
class _Laying:
    """What a ground is laid from: the same tables and the same question share one."""

    inputs: str
    question: str
    run: Run = field(compare=False)


def _laying(run: Run) -> _Laying:
    inputs = next(entry["sha256"] for entry in run.files if entry["name"] == INPUTS)
    return _Laying(inputs, asked.digest({**run.request, "network": None}), run)


@lru_cache(maxsize=KEPT)
def _laid(laying: _Laying) -> Ground:
    return _lay(laying.run, replace(asked.from_json(laying.run.request), network=None))


def _lay(run: Run, request: Request) -> Ground:
    assumed = _assumed(run)
    with official.reading():
        return scenario.lay(territory.assemble(_tables(run), assumed), request, assumed)


@lru_cache(maxsize=4 * KEPT)
def _judged(laying: _Laying, network: Network) -> Assessed:
    return scenario.assess(_laid(laying), network)


@lru_cache(maxsize=4 * KEPT)
def _today(laying: _Laying, _question: str) -> str:
    run = laying.run
    return fingerprint.of_tables(_tables(run), _assumed(run), asked=run.request)


def _tables(run: Run) -> Tables:
    return kept.from_bytes(files.read(run.folder, INPUTS))


def _assumed(run: Run) -> Assumptions:
    return assumptions.load().with_values(asked.values_of(run.request))
