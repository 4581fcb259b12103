"""Open a study of a territory."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from maillage.apps.journal.record import record
from maillage.apps.studies.models import Study
from maillage.apps.territories.models import Territory
from maillage.kit.refusal import Refusal

SLUG_MAX = 60


class SameTitle(Refusal):
    """Another study of the territory has this title."""

    sentence = "Une étude de ce territoire porte déjà ce titre. Choisissez-en un autre."


class EmptyTitle(Refusal):
    """A title must give an address."""

    sentence = "Donnez à l'étude un titre avec au moins une lettre ou un chiffre."
    status = 422


def open_study(
    territory: Territory,
    title: str,
    *,
    by: int | None,
    at: datetime,
    is_demonstration: bool = False,
) -> Study:
    """A new study, private until it is published."""
    slug = slugify(title)[:SLUG_MAX].strip("-")
    if not slug:
        raise EmptyTitle
    try:
        with transaction.atomic():
            study = Study.objects.create(
                territory=territory,
                slug=slug,
                title=title,
                created_at=at,
                is_demonstration=is_demonstration,
            )
            record("studies.open", ("study", study.pk), by=by, at=at, scope=study.scopes[0])
    except IntegrityError as error:
        raise SameTitle from error
    return study
