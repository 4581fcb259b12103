"""Pay an invoice online: begun here, ended by what the provider says when we ask it."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold
from maillage.apps.billing.models import BillingProfile, Channel, Document
from maillage.apps.collecting import balance
from maillage.apps.collecting.models import (
    MeansKind,
    OnlinePayment,
    PaymentState,
    Provider,
    ProviderEvent,
)
from maillage.apps.collecting.payfip import PayFip
from maillage.apps.collecting.providers import (
    Asked,
    Begun,
    Connector,
    ProviderDownError,
    ProviderRefusedError,
    credentials,
)
from maillage.apps.collecting.receive import Money, receive
from maillage.apps.collecting.stripe import Stripe
from maillage.apps.collecting.written_to import address_of
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal

# asked again for what nobody told about, then left to a human
UNKNOWN_AFTER = timedelta(minutes=30)
_MEANS = {Provider.STRIPE: MeansKind.CARD, Provider.PAYFIP: MeansKind.ONLINE}


class NotOnline(Refusal):
    """The operator has no account with a provider."""

    sentence = _("{name} ne reçoit pas de paiement en ligne. Payez par virement, ou au lieu.")


class NothingOwed(Refusal):
    """It was paid meanwhile."""

    sentence = _("La facture {number} est réglée : il n’y a rien à payer.")


class ProviderAway(Refusal):
    """The provider did not answer: nothing was taken."""

    sentence = _(
        "Le service de paiement ne répond pas. Rien n’a été débité : recommencez dans quelques "
        "minutes, ou payez par virement."
    )
    status = 503


def provider_of(operator: Organisation) -> str:
    """With whom one pays an operator online: PayFIP a public body, a card else; "" with nobody."""
    profile = BillingProfile.objects.filter(operator=operator).first()
    return _provider(profile) if profile else ""


def has_provider(profile: BillingProfile) -> bool:
    """Whether the operator of a profile is paid online."""
    return bool(_provider(profile))


def _provider(profile: BillingProfile) -> str:
    wanted = Provider.PAYFIP if profile.channel == Channel.PUBLIC else Provider.STRIPE
    return wanted.value if credentials(wanted, profile.siren) else ""


def begin(document: Document, *, by: int | None, at: datetime) -> str:
    """Begin to pay what an invoice owes; the address to go on at."""
    operator = document.operator
    provider = provider_of(operator)
    if not provider:
        raise NotOnline(name=operator.name)
    with transaction.atomic():
        hold(operator)
        owed = balance.owed_cents([document])[document.pk]
        if owed <= 0:
            raise NothingOwed(number=document.number)
        payment = OnlinePayment.objects.create(
            operator=operator,
            document=document,
            provider=provider,
            reference=f"M{document.pk}X{secrets.token_hex(6).upper()}",
            amount_cents=owed,
            begun_by=by,
            begun_at=at,
        )
        record(
            "collecting.online_begin", ("online_payment", payment.pk), by=by, at=at,
            scope=operator.scopes[0], document=document.pk, amount_cents=owed,
        )  # fmt: skip
    begun = _begun(payment, at)
    # kept before anybody is sent there: what it tells finds its payment
    OnlinePayment.objects.filter(pk=payment.pk).update(session=begun.session)
    return begun.href


def told(provider: str, event: str, session: str, *, kind: str, at: datetime) -> bool:
    """A provider tells that something happened to a session: counted once, then asked again.

    returns  whether it was new
    """
    payment = OnlinePayment.objects.filter(provider=provider, session=session).first()
    if payment is None:
        return False
    if ProviderEvent.objects.filter(provider=provider, event_id=event).exists():
        return False
    # asked before the event is kept: told again after an outage, it counts
    if settle(payment, at=at).state not in {PaymentState.PAID, PaymentState.FAILED}:
        # its name may come again with the outcome
        return False
    _made, is_new = ProviderEvent.objects.get_or_create(
        provider=provider, event_id=event, defaults={"kind": kind, "at": at}
    )
    return is_new


def settle(payment: OnlinePayment, *, at: datetime) -> OnlinePayment:
    """Ask the provider what became of a payment, and write it once; raises ProviderAway.

    Nothing that was told is believed: not the amount, not the outcome.
    """
    if not payment.session:
        return payment
    try:
        found = connector(payment, at).found(payment.session)
    except (ProviderDownError, ProviderRefusedError) as fault:
        OnlinePayment.objects.filter(pk=payment.pk, state=PaymentState.BEGUN).update(
            state=PaymentState.UNKNOWN
        )
        raise ProviderAway from fault
    with transaction.atomic():
        hold(payment.operator)
        held = OnlinePayment.objects.select_for_update(of=("self",)).select_related(
            "document__operator", "operator"
        ).get(pk=payment.pk)  # fmt: skip
        if held.state == PaymentState.PAID or not found.state:
            return held
        if found.state == PaymentState.PAID:
            # another amount is kept whole: what is too much becomes an avoir
            money = Money(
                balance.payer_of(held.document),
                _MEANS[Provider(held.provider)],
                found.amount_cents,
                at.date(),
                reference=held.session,
                documents=(held.document,),
            )
            held.receipt = receive(held.operator, money, by=None, at=at)
        held.state, held.told_at = found.state, at
        held.save(update_fields=["state", "told_at", "receipt"])
        record(
            "collecting.online_end", ("online_payment", held.pk), by=None, at=at,
            scope=held.scopes[0], state=held.state,
        )  # fmt: skip
    return held


def ask_again(*, at: datetime) -> int:
    """Ask for the payments that nobody told about; how many are still not known."""
    rows = OnlinePayment.objects.filter(
        state__in=(PaymentState.BEGUN, PaymentState.UNKNOWN), begun_at__lte=at - UNKNOWN_AFTER
    ).select_related("operator")
    unknown = 0
    for payment in rows.order_by("pk"):
        if not payment.session:
            # never answered: whoever began it was told so and paid nothing
            OnlinePayment.objects.filter(pk=payment.pk).update(state=PaymentState.FAILED)
            continue
        try:
            unknown += settle(payment, at=at).state not in {PaymentState.PAID, PaymentState.FAILED}
        except ProviderAway:
            unknown += 1
    return unknown


def connector(payment: OnlinePayment, at: datetime) -> Connector:
    """The provider of a payment, with the operator's credentials; raises NotOnline."""
    profile = BillingProfile.objects.get(operator=payment.operator)
    kept = credentials(payment.provider, profile.siren)
    if not kept:
        raise NotOnline(name=payment.operator.name)
    if payment.provider == Provider.STRIPE:
        return Stripe(settings.STRIPE_URL, kept["key"])
    return PayFip(settings.PAYFIP_URL, settings.PAYFIP_PAGE, kept["client"], kept["kind"], at.year)


def _begun(payment: OnlinePayment, at: datetime) -> Begun:
    document = payment.document
    asked = Asked(
        payment.reference,
        document.number,
        payment.amount_cents,
        address_of([document])[document.pk],
        settings.BASE_URL + reverse("payment_back", args=(payment.reference,)),
        settings.BASE_URL + reverse("payfip_told"),
    )
    try:
        return connector(payment, at).begin(asked)
    except (ProviderDownError, ProviderRefusedError) as fault:
        OnlinePayment.objects.filter(pk=payment.pk).update(state=PaymentState.FAILED)
        raise ProviderAway from fault
