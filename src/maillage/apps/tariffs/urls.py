"""Addresses of tariffs: /tarifs/ for those who keep them, /lieux/tarifs/ for everybody."""

from django.urls import path

from maillage.apps.tariffs.pages import grid, lists

LIST = "tarifs/<int:pk>/"

urlpatterns = [
    path("tarifs/", lists.tariffs, name="tariffs"),
    path("tarifs/nouvelle/", lists.new, name="price_list_new"),
    path(LIST, lists.price_list, name="price_list"),
    path(f"{LIST}corriger/", lists.correct, name="price_list_correct"),
    path(f"{LIST}copier/", lists.copy, name="price_list_copy"),
    path(f"{LIST}voter/", lists.vote, name="price_list_vote"),
    path(f"{LIST}retirer/", lists.withdraw, name="price_list_withdraw"),
    path(f"{LIST}prix/<slug:key>/", grid.prices, name="price_grid"),
    path("lieux/tarifs/<int:pk>/", grid.public, name="operator_tariffs"),
]
