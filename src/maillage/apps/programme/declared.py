"""What other apps must know of programmes: the names of their acts, what is a person's own."""

from datetime import datetime

from maillage.apps.people import acts, erase, export
from maillage.apps.people.export import Lines
from maillage.apps.people.models import Person
from maillage.apps.programme.models import Deliverable, Subscription

ACTS = {
    "calendar.revoke": "Adresse de calendrier supprimée",
    "calendar.subscribe": "Adresse de calendrier créée",
    "commission.amend": "Mission modifiée",
    "commission.end": "Mission terminée",
    "commission.resume": "Mission reprise",
    "commission.sign": "Prestataire missionné",
    "deliverable.accept": "Livrable accepté",
    "deliverable.add": "Livrable ajouté",
    "deliverable.correct": "Livrable corrigé",
    "deliverable.deliver": "Livrable remis",
    "deliverable.not_accepted": "Acceptation d'un livrable annulée",
    "deliverable.not_delivered": "Remise d'un livrable annulée",
    "deliverable.put_back": "Livrable remis dans la liste",
    "deliverable.remove": "Livrable retiré de la liste",
    "phase.begin": "Phase commencée",
    "phase.finish": "Phase terminée",
    "phase.not_begun": "Début de phase annulé",
    "phase.reopen": "Fin de phase annulée",
    "programme.give_up": "Programme abandonné",
    "programme.move": "Programme décalé",
    "programme.reschedule": "Dates du programme modifiées",
    "programme.start": "Programme ouvert",
}
WORDS = {
    "commission": "mission",
    "days": "jours",
    "deliverable": "livrable",
    "phase": "phase",
    "process": "modèle",
    "programme": "programme",
}


def declare() -> None:
    """Called once the models are ready."""
    acts.also(ACTS, WORDS)
    export.also("calendriers", _addresses)
    export.also("livrables-acceptes", _accepted)
    erase.also(_forget)


def _forget(person: Person, _at: datetime) -> None:
    Subscription.objects.filter(person=person).delete()


def _addresses(person: Person) -> Lines:
    rows = Subscription.objects.filter(person=person).select_related("programme__study")
    return [
        {"étude": row.programme.study.title, "créée le": row.created_at}
        for row in rows.order_by("created_at", "pk")
    ]


def _accepted(person: Person) -> Lines:
    rows = Deliverable.objects.filter(accepted_by=person).select_related("phase__programme__study")
    return [
        {"étude": one.phase.programme.study.title, "livrable": one.title, "le": one.accepted_on}
        for one in rows.order_by("accepted_on", "pk")
    ]
