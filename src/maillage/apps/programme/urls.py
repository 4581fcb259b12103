"""Addresses of a study's home page and of its programme."""

from django.urls import path

from maillage.apps.programme import pages

STUDY = "etudes/<int:pk>-<slug:slug>/"

urlpatterns = [
    path(STUDY, pages.study, name="study"),
]
