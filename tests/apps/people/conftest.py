"""What the tests of people read after an act: mails that wait, lines of the journal."""

from datetime import datetime

import pytest

from maillage.core.periods import PARIS

AT = datetime(2027, 3, 17, 9, tzinfo=PARIS)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def mails(db, django_capture_on_commit_callbacks):
    """Run an act as if its transaction ended; returns [(to, subject, text)] of what it queued."""

    def after(act, *args, **kwargs):
        from procrastinate.contrib.django.models import ProcrastinateJob

        before = set(ProcrastinateJob.objects.values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        jobs = ProcrastinateJob.objects.filter(task_name="mail.deliver").exclude(pk__in=before)
        return [
            (job.args["to"], job.args["subject"], job.args["text"]) for job in jobs.order_by("pk")
        ]

    return after


@pytest.fixture
def journal(db):
    """The acts written so far, in order."""
    from maillage.apps.journal.models import Entry

    return lambda: list(Entry.objects.order_by("pk").values_list("act", flat=True))
