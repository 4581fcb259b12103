"""Take a site out of the network, take it back."""

from django.db import transaction

from maillage.apps.sites import bookings_to_come
from maillage.apps.sites.models import Site
from maillage.apps.sites.versions import Author, held, note
from maillage.apps.territories.models import Territory
from maillage.kit.filters import moment
from maillage.kit.refusal import Refusal


class StillBooked(Refusal):
    """People count on it."""

    sentence = (
        "{bookings} à venir à {name}, jusqu'au {until}. Annulez-les ou attendez leur fin, puis "
        "retirez ce lieu."
    )


class NotRemoved(Refusal):
    """It is in the network."""

    sentence = "Ce lieu est déjà dans le réseau. Ouvrez sa page."


class NameTaken(Refusal):
    """Another one took its name meanwhile."""

    sentence = "Un autre lieu s'appelle maintenant « {name} » à {commune}. Renommez-le d'abord."


def remove(site: Site, author: Author) -> Site:
    """Out of the network and of the directory: kept whole, ready to be taken back."""
    with transaction.atomic():
        row = held(site)
        booked = bookings_to_come.of_site(row, author.at)
        if booked.count and booked.until:
            words = f"{booked.count} réservation{'s' if booked.count > 1 else ''}"
            raise StillBooked(bookings=words, name=row.name, until=moment(booked.until))
        row.removed_at = author.at
        row.is_listed = False
        return _write("sites.remove", row, author)


def take_back(site: Site, author: Author) -> Site:
    """In the network again, as it was, but for the directory."""
    with transaction.atomic():
        Territory.objects.select_for_update(no_key=True).get(pk=site.territory_id)
        row = Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        if row.removed_at is None:
            raise NotRemoved
        others = Site.objects.filter(territory_id=row.territory_id, removed_at=None)
        if others.filter(name__iexact=row.name, commune_code=row.commune_code).exists():
            raise NameTaken(name=row.name, commune=row.commune_name)
        row.removed_at = None
        return _write("sites.take_back", row, author)


def _write(act: str, row: Site, author: Author) -> Site:
    row.version += 1
    row.changed_at = author.at
    row.save(update_fields=["removed_at", "is_listed", "version", "changed_at"])
    note(act, row, author, version=row.version)
    return row
