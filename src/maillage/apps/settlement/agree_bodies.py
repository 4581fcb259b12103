"""Two bodies agree on what each other's members cost; they end it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.apps.settlement.models import BodyAgreement, PairSettlement
from maillage.apps.settlement.pair_month import in_order
from maillage.kit.refusal import Refusal


class PairAlreadyAgreed(Refusal):
    """One rule at a time."""

    sentence = _(
        "Ces deux organismes ont déjà un accord à cette date. Mettez-y fin avant le nouveau."
    )


class WithItself(Refusal):
    """A body settles nothing with itself."""

    sentence = _("Choisissez deux organismes différents.")


class PairAlreadyEnded(Refusal):
    """Once is enough."""

    sentence = _("Cet accord a déjà une fin. Relisez sa ligne.")


class MonthAlreadySettled(Refusal):
    """What is frozen stays."""

    sentence = _("Le mois {month} est déjà arrêté. Choisissez une fin plus tard.")


@dataclass(frozen=True)
class Terms:
    """What is agreed, see `BodyAgreement`; `starts_on` is the first day of a month."""

    rule: str
    starts_on: date
    reference: str
    share_bp: int | None = None
    half_day_cents: int | None = None
    vat_rate_bp: int = 0


def agree(
    one: Organisation, other: Organisation, terms: Terms, *, by: int | None, at: datetime
) -> BodyAgreement:
    """Both ways alike, from a month on."""
    if one.pk == other.pk:
        raise WithItself
    first, second = in_order(one.pk, other.pk)
    with transaction.atomic():
        # both rows, in order: two agreements of a pair wait for each other
        list(Organisation.objects.select_for_update(no_key=True).filter(
            pk__in=(first, second)).order_by("pk"))  # fmt: skip
        later = Q(ends_on=None) | Q(ends_on__gt=terms.starts_on)
        if BodyAgreement.objects.filter(later, first_body=first, second_body=second).exists():
            raise PairAlreadyAgreed
        made = BodyAgreement.objects.create(
            first_body_id=first,
            second_body_id=second,
            by=by,
            at=at,
            **vars(terms) | {"starts_on": terms.starts_on.replace(day=1)},
        )
        record(
            "pair.agree", ("body_agreement", made.pk), by=by, at=at, scope=one.scopes[0],
            rule=terms.rule, reference=terms.reference,
        )  # fmt: skip
    return made


def end(agreement: BodyAgreement, on: date, *, by: int | None, at: datetime) -> BodyAgreement:
    """`on` is the first day of the first month without it."""
    month = on.replace(day=1)
    with transaction.atomic():
        held = BodyAgreement.objects.select_for_update().get(pk=agreement.pk)
        if held.ends_on is not None:
            raise PairAlreadyEnded
        settled = PairSettlement.objects.filter(agreement=held, month__gte=month)
        last = settled.order_by("-month").first()
        if last is not None or month <= held.starts_on:
            said = last.month if last else held.starts_on
            raise MonthAlreadySettled(month=f"{said:%m/%Y}")
        held.ends_on = month
        held.save(update_fields=["ends_on"])
        record(
            "pair.end", ("body_agreement", held.pk), by=by, at=at,
            scope=agreement.first_body.scopes[0], ends_on=month.isoformat(),
        )  # fmt: skip
    return held
