"""What the tests of contracts read after an act: mails that wait, lines of the journal."""

import pytest


@pytest.fixture
def mails(db, django_capture_on_commit_callbacks):
    """Run an act as if its transaction ended; returns [(to, subject)] of what it queued."""

    def after(act, *args, **kwargs):
        from procrastinate.contrib.django.models import ProcrastinateJob

        before = set(ProcrastinateJob.objects.values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        jobs = ProcrastinateJob.objects.filter(task_name="mail.deliver").exclude(pk__in=before)
        return [(job.args["to"], job.args["subject"]) for job in jobs.order_by("pk")]

    return after


@pytest.fixture
def journal(db):
    """The acts written so far, in order."""
    from maillage.apps.journal.models import Entry

    return lambda: list(Entry.objects.order_by("pk").values_list("act", flat=True))


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of documents that nobody else writes in."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "maillage.kit.files.WholeFiles",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    return tmp_path
