"""Forget who signed once a contract is over since long: the figures stay, in the ledger."""

from datetime import date, datetime
from functools import partial

from django.db import transaction

from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held
from maillage.apps.contracts.models import Contract, Signature, State
from maillage.core import programme
from maillage.kit import files

# C. civ., art. 2224: five years to claim
KEPT_MONTHS = 60
# what was never signed proves nothing for long
UNSIGNED_KEPT_MONTHS = 12
NOBODY = "Personne oubliée"


def forget_old(*, at: datetime) -> int:
    """Remove names, addresses and documents of what is over since long; how many contracts."""
    long_ago = programme.after(at.date(), -KEPT_MONTHS)
    year_ago = programme.after(at.date(), -UNSIGNED_KEPT_MONTHS)
    over = Contract.objects.exclude(signatory_name=NOBODY)
    rows = over.filter(state=State.ENDED, ends_on__lte=long_ago) | over.filter(
        state__in=(State.WITHDRAWN, State.REFUSED), created_at__date__lte=year_ago
    )
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    return sum(_forget(pk, at, year_ago) for pk in pks)


@transaction.atomic
def _forget(pk: int, at: datetime, year_ago: date) -> bool:
    row = held(Contract(pk=pk))
    last = row.events.order_by("-number").first()
    if row.state != State.ENDED and last is not None and last.at.date() > year_ago:
        return False
    row.signatory_name, row.signatory_email = NOBODY, "personne@invalid"
    row.party_address = row.signatory_title = row.end_reason = row.particulars = ""
    row.save()
    Signature.objects.filter(contract=row).update(
        name=NOBODY, email="", person=None, user_agent="", address_hash="", refusal=""
    )
    Signature.objects.filter(contract=row).exclude(typed_name="").update(typed_name=NOBODY)
    for paper in list(row.papers.all()):
        folder, name = paper.folder, paper.name
        paper.delete()
        transaction.on_commit(partial(files.remove_folder, folder, [name]))
    note("forget", row, by=None, at=at)
    return True
