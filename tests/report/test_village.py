"""The words of « Pourquoi pas ce village ? »: every case of gain, loss and price."""

import pytest

from maillage.core.scenario import Imposed, OpenSite
from maillage.report import village
from maillage.report.village import Asked

PLACES = {"a": "Anse (fictif)", "b": "Bron (fictif)", "c": "Cours (fictif)"}
SITE = OpenSite("b", "mini", 2)


def asked(people=0, euros=0, leave=(), keeping=0, enter=("a",), **fields):
    network = (SITE, *(OpenSite(p, "mini", 2) for p in enter))
    found = Imposed(
        network=network[len(leave) :],
        is_proved=fields.pop("is_proved", True),
        inhabitants=(40_000 + people, 40_000),
        euros=(100_000 + euros, 100_000),
        enter=enter,
        leave=leave,
        keeping_euros=keeping,
        is_keeping_proved=fields.pop("is_keeping_proved", True),
    )
    return Asked("Anse (fictif)", found, (SITE,), fields.pop("is_drawn", False), 300, PLACES)


def plain(words):
    return words.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("people", "euros", "words"),
    [
        (-12, 0, "12 habitants de moins à portée, pour le même coût"),
        (89, 2848, "89 habitants de plus à portée et 2 800 € de plus par an"),
        (0, -2848, "autant d'habitants à portée et 2 800 € de moins par an"),
    ],
)
def test_the_title_is_what_changes_for_people_and_money(people, euros, words):
    assert plain(village.title(asked(people, euros))) == f"Un lieu à Anse (fictif) : {words}"


def test_it_says_who_gives_way_and_who_comes_along():
    given_up, *_ = village.reasons(asked(-12, 0, leave=("b",), enter=("a", "c")))

    assert given_up == "Il faudrait renoncer à Bron (fictif). Ouvriraient aussi : Cours (fictif)."


def test_it_says_the_rule_that_leaves_the_village_out():
    rule = plain(village.reasons(asked(89, 2848))[1])

    assert rule == (
        "Les règles demandent 300 habitants rapprochés pour 1 mini-cowork de plus ; ici, "
        "89 habitants. C'est pourquoi le calcul ne l'ouvre pas."
    )
    assert len(village.reasons(asked(300, 2848))) == len(village.reasons(asked(89, 2848))) - 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"keeping": 2848}, ", il faudrait au moins 2 800 € de plus par an."),
        ({"keeping": 0}, ", il ne faudrait pas un euro de plus par an."),
        ({"keeping": None}, " : aucun réseau permis n'y parvient."),
        (
            {"keeping": 9, "is_keeping_proved": False},
            " : le calcul n'a pas abouti dans le temps donné.",
        ),
    ],
)
def test_the_price_of_keeping_everybody_is_said_only_when_proved(fields, words):
    start = "Pour garder 40 000 habitants à portée avec un lieu à Anse (fictif)"

    assert plain(village.reasons(asked(**fields))[-1]) == start + words


def test_proved_is_said_only_when_it_is():
    assert village.proof(asked()).startswith("Prouvé : ")
    assert "sans preuve" in village.proof(asked(is_proved=False))
    assert "choisi à la main" in village.proof(asked(is_drawn=True))
