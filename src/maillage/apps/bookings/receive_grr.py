"""Receive an export of GRR: read, what is needed of it kept, the file forgotten."""

from datetime import datetime, timedelta

from maillage.apps.bookings import grr_choices, grr_kept
from maillage.apps.bookings.grr_models import GrrImport, GrrState
from maillage.apps.territories.models import Territory
from maillage.core.bad_input import BadInput
from maillage.core.sources import grr
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import Limit, count
from maillage.report import refusals

MOST_BYTES = 10 * 2**20
NAME_MAX = 200
EXPORTS = Limit("grr-exports", 30, timedelta(hours=1))


class UnusableExport(Refusal):
    """The file is not an export of GRR, or a part of it."""

    sentence = "{why}"
    status = 422


class TooHeavy(Refusal):
    """More than one sends by a page."""

    sentence = (
        "Ce fichier dépasse 10 Mo. Compressez-le (.sql.gz ou .zip), ou exportez sans les journaux "
        "de GRR (log, log_mail, log_resa)."
    )
    status = 422


def receive(
    territory: Territory,
    name: str,
    data: bytes,
    *,
    prefix: str = "",
    by: int | None,
    at: datetime,
) -> GrrImport:
    """What the file holds, waiting for its preview to be confirmed.

    Raises TooHeavy, UnusableExport.
    """
    count(EXPORTS, str(by), at=at)
    if len(data) > MOST_BYTES:
        raise TooHeavy
    try:
        export = grr.of_bytes(name, data, prefix)
    except BadInput as error:
        raise UnusableExport(why=refusals.for_page(refusals.sentence(error))) from error
    return GrrImport.objects.create(
        territory=territory,
        name=name[:NAME_MAX],
        read=grr_kept.packed(export),
        asked_by=by,
        asked_at=at,
    )


class AlreadyOver(Refusal):
    """It was imported, or undone, meanwhile."""

    sentence = "Cet import est déjà fait. Relisez son compte rendu."


def choose(of: GrrImport, choices: grr_choices.Choices) -> GrrImport:
    """Keep what the places and rooms become, for the next preview."""
    if of.state != GrrState.WAITING:
        raise AlreadyOver
    of.choices = choices.packed()
    of.save(update_fields=["choices"])
    return of
