"""The month of a body as a checklist: what is done, what is left, where it is done."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from maillage.apps.billing.closed import last_closed
from maillage.apps.billing.models import Document, DocumentKind, Outcome, Run
from maillage.apps.billing.preview import Preview, preview
from maillage.apps.collecting import balance, remind
from maillage.apps.collecting.models import Allocation, BankLine, LineState, Receipt
from maillage.apps.people.models import Organisation
from maillage.apps.settlement import host_share, pair_month
from maillage.apps.settlement.models import HostAgreement
from maillage.apps.settlement.quarters import last_of, next_quarter, quarter_of
from maillage.core.periods import PARIS, next_month
from maillage.report import french, moments

DONE, TO_DO, NOTHING = "done", "to_do", "nothing"


@dataclass(frozen=True)
class Step:
    """One line of the checklist.

    state  DONE, TO_DO, or NOTHING to do that month
    says   where it stands, in a sentence
    """

    key: str
    title: str
    state: str
    says: str


@dataclass(frozen=True)
class Asked:
    """Whose month, as it stands at an instant; `month` is its first day."""

    body: Organisation
    month: date
    at: datetime

    @property
    def today(self) -> date:
        """In Paris."""
        return self.at.astimezone(PARIS).date()

    @property
    def ends(self) -> date:
        """The first day after the month."""
        return next_month(self.month)


def of_month(asked: Asked) -> list[Step]:
    """Every step, in the order in which a month is done."""
    seen = preview(asked.body, asked.month, today=asked.today)
    before = [_to_invoice(seen), _issued(asked), _anomalies(asked, seen)]
    return [
        *before,
        _bank(asked),
        _ahead(asked),
        _reminders(asked),
        _shared(asked),
        _closing(asked),
    ]


def is_closed(body: Organisation, month: date) -> bool:
    """Whether a month is frozen."""
    last = last_closed(body)
    return last is not None and month <= last


def left(steps: list[Step]) -> list[Step]:
    """What is to be done before the month is closed."""
    return [one for one in steps if one.state == TO_DO and one.key != "closing"]


def _to_invoice(seen: Preview) -> Step:
    title = _("Ventes à facturer")
    if seen.ready:
        said = _("{payers} : {gross} TTC à émettre.").format(
            payers=_payers(len(seen.ready)), gross=french.cents(seen.cents("gross"))
        )
        return Step("to_invoice", title, TO_DO, said)
    if seen.anomalies:
        return Step("to_invoice", title, TO_DO, _("Rien ne peut être émis avant les corrections."))
    return Step("to_invoice", title, DONE, _("Tout ce qui a été vendu est facturé."))


def _payers(count: int) -> str:
    return french.count(count, "payeur", "payeurs")


def _issued(asked: Asked) -> Step:
    rows = Document.objects.filter(operator=asked.body, month=asked.month)
    found = {
        one["kind"]: one
        for one in rows.values("kind").annotate(n=Count("pk"), gross=Sum("gross_cents")).order_by()
    }
    title = _("Factures et avoirs")
    if not found:
        return Step("issued", title, NOTHING, _("Aucun document émis pour ce mois."))
    said = [
        f"{french.count(one['n'], *words)}, {french.cents(one['gross'])} TTC"
        for kind, words in (
            (DocumentKind.INVOICE, ("facture", "factures")),
            (DocumentKind.CREDIT_NOTE, ("avoir", "avoirs")),
        )
        if (one := found.get(kind))
    ]
    return Step("issued", title, DONE, f"{' ; '.join(said)}.")


def _anomalies(asked: Asked, seen: Preview) -> Step:
    """What the preview refuses, and what the last run could not issue."""
    title = _("Anomalies")
    last = Run.objects.filter(operator=asked.body, month=asked.month).order_by("-pk").first()
    failed = last.items.filter(outcome=Outcome.FAILED).count() if last else 0
    count = max(len(seen.anomalies), failed)
    if not count:
        return Step("anomalies", title, DONE, _("Aucune."))
    said = french.count(count, "facture à corriger", "factures à corriger")
    first = f" {seen.anomalies[0].sentence}" if seen.anomalies else ""
    return Step("anomalies", title, TO_DO, f"{said}.{first}")


def _bank(asked: Asked) -> Step:
    title = _("Relevés de banque")
    rows = BankLine.objects.filter(operator=asked.body, booked_on__lt=asked.ends)
    left = rows.filter(state=LineState.WAITING).count()
    if left:
        said = french.count(left, "mouvement à rapprocher", "mouvements à rapprocher")
        return Step("bank", title, TO_DO, f"{said}.")
    if not rows.filter(booked_on__gte=asked.month).exists():
        return Step("bank", title, NOTHING, _("Aucun relevé importé pour ce mois."))
    return Step("bank", title, DONE, _("Tous les mouvements du mois sont rapprochés."))


def _ahead(asked: Asked) -> Step:
    """Receipts of the month, and what of them pays no invoice."""
    title = _("Encaissements")
    rows = Receipt.objects.filter(
        operator=asked.body, received_on__gte=asked.month, received_on__lt=asked.ends
    )
    found = rows.aggregate(n=Count("pk"), total=Sum("amount_cents"))
    if not found["n"]:
        return Step("receipts", title, NOTHING, _("Aucun encaissement ce mois-ci."))
    paid = Allocation.objects.filter(receipt__in=rows).aggregate(total=Sum("amount_cents"))["total"]
    ahead = found["total"] - (paid or 0)
    count = french.count(found["n"], "encaissement")
    said = f"{count}, {french.cents(found['total'])}."
    if ahead > 0:
        kept = _("{ahead} ne paient encore aucune facture.").format(ahead=french.cents(ahead))
        return Step("receipts", title, TO_DO, f"{said} {kept}")
    return Step("receipts", title, DONE, said)


def _reminders(asked: Asked) -> Step:
    """Invoices due within the month that are still owed, and whose next reminder has come."""
    title = _("Relances")
    open_ = [one for one in balance.open_documents(asked.body) if one.document.due_on < asked.ends]
    if not open_:
        return Step("reminders", title, DONE, _("Aucune facture échue à cette date."))
    late = french.cents(sum(one.cents for one in open_))
    said = f"{french.count(len(open_), 'facture échue', 'factures échues')}, {late}."
    due = remind.due(asked.body, at=asked.at)
    if due:
        count = french.count(len(due), "relance part", "relances partent")
        return Step("reminders", title, TO_DO, f"{said} {count} {_('cette nuit')}.")
    return Step("reminders", title, DONE, f"{said} {_('Les relances dues sont parties.')}")


def _shared(asked: Asked) -> Step:
    """What other bodies and shops are owed, or owe, for the month."""
    title = _("Reversements")
    left = []
    months = [one for one in pair_month.read(asked.month) if asked.body.pk in one.pair]
    if months:
        left.append(french.count(len(months), "organisme", "organismes"))
    agreements = HostAgreement.objects.filter(collector=asked.body)
    shops = 0
    for one in agreements.annotate(last=Max("statements__quarter")):
        quarter = next_quarter(one.last) if one.last else quarter_of(one.starts_on)
        shops += host_share.is_owed(one, quarter) and last_of(quarter) < asked.ends
    if shops:
        left.append(french.count(shops, "commerce hôte", "commerces hôtes"))
    if left:
        said = _("À régler avec {who}.").format(who=french.listed(left))
        return Step("shared", title, TO_DO, said)
    return Step("shared", title, NOTHING, _("Rien à régler avec d’autres organismes."))


def _closing(asked: Asked) -> Step:
    title = _("Clôture")
    if is_closed(asked.body, asked.month):
        return Step("closing", title, DONE, _("Le mois est clôturé : rien ne peut plus y changer."))
    if asked.today < asked.ends:
        said = _("À partir du {day}.").format(day=french.day(asked.ends))
        return Step("closing", title, NOTHING, said)
    said = _("{month} peut être clôturé.").format(month=moments.month(asked.month).capitalize())
    return Step("closing", title, TO_DO, said)
