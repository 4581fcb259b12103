"""Addresses of the import of GRR."""

from django.urls import path

from maillage.apps.bookings.pages import grr

HOME = "gerer/import-grr/"
OF = f"{HOME}<slug:siren>/"
ONE = f"{OF}<int:pk>/"

urlpatterns = [
    path(HOME, grr.choose_territory, name="grr_where"),
    path(OF, grr.new, name="grr_new"),
    path(ONE, grr.preview, name="grr_import"),
    path(f"{ONE}reservations.csv", grr.lines, name="grr_lines"),
    path(f"{ONE}annuler/", grr.undoing, name="grr_undo"),
]
