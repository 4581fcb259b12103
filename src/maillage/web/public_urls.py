"""Addresses of the pages that belong to no noun."""

from django.urls import path

from maillage.web import appearance, home, open_data, public

urlpatterns = [
    path("", home.home, name="home"),
    path("donnees/", open_data.catalogue, name="open_data"),
    path("donnees/catalogue.json", open_data.catalogue_json, name="open_data_json"),
    path("donnees/<str:siren>/<slug:key>/", open_data.table, name="open_data_table"),
    path("mentions-legales/", public.legal_notice, name="legal_notice"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("plan-du-site/", public.site_map, name="site_map"),
    path("contact/", public.contact, name="contact"),
    path("apparence/", appearance.choose, name="appearance"),
    path("robots.txt", public.robots, name="robots"),
    path(".well-known/security.txt", public.security_txt, name="security_txt"),
]
