"""What a study is asked, and the network that somebody draws by hand."""

from dataclasses import dataclass, field

from maillage.core.siting_problem import Choices
from maillage.core.sources.premises import ExistingPlace, Premises


@dataclass(frozen=True)
class OpenSite:
    """One site of a network drawn by hand.

    candidate_id  of `Candidates.anywhere`
    opening_year  None: as the phasing rule gives it
    """

    candidate_id: str
    tier: str
    seats: int
    opening_year: int | None = None


Network = tuple[OpenSite, ...]


@dataclass(frozen=True)
class Request:
    """Everything a study is computed from, besides the territory and the assumptions.

    first_year    year of the first openings
    existing      the intercommunality's own list of open and closed places: it replaces the
                  national one inside the perimeter; None uses the national list
    keep_existing whether the places open today inside the perimeter stay open
    network       the sites to judge as they are; None looks for the best ones
    slower_trips  whether the network that holds when every trip is slower is looked for too
    """

    first_year: int
    choices: Choices = field(default_factory=Choices)
    premises: tuple[Premises, ...] = ()
    existing: tuple[ExistingPlace, ...] | None = None
    keep_existing: bool = True
    seed: int = 1
    time_limit_s: float | None = None
    network: Network | None = None
    slower_trips: bool = False
