"""The invoices of a month before they are issued: what is ready, what must be seen to first."""

from dataclasses import dataclass
from datetime import date, timedelta

from maillage.apps.billing import drafts, parties, set_profile, to_invoice
from maillage.apps.billing.drafts import Draft
from maillage.apps.billing.issue import MissingProfile, drafts_of, profile_of
from maillage.apps.billing.models import BillingProfile, Series
from maillage.apps.billing.numbers import Place, place
from maillage.apps.billing.parties import Buyer
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation
from maillage.core.periods import next_month
from maillage.kit.refusal import Refusal

PROFILE, PAYER, NOTHING = "profile", "payer", ""


@dataclass(frozen=True)
class Ready:
    """The documents of one payer."""

    buyer: Buyer
    drafts: tuple[Draft, ...]

    @property
    def lines(self) -> int:
        """How many lines they have."""
        return sum(len(one.totals.lines) for one in self.drafts)

    def cents(self, name: str) -> int:
        """Net, tax or gross: what is invoiced, less what is given back."""
        return sum(
            getattr(one.totals, f"{name}_cents") * (1 if one.corrects is None else -1)
            for one in self.drafts
        )


@dataclass(frozen=True)
class Anomaly:
    """What keeps an invoice, or all of them, from being issued.

    remedy  where it is put right: the profile, the payer's details, "" elsewhere
    """

    sentence: str
    remedy: str
    payer: Payer | None = None
    name: str = ""


@dataclass(frozen=True)
class Preview:
    """A month of an operator; `anomalies` without payer are the operator's own."""

    month: date
    profile: BillingProfile | None
    ready: tuple[Ready, ...]
    anomalies: tuple[Anomaly, ...]

    @property
    def may_issue(self) -> bool:
        """Whether something is ready, and the operator's own profile too."""
        return self.profile is not None and bool(self.ready)

    def cents(self, name: str) -> int:
        """Net, tax or gross of all that is ready."""
        return sum(one.cents(name) for one in self.ready)

    def count(self, kind: str) -> int:
        """How many documents of a kind are ready."""
        return sum(draft.kind == kind for one in self.ready for draft in one.drafts)


def until_of(month: date, today: date) -> date:
    """The first day left out: of the month after, or tomorrow while the month goes on."""
    return min(next_month(month), max(today + timedelta(days=1), month))


def preview(operator: Organisation, month: date, *, today: date) -> Preview:
    """What would be issued for a month, payer by payer; the same queries whatever their number.

    month  its first day
    """
    anomalies = []
    until = until_of(month, today)
    found = to_invoice.waiting(operator, until=until)
    described = parties.buyers(operator, [one.payer for one in found])
    try:
        profile = profile_of(operator)
    except MissingProfile as missing:
        return Preview(month, None, (), (Anomaly(str(missing), PROFILE),))
    warning = set_profile.vat_warning(profile)
    if warning:
        anomalies.append(Anomaly(warning, PROFILE))
    ready = []
    for one in found:
        buyer = described[one.payer]
        try:
            made = drafts_of(one, profile, buyer, until=until)
        except Refusal as refusal:
            remedy = NOTHING if isinstance(refusal, drafts.CannotBeTotalled) else PAYER
            anomalies.append(Anomaly(str(refusal), remedy, one.payer, buyer.party.name))
            continue
        ready.append(Ready(buyer, tuple(made)))
    ready.sort(key=lambda one: one.buyer.party.name.casefold())
    return Preview(month, profile, tuple(ready), tuple(anomalies))


def expected(seen: Preview, *, today: date) -> dict[str, tuple[Place, Place]]:
    """The first and the last number of each kind, if nobody else issues meanwhile."""
    if seen.profile is None:
        return {}
    rows = Series.objects.filter(operator=seen.profile.operator_id)
    found = {}
    for row in rows:
        count = seen.count(row.kind)
        if count:
            first = place(row, seen.profile, today=today)
            last = place(row, seen.profile, today=today, ahead=count - 1)
            found[row.kind] = (first, last)
    return found
