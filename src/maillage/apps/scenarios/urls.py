"""Addresses of scenarios, under their study; /elus/ to decide; those of shared links."""

from django.urls import path

from maillage.apps.scenarios.pages import (
    adopting,
    comparing,
    deciding,
    elected,
    one,
    overview,
    sharing,
    villages,
    writing,
)

STUDY = "etudes/<int:pk>-<slug:slug>/scenarios/"
ONE = f"{STUDY}<int:number>/"
VILLAGE = f"{ONE}villages/<slug:code>/"

urlpatterns = [
    path(STUDY, overview.scenarios, name="scenarios"),
    path(f"{STUDY}nouveau/", overview.new, name="scenario_new"),
    path(f"{STUDY}depuis-un-calcul/", overview.from_run, name="scenario_from_run"),
    path(f"{STUDY}comparer/", comparing.comparison, name="scenarios_compared"),
    path(f"{STUDY}comparer/note.pdf", comparing.note, name="scenarios_note"),
    path(ONE, one.scenario, name="scenario"),
    path(f"{ONE}arreter/", one.stop, name="scenario_stop"),
    path(f"{ONE}enregistrer/", writing.saving, name="scenario_save"),
    path(f"{ONE}copier/", writing.copying, name="scenario_copy"),
    path(f"{ONE}regles/", writing.rules, name="scenario_rules"),
    path(f"{ONE}hypotheses/", writing.assumed, name="scenario_assumptions"),
    path(f"{ONE}hypotheses/<str:key>/", writing.assumption, name="scenario_assumption"),
    path(f"{ONE}villages/", villages.villages, name="scenario_villages"),
    path(VILLAGE, villages.village, name="scenario_village"),
    path(f"{VILLAGE}calculer/", villages.asking, name="scenario_village_ask"),
    path(f"{VILLAGE}arreter/", villages.stopping, name="scenario_village_stop"),
    path(f"{VILLAGE}imposer/", villages.imposing, name="scenario_village_impose"),
    path(f"{ONE}versions/", writing.versions, name="scenario_versions"),
    path(f"{ONE}versions/reprendre/", writing.restoring, name="scenario_restore"),
    path(f"{ONE}proposer/", deciding.proposal, name="scenario_propose"),
    path(f"{ONE}brouillon/", deciding.withdrawal, name="scenario_take_back"),
    path(f"{ONE}retenir/", deciding.retention, name="scenario_retain"),
    path(f"{ONE}revenir/", deciding.release, name="scenario_release"),
    path(f"{ONE}adopter/", adopting.adoption, name="scenario_adopt"),
    path(f"{ONE}adopter/annuler/", adopting.undoing, name="scenario_adopt_undo"),
    path(f"{ONE}retirer/", overview.removal, name="scenario_remove"),
    path(f"{ONE}reprendre/", overview.return_of, name="scenario_bring_back"),
    path(f"{ONE}partager/", sharing.sharing, name="scenario_share"),
    path(f"{ONE}partager/<int:share_id>/revoquer/", sharing.revoking, name="scenario_share_revoke"),
    path("elus/", elected.decisions, name="elected"),
    path("elus/<slug:code>/", elected.commune, name="elected_commune"),
    path("elus/<slug:code>/fiche.pdf", elected.sheet, name="elected_commune_sheet"),
    path("partage/<str:secret>/", sharing.shared, name="shared"),
    path("partage/<str:secret>/fichiers/<str:name>", sharing.shared_file, name="shared_file"),
]
