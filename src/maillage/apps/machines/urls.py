"""Addresses of machines."""

from django.urls import path

from maillage.apps.machines.pages import machines, sessions

urlpatterns = [
    path("machines/", machines.machines, name="machines"),
    path("machines/<int:pk>/", machines.machine, name="machine"),
    path("machines/<int:pk>/fiche/", machines.sheet, name="machine_sheet"),
    path("machines/<int:pk>/formateurs/", machines.trainers, name="machine_trainers"),
    path("machines/<int:pk>/formateurs/fin/", machines.trainer_end, name="machine_trainer_end"),
    path("machines/<int:pk>/seances/nouvelle/", sessions.new, name="machine_training_new"),
    path("machines/seances/<int:pk>/", sessions.training, name="training"),
    path("machines/seances/<int:pk>/inscription/", sessions.join, name="training_join"),
    path("machines/seances/<int:pk>/desinscription/", sessions.quit_training, name="training_quit"),
    path("machines/seances/<int:pk>/annuler/", sessions.cancel, name="training_cancel"),
    path(
        "machines/habilitations/<int:pk>/retirer/", sessions.revocation, name="certification_revoke"
    ),
]
