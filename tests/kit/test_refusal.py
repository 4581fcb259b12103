"""A refusal carries its sentence, filled, and a stable code."""

from maillage.kit.refusal import Refusal


class NoSeatLeft(Refusal):
    sentence = "Plus de place à {site}. Il en reste {left} à Jullié."


def test_the_sentence_is_filled_and_the_code_is_the_name():
    refusal = NoSeatLeft(site="Lancié", left=2)

    assert str(refusal) == "Plus de place à Lancié. Il en reste 2 à Jullié."
    assert refusal.code == "no_seat_left"
    assert refusal.status == 409


def test_a_fact_is_never_read_as_a_format():
    assert str(NoSeatLeft(site="{left.__class__}", left=2)).startswith(
        "Plus de place à {left.__class__}."
    )
