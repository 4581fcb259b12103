"""Addresses under /territoires/."""

from django.urls import path, register_converter

from maillage.apps.territories import downloads, initiative_pages, pages


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
    path("<siren:siren>/initiatives/", initiative_pages.initiatives, name="initiatives"),
    path(
        "<siren:siren>/initiatives/initiatives.csv",
        initiative_pages.open_data,
        name="initiatives_csv",
    ),
    path(
        "<siren:siren>/initiatives/initiatives-excel.csv",
        initiative_pages.excel,
        name="initiatives_excel",
    ),
    path(
        "<siren:siren>/initiatives/nouvelle/", initiative_pages.declare, name="initiative_declare"
    ),
    path("<siren:siren>/initiatives/<int:pk>/", initiative_pages.initiative, name="initiative"),
    path(
        "<siren:siren>/initiatives/<int:pk>/corriger/",
        initiative_pages.edit,
        name="initiative_edit",
    ),
    path(
        "<siren:siren>/initiatives/<int:pk>/etat/",
        initiative_pages.status,
        name="initiative_status",
    ),
    path(
        "<siren:siren>/initiatives/<int:pk>/etat/annuler/",
        initiative_pages.undo_status,
        name="initiative_status_undo",
    ),
    path(
        "<siren:siren>/initiatives/<int:pk>/retirer/",
        initiative_pages.take_off,
        name="initiative_remove",
    ),
    path(
        "<siren:siren>/initiatives/<int:pk>/retablir/",
        initiative_pages.restore,
        name="initiative_restore",
    ),
    path("<siren:siren>/fichiers/<str:name>", downloads.compressed, name="territory_file"),
]
