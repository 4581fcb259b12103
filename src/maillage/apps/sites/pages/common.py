"""What the pages of a site share: the frame, its other pages, an author, a form refused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.sites.models import Site
from maillage.apps.sites.versions import Author
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link

WRITING = ("GET", "HEAD", "POST")
POST = ("POST",)
WRONG = 422
# the pages around a site, in the order of their use
AROUND = (
    ("site_kept", gettext_lazy("Le lieu")),
    ("site_spaces", gettext_lazy("Espaces et places")),
    ("site_closures", gettext_lazy("Fermetures")),
    ("site_stages", gettext_lazy("Étapes")),
    ("site_photos", gettext_lazy("Photos")),
    ("site_plans", gettext_lazy("Plans")),
    ("site_labels", gettext_lazy("Labels")),
    ("site_measures", gettext_lazy("Connexion")),
    ("site_services", gettext_lazy("Services accueillis")),
)


def author(request: HttpRequest) -> Author:
    """Who acts, now."""
    return Author(request.user.pk, now())


def frame(site: Site, *here: Crumb, current: str = "site_kept") -> dict[str, Any]:
    """The breadcrumb of a site's page, its name, and the way to its other pages."""
    own = reverse("site_kept", args=(site.pk,))
    return {
        "site": site,
        "territory_name": short_name(site.territory.name),
        "crumbs": [
            Crumb(_("Les lieux que je gère"), reverse("sites_kept")),
            Crumb(site.name, own if here else ""),
            *here,
        ],
        "around": [
            Link(words, reverse(name, args=(site.pk,)), name == current) for name, words in AROUND
        ],
    }


def confirm(request: HttpRequest, site: Site, dialog: Dialog, *here: Crumb) -> HttpResponse:
    """Said first, then done."""
    return render(request, "confirm.html", {**frame(site, *here), "dialog": dialog})


def posted(request: HttpRequest) -> Any:
    """The form's data when it was sent."""
    return request.POST if request.method == "POST" else None


def status_of(form: Any) -> int:
    """422 when a form was refused."""
    return WRONG if form.is_bound and form.errors else 200
