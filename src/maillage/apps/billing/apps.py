from django.apps import AppConfig

ACTS = {
    "billing.close_month": "Mois clôturé",
    "billing.credit": "Avoir émis",
    "billing.issue": "Facture émise",
    "billing.set_payer": "Coordonnées de facturation corrigées",
    "billing.set_profile": "Profil de facturation corrigé",
}
WORDS = {
    "document": "facture ou avoir",
    "payer_details": "coordonnées de facturation",
}


class Billing(AppConfig):
    """Invoices and credit notes: numbers without gap, documents that never change."""

    name = "maillage.apps.billing"
    label = "billing"

    def ready(self) -> None:
        """Name its acts."""
        from maillage.apps.people import acts  # models are ready only now

        acts.also(ACTS, WORDS)
