"""Stages, closures, labels, measures, services of a site: each verb by each of its exits."""

from datetime import UTC, date, datetime, timedelta

import pytest

from factories import sites
from maillage.apps.journal.models import Entry
from maillage.apps.sites import close_for, hours, keep_parts, set_stage
from maillage.apps.sites.models import Closure, Stage, stage_on
from maillage.core.periods import Period

pytestmark = pytest.mark.django_db
AUGUST = Period(datetime(2027, 8, 1, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC))


def stage(site, code, *day, words=""):
    return set_stage.set_stage(site, code, date(*day), sites.author(), words=words)


def test_stages_are_dated_in_any_order():
    site = sites.site()
    stage(site, Stage.OPEN, 2028, 1, 3)
    stage(site, Stage.PLANNED, 2027, 1, 4, words="Vote du 3 mars")

    stages = list(site.stages.all())

    assert stage_on(stages, date(2026, 12, 31)) is None
    assert stage_on(stages, date(2027, 12, 31)).stage == Stage.PLANNED
    assert stage_on(stages, date(2028, 1, 3)).stage == Stage.OPEN


def test_a_day_has_one_stage_and_a_stage_changes_something():
    site = sites.site()
    stage(site, Stage.PLANNED, 2027, 1, 4)

    with pytest.raises(set_stage.DayTaken) as refused:
        stage(site, Stage.WORKS, 2027, 1, 4)
    assert "« Prévu »" in str(refused.value)
    with pytest.raises(set_stage.SameStage):
        stage(site, Stage.PLANNED, 2027, 2, 4)


def test_a_stage_withdrawn_says_what_it_was():
    site = sites.site()
    made = stage(site, Stage.OPEN, 2028, 1, 3)

    assert set_stage.withdraw_stage(site, made.pk, sites.author()) == ("open", date(2028, 1, 3))
    with pytest.raises(set_stage.NoSuchStage):
        set_stage.withdraw_stage(site, made.pk, sites.author())


def test_a_site_closes_for_a_time_and_opens_again():
    site = sites.site()

    made = close_for.close_for(site, AUGUST, "Congés", sites.author())
    assert (made.period.lower, made.period.upper) == (AUGUST.begins, AUGUST.ends)
    close_for.withdraw(made, sites.author())

    made.refresh_from_db()
    assert made.withdrawn_at == sites.AT
    with pytest.raises(close_for.NothingToWithdraw):
        close_for.withdraw(made, sites.author())


def test_a_space_closes_alone_and_only_in_its_own_site():
    site = sites.site()
    space = sites.space(site)
    elsewhere = sites.space(sites.site("Ailleurs"))

    made = close_for.close_for(site, AUGUST, "Peinture", sites.author(), space=space)
    assert made.space == space
    with pytest.raises(close_for.OfAnotherSite):
        close_for.close_for(site, AUGUST, "Peinture", sites.author(), space=elsewhere)


def test_what_is_over_is_neither_closed_nor_reopened():
    site = sites.site()
    late = sites.author(at=AUGUST.ends)
    made = close_for.close_for(site, AUGUST, "Congés", sites.author())

    with pytest.raises(close_for.AlreadyOver):
        close_for.close_for(site, AUGUST, "Congés", late)
    with pytest.raises(close_for.NothingToWithdraw):
        close_for.withdraw(made, late)


def test_what_is_closed_is_not_closed_again_within():
    site = sites.site()
    close_for.close_for(site, AUGUST, "Congés", sites.author())
    week = Period(AUGUST.begins + timedelta(days=3), AUGUST.begins + timedelta(days=9))

    with pytest.raises(close_for.AlreadyClosed) as refused:
        close_for.close_for(site, week, "Travaux", sites.author())
    assert "« Congés »" in str(refused.value)

    longer = Period(AUGUST.begins, AUGUST.ends + timedelta(days=9))
    close_for.close_for(site, longer, "Travaux", sites.author())
    assert Closure.objects.count() == 2


def test_a_label_ends_after_it_begins():
    site = sites.site()
    said = keep_parts.LabelSaid("Fabrique", valid_from=date(2027, 1, 1))

    assert keep_parts.add_label(site, said, sites.author()).name == "Fabrique"
    backwards = keep_parts.LabelSaid("F", "", date(2027, 1, 2), date(2027, 1, 1))
    with pytest.raises(keep_parts.EndsBeforeItBegins):
        keep_parts.add_label(site, backwards, sites.author())


def test_the_connection_is_measured_before_it_is_told():
    site = sites.site()
    today = keep_parts.MeasureSaid(sites.AT.date(), 94.5, 30.0, "measured")
    tomorrow = keep_parts.MeasureSaid(sites.AT.date() + timedelta(days=1), 1.0, 1.0, "declared")

    assert keep_parts.add_measure(site, today, sites.author()).down_mbps == 94.5
    with pytest.raises(keep_parts.NotYet):
        keep_parts.add_measure(site, tomorrow, sites.author())


def test_a_hosted_service_has_hours_of_its_own():
    site = sites.site()
    said = keep_parts.ServiceSaid("France services", "CC", "Mo,Th 09:00-12:00; PH off")

    made = keep_parts.add_service(site, said, sites.author())
    assert made.opening_hours.startswith("Mo,Th 09:00-12:00")
    with pytest.raises(keep_parts.ServiceThere):
        keep_parts.add_service(site, keep_parts.ServiceSaid("FRANCE services"), sites.author())
    with pytest.raises(hours.Unreadable):
        keep_parts.add_service(site, keep_parts.ServiceSaid("PMI", "", "parfois"), sites.author())


@pytest.mark.parametrize("kind", ["label", "photo", "plan", "service", "measure"])
def test_each_line_is_removed_and_taken_back(kind):
    site = sites.site()
    part = {
        "label": lambda: keep_parts.add_label(
            site, keep_parts.LabelSaid("Fabrique"), sites.author()
        ),
        "photo": lambda: sites.stored(site),
        "plan": lambda: sites.stored(site, sites.FloorPlan, name="Rez-de-chaussée"),
        "service": lambda: keep_parts.add_service(
            site, keep_parts.ServiceSaid("PMI"), sites.author()
        ),
        "measure": lambda: keep_parts.add_measure(
            site, keep_parts.MeasureSaid(sites.AT.date(), 9.0, 1.0, "measured"), sites.author()
        ),
    }[kind]()

    with pytest.raises(keep_parts.NotRemoved):
        keep_parts.take_back(part, sites.author())
    assert keep_parts.remove(part, sites.author()).removed_at == sites.AT
    with pytest.raises(keep_parts.AlreadyRemoved):
        keep_parts.remove(part, sites.author())
    assert keep_parts.take_back(part, sites.author()).removed_at is None
    last = Entry.objects.order_by("-pk").first()
    assert last.act == f"sites.take_back_{kind}"


def test_a_service_that_came_again_meanwhile_is_not_taken_back():
    site = sites.site()
    said = keep_parts.ServiceSaid("PMI")
    first = keep_parts.remove(keep_parts.add_service(site, said, sites.author()), sites.author())
    keep_parts.add_service(site, said, sites.author())

    with pytest.raises(keep_parts.ServiceThere):
        keep_parts.take_back(first, sites.author())
