"""Ask for a territory's tables to be loaded, then load them as late work."""

from datetime import datetime

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from maillage.apps.journal.record import record
from maillage.apps.territories.load import STEPS, load
from maillage.apps.territories.models import Loading, LoadingState, Territory
from maillage.apps.territories.sources import FROM_THE_TABLES, Roads, source_of
from maillage.kit.database_errors import LOST
from maillage.kit.refusal import Refusal


class AlreadyLoading(Refusal):
    """Somebody asked for it a moment ago."""

    sentence = "Le chargement de ce territoire est déjà en cours. Suivez-le sur sa page."


def ask_loading(territory: Territory, data_folder: str, *, by: int | None, at: datetime) -> Loading:
    """Queue the loading; refused where the server has no tables, or when one is under way."""
    source_of(territory.siren, data_folder)
    try:
        with transaction.atomic():
            row = Loading.objects.create(territory=territory, asked_by=by, asked_at=at)
            record(
                "territories.ask_loading",
                ("loading", row.pk),
                by=by,
                at=at,
                scope=territory.scopes[0],
            )
            # queued by the same transaction: neither a row without a job nor the reverse
            app.configure_task("territories.load").defer(loading_id=row.pk)
    except IntegrityError as error:
        raise AlreadyLoading from error
    return row


def carry_out(
    row: Loading, data_folder: str, roads: Roads = FROM_THE_TABLES, *, at: datetime
) -> None:
    """Load what was asked; delivered twice, it has one effect. A refusal is kept in the row."""
    if row.is_over:
        return
    _update(row, LoadingState.RUNNING, steps_done=0)
    try:
        load(
            row.territory_id,
            source_of(row.territory_id, data_folder, roads),
            by=row.asked_by,
            at=at,
            on_step=lambda done: _update(row, LoadingState.RUNNING, steps_done=done),
        )
    except Refusal as refusal:
        _update(row, LoadingState.REFUSED, refusal=str(refusal), finished_at=at)
    except LOST:
        # the database went away: the job is tried again, and its row waits for it
        raise
    except Exception:
        # the row must not say « en cours » for ever; the fault itself goes on to the log
        _update(row, LoadingState.FAILED, finished_at=at)
        raise
    else:
        _update(row, LoadingState.DONE, steps_done=len(STEPS), finished_at=at)


def give_up(row: Loading, *, at: datetime) -> None:
    """It was begun too often, a worker died of it each time: say so and leave it."""
    if not row.is_over:
        _update(row, LoadingState.FAILED, finished_at=at)


def _update(row: Loading, state: LoadingState, **values: object) -> None:
    Loading.objects.filter(pk=row.pk).update(state=state, **values)
