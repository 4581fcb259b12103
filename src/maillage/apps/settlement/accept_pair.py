"""Accept a month between two bodies; it is frozen and charged when both accepted the same."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer, Sale
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import Organisation
from maillage.apps.settlement import pair_month
from maillage.apps.settlement.models import (
    BodyAgreement,
    PairAcceptance,
    PairLine,
    PairSettlement,
    SettledUse,
)
from maillage.apps.settlement.pair_month import Month, Pair
from maillage.core import programme
from maillage.core.periods import PARIS
from maillage.kit.refusal import Refusal

# after the month; a body that is owed may then close without the other's word
SILENCE = timedelta(days=15)
ORIGIN = "pair_settlement"


class MonthNotOver(Refusal):
    """A month is settled once its days are past."""

    sentence = _("Ce mois n’est pas fini. Revenez à partir du {day}.")


class NothingToSettle(Refusal):
    """No use, or already frozen."""

    sentence = _("Il n’y a rien à régler pour ce mois entre ces organismes, ou c’est déjà arrêté.")


class NoAgreement(Refusal):
    """Nothing says what is owed."""

    sentence = _("Aucun accord ne dit ce que valent ces journées. Notez l’accord, puis acceptez.")


class UsesChanged(Refusal):
    """What was read is not what would be accepted."""

    sentence = _("Des journées ont changé depuis cet aperçu. Relisez-le, puis acceptez.")


class EarlierMonthFirst(Refusal):
    """Months are settled in order."""

    sentence = _("Le mois {month} n’est pas encore réglé. Commencez par lui.")


class NotYourMoney(Refusal):
    """Whoever owes does not close alone."""

    sentence = _("Seul l’organisme à qui l’on doit peut arrêter seul. Acceptez le mois.")


class StillTime(Refusal):
    """The other body has a fortnight."""

    sentence = _(
        "L’autre organisme peut encore répondre. Vous pourrez arrêter seul à partir du {day}."
    )


@dataclass(frozen=True)
class Asked:
    """Which month of which pair, in whose name, and the digest of what was read."""

    month: date
    pair: Pair
    body_id: int
    shown: str


def accept(asked: Asked, *, by: int | None, at: datetime) -> PairSettlement | None:
    """In the name of one of the two; the settlement once both accepted what is there now."""
    with transaction.atomic():
        month = _locked(asked, at)
        PairAcceptance.objects.update_or_create(
            month=asked.month,
            first_body_id=asked.pair[0],
            second_body_id=asked.pair[1],
            body_id=asked.body_id,
            defaults={"digest": month.digest, "by": by, "at": at},
        )
        body = Organisation.objects.get(pk=asked.body_id)
        record(
            "pair.accept", (ORIGIN, _key(asked)), by=by, at=at, scope=body.scopes[0],
            body=asked.body_id, net_cents=month.net_cents,
        )  # fmt: skip
        said = PairAcceptance.objects.filter(
            month=asked.month, first_body=asked.pair[0], second_body=asked.pair[1],
            digest=month.digest,
        ).count()  # fmt: skip
        return _freeze(asked, month, by, at) if said == len(asked.pair) else None


def close_alone(asked: Asked, *, by: int | None, at: datetime) -> PairSettlement:
    """By the body that is owed, when the other said nothing for a fortnight."""
    with transaction.atomic():
        month = _locked(asked, at)
        owed = asked.pair[0] if month.net_cents > 0 else asked.pair[1]
        if month.net_cents and owed != asked.body_id:
            raise NotYourMoney
        opens = programme.after(asked.month, 1) + SILENCE
        if at.astimezone(PARIS).date() < opens:
            raise StillTime(day=f"{opens:%d/%m/%Y}")
        return _freeze(asked, month, by, at, is_closed_alone=True)


def _locked(asked: Asked, at: datetime) -> Month:
    """What is there now, under the lock of the agreement: it is what was read, and settles."""
    follows = programme.after(asked.month, 1)
    if at.astimezone(PARIS).date() < follows:
        raise MonthNotOver(day=f"{follows:%d/%m/%Y}")
    first, second = asked.pair
    list(
        BodyAgreement.objects.select_for_update()
        .filter(first_body=first, second_body=second)
        .order_by("pk")
    )
    month = pair_month.of_pair(asked.month, asked.pair)
    if month is None:
        raise NothingToSettle
    if month.agreement_id is None:
        raise NoAgreement
    before = pair_month.before_it(asked.month, asked.pair)
    if before is not None:
        raise EarlierMonthFirst(month=f"{before:%m/%Y}")
    if month.digest != asked.shown:
        raise UsesChanged
    return month


def _freeze(
    asked: Asked, month: Month, by: int | None, at: datetime, *, is_closed_alone: bool = False
) -> PairSettlement:
    agreement = BodyAgreement.objects.select_related("first_body", "second_body").get(
        pk=month.agreement_id or 0
    )
    made = PairSettlement.objects.create(
        agreement=agreement,
        month=month.month,
        first_body=agreement.first_body,
        second_body=agreement.second_body,
        net_cents=month.net_cents,
        digest=month.digest,
        is_closed_alone=is_closed_alone,
        charge=_charge(agreement, month, at),
        by=by,
        at=at,
    )
    for way in month.ways:
        line = PairLine.objects.create(
            settlement=made, **{k: v for k, v in vars(way).items() if k != "uses"}
        )
        SettledUse.objects.bulk_create(SettledUse(use_id=pk, line=line) for pk in way.uses)
    record(
        "pair.freeze", (ORIGIN, _key(asked)), by=by, at=at,
        scope=agreement.first_body.scopes[0], net_cents=made.net_cents, alone=is_closed_alone,
    )  # fmt: skip
    return made


def _charge(agreement: BodyAgreement, month: Month, at: datetime) -> Charge | None:
    """Of the body that is owed to the other, tax included."""
    if not month.net_cents:
        return None
    owed, owing = agreement.first_body, agreement.second_body
    if month.net_cents < 0:
        owed, owing = owing, owed
    cents = abs(month.net_cents)
    sale = Sale(
        owed.pk,
        Payer(organisation_id=owing.pk),
        None,
        owed.scopes[0],
        (ORIGIN, f"{month.first_id}-{month.second_id}-{month.month:%Y-%m}"),
    )
    line = ledger.Line(
        label=f"Accueil des abonnés de {owing.name}, {month.month:%m/%Y}, net"[:200],
        begins=datetime.combine(month.month, time(), PARIS),
        ends=datetime.combine(programme.after(month.month, 1), time(), PARIS),
        quantity=Decimal(1),
        unit="month",
        unit_cents=cents,
        amount_cents=cents,
        includes_tax=True,
        vat_rate_bp=agreement.vat_rate_bp,
        why={"reference": agreement.reference, "rule": agreement.rule},
    )
    return ledger.charge(sale, [line], at=at)[0]


def _key(asked: Asked) -> str:
    return f"{asked.pair[0]}-{asked.pair[1]}-{asked.month:%Y-%m}"
