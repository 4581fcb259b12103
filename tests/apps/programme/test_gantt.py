"""The bars: what they draw of a phase, inside the drawing whatever the dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import programmes
from maillage.apps.programme import gantt
from maillage.apps.programme.models import Phase
from maillage.apps.programme.rules import programme_or_none
from maillage.core import programme as core
from maillage.core.programme import Span

JANUARY = Span(date(2027, 1, 4), date(2027, 1, 31))
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("began", "finished", "today", "slipped"),
    [
        (None, None, date(2027, 1, 4), None),
        (None, None, date(2027, 1, 9), Span(date(2027, 1, 4), date(2027, 1, 8))),
        (date(2027, 1, 4), None, date(2027, 1, 31), None),
        (date(2027, 1, 9), None, date(2027, 1, 20), Span(date(2027, 1, 4), date(2027, 1, 8))),
        (date(2027, 1, 4), None, date(2027, 2, 3), Span(date(2027, 2, 1), date(2027, 2, 3))),
        (
            date(2027, 1, 4),
            date(2027, 2, 12),
            date(2027, 6, 1),
            Span(date(2027, 2, 1), date(2027, 2, 12)),
        ),
        (date(2027, 1, 4), date(2027, 1, 20), date(2027, 6, 1), None),
        (date(2027, 3, 1), None, date(2027, 3, 5), Span(date(2027, 3, 1), date(2027, 3, 5))),
    ],
)
def test_what_is_hatched_is_what_the_plan_did_not_foresee(began, finished, today, slipped):
    assert gantt.slipped_days(core.Phase(JANUARY, began, finished), today) == slipped


@given(DAYS, DAYS, st.integers(0, 900))
def test_a_stretch_of_the_scale_stays_on_the_drawing(first, other, length):
    low, high = sorted((first, other))
    scale = gantt.Scale(low.replace(day=1), core.after(high.replace(day=1), 1))
    last = min(low + timedelta(days=length), high)

    found = scale.stretch(Span(low, last))

    assert float(found.x) >= 0
    assert float(found.width) >= 0
    assert float(found.x) + float(found.width) <= 100.01


@pytest.mark.django_db
@pytest.mark.parametrize("today", [date(2026, 6, 1), date(2027, 2, 15), date(2030, 1, 1)])
def test_every_bar_is_inside_its_axis(programme, today):
    Phase.objects.filter(rank=1).update(began_on=date(2026, 12, 20))
    phases = list(programme_or_none(programme.study).phases.all())
    scale = gantt.scale_of(phases, today)
    axis = gantt.axis(scale, today)

    assert 1 <= len(axis.ticks) <= gantt.MOST_TICKS
    assert [float(tick.x) for tick in axis.ticks] == sorted(float(t.x) for t in axis.ticks)
    for phase in phases:
        drawn = gantt.bar(phase, scale, max(today, date(2026, 12, 20)))
        for part in (drawn.planned, drawn.done, drawn.slipped):
            if part is not None:
                assert 0 <= float(part.x) <= float(part.x) + float(part.width) <= 100.01


@pytest.mark.django_db
def test_the_axis_names_its_months_and_the_years_where_they_change():
    made = programmes.programme(starts_on=date(2026, 11, 2))
    phases = list(programme_or_none(made.study).phases.all())
    scale = gantt.scale_of(phases, date(2026, 10, 1))

    axis = gantt.axis(scale, date(2026, 10, 1))

    assert [tick.label for tick in axis.ticks] == [
        "nov. 2026",
        "déc.",
        "janv. 2027",
        "févr.",
        "mars",
    ]
    assert (axis.today, axis.anchor) == ("", "")


@pytest.mark.django_db
def test_what_is_due_is_marked_and_full_once_accepted(programme):
    due = programmes.deliverable(programme)
    type(due).objects.filter(pk=due.pk).update(
        delivered_on=date(2027, 1, 9), accepted_on=date(2027, 1, 9)
    )
    phases = list(programme_or_none(programme.study).phases.all())
    scale = gantt.scale_of(phases, date(2027, 1, 5))

    drawn = gantt.bar(phases[0], scale, date(2027, 1, 5))

    assert sorted(mark.is_full for mark in drawn.milestones) == [False, True]
