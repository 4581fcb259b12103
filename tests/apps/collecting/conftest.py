"""What the tests of collecting read after an act: mails that wait."""

import pytest


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


@pytest.fixture(autouse=True)
def stored(settings, tmp_path):
    """Files of a test are its own."""

    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "maillage.kit.files.WholeFiles",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    return tmp_path
