"""The refusals of moves that somebody tries on a network."""

from collections.abc import Callable, Mapping

Facts = Mapping[str, object]

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "unknown_place": lambda f: (
        f"Aucun lieu ne porte le repère « {f['id']} » dans ce scénario. "
        "Choisissez-le dans la liste."
    ),
    "site_not_open": lambda f: f"{f['name']} n'est pas un lieu de ce réseau. Ajoutez-le d'abord.",
    "site_already_open": lambda f: (
        f"{f['name']} est déjà un lieu de ce réseau. Changez ses places, ou choisissez ailleurs."
    ),
    "unknown_tier": lambda f: (
        f"« {f['tier']} » n'est pas un type de lieu. Choisissez site structurant, mini-cowork ou "
        "corpoworking."
    ),
    "seats_out_of_bounds": lambda f: f"Indiquez un nombre de places entre 1 et {f['most']}.",
    "year_out_of_bounds": lambda f: f"Indiquez une année entre {f['first']} et {f['last']}.",
}
