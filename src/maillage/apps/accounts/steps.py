"""The month of a body as a checklist: what is done, what is left, where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from maillage.apps.billing.closed import is_closed, month_name, next_month
from maillage.apps.billing.models import Document, DocumentKind, Outcome, Run
from maillage.apps.billing.preview import Preview, preview
from maillage.apps.people.models import Organisation
from maillage.report import french

CENTS = 100
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
    """Whose month, as it stands on a day; `month` is its first day."""

    body: Organisation
    month: date
    today: date

    @property
    def ends(self) -> date:
        """The first day after the month."""
        return next_month(self.month)


def of_month(asked: Asked) -> list[Step]:
    """Every step, in the order in which a month is done."""
    seen = preview(asked.body, asked.month, today=asked.today)
    before = [_to_invoice(seen), _issued(asked), _anomalies(asked, seen)]
    others = [step(asked) for step in OF_OTHERS]
    return [*before, *others, _closing(asked)]


def left(steps: list[Step]) -> list[Step]:
    """What is to be done before the month is closed."""
    return [one for one in steps if one.state == TO_DO and one.key != "closing"]


OF_OTHERS: tuple[Callable[[Asked], Step], ...] = ()


def _to_invoice(seen: Preview) -> Step:
    title = _("Ventes à facturer")
    if seen.ready:
        said = _("{payers} : {gross} TTC à émettre.").format(
            payers=_payers(len(seen.ready)), gross=euros(seen.cents("gross"))
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
        f"{french.count(one['n'], *words)}, {euros(one['gross'])} TTC"
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


def _closing(asked: Asked) -> Step:
    title = _("Clôture")
    if is_closed(asked.body, asked.month):
        return Step("closing", title, DONE, _("Le mois est clôturé : rien ne peut plus y changer."))
    if asked.today < asked.ends:
        said = _("À partir du {day}.").format(day=french.day(asked.ends))
        return Step("closing", title, NOTHING, said)
    said = _("{month} peut être clôturé.").format(month=month_name(asked.month).capitalize())
    return Step("closing", title, TO_DO, said)


def euros(cents: int) -> str:
    """« 4 812,60 € »."""
    return french.euros(cents / CENTS)
