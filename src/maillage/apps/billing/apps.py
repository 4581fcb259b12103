from django.apps import AppConfig

ACTS = {
    "billing.close_month": "Mois clôturé",
    "billing.credit": "Avoir émis",
    "billing.issue": "Facture émise",
    "billing.receive": "Facture reçue enregistrée",
    "billing.remove_received": "Facture reçue retirée",
    "billing.resume": "Facturation du mois reprise",
    "billing.resume_series": "Série de numéros reprise après un numéro connu",
    "billing.run": "Facturation du mois lancée",
    "billing.send": "Facture envoyée par courriel",
    "billing.set_payer": "Coordonnées de facturation corrigées",
    "billing.set_profile": "Profil de facturation corrigé",
    "billing.stop": "Facturation du mois arrêtée",
}
WORDS = {
    "after": "après le numéro",
    "billing_run": "facturation d'un mois",
    "closed_month": "mois clôturé",
    "document": "facture ou avoir",
    "gross_cents": "centimes TTC",
    "month": "mois",
    "number": "numéro",
    "payer_details": "coordonnées de facturation",
    "received_invoice": "facture reçue",
    "series": "série de numéros",
}


class Billing(AppConfig):
    """Invoices and credit notes: numbers without gap, documents that never change."""

    name = "maillage.apps.billing"
    label = "billing"

    def ready(self) -> None:
        """Name its acts."""
        from maillage.apps.billing import own_data  # models are ready only now
        from maillage.apps.people import acts

        acts.also(ACTS, WORDS)
        own_data.declare()
