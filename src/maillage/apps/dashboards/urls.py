"""Addresses of the network's board."""

from django.urls import path

from maillage.apps.dashboards import pages

urlpatterns = [
    path("reseau/<str:siren>/", pages.overview, name="network_board"),
    path("reseau/<str:siren>/lieux.csv", pages.overview_csv, name="network_board_csv"),
]
