"""Who belongs, what was sold to whom, what of it was used: members, plans, carnets, employers."""

from maillage.apps.memberships.models.members import (
    BELONGING,
    FirmStage,
    Member,
    Outcome,
    Stage,
    held_on,
)
from maillage.apps.memberships.models.plans import (
    Carnet,
    Every,
    Plan,
    PlanKind,
    PlanQuota,
    Subscription,
    TicketRate,
)
from maillage.apps.memberships.models.suspensions import Suspension
from maillage.apps.memberships.models.uses import EmployerSeat, Use

__all__ = [
    "BELONGING",
    "Carnet",
    "EmployerSeat",
    "Every",
    "FirmStage",
    "Member",
    "Outcome",
    "Plan",
    "PlanKind",
    "PlanQuota",
    "Stage",
    "Subscription",
    "Suspension",
    "TicketRate",
    "Use",
    "held_on",
]
