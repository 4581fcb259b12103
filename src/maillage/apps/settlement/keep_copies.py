"""Say what a page costs from a day on, and whose a code of the copier is."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.ledger.charge import Payer
from maillage.apps.settlement.import_copies import charge_lines
from maillage.apps.settlement.models import CopyCode, CopyLine, CopyPrice, ImportState
from maillage.apps.sites.models import Site
from maillage.kit.refusal import Refusal


class PriceOfThatDay(Refusal):
    """A price begins once."""

    sentence = _("Un prix commence déjà ce jour-là. Choisissez un autre premier jour.")


@dataclass(frozen=True)
class PagePrice:
    """See `CopyPrice`."""

    starts_on: date
    mono_cents: int
    colour_cents: int
    vat_rate_bp: int


def set_price(site: Site, price: PagePrice, *, by: int | None, at: datetime) -> CopyPrice:
    """What is already charged keeps its price."""
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        if CopyPrice.objects.filter(site=site, starts_on=price.starts_on).exists():
            raise PriceOfThatDay
        made = CopyPrice.objects.create(site=site, by=by, at=at, **vars(price))
        record("copies.price", ("site", site.pk), by=by, at=at, scope=site.scopes[0])
    return made


def match(site: Site, code: str, payer: Payer, *, by: int | None, at: datetime) -> int:
    """Whose a code is from now on; its lines that waited are charged, how many."""
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        CopyCode.objects.update_or_create(
            site=site,
            code=code,
            defaults={
                "user_id": payer.person_id,
                "payer_person_id": payer.person_id,
                "payer_organisation_id": payer.organisation_id,
                "by": by,
                "at": at,
            },
        )
        waiting = CopyLine.objects.select_for_update(of=("self",)).filter(
            of__site=site, of__state=ImportState.DONE, code=code, charged_at=None
        )
        charged = charge_lines(site, waiting.order_by("pk"), at=at)
        record(
            "copies.match", ("site", site.pk), by=by, at=at, scope=site.scopes[0],
            charged=charged,
        )  # fmt: skip
    return charged
