"""The process templates: what each holds, in order."""

from datetime import date

import pytest

from maillage.apps.programme.processes import processes


def test_the_processes_have_the_parts_of_their_sources():
    assert {key: len(process.steps) for key, process in processes().items()} == {
        "amo-4": 4,
        "ccsb-7": 7,
        "pilat": 5,
        "drome": 3,
        "campagne": 7,
    }


def test_the_four_phases_are_in_their_order_with_something_to_hand_over():
    steps = processes()["amo-4"].steps

    assert [step.title for step in steps] == [
        "Pré-cadrage et analyse de l’offre",
        "Analyse de la demande",
        "Capacités d’accueil",
        "Implantation et aménagement",
    ]
    assert all(step.deliverables for step in steps)


def test_four_phases_last_four_months():
    spans = processes()["amo-4"].proposed(date(2027, 1, 4))

    assert (spans[0].starts_on, spans[-1].ends_on) == (date(2027, 1, 4), date(2027, 5, 3))


def test_the_sixth_of_the_seven_steps_is_the_adjustments():
    assert processes()["ccsb-7"].steps[5].title == (
        "Ajustements avec la direction et les techniciennes"
    )


def test_channels_run_together():
    spans = processes()["campagne"].proposed(date(2027, 1, 1))

    assert spans[0].starts_on == spans[3].starts_on == date(2027, 1, 1)
    assert max(span.ends_on for span in spans) == date(2027, 3, 31)


@pytest.mark.parametrize("process", processes().values(), ids=lambda p: p.key)
def test_every_length_says_where_it_comes_from(process):
    assert process.source
    assert process.why.endswith(".")
