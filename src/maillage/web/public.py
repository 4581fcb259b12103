"""The pages that the law asks for, and those that help a visitor."""

import json
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.apps.studies import shown as results
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now
from maillage.kit.components import Link
from maillage.kit.pages import anyone, page
from maillage.web import published, publisher
from maillage.web.accessibility import AUDIT, mention

# RFC 9116: less than a year ahead
SECURITY_VALID_FOR = timedelta(days=180)
PRIVATE = (
    "compte",
    "connexion",
    "personnes",
    "organisations",
    "reglages",
    "etudes",
    "elus",
    "hote",
)


@page(rule=anyone)
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Who publishes and hosts the site."""
    context = {"lines": publisher.lines(), "missing": publisher.missing()}
    return render(request, "public/legal_notice.html", context)


@page(rule=anyone)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, from the last audit."""
    audited_on: date | None = None
    met = None
    if AUDIT.exists():
        audit = json.loads(AUDIT.read_text(encoding="utf-8"))
        audited_on, met = date.fromisoformat(audit["on"]), audit["criteria_met_share"]
    context = {
        "state": mention(),
        "audited_on": audited_on,
        "met_share": met,
        "email": publisher.email(),
        "publisher": settings.PUBLISHER["publisher"],
    }
    return render(request, "public/accessibility.html", context)


@page(rule=anyone)
def site_map(request: HttpRequest) -> HttpResponse:
    """Every public page, two clicks away."""
    territories = [(of.words["name"], _of_territory(of.siren)) for of in published.portraits()]
    studies = [Link(of.study.title, of.home) for of in results.published()]
    context = {"territories": territories, "studies": studies}
    return render(request, "public/site_map.html", context)


def _of_territory(siren: str) -> list[Link]:
    pages = {
        "territory": "Portrait",
        "territory_tables": "Tableaux",
        "territory_places": "Lieux existants",
        "initiatives": "Initiatives des communes",
        "network": "Lieux du réseau",
        "territory_official_files": "Fichiers officiels",
    }
    return [Link(title, reverse(name, args=(siren,))) for name, title in pages.items()]


@page(rule=anyone)
def contact(request: HttpRequest) -> HttpResponse:
    """Whom to write to; nothing is stored."""
    asked = request.GET.get("territoire", "")
    territory = Territory.objects.filter(pk=asked).first() if asked else None
    context = {
        "email": publisher.email(),
        "phone": settings.PUBLISHER["publisher_phone"],
        "publisher": settings.PUBLISHER["publisher"],
        "territory": territory,
    }
    return render(request, "public/contact.html", context)


@page(rule=anyone)
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines may read: everything public."""
    lines = ["User-agent: *", *(f"Disallow: /{name}/" for name in PRIVATE), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@page(rule=anyone)
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Where to report a fault of security (RFC 9116)."""
    address = publisher.email()
    where = f"mailto:{address}" if address else f"{settings.BASE_URL}{reverse('contact')}"
    expires = (now() + SECURITY_VALID_FOR).isoformat(timespec="seconds")
    lines = [
        f"Contact: {where}",
        f"Expires: {expires}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
