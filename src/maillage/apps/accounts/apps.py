from django.apps import AppConfig

ACTS = {
    "accounts.archive_year": "Année archivée",
    "accounts.ask_archive": "Archive d'une année demandée",
    "accounts.export": "Comptes exportés",
}
WORDS = {
    "archive": "archive annuelle",
    "file": "fichier",
    "first": "du",
    "last": "au",
    "rows": "lignes",
    "sha256": "empreinte",
    "year": "année",
}


class Accounts(AppConfig):
    """The month as a whole, the files for an accountant, the yearly archives."""

    name = "maillage.apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Name its acts."""
        from maillage.apps.people import acts  # models are ready only now

        acts.also(ACTS, WORDS)
