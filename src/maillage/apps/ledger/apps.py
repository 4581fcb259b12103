from django.apps import AppConfig


class Ledger(AppConfig):
    """What was sold and given back, before invoices."""

    name = "maillage.apps.ledger"
    label = "ledger"
