"""Agree with a shop on its share; end it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.apps.settlement.models import HostAgreement
from maillage.apps.sites.models import Site
from maillage.kit.refusal import Refusal


class AlreadyAgreed(Refusal):
    """A site gives one share."""

    sentence = _("« {site} » a déjà une convention à cette date. Mettez-y fin avant la nouvelle.")


class AgreedWithItself(Refusal):
    """Nobody shares with oneself."""

    sentence = _("{shop} encaisse déjà pour ce lieu : il n’y a rien à lui reverser.")


class EndsBeforeStatement(Refusal):
    """What was issued stays true."""

    sentence = _("Un relevé couvre déjà des jours jusqu’au {day}. Choisissez une fin plus tard.")


class AlreadyEnded(Refusal):
    """Once is enough."""

    sentence = _("Cette convention a déjà une fin. Relisez sa page.")


@dataclass(frozen=True)
class Terms:
    """What is agreed, see `HostAgreement`."""

    starts_on: date
    reference: str
    share_bp: int | None = None
    half_day_cents: int | None = None
    minimum_cents: int = 0
    mandated_on: date | None = None
    vat_rate_bp: int = 0
    iban: str = ""
    bic: str = ""


def agree(
    site: Site, shop: Organisation, terms: Terms, *, by: int | None, at: datetime
) -> HostAgreement:
    """From a day on; the collector of the site is the one who pays."""
    collector_id = site.collector_id or site.operator_id
    if collector_id is None or shop.pk == collector_id:
        raise AgreedWithItself(shop=shop.name)
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        later = Q(ends_on=None) | Q(ends_on__gt=terms.starts_on)
        if HostAgreement.objects.filter(later, site=site).exists():
            raise AlreadyAgreed(site=site.name)
        made = HostAgreement.objects.create(
            site=site,
            collector_id=collector_id,
            shop=shop,
            is_self_billed=terms.mandated_on is not None,
            by=by,
            at=at,
            **vars(terms),
        )
        record(
            "host.agree", ("host_agreement", made.pk), by=by, at=at, scope=site.scopes[0],
            reference=terms.reference,
        )  # fmt: skip
    return made


def end(agreement: HostAgreement, on: date, *, by: int | None, at: datetime) -> HostAgreement:
    """`on` is the first day without it."""
    with transaction.atomic():
        held = HostAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        if held.ends_on is not None:
            raise AlreadyEnded
        last = held.statements.order_by("-last").first()
        if last is not None and on <= last.last:
            raise EndsBeforeStatement(day=f"{last.last:%d/%m/%Y}")
        held.ends_on = max(on, held.starts_on)
        held.save(update_fields=["ends_on"])
        record(
            "host.end", ("host_agreement", held.pk), by=by, at=at,
            scope=agreement.site.scopes[0], ends_on=on.isoformat(),
        )  # fmt: skip
    return held
