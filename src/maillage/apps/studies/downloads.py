"""The files of a result: a closed list, the same bytes for ever under one digest."""

from pathlib import PurePosixPath

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.gzip import gzip_page

from maillage.apps.studies.shown import MEDIA_TYPES, PAGE, Shown
from maillage.apps.territories import reading

# what the pages are made of is not offered
INNER = frozenset({PAGE})
KEPT = "public, max-age=300"


@gzip_page
def answer(request: HttpRequest, of: Shown, name: str) -> HttpResponse:
    """One file of a result, with its type, its name and its digest."""
    found = of.files.get(name)
    if found is None or name in INNER:
        raise Http404(name)
    tag = quote_etag(found.sha256)
    response = get_conditional_response(request, etag=tag) or HttpResponse(
        reading.data(of.run.folder, name), content_type=MEDIA_TYPES[PurePosixPath(name).suffix]
    )
    response.headers["ETag"] = tag
    if of.study.published_at:
        response.headers["Cache-Control"] = KEPT
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{of.study.territory_id}-{of.study.slug}-{name}"'
    )
    return response
