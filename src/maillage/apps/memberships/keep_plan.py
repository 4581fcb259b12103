"""What an operator sells in advance: enter a plan, correct it until it is sold, withdraw it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.memberships.models import Carnet, Plan, PlanQuota, Subscription, TicketRate
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Quota:
    """So many units a month of some kinds of spaces; None: as many as wanted."""

    space_kinds: tuple[str, ...]
    unit: str
    units: int | None


@dataclass(frozen=True)
class Rate:
    """So many tickets for one unit of a kind of spaces."""

    space_kind: str
    unit: str
    tickets: int


@dataclass(frozen=True)
class Terms:
    """The columns of a plan, see `Plan`."""

    kind: str
    name: str
    price_cents: int
    vat_rate_bp: int
    deliberation_ref: str
    sold_from: date
    includes_tax: bool = True
    every: str = ""
    notice_days: int = 15
    tickets: int | None = None
    validity_months: int | None = None


@dataclass(frozen=True)
class Gives:
    """What a plan gives, and where; no site: all those its operator sells for."""

    quotas: Sequence[Quota] = field(default_factory=tuple)
    rates: Sequence[Rate] = field(default_factory=tuple)
    site_ids: Sequence[int] = field(default_factory=tuple)


class GivesNothing(Refusal):
    """A plan is bought for something."""

    sentence = _("Cette formule ne donne droit à rien. Indiquez au moins un espace.")


class NameTaken(Refusal):
    """Two plans of one name are not told apart."""

    sentence = _("Une formule vendue porte déjà ce nom. Retirez-la de la vente, ou changez de nom.")


class AlreadySold(Refusal):
    """Those who bought it keep what they bought."""

    sentence = _(
        "Cette formule est déjà vendue : elle ne change plus. "
        "Retirez-la de la vente, puis créez la nouvelle."
    )


class AlreadyWithdrawn(Refusal):
    """It is no longer sold."""

    sentence = _("Cette formule n’est plus vendue. Créez-en une nouvelle.")


def enter(
    operator: Organisation, terms: Terms, gives: Gives, *, by: int | None, at: datetime
) -> Plan:
    """A new plan, on sale from its day on."""
    _refuse_empty(gives)
    with transaction.atomic():
        _refuse_double(operator, terms.name)
        made = Plan.objects.create(operator=operator, **asdict(terms))
        _give(made, gives)
        _record("plan.enter", made, by, at)
    return made


def correct(plan: Plan, terms: Terms, gives: Gives, *, by: int, at: datetime) -> Plan:
    """Change a plan that nobody bought."""
    _refuse_empty(gives)
    with transaction.atomic():
        held = _held(plan)
        if is_sold(held):
            raise AlreadySold
        _refuse_double(held.operator, terms.name, besides=held.pk)
        for name, value in asdict(terms).items():
            setattr(held, name, value)
        held.version += 1
        held.save()
        held.quotas.all().delete()
        held.rates.all().delete()
        _give(held, gives)
        _record("plan.correct", held, by, at)
    return held


def withdraw(plan: Plan, *, on: date, by: int, at: datetime) -> Plan:
    """From a day on nobody buys it nor renews it; what was bought goes on to its end."""
    with transaction.atomic():
        held = _held(plan)
        if held.sold_until is not None:
            raise AlreadyWithdrawn
        held.sold_until = max(on, held.sold_from)
        held.version += 1
        held.save()
        _record("plan.withdraw", held, by, at)
    return held


def is_sold(plan: Plan) -> bool:
    """Whether somebody bought it."""
    sold = (Subscription.objects.filter(plan=plan), Carnet.objects.filter(plan=plan))
    return any(rows.exists() for rows in sold)


def _give(plan: Plan, gives: Gives) -> None:
    PlanQuota.objects.bulk_create(
        PlanQuota(plan=plan, space_kinds=list(q.space_kinds), unit=q.unit, units=q.units)
        for q in gives.quotas
    )
    TicketRate.objects.bulk_create(TicketRate(plan=plan, **asdict(r)) for r in gives.rates)
    plan.sites.set(gives.site_ids)


def _refuse_empty(gives: Gives) -> None:
    if not gives.quotas and not gives.rates:
        raise GivesNothing


def _refuse_double(operator: Organisation, name: str, besides: int = 0) -> None:
    Organisation.objects.select_for_update().get(pk=operator.pk)
    same = Plan.objects.filter(operator=operator, name=name, sold_until=None)
    if same.exclude(pk=besides).exists():
        raise NameTaken


def _held(plan: Plan) -> Plan:
    rows = Plan.objects.select_related("operator").select_for_update(of=("self",))
    return rows.get(pk=plan.pk)


def _record(act: str, plan: Plan, by: int | None, at: datetime) -> None:
    record(act, ("plan", plan.pk), by=by, at=at, scope=plan.scopes[0])
