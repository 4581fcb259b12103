"""What other apps must know of machines: the names of their acts, what is a person's own."""

from datetime import datetime

from django.db.models import Q

from maillage.apps.machines.models import Attendee, Certification, Trainer
from maillage.apps.people import acts, erase, export
from maillage.apps.people.export import Lines
from maillage.apps.people.models import Person

ACTS = {
    "certification.give": "Habilitation donnée",
    "certification.revoke": "Habilitation retirée",
    "machine.describe": "Fiche d’une machine enregistrée",
    "machine.end_trainer": "Mission de formation terminée",
    "machine.name_trainer": "Formateur ou formatrice nommé·e",
    "training.cancel": "Séance de formation annulée",
    "training.enrol": "Inscription à une formation",
    "training.mark": "Présence à une formation notée",
    "training.not_yet_able": "Formation à poursuivre",
    "training.open": "Séance de formation ouverte",
    "training.withdraw": "Inscription à une formation annulée",
}
WORDS = {
    "certification": "habilitation",
    "present": "présence",
    "space": "espace",
    "trainer": "mission de formation",
    "training": "formation",
}


def declare() -> None:
    """Called once the models are ready."""
    acts.also(ACTS, WORDS)
    export.also("formations", _trainings)
    export.also("habilitations", _certifications)
    erase.also(_forget)


def _forget(person: Person, at: datetime) -> None:
    """Her place in trainings to come goes to others; she trains no longer."""
    Attendee.objects.filter(person=person, session__period__startswith__gt=at).delete()
    today = at.date()
    for trainer in Trainer.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), person=person):
        trainer.ends_on = max(today, trainer.starts_on)
        trainer.save(update_fields=["ends_on"])


def _trainings(person: Person) -> Lines:
    rows = Attendee.objects.filter(person=person).select_related("session__space")
    return [
        {
            "machine": one.session.space.name,
            "séance": one.session.period.lower,
            "présence": one.was_present,
            "aptitude": one.is_able,
        }
        for one in rows.order_by("enrolled_at", "pk")
    ]


def _certifications(person: Person) -> Lines:
    rows = Certification.objects.filter(person=person).select_related("space")
    return [
        {
            "machine": one.space.name,
            "donnée le": one.given_on,
            "expire le": one.expires_on,
            "raison du retrait": one.reason,
        }
        for one in rows.order_by("given_on", "pk")
    ]
