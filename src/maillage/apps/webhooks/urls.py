"""Addresses of the programs of a territory."""

from django.urls import path

from maillage.apps.webhooks import pages

_ONE = "programmes/<str:siren>/<int:pk>/"
urlpatterns = [
    path("programmes/<str:siren>/", pages.programs, name="webhooks"),
    path("programmes/<str:siren>/ajouter/", pages.add, name="webhook_add"),
    path(_ONE, pages.program, name="webhook"),
    path(_ONE + "essai/", pages.send_trial, name="webhook_trial"),
    path(_ONE + "reprendre/", pages.start, name="webhook_start"),
    path(_ONE + "arreter/", pages.stop, name="webhook_stop"),
    path(_ONE + "secret/", pages.renew_secret, name="webhook_secret"),
    path(_ONE + "retirer/", pages.remove, name="webhook_remove"),
]
