from django.apps import AppConfig

ACTS = {
    "seats.out_of_order": "Place mise hors service",
    "seats.put_back": "Place remise en service",
    "sites.add_label": "Label ajouté à un lieu",
    "sites.add_measure": "Mesure de connexion ajoutée",
    "sites.add_photo": "Photo ajoutée à un lieu",
    "sites.add_plan": "Plan ajouté à un lieu",
    "sites.add_service": "Service accueilli dans un lieu",
    "sites.adopt": "Scénario adopté",
    "sites.close_for": "Fermeture d'un lieu notée",
    "sites.correct": "Fiche d'un lieu corrigée",
    "sites.describe_photo": "Photo décrite",
    "sites.keep_holders": "Gouvernance d'un lieu enregistrée",
    "sites.open": "Fiche d'un lieu ouverte",
    "sites.place_seats": "Places posées sur un plan",
    "sites.remove": "Lieu retiré",
    "sites.remove_label": "Label retiré",
    "sites.remove_measure": "Mesure de connexion retirée",
    "sites.remove_photo": "Photo retirée",
    "sites.remove_plan": "Plan retiré",
    "sites.remove_service": "Service retiré d'un lieu",
    "sites.set_stage": "Étape d'un lieu datée",
    "sites.take_back": "Lieu rétabli",
    "sites.take_back_label": "Label rétabli",
    "sites.take_back_measure": "Mesure de connexion rétablie",
    "sites.take_back_photo": "Photo rétablie",
    "sites.take_back_plan": "Plan rétabli",
    "sites.take_back_service": "Service rétabli dans un lieu",
    "sites.undo_adoption": "Adoption d'un scénario annulée",
    "sites.withdraw_closure": "Fermeture d'un lieu levée",
    "sites.withdraw_stage": "Étape d'un lieu retirée",
    "spaces.add": "Espace ajouté",
    "spaces.correct": "Espace corrigé",
    "spaces.keep_rules": "Règles d'un espace enregistrées",
    "spaces.label_seats": "Places d'un espace nommées",
    "spaces.move": "Espace déplacé",
    "spaces.remove": "Espace retiré",
    "spaces.set_seats": "Nombre de places changé",
    "spaces.take_back": "Espace rétabli",
}
WORDS = {
    "before": "avant",
    "closure": "fermeture",
    "governance": "gestion",
    "holders": "structures",
    "label": "label",
    "measure": "mesure",
    "part": "partie",
    "photo": "photo",
    "plan": "plan",
    "rules": "règles",
    "seat": "place",
    "seats": "places",
    "service": "service",
    "site": "lieu",
    "sites": "lieux",
    "space": "espace",
    "stage": "étape",
}


class Sites(AppConfig):
    """The places of a network, their spaces and seats."""

    name = "maillage.apps.sites"
    label = "sites"

    def ready(self) -> None:
        """Name its acts in the journal; tell the hand-over dossier what each site misses."""
        from maillage.apps.people import acts  # models are ready only now
        from maillage.apps.sites import handing_over

        acts.also(ACTS, WORDS)
        handing_over.declare()
