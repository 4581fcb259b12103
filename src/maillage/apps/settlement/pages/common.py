"""What the pages of shares have in common."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation
from maillage.apps.settlement.sheet import Sheet
from maillage.kit import files
from maillage.kit.components import Crumb, Document

HOME = "/reversements/"
TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "xml": "application/xml"}


def crumbs(*more: Crumb) -> list[Crumb]:
    """From the home of shares on."""
    return [Crumb(_("Reversements"), HOME), *more]


def shown(request: HttpRequest, sheet: Sheet, *before: Crumb, **context: Any) -> HttpResponse:
    """A sheet under its crumbs."""
    frame = {"crumbs": crumbs(*before, Crumb(sheet.title)), "sheet": sheet, **context}
    return render(request, "settlement/sheet.html", frame)


def by(request: HttpRequest) -> int:
    """Who acts."""
    return int(request.user.pk or 0)


def posted(request: HttpRequest) -> Any:
    """What was sent, None when the page is only read."""
    return request.POST if request.method == "POST" else None


def stored_file(folder: str, written: list[dict[str, Any]], name: str) -> HttpResponse:
    """A file kept with a statement; 404 for any other name."""
    if name not in {one["name"] for one in written}:
        raise Http404(name)
    return attached(files.read(folder, name), name)


def attached(data: bytes, name: str) -> HttpResponse:
    """A file to keep."""
    return HttpResponse(
        data,
        content_type=TYPES[name.rpartition(".")[2]],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def documents(address: str, pk: int, written: list[dict[str, Any]], title: str) -> list[Document]:
    """The files kept with a statement."""
    return [
        Document(
            title,
            reverse(address, args=(pk, one["name"])),
            TYPES[one["name"].rpartition(".")[2]].partition(";")[0],
            one["size_bytes"],
        )
        for one in written
    ]


def names(pks: set[int]) -> dict[int, str]:
    """The names of bodies, read at once."""
    return dict(Organisation.objects.filter(pk__in=pks).values_list("pk", "name"))
