from django.apps import AppConfig

ACTS = {
    "webhook.add": "Programme ajouté",
    "webhook.give_up": "Programme mis de côté",
    "webhook.remove": "Programme retiré",
    "webhook.renew_secret": "Secret d’un programme changé",
    "webhook.start": "Envois à un programme repris",
    "webhook.stop": "Envois à un programme arrêtés",
    "webhook.trial": "Essai envoyé à un programme",
}
WORDS = {"webhook": "programme"}


class Webhooks(AppConfig):
    """Programs that are told what happens."""

    name = "maillage.apps.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Name its acts in the journal."""
        from maillage.apps.people import acts  # models are ready only now

        acts.also(ACTS, WORDS)
