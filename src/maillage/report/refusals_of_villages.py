"""The refusals of « Pourquoi pas ce village ? »: when the question has no object."""

from collections.abc import Callable, Mapping

from maillage.report import french

Facts = Mapping[str, object]

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "village_served": lambda f: (
        f"{f['commune']} a déjà un lieu dans ce réseau. Choisissez une commune qui n'en a pas."
    ),
    "village_forbidden": lambda f: (
        f"Les règles de ce scénario écartent {f['commune']}. Permettez-y un lieu dans les règles, "
        "ou dans un nouveau scénario."
    ),
    "village_without_candidate": lambda f: (
        f"Aucun lieu possible {french.at(str(f['commune']))} : ni bourg-centre, ni commerce ou "
        "service hôte connu. Décrivez un local de la commune, puis calculez de nouveau."
    ),
}
