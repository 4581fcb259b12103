"""Close a site, or one of its spaces, for a time; think better of it."""

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.apps.sites.models import Closure, Site, Space
from maillage.apps.sites.versions import Author, held, note
from maillage.core.periods import Period
from maillage.kit.filters import moment
from maillage.kit.refusal import Refusal


class AlreadyOver(Refusal):
    """It would change nothing."""

    sentence = "Cette fermeture est déjà passée. Choisissez des dates à venir."
    status = 422


class AlreadyClosed(Refusal):
    """Twice the same."""

    sentence = "Déjà fermé à ces dates : « {reason} », jusqu'au {until}. Il n'y a rien à faire."


class OfAnotherSite(Refusal):
    """A space that is not here."""

    sentence = "Cet espace n'est pas de ce lieu. Choisissez un espace de ce lieu."


class NothingToWithdraw(Refusal):
    """Somebody was faster, or it is over."""

    sentence = "Cette fermeture est déjà levée ou passée. Actualisez la page."


def close_for(
    site: Site, period: Period, reason: str, author: Author, *, space: Space | None = None
) -> Closure:
    """Nothing can be booked there then; what is booked is for those who book to settle.

    period  may have begun
    """
    with transaction.atomic():
        row = held(site)
        if space is not None and space.site_id != row.pk:
            raise OfAnotherSite
        if period.ends <= author.at:
            raise AlreadyOver
        whole = DateTimeTZRange(period.begins, period.ends, "[)")
        same = Closure.objects.filter(
            site=row, space=space, withdrawn_at=None, period__contains=whole
        ).first()
        if same:
            raise AlreadyClosed(reason=same.reason, until=moment(same.period.upper))
        made = Closure.objects.create(
            site=row, space=space, period=whole, reason=reason, by=author.by, at=author.at
        )
        note("sites.close_for", space or row, author, closure=made.pk)
    return made


def withdraw(closure: Closure, author: Author) -> Closure:
    """Open again as usual; what was cancelled meanwhile stays cancelled."""
    with transaction.atomic():
        row = Closure.objects.select_for_update().select_related("site").get(pk=closure.pk)
        if row.withdrawn_at or row.period.upper <= author.at:
            raise NothingToWithdraw
        row.withdrawn_at = author.at
        row.save(update_fields=["withdrawn_at"])
        note("sites.withdraw_closure", row.site, author, closure=row.pk)
    return row
