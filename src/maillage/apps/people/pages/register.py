"""The register of processing (RGPD, art. 30), as it is kept in the code."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.people.personal_data import REGISTER
from maillage.kit.components import Crumb
from maillage.kit.pages import anyone, page


@page(rule=anyone)
def register(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why, for how long, and how to act on it."""
    context = {
        "treatments": REGISTER.treatments.values(),
        "is_signed_in": request.user.is_authenticated,
        "contact": settings.DEFAULT_FROM_EMAIL,
        "crumbs": [Crumb(_("Accueil"), "/"), Crumb(_("Données personnelles"))],
    }
    return render(request, "people/personal_data.html", context)
