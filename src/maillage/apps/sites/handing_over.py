"""What the hand-over dossier says of the sites: those in its scope, what each still misses."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people import handover
from maillage.apps.people.handover import Line
from maillage.apps.people.rights import Scope
from maillage.apps.sites import completeness
from maillage.apps.sites.models import Site, Stage, stage_on
from maillage.report import french


def declare() -> None:
    """Called once the models are ready."""
    handover.section("lieux", "Les lieux et ce qui leur manque", lines)


def lines(scope: Scope, on: date) -> tuple[Line, ...]:
    """Each site of the scope: its stage that day, what is left to write."""
    sites = list(_of(scope).prefetch_related("stages").order_by("name", "pk"))
    found = completeness.counts(sites)
    return tuple(_line(site, found[site.pk], on) for site in sites)


def _of(scope: Scope) -> QuerySet[Site]:
    kind, key = scope
    present = Site.objects.filter(removed_at=None)
    if kind == "territory":
        return present.filter(territory_id=key)
    if kind == "site" and key.isdigit():
        return present.filter(pk=int(key))
    return present.none()


def _line(site: Site, counts: completeness.Counts, on: date) -> Line:
    stages = list(site.stages.all())
    now = stage_on(stages, on)
    opens = any(stage.stage == Stage.OPEN for stage in stages)
    left = completeness.missing(site, counts, has_opening=opens)
    said = Stage(now.stage).label if now else _("étape non renseignée")
    if left:
        missing = french.listed([str(link.text).lower() for link in left], 4)
        said = f"{said} ; {_('à compléter')} : {missing}"
    return Line(site.name, said, reverse("site_kept", args=(site.pk,)))
