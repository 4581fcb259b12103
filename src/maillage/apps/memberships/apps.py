from django.apps import AppConfig

ACTS = {
    "carnet.sell": "Carnet vendu",
    "employer.authorise": "Personne autorisée par un employeur",
    "employer.withdraw": "Autorisation d'un employeur retirée",
    "firm.remove_stage": "Étape d'une entreprise retirée",
    "firm.stage": "Étape d'une entreprise notée",
    "member.change": "Fiche d'une personne du réseau corrigée",
    "member.check": "Justificatif vu",
    "member.come_back": "Fin d'adhésion annulée",
    "member.join": "Personne inscrite dans le réseau",
    "member.leave": "Adhésion terminée",
    "plan.correct": "Formule corrigée",
    "plan.enter": "Formule créée",
    "plan.withdraw": "Formule retirée de la vente",
    "subscription.announce": "Renouvellement annoncé",
    "subscription.end_announced": "Fin d'abonnement annoncée",
    "subscription.lapse": "Abonnement non renouvelé",
    "subscription.renew": "Abonnement renouvelé",
    "subscription.resume": "Renouvellement demandé",
    "subscription.sell": "Abonnement vendu",
    "subscription.stop": "Renouvellement arrêté",
}
WORDS = {
    "audience": "public",
    "carnet": "carnet",
    "employer_seat": "autorisation d'un employeur",
    "ends_on": "jusqu'au",
    "member": "fiche d'une personne du réseau",
    "plan": "formule",
    "stage": "étape",
    "subscription": "abonnement",
    "user": "personne",
}


class Memberships(AppConfig):
    """Members, plans, carnets: what a person may use."""

    name = "maillage.apps.memberships"
    label = "memberships"

    def ready(self) -> None:
        """Name its acts, give a person what is hers, forget her."""
        from maillage.apps.memberships import own_data  # models are ready only now
        from maillage.apps.people import acts

        acts.also(ACTS, WORDS)
        own_data.declare()
