"""Addresses of the sites one keeps, and of their pictures."""

from django.urls import path

from maillage.apps.sites.pages import (
    closures,
    lists,
    overview,
    pictures,
    seats,
    sheet,
    spaces,
    stages,
)

ONE = "gerer/lieux/<int:pk>/"
SPACE = f"{ONE}espaces/<int:space>/"
SEAT = f"{SPACE}places/<int:seat>/"
PART = f"{ONE}<slug:kind>/<int:part>/"

urlpatterns = [
    path("gerer/", overview.sites, name="sites_kept"),
    path("gerer/lieux/nouveau/", overview.choose, name="site_new"),
    path("gerer/lieux/nouveau/<slug:siren>/", overview.new, name="site_new_in"),
    path(ONE, overview.site, name="site_kept"),
    path(f"{ONE}annuaire/", overview.listed, name="site_listing"),
    path(f"{ONE}retirer/", overview.removal, name="site_remove"),
    path(f"{ONE}retablir/", overview.restore, name="site_take_back"),
    path(f"{ONE}fiche/<slug:section>/", sheet.sheet, name="site_sheet"),
    path(f"{ONE}etapes/", stages.stages, name="site_stages"),
    path(f"{ONE}etapes/<int:stage>/retirer/", stages.withdraw, name="site_stage_withdraw"),
    path(f"{ONE}espaces/", spaces.spaces, name="site_spaces"),
    path(f"{ONE}espaces/ajouter/", spaces.new, name="space_new"),
    path(SPACE, spaces.space, name="space_kept"),
    path(f"{SPACE}modifier/", spaces.edit, name="space_edit"),
    path(f"{SPACE}deplacer/", spaces.move, name="space_move"),
    path(f"{SPACE}retirer/", spaces.removal, name="space_remove"),
    path(f"{SPACE}retablir/", spaces.restore, name="space_take_back"),
    path(f"{SPACE}regles/", seats.rules, name="space_rules"),
    path(f"{SPACE}places/", seats.count, name="space_seats"),
    path(f"{SPACE}places/noms/", seats.labels, name="space_seat_labels"),
    path(f"{SEAT}hors-service/", seats.out_of_order, name="seat_out_of_order"),
    path(f"{SEAT}en-service/", seats.back, name="seat_back"),
    path(f"{ONE}fermetures/", closures.closures, name="site_closures"),
    path(
        f"{ONE}fermetures/<int:closure>/lever/", closures.withdrawal, name="site_closure_withdraw"
    ),
    path(f"{ONE}photos/", pictures.photos, name="site_photos"),
    path(f"{ONE}plans/", pictures.plans, name="site_plans"),
    path(f"{ONE}plans/<int:plan>/", pictures.plan, name="floor_plan"),
    path(f"{ONE}labels/", lists.labels, name="site_labels"),
    path(f"{ONE}connexion/", lists.measures, name="site_measures"),
    path(f"{ONE}services/", lists.services, name="site_services"),
    path(f"{PART}retirer/", lists.removal, name="site_part_remove"),
    path(f"{PART}retablir/", lists.restore, name="site_part_take_back"),
    path("photos/<int:pk>/<str:name>", pictures.photo, name="site_photo"),
    path("plans/<int:pk>.webp", pictures.plan_picture, name="plan_picture"),
]
