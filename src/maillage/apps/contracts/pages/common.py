"""What the pages of contracts share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts import papers
from maillage.apps.contracts.models import Contract
from maillage.kit.components import Crumb, Link

CONTRACTS = Crumb(_("Contrats"), "/contrats/")
OWN = Crumb(_("Mes contrats"), "/mes-contrats/")


def by(request: HttpRequest) -> int:
    """The person's identifier, for the journal."""
    return int(request.user.pk or 0)


def posted(request: HttpRequest) -> Any:
    """The form's data when it was sent."""
    return request.POST if request.method == "POST" else None


def address(contract: Contract, name: str = "contract") -> str:
    """Of a page of a contract."""
    return reverse(name, args=(contract.pk,))


def frame(contract: Contract, *here: str) -> dict[str, Any]:
    """The crumbs of a page of a contract."""
    own = Crumb(contract.reference, address(contract) if here else "")
    return {"crumbs": [CONTRACTS, own, *(Crumb(label) for label in here)]}


def back(contract: Contract) -> Link:
    """To the page of the contract."""
    return Link(_("Revenir au contrat"), address(contract))


def document(contract: Contract, kind: str) -> HttpResponse:
    """A stored document, as an attachment; raises Altered."""
    paper = contract.papers.filter(kind=kind).first()
    if paper is None:
        return HttpResponse(status=404)
    return attached(papers.data_of(paper), f"{contract.reference}-{paper.name}", papers.MEDIA[kind])


def attached(data: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
