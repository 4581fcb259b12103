"""Hand a file of the accounts over: said in the journal with its fingerprint."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.accounts.books import BY_KEY, Made, Span
from maillage.apps.billing.models import BillingProfile, Channel
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.core.bad_input import BadInput
from maillage.kit.refusal import Refusal
from maillage.report import refusals


class NoProfile(Refusal):
    """A body that has no billing profile has no accounts here."""

    sentence = _(
        "{name} n’a pas encore de profil de facturation, donc aucun compte à exporter. "
        "Renseignez d’abord son profil."
    )


class NotForThisBody(Refusal):
    """Some files belong to private accounting, some to public accounting."""

    sentence = _("Ce fichier ne concerne pas {name}. {why}")


class CannotBeWritten(Refusal):
    """A file that its own rules refuse is not handed over."""

    sentence = "{why}"


class BadSpan(Refusal):
    """A period has a first day and a later last one."""

    sentence = _("Le dernier mois vient avant le premier. Inversez-les.")
    status = 422


WHY_NOT = {
    Channel.PUBLIC: _(
        "Les comptes d’une collectivité sont tenus par son comptable public : exportez la liste "
        "des titres."
    ),
    Channel.PRIVATE: _(
        "Seule une collectivité émet des titres : exportez les écritures comptables."
    ),
    Channel.SHOP: _(
        "Un commerce hôte est payé sur relevé et tient ses propres comptes : exportez le journal "
        "des ventes."
    ),
}


def export(body: Organisation, key: str, span: Span, *, by: int | None, at: datetime) -> Made:
    """One file of the accounts of a body for some days: the same days give the same bytes."""
    if span.last < span.first:
        raise BadSpan
    profile = BillingProfile.objects.select_related("operator").filter(operator=body).first()
    if profile is None:
        raise NoProfile(name=body.name)
    book = BY_KEY[key]
    if profile.channel not in book.channels:
        raise NotForThisBody(name=body.name, why=WHY_NOT[Channel(profile.channel)])
    with transaction.atomic():
        try:
            made = book.write(profile, span)
        except BadInput as bad:
            raise CannotBeWritten(why=refusals.sentence(bad)) from bad
        record(
            "accounts.export",
            ("organisation", body.pk),
            by=by,
            at=at,
            scope=body.scopes[0],
            file=made.name,
            first=span.first.isoformat(),
            last=span.last.isoformat(),
            rows=made.rows,
            sha256=hashlib.sha256(made.content).hexdigest(),
        )
    return made
