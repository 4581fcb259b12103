"""What a verification answers."""

from dataclasses import dataclass, field

PROVED = "proved"
GAP = "gap"
SOLVER = "solver"
WRONG = "wrong"


@dataclass(frozen=True)
class StageChecked:
    """One objective of a three-tier plan.

    objective  recomputed from the instance
    bound      the solver's, as stored
    limit      what no choice can pass, recomputed without any solver
    """

    name: str
    objective: float
    bound: float
    limit: float


@dataclass(frozen=True)
class Verdict:
    """The answer to "is this certificate right?".

    status     "proved": the bound was recomputed and meets the value; "gap": recomputed, apart;
               "solver": all was recomputed but the solver's bound; "wrong": see `reason`
    kind       the problem, "" when it could not be read
    objective  recomputed from the instance
    bound      the best that was recomputed without any solver
    stated     the bound that the certificate states
    gap        |bound - objective| / max(1, |objective|)
    reason     of "wrong": a code, worded by `report.verification`, with its facts
    """

    status: str
    kind: str = ""
    objective: float = float("nan")
    bound: float = float("nan")
    stated: float = float("nan")
    gap: float = float("nan")
    open_sites: int = 0
    stages: tuple[StageChecked, ...] = ()
    reason: str = ""
    facts: dict[str, object] = field(default_factory=dict)


class Wrong(Exception):  # noqa: N818  (an answer, not an error)
    """The certificate, or its instance, cannot be believed; `reason` is a stable code."""

    def __init__(self, reason: str, /, **facts: object) -> None:
        super().__init__(reason, facts)
        self.reason = reason
        self.facts = facts
