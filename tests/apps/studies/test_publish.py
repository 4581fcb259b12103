"""Opening, publishing and taking back a study."""

from datetime import UTC, datetime

import pytest

from factories import studies
from maillage.apps.journal.models import Entry
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.studies.open_study import EmptyTitle, SameTitle, open_study
from maillage.apps.studies.publish import (
    AlreadyPublished,
    NothingToPublish,
    NotPublished,
    publish,
    unpublish,
)

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def test_a_study_has_an_address_made_of_its_title_and_is_private():
    study = open_study(studies.territory(), "Un réseau à 10 minutes", by=7, at=AT)

    assert (study.slug, study.published_at) == ("un-reseau-a-10-minutes", None)
    assert acts() == ["studies.open"]


def test_two_studies_of_a_territory_have_two_titles():
    open_study(studies.territory(), "Dix minutes", by=7, at=AT)

    with pytest.raises(SameTitle):
        open_study(studies.territory(), "Dix  minutes !", by=7, at=AT)

    assert (Study.objects.count(), acts()) == (1, ["studies.open"])


def test_a_title_must_give_an_address():
    with pytest.raises(EmptyTitle):
        open_study(studies.territory(), "!?", by=7, at=AT)

    assert Study.objects.count() == 0


def done(study: Study, number: int = 1) -> Run:
    return studies.run(
        study, RunState.DONE, number=number, folder=f"studies/1/{number}", finished_at=AT
    )


def test_publishing_then_taking_back_leaves_two_lines():
    run = done(studies.study())

    publish(run, by=7, at=AT)
    assert (Study.objects.get().published_at, Study.objects.get().published_run) == (AT, 1)
    unpublish(run.study, by=8, at=AT)

    assert (Study.objects.get().published_at, Study.objects.get().published_run) == (None, None)
    assert acts() == ["studies.publish", "studies.unpublish"]


def test_a_later_result_takes_the_place_of_the_published_one_when_somebody_says_so():
    study = studies.study()
    publish(done(study), by=7, at=AT)

    publish(done(study, 2), by=7, at=AT)

    assert [run.number for run in Run.objects.published()] == [2]


def test_a_computation_without_result_is_not_published():
    run = studies.run(studies.study(), RunState.REFUSED)

    with pytest.raises(NothingToPublish):
        publish(run, by=7, at=AT)

    assert acts() == []


def test_publishing_twice_or_taking_back_twice_is_refused():
    run = done(studies.study())
    with pytest.raises(NotPublished):
        unpublish(run.study, by=7, at=AT)
    publish(run, by=7, at=AT)

    with pytest.raises(AlreadyPublished):
        publish(run, by=7, at=AT)

    assert acts() == ["studies.publish"]
