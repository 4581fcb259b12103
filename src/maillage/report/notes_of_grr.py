"""What a reader must know of an export of GRR, in French: what is not taken, and why."""

from collections.abc import Callable, Mapping

from maillage.report import french

Facts = Mapping[str, object]
_MOST_NAMES = 8


def _bookings(facts: Facts) -> str:
    return _count(facts, "réservation", "réservations")


def _count(facts: Facts, one: str, more: str) -> str:
    number = facts["count"]
    return french.count(number if isinstance(number, int) else 0, one, more)


def _names(facts: Facts) -> str:
    names = facts["names"]
    return french.listed([str(n) for n in names] if isinstance(names, list) else [], _MOST_NAMES)


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "grr_cancelled": lambda f: f"Laissées de côté, car supprimées dans GRR : {_bookings(f)}.",
    "grr_refused": lambda f: (
        f"Laissées de côté, car refusées par un gestionnaire : {_bookings(f)}."
    ),
    "grr_no_room": lambda f: (
        f"Laissées de côté, car leur ressource n'existe plus dans GRR : {_bookings(f)}."
    ),
    "grr_no_area": lambda f: (
        f"Laissées de côté, car leur ressource n'est dans aucun domaine : {_bookings(f)}."
    ),
    "grr_by_period": lambda f: (
        f"Laissées de côté, car GRR n'en garde pas l'heure : {_bookings(f)}. Leurs domaines se "
        f"réservent par créneaux nommés : {_names(f)}. Saisissez-les de nouveau."
    ),
    "grr_reversed": lambda f: (
        f"Laissées de côté, car elles finissent avant de commencer : {_bookings(f)}."
    ),
    "grr_past": lambda f: f"Laissées de côté, car déjà passées : {_bookings(f)}.",
    "grr_overlapping": lambda f: (
        f"Laissées de côté, car elles en chevauchent une autre dans la même ressource : "
        f"{_bookings(f)}. La réservation ferme la plus ancienne est gardée."
    ),
    "grr_outside_hours": lambda f: (
        f"Hors des heures ou des jours de leur domaine, reprises telles quelles : {_bookings(f)}."
    ),
    "grr_waiting": lambda f: f"En attente de l'accord d'un gestionnaire : {_bookings(f)}.",
    "grr_tentative": lambda f: f"Posées en option dans GRR, à confirmer : {_bookings(f)}.",
    "grr_rooms_without_area": lambda f: (
        f"Ressources qui ne sont dans aucun domaine, donc dans aucun lieu : {_names(f)}."
    ),
    "grr_accounts": lambda f: (
        f"Comptes de GRR non repris, ni leurs mots de passe ni leurs adresses : "
        f"{_count(f, 'compte', 'comptes')}. Invitez ces personnes."
    ),
    "grr_more_fields": lambda f: (
        f"Champs additionnels non repris, pour {_bookings(f)} : gardez l'export pour les relire."
    ),
    "grr_default_hours": lambda f: (
        f"Domaines sans horaires propres (ceux de GRR par défaut s'y appliquent) : {_names(f)}. "
        "Donnez les heures d'ouverture de leur lieu."
    ),
    "grr_other_tables": lambda f: (
        f"Autres tables de GRR non reprises ({_count(f, 'ligne', 'lignes')}) : {_names(f)}."
    ),
}
