from django.apps import AppConfig

ACTS = {
    "access.draw": "Codes d’accès tirés",
    "access.import": "Codes d’accès importés",
    "access.set": "Accès au Wi-Fi réglé",
    "access.withdraw": "Codes d’accès retirés",
    "arrival.absent": "Absence notée",
    "arrival.leave": "Départ noté",
    "arrival.note": "Arrivée notée",
    "arrival.not_absent": "Absence annulée",
    "arrival.undo": "Arrivée annulée",
    "arrival.visitor": "Visite sans réservation notée",
    "connections.forget": "Journal des connexions purgé",
    "entrance.draw": "Affiche de l’entrée renouvelée",
    "incident.close": "Incident clos",
    "incident.report": "Incident signalé",
    "kiosk.make": "Borne préparée",
    "kiosk.pair": "Borne appairée",
    "kiosk.revoke": "Borne retirée",
    "visits.count": "Visites d’un service comptées",
}
WORDS = {
    "access": "accès",
    "arrival": "arrivée",
    "booking": "réservation",
    "codes": "codes",
    "count": "nombre",
    "how": "moyen",
    "incident": "incident",
    "kiosk": "borne",
    "service": "service",
    "severity": "gravité",
    "site": "lieu",
}


class Presence(AppConfig):
    """Who is there, what happens at a site on a day."""

    name = "maillage.apps.presence"
    label = "presence"

    def ready(self) -> None:
        """Name its acts, tell what is a person’s own."""
        from maillage.apps.people import acts  # models are ready only now
        from maillage.apps.presence import forget_names

        acts.also(ACTS, WORDS)
        forget_names.declare()
