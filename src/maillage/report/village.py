"""What a place in a village would cost, in words for those who ask « Pourquoi pas chez nous ? »."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from maillage.core.scenario import Imposed, Network
from maillage.report import french


@dataclass(frozen=True)
class Asked:
    """A question and its answer.

    network         compared with
    is_drawn        whether somebody drew it by hand
    gain_per_mini   inhabitants that the rules ask of one more mini-cowork
    places          names of the places, by id
    """

    commune: str
    found: Imposed
    network: Network
    is_drawn: bool
    gain_per_mini: int
    places: Mapping[str, str]

    @property
    def people(self) -> int:
        """Inhabitants within reach, more or fewer with a place there."""
        return self.found.inhabitants[0] - self.found.inhabitants[1]

    @property
    def euros(self) -> int:
        """Euros a year, more or fewer with a place there."""
        return self.found.euros[0] - self.found.euros[1]


def title(of: Asked) -> str:
    """The finding: what it changes for the inhabitants and for money."""
    money = ", pour le même coût" if of.euros == 0 else f" et {_more(of.euros)} par an"
    return f"Un lieu {french.at(of.commune)} : {_people(of.people)} à portée{money}"


def short(found: Imposed) -> str:
    """The same in a cell of a list."""
    people = found.inhabitants[0] - found.inhabitants[1]
    euros = found.euros[0] - found.euros[1]
    money = "même coût" if euros == 0 else f"{_signed(euros)} par an"
    return f"{_people(people)}, {money}"


def reasons(of: Asked) -> list[str]:
    """What would be given up, what the rules ask, what keeping everybody within reach costs."""
    return [
        _given_up(of),
        *_rule(of),
        _keeping(of),
    ]


def proof(of: Asked) -> str:
    """How sure it is."""
    other = f"réseau des mêmes règles avec un lieu {french.at(of.commune)}"
    words = f"Prouvé : aucun autre {other} ne fait mieux."
    if not of.found.is_proved:
        words = f"Meilleur réseau trouvé, sans preuve : un autre {other} ferait peut-être mieux."
    if of.is_drawn:
        words += " Le réseau comparé a été choisi à la main : il n'est pas forcément le meilleur."
    return words


def _given_up(of: Asked) -> str:
    others = [p for p in of.found.enter if of.places[p] != of.commune]
    also = f" Ouvriraient aussi : {_named(of, others, str)}." if others else ""
    if not of.found.leave:
        return f"{of.commune} s'ajouterait aux autres lieux : aucun ne serait abandonné.{also}"
    return f"Il faudrait renoncer {_named(of, of.found.leave, french.at)}.{also}"


def _rule(of: Asked) -> list[str]:
    """Why the search leaves it out although it brings somebody nearer."""
    more = len(of.found.network) - len(of.network)
    asked = of.gain_per_mini * more
    if more < 1 or of.people >= asked:
        return []
    here = "personne de plus" if of.people <= 0 else french.count(of.people, "habitant")
    minis = french.count(more, "mini-cowork")
    return [
        f"Les règles demandent {french.number(asked)} habitants rapprochés pour {minis} de plus ; "
        f"ici, {here}. C'est pourquoi le calcul ne l'ouvre pas."
    ]


def _keeping(of: Asked) -> str:
    reached = french.count(of.found.inhabitants[1], "habitant")
    start = f"Pour garder {reached} à portée avec un lieu {french.at(of.commune)}"
    if of.found.keeping_euros is None:
        return f"{start} : aucun réseau permis n'y parvient."
    if not of.found.is_keeping_proved:
        return f"{start} : le calcul n'a pas abouti dans le temps donné."
    if of.found.keeping_euros == 0:
        return f"{start}, il ne faudrait pas un euro de plus par an."
    euros = french.planned_euros(of.found.keeping_euros)
    return f"{start}, il faudrait au moins {euros} de plus par an."


def _people(count: int) -> str:
    if count == 0:
        return "autant d'habitants"
    return f"{french.count(abs(count), 'habitant')} de {'plus' if count > 0 else 'moins'}"


def _more(euros: int) -> str:
    return f"{french.planned_euros(abs(euros))} de {'plus' if euros > 0 else 'moins'}"


def _signed(euros: int) -> str:
    return f"{'+' if euros > 0 else ''}{french.planned_euros(euros)}"


def _named(of: Asked, places: Sequence[str], said: Callable[[str], str]) -> str:
    return french.listed([said(of.places[p]) for p in places])
