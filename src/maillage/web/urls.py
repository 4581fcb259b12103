"""The table of contents."""

from django.conf import settings
from django.urls import include, path

from maillage.web import api, api_reference, health, living

handler400 = "maillage.web.errors.bad_request"
handler500 = "maillage.web.errors.server_error"

urlpatterns = [
    path("sante/vivant", health.alive, name="alive"),
    path("sante/pret", health.ready, name="ready"),
    path("api/v1/", api_reference.reference, name="api_reference"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/", include(api.urlpatterns)),
    path("", include("maillage.web.public_urls")),
    path("", include("maillage.apps.people.urls")),
    path("territoires/", include("maillage.apps.territories.urls")),
    path("", include("maillage.apps.premises.urls")),
    # before those of bookings, whose references would take « attestation » for one of theirs
    path("", include("maillage.apps.presence.urls")),
    path("", include("maillage.apps.bookings.urls")),
    path("", include("maillage.apps.sites.urls")),
    path("", include("maillage.apps.tariffs.urls")),
    path("", include("maillage.apps.memberships.urls")),
    path("", include("maillage.apps.settlement.urls")),
    path("", include("maillage.apps.contracts.urls")),
    path("", include("maillage.apps.billing.urls")),
    path("", include("maillage.apps.collecting.urls")),
    path("", include("maillage.apps.bookings.grr_urls")),
    path("", include("maillage.apps.webhooks.urls")),
    path("", include("maillage.apps.machines.urls")),
    path("", include("maillage.apps.accounts.urls")),
    path("", include("maillage.apps.dashboards.urls")),
    path("", include("maillage.apps.programme.urls")),
    path("", include("maillage.apps.scenarios.urls")),
    path("", include("maillage.apps.studies.urls")),
    # last: under /lieux/, the addresses of others come first
    path("", include("maillage.apps.sites.public_urls")),
]

if settings.DEBUG or settings.DEMONSTRATION:
    # every component in every state, for those who build pages
    urlpatterns += living.urlpatterns
