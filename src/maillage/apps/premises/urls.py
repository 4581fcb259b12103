"""Addresses of premises, under their territory."""

from django.urls import path

from maillage.apps.premises.pages import fit_out, imports, lists, sheets, weights

LIST = "territoires/<slug:siren>/locaux/"
IMPORT = f"{LIST}imports/<int:pk>/"
ONE = f"{LIST}<int:pk>/"

urlpatterns = [
    path(LIST, lists.premises, name="premises_list"),
    path(f"{LIST}carte.geojson", lists.markers, name="premises_markers"),
    path(f"{LIST}locaux.csv", lists.open_data, name="premises_csv"),
    path(f"{LIST}locaux-excel.csv", lists.excel, name="premises_excel"),
    path(f"{LIST}ajouter/", sheets.new, name="premises_new"),
    path(f"{LIST}poids/", weights.weights, name="premises_weights"),
    path(f"{LIST}poids/retablir/", weights.as_shipped, name="premises_weights_reset"),
    path(f"{LIST}importer/", imports.new, name="import_new"),
    path(f"{LIST}importer/modele.csv", imports.template, name="import_template"),
    path(IMPORT, imports.preview, name="import"),
    path(f"{IMPORT}annuler/", imports.undoing, name="import_undo"),
    path(ONE, sheets.premises, name="premises"),
    path(f"{ONE}modifier/", sheets.edit, name="premises_edit"),
    path(f"{ONE}retirer/", sheets.removal, name="premises_remove"),
    path(f"{ONE}retablir/", sheets.restore, name="premises_restore"),
    path(f"{ONE}amenagement/", fit_out.rooms, name="premises_fit_out"),
    path(f"{ONE}amenagement/enregistrer/", fit_out.write, name="premises_fit_out_write"),
    path(f"{ONE}amenagement/mobilier.csv", fit_out.furniture, name="premises_fit_out_file"),
]
