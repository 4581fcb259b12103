"""Addresses of the public directory and of the module for other web sites."""

from django.urls import path

from maillage.apps.sites.pages import directory, embedding

NETWORK = "lieux/<slug:siren>/"

urlpatterns = [
    path("lieux/", directory.sites, name="directory"),
    path("lieux/carte/<slug:name>.geojson", directory.layer, name="directory_layer"),
    path("integrer/<slug:siren>/", embedding.module, name="embed"),
    path("integrer/<slug:siren>.json", embedding.module_json, name="embed_json"),
    path(NETWORK, directory.network, name="network"),
    path(f"{NETWORK}donnees.csv", directory.network_csv, name="network_csv"),
    path(f"{NETWORK}donnees.json", directory.network_json, name="network_json"),
    path(f"{NETWORK}donnees.geojson", directory.network_geojson, name="network_geojson"),
    path(f"{NETWORK}integrer", embedding.embedding, name="embedding"),
    path(f"{NETWORK}<slug:slug>/", directory.site, name="site"),
]
