"""Quotes in French: each line, what plans and passes paid, why."""

from collections.abc import Callable, Mapping
from datetime import date

from maillage.core.tariffs import Line, Quote, Spend, Why
from maillage.report import french

UNITS = {
    "hour": ("heure", "heures"),
    "half_day": ("demi-journée", "demi-journées"),
    "day": ("journée", "journées"),
    "week": ("semaine", "semaines"),
    "month": ("mois", "mois"),
}

Facts = Mapping[str, object]
Names = Mapping[str, str]


def units(quantity: int, unit: str) -> str:
    """« 2 demi-journées »."""
    return french.count(quantity, *UNITS[unit])


def line(of: Line) -> str:
    """« 1 journée à 12,00 € plutôt que 2 demi-journées (16,00 €) »."""
    said = f"{units(of.quantity, of.unit)} à {french.cents(of.amount_cents)}"
    if of.seats > 1:
        said += f" ({french.count(of.seats, 'place')})"
    for why in of.why:
        if why.code == "rather_than" and why.facts["is_alone"]:
            said += f" plutôt que {_dearer(why.facts)}"
    return said


def because(quote: Quote, names: Names | None = None) -> list[str]:
    """The reasons that the lines themselves do not say, each once.

    names  of audiences, plans and passes, by the ids that the quote was given
    """
    known = names or {}
    reasons = [*(why for of in quote.lines for why in of.why), *quote.why]
    said = [_SENTENCES[why.code](why.facts, known) for why in reasons if not _is_in_line(why)]
    return list(dict.fromkeys(said))


def spend(of: Spend, names: Names | None = None) -> str:
    """« 2 tickets du carnet pour 1 demi-journée », « 1 journée du forfait »."""
    name = _named(of.id, names or {})
    if of.kind == "pass":
        tickets = french.count(of.taken, "ticket")
        return f"{tickets} du carnet{name} pour {units(of.units, of.unit)}"
    return f"{units(of.taken, of.unit)} du forfait{name}"


def _is_in_line(why: Why) -> bool:
    return why.code == "rather_than" and bool(why.facts["is_alone"])


def _dearer(facts: Facts) -> str:
    said = units(_whole(facts["quantity"]), str(facts["unit"]))
    return f"{said} ({french.cents(_whole(facts['cents']))})"


def _named(ident: object, names: Names) -> str:
    name = names.get(str(ident))
    return f" « {name} »" if name else ""


def _rather_than(facts: Facts, _: Names) -> str:
    chosen = french.cents(_whole(facts["chosen_cents"]))
    return f"Ensemble, {chosen} plutôt que {_dearer(facts)}."


def _public_price(facts: Facts, names: Names) -> str:
    audience = _named(facts["audience"], names)
    if facts["ended_on"] is None:
        return f"Tarif public : la grille n'a pas de tarif{audience} pour cette durée."
    return f"Tarif public : votre tarif{audience} prend fin le {_day(facts['ended_on'])}."


def _price_changes(facts: Facts, _: Names) -> str:
    by = f" ({facts['reference']})" if facts["reference"] else ""
    return f"Les tarifs changent le {_day(facts['on'])}{by}."


def _pass_short(facts: Facts, names: Names) -> str:
    left, needed = _whole(facts["left"]), _whole(facts["needed"])
    name = _named(facts["id"], names)
    if not left:
        return f"Votre carnet{name} n'a plus de ticket."
    only = french.count(left, "ticket")
    return f"Votre carnet{name} n'a plus que {only} ; il en faut {needed} par unité de temps."


def _spares_nothing(facts: Facts, names: Names) -> str:
    name = _named(facts["id"], names)
    kind = "carnet" if facts["kind"] == "pass" else "forfait"
    return f"Votre {kind}{name} n'est pas entamé davantage : cela n'aurait rien épargné."


_SENTENCES: dict[str, Callable[[Facts, Names], str]] = {
    "rather_than": _rather_than,
    "free": lambda f, _: f"Gratuit jusqu'au {_day(f['until'])} inclus.",
    "public_price": _public_price,
    "price_changes": _price_changes,
    "plan_ended": lambda f, n: (
        f"Votre forfait{_named(f['plan'], n)} prend fin le {_day(f['ended_on'])} : il ne paie "
        "pas après cette date."
    ),
    "plan_spent": lambda f, n: (
        f"Votre forfait{_named(f['plan'], n)} n'a plus rien à la date de cette réservation."
    ),
    "pass_expired": lambda f, n: (
        f"Votre carnet{_named(f['id'], n)} a expiré le {_day(f['expired_on'])}."
    ),
    "pass_short": _pass_short,
    "spares_nothing": _spares_nothing,
}
CODES = frozenset(_SENTENCES)


def _day(value: object) -> str:
    return french.day(value) if isinstance(value, date) else str(value)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
