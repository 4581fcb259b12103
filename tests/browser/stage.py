"""What the journeys find in place: people, a portrait, a published plan, late work."""

from typing import Any

from django.conf import settings
from django.core import mail
from django.test import Client
from playwright.sync_api import Locator, Page, expect
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from factories import people, scenarios, studies, territories, world
from maillage.apps.studies import store
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.studies.publish import publish
from maillage.apps.studies.shown import Shown
from maillage.core.scenario import Outcome
from maillage.kit.clock import now

Written = dict[str, Any]
MOST_STOPS = 200


def session_of(person: Any, origin: str) -> Any:
    """The cookie of a person who gave her second factor."""
    name = settings.SESSION_COOKIE_NAME
    value = people.signed_in(Client(), person).cookies[name].value
    return {"name": name, "value": value, "url": origin}


def drawn(page: Page) -> Page:
    """The page once its map is drawn, when it has one."""
    if page.evaluate("() => Boolean(document.querySelector('maillage-map'))"):
        expect(page.locator("[data-ready=true]")).to_be_attached()
    return page


def _as_fetched(row: ProcrastinateJob) -> Job:
    """A job as its worker receives it, tried for the first time."""
    return Job(
        id=row.pk,
        queue=row.queue_name,
        lock=row.lock,
        queueing_lock=row.queueing_lock,
        task_name=row.task_name,
        task_kwargs=row.args,
    )


class LateWork:
    """The worker, when a test says so."""

    def __init__(self) -> None:
        # the queue's tables outlive the tests
        self.done = set(ProcrastinateJob.objects.values_list("pk", flat=True))

    def __call__(self) -> list[Any]:
        """Do what waits, and what that work queues in turn; the mails that left."""
        before = len(mail.outbox)
        while waiting := list(ProcrastinateJob.objects.exclude(pk__in=self.done).order_by("pk")):
            for job in waiting:
                self.done.add(job.pk)
                task = app.tasks[job.task_name]
                context = JobContext(
                    app=app, job=_as_fetched(job), start_timestamp=0, abort_reason=lambda: None
                )
                task.func(*([context] if task.pass_context else []), **job.args)
        return mail.outbox[before:]


def write_plan(outcome: Outcome) -> Written:
    """The files of a plan, and the values of the row that names them."""
    return store.write(outcome, Study(pk=0), "a" * 64, at=studies.AT)


def computed(run: Run, written: Written) -> Run:
    """A run that is finished, with the files of the plan."""
    Run.objects.filter(pk=run.pk).update(state=RunState.DONE, finished_at=studies.AT, **written)
    run.refresh_from_db()
    return run


def premier(written: Written) -> world.World:
    """The first territory: its portrait, one thing of each kind, its study published."""
    territories.loaded()
    made = world.territory(people.SIREN, "Premier")
    publish(computed(made.study.runs.get(), written), by=None, at=now())
    made.study.refresh_from_db()
    scenarios.answered(made.scenario, made.of("scenario_village")["code"])
    return made


def first_site(of: Study) -> str:
    """The first place of the latest plan."""
    run = of.runs.filter(state=RunState.DONE).latest("number")
    return str(Shown(of, run, "").words["sites"][0]["id"])


def tab_to(page: Page, target: Locator) -> None:
    """Go to something by the Tab key alone."""
    for _ in range(MOST_STOPS):
        if target.evaluate("found => found === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is never reached")


def enter(page: Page, target: Locator) -> None:
    """Go to a link or a button and press it."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def type_in(page: Page, field: Locator, text: str) -> None:
    """Go to a field and write in it, whatever it held."""
    tab_to(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
