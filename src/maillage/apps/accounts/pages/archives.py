"""The yearly archives: asked for, made by a job, downloaded."""

from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.accounts.archive_year import refuse_unready
from maillage.apps.accounts.archives import name_of
from maillage.apps.accounts.ask_archive import ask_archive
from maillage.apps.accounts.models import Archive
from maillage.apps.accounts.rules import archive_of, body_of, may_export_of, may_read
from maillage.apps.people.models import Organisation
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.form_pages import WRITING, dialog_page, told
from maillage.kit.pages import page


def _body(person: object, pk: int, year: int) -> tuple[Organisation, int]:
    return body_of(person, pk), year


def _may(person: object, target: tuple[Organisation, int]) -> bool:
    return may_export_of(person, target[0])


@page(rule=_may, of=_body, methods=WRITING)
def ask(request: HttpRequest, target: tuple[Organisation, int]) -> HttpResponse:
    """Say what an archive is and that it is made once, then have it made."""
    body, year = target
    refuse_unready(body, year)
    back = f"{reverse('accounts_exports')}?organisme={body.pk}"
    if request.method == "POST":
        ask_archive(body, year, by=request.user.pk, at=now())
        said = _(
            "L’archive de {year} se prépare. Elle apparaîtra sur cette page, que vous pouvez "
            "quitter."
        )
        return told(request, said.format(year=year), f"{back}#archives")
    dialog = Dialog(
        _("Archiver {year} pour {name} ?").format(year=year, name=body.name),
        _(
            "Toutes les factures, les avoirs et les journaux de l’année seront réunis dans un "
            "fichier scellé. Une année est archivée une seule fois."
        ),
        _("Archiver {year}").format(year=year),
        Link(_("Plus tard"), back),
    )
    crumbs = [Crumb(_("Exports"), back), Crumb(str(year))]
    return dialog_page(request, dialog, {"crumbs": crumbs, "name": body.name})


@page(rule=may_read, of=archive_of)
def download(_request: HttpRequest, of: Archive) -> Any:
    """The archive as it was sealed, sent as it is read."""
    name = name_of(of)
    return StreamingHttpResponse(
        _parts(f"{of.folder}/{name}"),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(of.files[0]["size_bytes"]),
        },
    )


def _parts(path: str) -> Iterator[bytes]:
    """The bytes of a stored file, opened once somebody reads them."""
    with default_storage.open(path) as stored:
        yield from stored.chunks()
