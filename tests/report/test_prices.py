"""Quotes, holidays and refusals of hours, in French."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from maillage.core import periods, tariffs
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period
from maillage.core.tariffs import (
    Entitlements,
    PassBook,
    Price,
    PriceList,
    Quota,
    Spend,
    TicketRate,
    Use,
    Validity,
    Why,
)
from maillage.report import hours, prices, refusals
from maillage.report.french import NBSP

PARIS = ZoneInfo("Europe/Paris")
USUAL = PriceList(
    "L",
    "délibération 2026-41",
    Validity(date(2020, 1, 1)),
    tuple(
        Price(unit, "open_space", unit, cents, 2000)
        for unit, cents in {"hour": 300, "half_day": 800, "day": 1200, "week": 4000}.items()
    ),
)


def plain(words: str) -> str:
    return words.replace(NBSP, " ")


def asked(begins: str, ends: str, **more: object) -> Use:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=PARIS) for text in (begins, ends))
    return Use(Period(first, last), "open_space", PARIS, **more)


DAY = asked("2027-03-22T08:30", "2027-03-22T18:30")


def test_a_line_says_its_price_and_what_was_dearer():
    (line,) = tariffs.quote([USUAL], DAY).lines

    assert plain(prices.line(line)) == ("1 journée à 12,00 € plutôt que 2 demi-journées (16,00 €)")


def test_several_seats_are_told():
    (line,) = tariffs.quote([USUAL], asked("2027-03-22T09:00", "2027-03-22T10:00", seats=2)).lines

    assert plain(prices.line(line)) == "2 heures à 6,00 € (2 places)"


def test_a_mixed_choice_is_compared_as_a_whole():
    found = tariffs.quote([USUAL], asked("2027-03-22T08:30", "2027-03-22T14:30"))

    assert [plain(prices.line(line)) for line in found.lines] == [
        "1 demi-journée à 8,00 €",
        "1 heure à 3,00 €",
    ]
    assert [plain(words) for words in prices.because(found)] == [
        "Ensemble, 11,00 € plutôt que 6 heures (18,00 €)."
    ]


def test_a_plan_that_ended_is_named_with_its_end():
    quota = Quota(
        "q", "P", frozenset({"open_space"}), "day", 5, Validity(date(2027, 1, 1)), date(2027, 3, 1)
    )

    found = tariffs.quote([USUAL], DAY, Entitlements((quota,)))

    assert [plain(words) for words in prices.because(found, {"P": "Nomade"})] == [
        "Votre forfait « Nomade » prend fin le 1er mars 2027 : il ne paie pas après cette date."
    ]


def test_what_is_taken_is_said_in_tickets_and_units():
    book = PassBook(
        "p", 10, (TicketRate("open_space", "half_day", 1),), date(2027, 1, 1), date(2027, 6, 30)
    )
    (spent,) = tariffs.quote([USUAL], DAY, Entitlements(passes=(book,))).spends

    assert plain(prices.spend(spent)) == "2 tickets du carnet pour 2 demi-journées"
    unit = Spend("quota", "q", date(2027, 3, 22), "day", 1, 1)
    assert plain(prices.spend(unit, {"q": "Nomade"})) == "1 journée du forfait « Nomade »"


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why("free", {"until": date(2027, 6, 30)}), "Gratuit jusqu'au 30 juin 2027 inclus."),
        (
            Why("public_price", {"audience": "m", "ended_on": None}),
            "Tarif public : la grille n'a pas de tarif « membre » pour cette durée.",
        ),
        (
            Why("public_price", {"audience": "m", "ended_on": date(2027, 3, 1)}),
            "Tarif public : votre tarif « membre » prend fin le 1er mars 2027.",
        ),
        (
            Why("price_changes", {"on": date(2027, 7, 1), "reference": "2027-12"}),
            "Les tarifs changent le 1er juillet 2027 (2027-12).",
        ),
        (
            Why("plan_spent", {"plan": "x"}),
            "Votre forfait n'a plus rien à la date de cette réservation.",
        ),
        (
            Why("pass_expired", {"id": "x", "expired_on": date(2027, 3, 1)}),
            "Votre carnet a expiré le 1er mars 2027.",
        ),
        (
            Why("pass_short", {"id": "x", "left": 0, "needed": 1}),
            "Votre carnet n'a plus de ticket.",
        ),
        (
            Why("pass_short", {"id": "x", "left": 1, "needed": 2}),
            "Votre carnet n'a plus que 1 ticket ; il en faut 2 par unité de temps.",
        ),
        (
            Why("spares_nothing", {"kind": "pass", "id": "x", "taken": 2}),
            "Votre carnet n'est pas entamé davantage : cela n'aurait rien épargné.",
        ),
    ],
)
def test_each_reason_has_its_sentence(why, words):
    quote = tariffs.Quote((), (), (why, why))

    assert [plain(said) for said in prices.because(quote, {"m": "membre"})] == [words]


def test_every_unit_holiday_and_area_has_its_words():
    assert set(prices.UNITS) == set(tariffs.UNITS)
    assert set(hours.HOLIDAYS) == set(periods.HOLIDAYS)
    assert set(hours.AREAS) == set(periods.AREAS)


def test_every_reason_of_a_quote_is_worded_and_no_other():
    documented = {
        "rather_than",
        *("free", "public_price", "price_changes", "plan_ended", "plan_spent"),
        *("pass_expired", "pass_short", "spares_nothing"),
    }

    assert documented == prices.CODES
    assert all(code in (Why.__doc__ or "") for code in documented)


def test_hours_refused_say_the_day_and_the_hour():
    with pytest.raises(BadInput) as refused:
        periods.hours(date(2027, 3, 22), time(14), time(9, 30), PARIS)

    assert plain(refusals.sentence(refused.value)) == (
        "La fin (9 h 30) n'est pas après le début (14 h). Corrigez l'une des deux heures."
    )
    with pytest.raises(BadInput) as refused:
        periods.hours(date(2027, 3, 28), time(2), time(3), PARIS)

    assert "le 28 mars 2027" in refusals.sentence(refused.value)
