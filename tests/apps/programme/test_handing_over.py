"""The hand-over dossier says which steps are open and which deliverables are late."""

from datetime import date, timedelta

import pytest

from factories import people, programmes, studies
from maillage.apps.people import acts, handover
from maillage.apps.people.export import tables_of
from maillage.apps.programme import declared, handing_over
from maillage.apps.programme.models import Deliverable, Phase
from maillage.apps.programme.subscribe import subscribe

pytestmark = pytest.mark.django_db
SCOPE = ("territory", people.SIREN)
ON = date(2027, 2, 20)


def test_open_steps_and_late_deliverables_are_handed_over(programme):
    first = programme.phases.get(rank=1)
    Phase.objects.filter(pk=first.pk).update(began_on=first.starts_on)

    steps = list(handing_over.open_steps(SCOPE, ON))
    late = list(handing_over.late_deliverables(SCOPE, ON))

    assert [line.title.partition("\u00a0")[0] for line in steps] == ["Phase 1", "Phase 2"]
    assert steps[0].text == "Dix minutes, du 4 janvier au 3 février 2027, 17 jours de retard"
    assert steps[0].href.endswith("/programme/1/")
    assert [line.title for line in late] == [
        "Note de cadrage",
        "Carte et inventaire de l’offre existante",
    ]
    assert late[0].text.endswith("17 jours de retard")


def test_what_is_finished_accepted_or_off_the_list_is_not(programme, at):
    Phase.objects.update(began_on=date(2027, 1, 4), finished_on=ON)
    Deliverable.objects.filter(phase__rank=1).update(delivered_on=ON, accepted_on=ON)
    Deliverable.objects.exclude(phase__rank=1).update(removed_at=at)

    later = ON + timedelta(days=900)
    assert list(handing_over.open_steps(SCOPE, later)) == []
    assert list(handing_over.late_deliverables(SCOPE, later)) == []


def test_nothing_of_another_territory_is_handed_over(programme):
    programmes.programme(studies.study("Jumelle", people.TWIN_SIREN))

    found = [
        *handing_over.open_steps(SCOPE, ON),
        *handing_over.late_deliverables(SCOPE, ON),
        *handing_over.open_steps(("site", "1"), ON),
    ]

    assert found
    assert not [line for line in found if "Jumelle" in line.text]


def test_the_dossier_holds_both_sections(programme, at):
    post = people.position()

    codes = [part.code for part in handover.dossier(post, at=at).sections]

    assert {"etapes", "livrables"} <= set(codes)


def test_the_journal_names_every_act_in_french():
    assert {acts.name(code) for code in declared.ACTS} == set(declared.ACTS.values())


def test_a_person_takes_away_what_is_hers(programme, at):
    mayor = people.person()
    subscribe(programme, mayor, at=at)
    Deliverable.objects.filter(pk=programmes.deliverable(programme).pk).update(
        delivered_on=ON, accepted_on=ON, accepted_by=mayor
    )

    tables = tables_of(mayor)

    assert [line["étude"] for line in tables["calendriers"]] == ["Dix minutes"]
    assert [line["livrable"] for line in tables["livrables-acceptes"]] == ["Note de cadrage"]
