"""The photos of a site: add one, say what it shows."""

from django.db import transaction

from maillage.apps.sites.models import Photo, Site
from maillage.apps.sites.pictures import encoded, stored
from maillage.apps.sites.versions import Author, held, note
from maillage.kit import files
from maillage.kit.refusal import Refusal

MOST_PHOTOS = 12


class TooManyPhotos(Refusal):
    """A page that shows everything shows nothing."""

    sentence = "Un lieu montre au plus {most} photos. Retirez-en une, puis ajoutez celle-ci."


class SaysNothing(Refusal):
    """Those who do not see it must know what it shows."""

    sentence = "Décrivez l'image en une phrase, pour les personnes qui ne la voient pas."
    status = 422


def add_photo(site: Site, data: bytes, alt: str, author: Author, *, credit: str = "") -> Photo:
    """A photo at the end of the row.

    Raises SaysNothing, TooManyPhotos, and what `pictures.encoded` refuses.
    """
    if not alt.strip():
        raise SaysNothing
    picture = encoded(data)
    with transaction.atomic():
        row = held(site)
        shown = row.photos.filter(removed_at=None).count()
        if shown >= MOST_PHOTOS:
            raise TooManyPhotos(most=MOST_PHOTOS)
        columns = stored(row.pk, picture)
        try:
            made = Photo.objects.create(
                site=row, alt=alt.strip(), credit=credit, rank=shown, **columns
            )
            note("sites.add_photo", row, author, photo=made.pk)
        except BaseException:
            files.remove_folder(columns["folder"], [entry["name"] for entry in columns["files"]])
            raise
    return made


def describe_photo(photo: Photo, alt: str, credit: str, author: Author) -> Photo:
    """What it shows, who took it."""
    if not alt.strip():
        raise SaysNothing
    with transaction.atomic():
        row = held(photo.site)
        found = Photo.objects.select_for_update().get(pk=photo.pk)
        found.alt, found.credit = alt.strip(), credit
        found.save(update_fields=["alt", "credit"])
        note("sites.describe_photo", row, author, photo=found.pk)
    return found
