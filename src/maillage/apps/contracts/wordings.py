"""What an operator writes of its own: articles, house rules, its approval; each a new version."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts.models import Approval, HouseRules, Wording
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.kit.refusal import Refusal
from maillage.report.contract_words import Article

MOST_ARTICLES = 30


class NoArticle(Refusal):
    """A contract says something."""

    sentence = _("Gardez au moins un article, avec un titre et un texte.")
    status = 422


class WrittenMeanwhile(Refusal):
    """Two people write the same text."""

    sentence = _(
        "Quelqu’un a écrit une autre version entre-temps. Copiez votre texte, relisez la page, "
        "puis recommencez."
    )


def adapt(
    operator: Organisation,
    kind: str,
    articles: Sequence[Article],
    *,
    version: int,
    by: int | None,
    at: datetime,
) -> Wording:
    """New articles for what is sent from now on; what was sent keeps its own.

    version  of the articles that the page showed, 0 for the shipped ones
    """
    kept = [one for one in articles if one.title.strip() and one.text.strip()][:MOST_ARTICLES]
    if not kept:
        raise NoArticle
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=operator.pk)
        rows = Wording.objects.filter(operator=operator, kind=kind)
        last = rows.aggregate(last=Max("version"))["last"] or 0
        if last != version:
            raise WrittenMeanwhile
        made = Wording.objects.create(
            operator=operator,
            kind=kind,
            version=last + 1,
            articles=[{"title": one.title.strip(), "text": one.text.strip()} for one in kept],
            created_by=by,
            created_at=at,
        )
        record(
            "contract.adapt", ("contract_wording", made.pk), by=by, at=at,
            scope=operator.scopes[0], kind=kind, version=made.version,
        )  # fmt: skip
    return made


def adopt(
    operator: Organisation, text: str, *, version: int, by: int | None, at: datetime
) -> HouseRules:
    """New house rules, accepted by whoever signs from now on."""
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=operator.pk)
        rows = HouseRules.objects.filter(operator=operator)
        last = rows.aggregate(last=Max("version"))["last"] or 0
        if last != version:
            raise WrittenMeanwhile
        made = HouseRules.objects.create(
            operator=operator, version=last + 1, text=text.strip(), created_by=by, created_at=at
        )
        record(
            "contract.house_rules", ("house_rules", made.pk), by=by, at=at,
            scope=operator.scopes[0], version=made.version,
        )  # fmt: skip
    return made


def approve(
    operator: Organisation, number: str, prefecture: str, ends_on: date, *, by: int | None,
    at: datetime,
) -> Approval:  # fmt: skip
    """The prefect's approval to domicile firms, as it was given."""
    with transaction.atomic():
        said = {"number": number, "prefecture": prefecture, "ends_on": ends_on}
        made, _is_new = Approval.objects.update_or_create(operator=operator, defaults=said)
        record(
            "contract.approve", ("organisation", operator.pk), by=by, at=at,
            scope=operator.scopes[0], until=ends_on.isoformat(),
        )  # fmt: skip
    return made
