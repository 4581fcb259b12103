"""The refusals of hours, of series of dates and of prices: what is wrong, what to do instead."""

from collections.abc import Callable
from datetime import date, time

from maillage.report import french, moments
from maillage.report.refusals_of_lines import Facts, short

_EXAMPLE = (
    "par exemple « Mo-Fr 08:30-18:30; PH off » (du lundi au vendredi, fermé les jours fériés)"
)

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "hours_empty": lambda _: f"Écrivez des horaires d'ouverture, {_EXAMPLE}.",
    "hours_too_long": lambda f: (
        f"Ces horaires dépassent {short(f['most'])} caractères. Raccourcissez-les."
    ),
    "hours_unreadable": lambda f: (
        f"Ces horaires ne se lisent pas à partir de « {f['fault']} » "
        f"(caractère {short(f['at'])}). Écrivez-les {_EXAMPLE}."
    ),
    "hours_not_fixed": lambda f: (
        f"« {f['fault']} » ne donne pas d'heure fixe. Écrivez une heure de début et une heure de "
        "fin pour chaque jour, et le reste dans la description du lieu."
    ),
    "period_ends_first": lambda f: (
        f"La fin ({_clock(f['ends'])}) n'est pas après le début ({_clock(f['begins'])}). "
        "Corrigez l'une des deux heures."
    ),
    "period_skipped_by_clock": lambda f: (
        f"Cette heure n'existe pas le {_day(f['on'])} : l'heure d'été commence cette nuit-là. "
        "Choisissez une heure plus tard."
    ),
    "series_ends_first": lambda f: (
        f"La série finit le {_day(f['last'])}, avant de commencer ({_day(f['first'])}). "
        "Corrigez l'une des deux dates."
    ),
    "series_without_date": lambda f: (
        f"Aucune date de cette série ne tombe entre le {_day(f['first'])} et le "
        f"{_day(f['last'])}. Repoussez la fin ou changez les jours."
    ),
    "series_too_long": lambda f: (
        f"Une série a {short(f['most'])} dates au plus ; celle-ci les atteint le "
        f"{_day(f['reached'])}. Finissez-la ce jour-là ou avant."
    ),
    "no_price_in_force": lambda f: (
        f"Aucune grille tarifaire n'est en vigueur le {_day(f['on'])}. Choisissez une autre date, "
        "ou demandez au lieu de publier ses tarifs."
    ),
    "no_price_for_space": lambda f: (
        f"La grille tarifaire {f['reference']}, en vigueur le {_day(f['on'])}, n'a pas de tarif "
        "pour cet espace. Choisissez un autre espace, ou demandez au lieu de compléter sa grille."
    ),
    "use_too_long": lambda f: (
        f"Une réservation dure {short(f['most'])} jours au plus. Partagez-la en plusieurs."
    ),
}


def _day(value: object) -> str:
    return french.day(value) if isinstance(value, date) else str(value)


def _clock(value: object) -> str:
    return moments.clock(value) if isinstance(value, time) else str(value)
