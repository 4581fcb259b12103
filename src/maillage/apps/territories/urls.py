"""Addresses under /territoires/."""

from django.urls import path, register_converter

from maillage.apps.territories import downloads, pages


class Siren:
    """Nine digits."""

    regex = r"\d{9}"

    def to_python(self, value: str) -> str:
        """The number as text."""
        return value

    def to_url(self, value: str) -> str:
        """The number as text."""
        return value


register_converter(Siren, "siren")

urlpatterns = [
    path("", pages.choose, name="territories"),
    path("<siren:siren>/", pages.portrait, name="territory"),
    path("<siren:siren>/charger/", pages.ask, name="territory_load"),
    path("<siren:siren>/chargement/", pages.loading, name="territory_loading"),
    path("<siren:siren>/tableaux/", pages.tables, name="territory_tables"),
    path("<siren:siren>/tableaux/<slug:key>/", pages.table, name="territory_table"),
    path("<siren:siren>/lieux-existants/", pages.places, name="territory_places"),
    path("<siren:siren>/fichiers-officiels/", pages.files_to_load, name="territory_official_files"),
    path("<siren:siren>/communes/<slug:code>/", pages.commune, name="territory_commune"),
    path("<siren:siren>/fichiers/<str:name>", downloads.compressed, name="territory_file"),
]
