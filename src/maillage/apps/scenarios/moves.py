"""The moves that somebody tries, as an address writes them: « deplacer:69135:69078 »."""

from collections.abc import Iterable
from urllib.parse import quote, unquote

from maillage.core.scenario import Close, Date, Move, Open, Resize, Shift
from maillage.kit.refusal import Refusal

# one address holds them all
MOST = 40


class UnreadableMove(Refusal):
    """The address was cut or written by hand."""

    sentence = "Ce changement ne se lit pas : « {text} ». Reprenez depuis la page du scénario."
    status = 422


class TooManyMoves(Refusal):
    """More than one address can hold."""

    sentence = "Un essai compte {most} changements au plus. Enregistrez-le, puis continuez."
    status = 422


def written(move: Move) -> str:
    """A move as an address writes it."""
    return ":".join(quote(str(part), safe="") for part in _parts(move))


def _parts(move: Move) -> tuple[object, ...]:
    match move:
        case Open(place, tier, None):
            return "ouvrir", tier, place
        case Open(place, tier, seats):
            return "ouvrir", tier, place, seats
        case Close(place):
            return "retirer", place
        case Shift(place, to):
            return "deplacer", place, to
        case Resize(place, seats):
            return "places", place, seats
        case Date(place, year):
            return "annee", place, year


def read(text: str) -> Move:
    """A move from its text; raises UnreadableMove."""
    kind, *parts = (unquote(part) for part in text.split(":"))
    try:
        match kind, parts:
            case "ouvrir", [tier, place]:
                return Open(place, tier)
            case "ouvrir", [tier, place, seats]:
                return Open(place, tier, int(seats))
            case "retirer", [place]:
                return Close(place)
            case "deplacer", [place, to]:
                return Shift(place, to)
            case "places", [place, seats]:
                return Resize(place, int(seats))
            case "annee", [place, year]:
                return Date(place, int(year))
    except ValueError:
        pass
    raise UnreadableMove(text=text[:60])


def read_all(texts: Iterable[str]) -> tuple[Move, ...]:
    """Every move of an address, in order."""
    moves = tuple(read(text) for text in texts)
    if len(moves) > MOST:
        raise TooManyMoves(most=MOST)
    return moves
