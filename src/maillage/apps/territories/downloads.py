"""The files of a portrait: a closed list, the same bytes for ever under one digest."""

from pathlib import PurePosixPath

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.gzip import gzip_page

from maillage.apps.territories import communes_file, landmarks, parts, reading, streets
from maillage.apps.territories.models import Portrait
from maillage.kit.pages import anyone, page

MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".svg": "image/svg+xml",
}
# what the pages are made of is not offered
INNER = frozenset({parts.PAGE, communes_file.NAME, landmarks.NAME, streets.NAME})
KEPT = "public, max-age=300"


@page(rule=anyone)
def download(request: HttpRequest, siren: str, name: str) -> HttpResponse:
    """One file of the latest portrait, with its type, its name and its digest."""
    latest = Portrait.objects.filter(territory_id=siren).order_by("-loaded_at").first()
    found = reading.stored(latest).get(name) if latest else None
    if latest is None or found is None or name in INNER:
        raise Http404(name)
    tag = quote_etag(found.sha256)
    unchanged = get_conditional_response(request, etag=tag)
    response = unchanged or HttpResponse(
        reading.data(latest.folder, name), content_type=MEDIA_TYPES[PurePosixPath(name).suffix]
    )
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = KEPT
    response.headers["Content-Disposition"] = f'attachment; filename="{siren}-{name}"'
    return response


compressed = gzip_page(download)
