from django.apps import AppConfig


class People(AppConfig):
    """Accounts, organisations, dated roles, consent, hand-over."""

    name = "maillage.apps.people"
    label = "people"
