"""The words of reminders: those of the operator, else the usual ones."""

from dataclasses import dataclass

from maillage.apps.collecting.models import ReminderText
from maillage.apps.people.models import Organisation


@dataclass(frozen=True)
class Words:
    """A step: how long after the due day, what it says; facts in braces."""

    step: int
    days: int
    subject: str
    text: str


USUAL = (
    Words(
        1,
        7,
        "Facture {number} : un oubli ?",
        "Bonjour,\n\nSauf erreur de notre part, {owed} restent dus sur la facture {number} du "
        "{issued}, à régler avant le {due}.\nSi vous venez de payer, ne tenez pas compte de ce "
        "message.\n\nPour payer ou nous répondre : {link}\n\n{operator}",
    ),
    Words(
        2,
        21,
        "Facture {number} : deuxième rappel",
        "Bonjour,\n\nNous n’avons pas reçu les {owed} de la facture {number}, dus depuis le {due}."
        "\nUne difficulté ? Un échéancier est possible : dites-le nous.\n\nPour payer ou nous "
        "répondre : {link}\n\n{operator}",
    ),
    Words(
        3,
        35,
        "Facture {number} : dernier rappel",
        "Bonjour,\n\nMalgré deux rappels, {owed} restent dus sur la facture {number} depuis le "
        "{due}.\nSans règlement ni réponse sous huit jours, une personne de notre équipe décidera "
        "de la suite à donner à votre accès aux lieux. Rien n’est automatique.\n\nPour payer ou "
        "nous répondre : {link}\n\n{operator}",
    ),
)


def words_of(operator: Organisation) -> tuple[Words, ...]:
    """The three steps of an operator; one query."""
    own = {
        row.step: Words(row.step, row.days, row.subject, row.text)
        for row in ReminderText.objects.filter(operator=operator)
    }
    return tuple(own.get(one.step, one) for one in USUAL)
