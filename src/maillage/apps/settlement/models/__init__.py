"""What bodies share and owe each other: shops, pairs of bodies, costs of a site, copies."""

from maillage.apps.settlement.models.copies import (
    CopyCode,
    CopyImport,
    CopyLine,
    CopyPrice,
    ImportState,
)
from maillage.apps.settlement.models.costs import (
    Basis,
    ChargedTransfer,
    CostItem,
    CostKey,
    CostKind,
    CostLine,
    CostPart,
    CostStatement,
    CostTransfer,
    CostWeight,
    ResourceKind,
    SiteResource,
)
from maillage.apps.settlement.models.hosts import (
    HostAgreement,
    HostCharge,
    HostPayment,
    HostStatement,
)
from maillage.apps.settlement.models.pairs import (
    BodyAgreement,
    PairAcceptance,
    PairLine,
    PairSettlement,
    Rule,
    SettledUse,
)

__all__ = [
    "Basis",
    "BodyAgreement",
    "ChargedTransfer",
    "CopyCode",
    "CopyImport",
    "CopyLine",
    "CopyPrice",
    "CostItem",
    "CostKey",
    "CostKind",
    "CostLine",
    "CostPart",
    "CostStatement",
    "CostTransfer",
    "CostWeight",
    "HostAgreement",
    "HostCharge",
    "HostPayment",
    "HostStatement",
    "ImportState",
    "PairAcceptance",
    "PairLine",
    "PairSettlement",
    "ResourceKind",
    "Rule",
    "SettledUse",
    "SiteResource",
]
