from django.apps import AppConfig


class Web(AppConfig):
    """Pages that belong to no noun, and the jobs of the whole product."""

    name = "maillage.web"
    label = "web"

    def ready(self) -> None:
        """An erasure is noted outside the database as well: it outlives the backups."""
        # models exist only now
        from maillage.apps.people import erase
        from maillage.operate import erasures

        erase.also(erasures.remember_outside)
