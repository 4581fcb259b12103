"""Addresses of studies: /etudes/ for those in charge, /projet/ for everybody."""

from django.urls import path

from maillage.apps.studies import pages

STUDY = "etudes/<int:pk>-<slug:slug>/"
RUN = f"{STUDY}calculs/<int:number>/"

urlpatterns = [
    path("etudes/", pages.studies, name="studies"),
    path("etudes/nouvelle/<slug:siren>/", pages.new, name="new_study"),
    path(f"{STUDY}calculer/", pages.ask, name="study_compute"),
    path(f"{STUDY}retirer/", pages.withdrawal, name="study_withdrawal"),
    path(RUN, pages.run, name="run"),
    path(f"{RUN}arreter/", pages.stop, name="run_stop"),
    path(f"{RUN}publier/", pages.publication, name="run_publication"),
    path(f"{RUN}fichiers/<str:name>", pages.run_file, name="run_file"),
    path("projet/", pages.project, name="project"),
    path("projet/etudes/<int:pk>-<slug:slug>/", pages.published_study, name="published_study"),
    path(
        "projet/etudes/<int:pk>-<slug:slug>/fichiers/<str:name>",
        pages.published_file,
        name="published_file",
    ),
]
