from django.apps import AppConfig

ACTS = {
    "account.open": "Compte ouvert avec une réservation",
    "booking.approve": "Demande approuvée",
    "booking.cancel": "Réservation annulée",
    "booking.cancel_series": "Série annulée",
    "booking.change": "Réservation modifiée",
    "booking.claim": "Réservation rattachée à un compte",
    "booking.close_out": "Réservations touchées par une fermeture",
    "booking.confirm": "Réservation confirmée",
    "booking.end_block": "Place gardée rendue",
    "booking.expire": "Délai de réservation passé",
    "booking.keep_seat": "Place gardée",
    "booking.refuse": "Demande refusée",
    "booking.release_day": "Jour d’une place gardée laissé aux autres",
    "booking.reserve": "Place réservée",
    "booking.series": "Série réservée",
    "booking.stand_again": "Réservation maintenue après une fermeture",
    "booking.take_day_back": "Jour d’une place gardée repris",
    "booking.wait": "Mise en attente",
    "booking.withdraw_wait": "Attente retirée",
    "bookings_feed.make": "Adresse d’agenda faite",
    "bookings_feed.revoke": "Adresse d’agenda retirée",
    "payment.arrive": "Paiement reçu",
    "bookings.import_grr": "Réservations de GRR reprises",
    "bookings.undo_grr_import": "Reprise de GRR annulée",
}
WORDS = {
    "block": "place gardée",
    "feed": "adresse d’agenda",
    "booking": "réservation",
    "given_back_cents": "centimes rendus",
    "kept_percent": "part retenue",
    "payment": "paiement",
    "series": "série",
    "space": "espace",
    "wait": "attente",
    "bookings": "réservations",
    "grr_import": "export de GRR",
    "spaces": "espaces",
}


class Bookings(AppConfig):
    """Who takes which seat, when."""

    name = "maillage.apps.bookings"
    label = "bookings"

    def ready(self) -> None:
        """Name its acts, tell what is a person’s own."""
        from maillage.apps.bookings import forget_people  # models are ready only now
        from maillage.apps.people import acts

        acts.also(ACTS, WORDS)
        forget_people.declare()
