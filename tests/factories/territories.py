"""Territories: the embedded one with its portrait, and invented ones without tables."""

from datetime import UTC, datetime
from functools import cache

from maillage.apps.territories import communes_file, landmarks
from maillage.apps.territories.models import Portrait, Territory
from maillage.apps.territories.register import Listed, Member, listed_in_sample, register
from maillage.core import assumptions, portrait, sample
from maillage.core import territory as assembled
from maillage.kit import files
from maillage.report import portrait as drawn

AT = datetime(2027, 3, 17, 9, tzinfo=UTC)
SIREN = sample.SIREN
INVENTED = "200000002"


def listed(siren: str = INVENTED, name: str = "CC des Prés fictifs", *communes: str) -> Listed:
    """An invented intercommunality as a table lists it."""
    names = communes or ("Ambre-sur-Loue", "Bourg-Fictif")
    members = tuple(Member(f"{n:05d}", commune, 100 * n) for n, commune in enumerate(names, 1))
    return Listed(siren, name, members)


def territory(siren: str = INVENTED, name: str = "CC des Prés fictifs", *communes: str):
    """A territory of the list, without tables."""
    register([listed(siren, name, *communes)], by=None, at=AT)
    return Territory.objects.get(pk=siren)


def sample_territory() -> Territory:
    """The embedded territory, in the list, without tables."""
    register(listed_in_sample(), by=None, at=AT)
    return Territory.objects.get(pk=SIREN)


@cache
def sample_files() -> dict[str, bytes]:
    """The files of the embedded territory's portrait, computed once for all tests."""
    assumed = assumptions.load()
    found = portrait.describe(assembled.assemble(sample.load(), assumed), assumed)
    inner = {communes_file.NAME: communes_file.of(found), landmarks.NAME: landmarks.of(found)}
    return drawn.files(found) | inner


def loaded(of: Territory | None = None, fingerprint: str = "a" * 64, at=AT) -> Portrait:
    """A territory with the embedded tables' portrait, whatever its number."""
    row = of or sample_territory()
    folder = f"territories/{row.pk}/{fingerprint}"
    return Portrait.objects.create(
        territory=row,
        folder=folder,
        fingerprint=fingerprint,
        files=files.write_folder(folder, sample_files()),
        loaded_at=at,
    )
