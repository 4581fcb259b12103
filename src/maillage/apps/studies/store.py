"""Keep the result of a computation: files first, then the row that names them."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from maillage.apps.journal.record import record
from maillage.apps.studies import asked
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.territories import fingerprint
from maillage.core.scenario import Outcome
from maillage.kit import files
from maillage.report import bundle


def next_number(study: Study) -> int:
    """The number of a new run; call it under a lock on the study."""
    return int(study.runs.aggregate(last=Max("number"))["last"] or 0) + 1


def summary(outcome: Outcome) -> dict[str, Any]:
    """The few figures that lists show."""
    after = outcome.coverage.after
    return {
        "share_low": after.low,
        "share_after": after.central,
        "share_high": after.high,
        "minutes": outcome.coverage.within_min,
        "sites": len(outcome.sites),
        "seats": sum(site.seats for site in outcome.sites),
        "is_proved": outcome.siting.status == "proved",
        "is_drawn": outcome.siting.status == "drawn",
        "first_year": outcome.request.first_year,
    }


def write(outcome: Outcome, study: Study, key: str, *, at: datetime) -> dict[str, Any]:
    """Write the files of a result; the values of the row that will name them."""
    # two workers of one run write side by side, and the loser removes its own alone
    folder = f"studies/{study.pk}/{key}-{secrets.token_hex(8)}"
    produced = bundle.of_outcome(outcome, at=at) | bundle.for_pages(outcome)
    return {
        "folder": folder,
        "files": files.write_folder(folder, produced),
        "fingerprint": key,
        "summary": summary(outcome),
    }


def discard(written: dict[str, Any]) -> None:
    """Remove the files of a result that no row will name."""
    files.remove_folder(written["folder"], [entry["name"] for entry in written["files"]])


def store(study: Study, outcome: Outcome, *, by: int | None, at: datetime) -> Run:
    """A result computed elsewhere (the command line) becomes a run of the study."""
    request = asked.to_json(outcome.request, asked.fixed(outcome.assumptions))
    key = fingerprint.of_tables(outcome.territory.tables, outcome.assumptions, asked=request)
    known = study.runs.filter(fingerprint=key, state=RunState.DONE).first()
    if known:
        return known
    written = write(outcome, study, key, at=at)
    with transaction.atomic():
        locked = Study.objects.select_for_update().get(pk=study.pk)
        run = Run.objects.create(
            study=locked,
            number=next_number(locked),
            state=RunState.DONE,
            request=request,
            question=asked.digest(request),
            asked_by=by,
            asked_at=at,
            finished_at=at,
            **written,
        )
        record(
            "studies.store",
            ("run", run.pk),
            by=by,
            at=at,
            scope=study.scopes[0],
            fingerprint=key,
        )
    return run
