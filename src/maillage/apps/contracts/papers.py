"""The stored documents of a contract: written whole, read back only if not a byte changed."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts.models import Contract, Paper
from maillage.kit import files
from maillage.kit.refusal import Refusal

CONTRACT, EVIDENCE = "contrat", "preuve"
NAMES = {CONTRACT: "contrat.pdf", EVIDENCE: "preuve.json"}
MEDIA = {CONTRACT: "application/pdf", EVIDENCE: "application/json"}


class Altered(Refusal):
    """The stored document is not the one that was sent."""

    sentence = _(
        "Le document de ce contrat n’est plus celui qui a été envoyé : rien ne peut être signé. "
        "Prévenez la personne qui gère la plateforme."
    )


def keep(contract: Contract, kind: str, data: bytes, *, at: datetime) -> Paper:
    """Store a document that will not change; the contract is held by the caller."""
    folder = f"contracts/{contract.pk}/{kind}"
    written = files.write_folder(folder, {NAMES[kind]: data})
    return Paper.objects.create(contract=contract, kind=kind, folder=folder, files=written, at=at)


def data_of(paper: Paper) -> bytes:
    """The very bytes that were stored; raises Altered."""
    try:
        data = files.read(paper.folder, paper.name)
    except FileNotFoundError as gone:
        raise Altered from gone
    if hashlib.sha256(data).hexdigest() != paper.sha256:
        raise Altered
    return data
