"""Receive a file of counters, import it as it was previewed, undo it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer, Sale
from maillage.apps.settlement.copies_plan import (
    Plan,
    UnreadableCounters,
    plan_of,
    price_on,
    prices_of,
)
from maillage.apps.settlement.models import (
    CopyCode,
    CopyImport,
    CopyLine,
    CopyPrice,
    ImportState,
)
from maillage.apps.settlement.quarters import A_DAY
from maillage.apps.settlement.rules import seller_of
from maillage.apps.sites.models import Site
from maillage.core.bad_input import BadInput
from maillage.core.sources import lines
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import Limit, count
from maillage.report import refusals

FILES = Limit("copy-files", 60, timedelta(hours=1))
NAME_MAX = 200
ORIGIN = "copies"
PAGE = "page"


class SameFile(Refusal):
    """Twice the same file would charge twice."""

    sentence = _("Ce fichier est déjà importé, le {day}. Envoyez le relevé suivant.")


class CountersHaveFaults(Refusal):
    """All or nothing."""

    sentence = _("Le fichier a encore des erreurs. Corrigez-le, puis envoyez-le de nouveau.")


class NotWaiting(Refusal):
    """The button was pressed twice."""

    sentence = _("Ce fichier est déjà importé, ou son import est annulé.")


class PlanChanged(Refusal):
    """What was read is not what would be done."""

    sentence = _("Les prix ou les codes ont changé depuis cet aperçu. Relisez-le, puis importez.")


class NothingToUndo(Refusal):
    """It is not there."""

    sentence = _("Cet import n’est pas fait, ou il est déjà annulé.")


class NobodySells(Refusal):
    """A site without a body charges nobody."""

    sentence = _("Aucun organisme n’encaisse pour ce lieu. Indiquez-le dans sa fiche.")


def receive(site: Site, name: str, data: bytes, *, by: int | None, at: datetime) -> CopyImport:
    """A file as it was sent, waiting for its preview to be confirmed."""
    count(FILES, str(by), at=at)
    sha256 = hashlib.sha256(data).hexdigest()
    _refuse_same(site, sha256)
    try:
        text = lines.text_of(name, data)
    except BadInput as fault:
        raise UnreadableCounters(why=refusals.for_page(refusals.sentence(fault))) from fault
    plan_of(site, name, text)
    return CopyImport.objects.create(
        site=site, name=name[:NAME_MAX], sha256=sha256, text=text, by=by, at=at
    )


def import_copies(of: CopyImport, *, shown: str, by: int | None, at: datetime) -> CopyImport:
    """Write every line, charge those whose payer is known.

    shown  the digest of the plan that the person read
    """
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=of.site_id)
        held = CopyImport.objects.select_for_update().get(pk=of.pk)
        if held.state != ImportState.WAITING:
            raise NotWaiting
        _refuse_same(site, held.sha256)
        plan = plan_of(site, held.name, held.text)
        _refuse(plan, shown)
        CopyLine.objects.bulk_create(CopyLine(of=held, **vars(one.counted)) for one in plan.lines)
        charged = charge_lines(site, held.lines.order_by("line"), at=at)
        held.state, held.text, held.done_at = ImportState.DONE, "", at
        held.save(update_fields=["state", "text", "done_at"])
        record(
            "copies.import", ("copy_import", held.pk), by=by, at=at, scope=site.scopes[0],
            lines=len(plan.lines), charged=charged,
        )  # fmt: skip
    return held


def undo(of: CopyImport, *, by: int | None, at: datetime) -> int:
    """Give back all that a file charged; the cents given back. It may then be sent again."""
    with transaction.atomic():
        held = CopyImport.objects.select_for_update().get(pk=of.pk)
        if held.state != ImportState.DONE:
            raise NothingToUndo
        back = sum(
            ledger.give_back(
                (ORIGIN, pk), kept_cents=0, label=f"Annulation des copies, {held.name}"[:200], at=at
            )[0]
            for pk in held.lines.exclude(charged_at=None).values_list("pk", flat=True)
        )
        held.state = ImportState.UNDONE
        held.save(update_fields=["state"])
        record(
            "copies.undo", ("copy_import", held.pk), by=by, at=at, scope=of.site.scopes[0],
            cents=back,
        )  # fmt: skip
    return back


def charge_lines(site: Site, rows: Iterable[CopyLine], *, at: datetime) -> int:
    """Charge the lines whose code is somebody's; how many. Inside the transaction of an act."""
    seller = seller_of(site)
    if seller is None:
        raise NobodySells
    codes = {one.code: one for one in CopyCode.objects.filter(site=site)}
    prices = prices_of(site)
    done = []
    for row in rows:
        code = codes.get(row.code)
        if code is None:
            continue
        price = price_on(prices, row.last_on)
        sale = Sale(
            seller,
            Payer(code.payer_person_id, code.payer_organisation_id),
            code.user_id,
            ("site", str(site.pk)),
            (ORIGIN, row.pk),
        )
        ledger.charge(sale, _lines(row, price, ZoneInfo(site.zone)), at=at)
        row.charged_at = at
        done.append(row)
    CopyLine.objects.bulk_update(done, ["charged_at"])
    return len(done)


def _lines(row: CopyLine, price: CopyPrice, zone: ZoneInfo) -> list[ledger.Line]:
    """One for each kind of pages that were printed."""
    span = f"{row.first_on:%d/%m/%Y} au {row.last_on:%d/%m/%Y}"
    return [
        ledger.Line(
            label=f"Copies {words}, {span}",
            begins=datetime.combine(row.first_on, time(), zone),
            ends=datetime.combine(row.last_on + A_DAY, time(), zone),
            quantity=Decimal(pages),
            unit=PAGE,
            unit_cents=cents,
            amount_cents=pages * cents,
            includes_tax=True,
            vat_rate_bp=price.vat_rate_bp,
            why={"code": row.code, "line": row.line},
        )
        for words, pages, cents in (
            ("noir et blanc", row.mono_pages, price.mono_cents),
            ("couleur", row.colour_pages, price.colour_cents),
        )
        if pages
    ]


def _refuse_same(site: Site, sha256: str) -> None:
    known = CopyImport.objects.filter(site=site, sha256=sha256, state=ImportState.DONE).first()
    if known is not None and known.done_at is not None:
        raise SameFile(day=f"{known.done_at:%d/%m/%Y}")


def _refuse(plan: Plan, shown: str) -> None:
    if plan.faults:
        raise CountersHaveFaults
    if plan.digest != shown:
        raise PlanChanged
