"""Money that comes in: receipts, mandates and debits, the bank, reminders, the public till."""

from maillage.apps.collecting.models.bank import BankLine, BankStatement, LineState
from maillage.apps.collecting.models.debits import (
    BatchState,
    Debit,
    DebitBatch,
    DebitState,
    Mandate,
    SignedHow,
)
from maillage.apps.collecting.models.means import Means, MeansKind
from maillage.apps.collecting.models.online import (
    OnlinePayment,
    PaymentState,
    Provider,
    ProviderEvent,
)
from maillage.apps.collecting.models.public import (
    PortalState,
    RevenueBatch,
    TillClosing,
    TillDeposit,
    Transmission,
)
from maillage.apps.collecting.models.receipts import Allocation, Receipt
from maillage.apps.collecting.models.reminders import (
    STEPS,
    Decision,
    Outcome,
    Pause,
    PauseKind,
    Reminder,
    ReminderText,
)

__all__ = [
    "STEPS",
    "Allocation",
    "BankLine",
    "BankStatement",
    "BatchState",
    "Debit",
    "DebitBatch",
    "DebitState",
    "Decision",
    "LineState",
    "Mandate",
    "Means",
    "MeansKind",
    "OnlinePayment",
    "Outcome",
    "Pause",
    "PauseKind",
    "PaymentState",
    "PortalState",
    "Provider",
    "ProviderEvent",
    "Receipt",
    "Reminder",
    "ReminderText",
    "RevenueBatch",
    "SignedHow",
    "TillClosing",
    "TillDeposit",
    "Transmission",
]
