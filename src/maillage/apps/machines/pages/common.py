"""What the pages of machines share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites.models import Space
from maillage.kit.components import Crumb

WRITING = ("GET", "HEAD", "POST")
POST = ("POST",)
WRONG = 422


def frame(space: Space | None, *here: Crumb) -> dict[str, Any]:
    """The breadcrumb under the machines."""
    crumbs = [Crumb(_("Machines"), reverse("machines") if space else "")]
    if space:
        crumbs.append(Crumb(space.name, reverse("machine", args=(space.pk,)) if here else ""))
    return {"crumbs": [*crumbs, *here]}


def written(form: Any) -> int:
    """The status of a form that is shown again."""
    return WRONG if form.is_bound and form.errors else 200
