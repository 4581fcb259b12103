"""What was agreed, by whom it was signed, what it is charged, what was deposited."""

from maillage.apps.contracts.models.agreed import (
    ENDED,
    LIVE,
    OPEN,
    SIGNED,
    Contract,
    Every,
    Kind,
    Proration,
    State,
)
from maillage.apps.contracts.models.money import ChargedPeriod, Deposit, DepositMovement, Movement
from maillage.apps.contracts.models.signing import Event, KeptSeat, Paper, Side, Signature
from maillage.apps.contracts.models.wording import Approval, HouseRules, Wording

__all__ = [
    "ENDED",
    "LIVE",
    "OPEN",
    "SIGNED",
    "Approval",
    "ChargedPeriod",
    "Contract",
    "Deposit",
    "DepositMovement",
    "Event",
    "Every",
    "HouseRules",
    "KeptSeat",
    "Kind",
    "Movement",
    "Paper",
    "Proration",
    "Side",
    "Signature",
    "State",
    "Wording",
]
