"""Addresses of a study's home page and of its programme."""

from django.urls import path

from maillage.apps.programme.pages import (
    calendar,
    commissions,
    deliverables,
    phases,
    study,
    subscription,
)

STUDY = "etudes/<int:pk>-<slug:slug>/"
PROGRAMME = f"{STUDY}programme/"
PHASE = f"{PROGRAMME}<int:rank>/"
DELIVERABLE = f"{PROGRAMME}livrables/<int:deliverable>/"
COMMISSION = f"{PROGRAMME}missions/<int:commission>/"

urlpatterns = [
    path(STUDY, study.study, name="study"),
    path(f"{PROGRAMME}nouveau/", calendar.new, name="programme_new"),
    path(f"{PROGRAMME}dates/", calendar.dates, name="programme_dates"),
    path(f"{PROGRAMME}debut/", calendar.move, name="programme_move"),
    path(f"{PROGRAMME}abandonner/", calendar.abandon, name="programme_give_up"),
    path(f"{PROGRAMME}calendrier.ics", subscription.download, name="programme_ics"),
    path(f"{PROGRAMME}abonnement/", subscription.subscription, name="programme_subscription"),
    path(
        f"{PROGRAMME}abonnement/supprimer/",
        subscription.unsubscribe,
        name="programme_unsubscribe",
    ),
    path("calendriers/<str:secret>.ics", subscription.feed, name="calendar_feed"),
    path(PHASE, phases.phase, name="phase"),
    path(f"{PHASE}commencer/", phases.begin, name="phase_begin"),
    path(f"{PHASE}terminer/", phases.finish, name="phase_finish"),
    path(f"{PHASE}annuler/", phases.take_back, name="phase_take_back"),
    path(f"{PHASE}livrables/nouveau/", deliverables.new, name="deliverable_new"),
    path(DELIVERABLE, deliverables.deliverable, name="deliverable"),
    path(f"{DELIVERABLE}corriger/", deliverables.edit, name="deliverable_edit"),
    path(f"{DELIVERABLE}remise/", deliverables.deliver, name="deliverable_deliver"),
    path(f"{DELIVERABLE}acceptation/", deliverables.accept, name="deliverable_accept"),
    path(f"{DELIVERABLE}annuler/", deliverables.take_back, name="deliverable_take_back"),
    path(f"{DELIVERABLE}retirer/", deliverables.remove, name="deliverable_remove"),
    path(f"{DELIVERABLE}remettre/", deliverables.put_back, name="deliverable_put_back"),
    path(f"{PROGRAMME}missions/nouvelle/", commissions.new, name="commission_new"),
    path(COMMISSION, commissions.commission, name="commission"),
    path(f"{COMMISSION}modifier/", commissions.edit, name="commission_edit"),
    path(f"{COMMISSION}terminer/", commissions.end, name="commission_end"),
    path(f"{COMMISSION}reprendre/", commissions.resume, name="commission_resume"),
]
