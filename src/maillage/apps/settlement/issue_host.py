"""Issue the statement of a shop for a quarter: once, numbered, its PDF frozen."""

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer, Sale
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import Organisation
from maillage.apps.settlement import host_share, host_words
from maillage.apps.settlement.host_share import Share
from maillage.apps.settlement.models import HostAgreement, HostCharge, HostStatement
from maillage.apps.settlement.quarters import A_DAY
from maillage.kit import files
from maillage.kit.refusal import Refusal

PDF = "releve.pdf"
LABEL = "Part du commerce hôte, {first} au {last}"


class QuarterNotOver(Refusal):
    """A quarter is shared once its days are past."""

    sentence = _("Ce trimestre finit le {day}. Émettez son relevé à partir du lendemain.")


class NothingDue(Refusal):
    """The agreement ended before."""

    sentence = _("La convention ne couvre aucun jour de ce trimestre. Il n’y a rien à reverser.")


class ChangedMeanwhile(Refusal):
    """What was read is not what would be issued."""

    sentence = _("Les recettes ont changé depuis cet aperçu. Relisez-le, puis émettez.")


def issue(agreement: HostAgreement, *, shown: str, by: int | None, at: datetime) -> HostStatement:
    """The next statement of an agreement.

    shown  the digest of the share that the person read
    """
    folder = f"settlement/{uuid.uuid4().hex}"
    with transaction.atomic():
        # the collector's row is the lock of its numbers
        collector = Organisation.objects.select_for_update(no_key=True).get(
            pk=agreement.collector_id
        )
        held = (
            HostAgreement.objects.select_for_update(of=("self",))
            .select_related("site", "shop", "collector")
            .get(pk=agreement.pk)
        )
        share = _share(held, shown, at)
        n = HostStatement.objects.filter(collector=collector).count() + 1
        made = HostStatement(
            agreement=held,
            collector=collector,
            n=n,
            number=f"REL-{share.quarter.year}-{n:06d}",
            charge=_charge(held, share, at),
            folder=folder,
            by=by,
            at=at,
            **{k: v for k, v in vars(share).items() if k != "charges"},
        )
        made.files = files.write_folder(folder, {PDF: host_words.pdf(made, at)})
        made.save(force_insert=True)
        HostCharge.objects.bulk_create(
            HostCharge(statement=made, charge_id=pk) for pk in share.charges
        )
        record(
            "host.issue", ("host_statement", made.pk), by=by, at=at, scope=held.site.scopes[0],
            number=made.number, due_cents=made.due_cents,
        )  # fmt: skip
    return made


def _share(agreement: HostAgreement, shown: str, at: datetime) -> Share:
    quarter = host_share.next_due(agreement)
    if not host_share.is_owed(agreement, quarter):
        raise NothingDue
    share = host_share.read(agreement, quarter)
    if not is_over(share.last, agreement.site.zone, at):
        raise QuarterNotOver(day=f"{share.last:%d/%m/%Y}")
    if share.digest != shown:
        raise ChangedMeanwhile
    return share


def is_over(last: date, zone: str, at: datetime) -> bool:
    """Whether the last day of a time is past, where the site is."""
    return at.astimezone(ZoneInfo(zone)).date() > last


def _charge(agreement: HostAgreement, share: Share, at: datetime) -> Charge | None:
    """What the shop sells to the collector, when he invoices in its name."""
    if not agreement.is_self_billed or not share.due_cents:
        return None
    zone = ZoneInfo(agreement.site.zone)
    sale = Sale(
        agreement.shop_id,
        Payer(organisation_id=agreement.collector_id),
        None,
        agreement.shop.scopes[0],
        ("host_statement", f"{agreement.pk}:{share.quarter:%Y-%m}"),
    )
    line = ledger.Line(
        label=LABEL.format(first=f"{share.first:%d/%m/%Y}", last=f"{share.last:%d/%m/%Y}"),
        begins=datetime.combine(share.first, time(), zone),
        ends=datetime.combine(share.last + A_DAY, time(), zone),
        quantity=Decimal(1),
        unit="quarter",
        unit_cents=share.due_cents,
        amount_cents=share.due_cents,
        includes_tax=False,
        vat_rate_bp=agreement.vat_rate_bp,
        why={"reference": agreement.reference},
    )
    return ledger.charge(sale, [line], at=at)[0]
