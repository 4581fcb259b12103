"""The weights of the criteria, for a whole territory."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.apps.premises.forms import Weights
from maillage.apps.premises.pages.common import POST, WRITING, WRONG, frame
from maillage.apps.premises.rules import may_keep, territory_of
from maillage.apps.premises.weigh import weigh, weigh_as_shipped, weights_of
from maillage.apps.premises.words import written
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal


@page(rule=may_keep, of=territory_of, methods=WRITING)
def weights(request: HttpRequest, territory: Territory) -> HttpResponse:
    """What counts here."""
    shown = {criterion: written(weight) for criterion, weight in weights_of(territory).items()}
    form = Weights(request.POST or None, initial=shown)
    if form.is_valid():
        try:
            weigh(territory, form.cleaned_data, by=request.user.pk, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Les notes suivent maintenant ces poids."))
            return redirect("premises_list", territory.pk)
    context = {**frame(territory, Crumb(_("Poids des critères"))), "form": form}
    status = WRONG if form.is_bound else 200
    return render(request, "premises/weights.html", context, status=status)


@page(rule=may_keep, of=territory_of, methods=POST)
def as_shipped(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Back to the product's weights."""
    weigh_as_shipped(territory, by=request.user.pk, at=now())
    messages.success(request, _("Les poids sont de nouveau ceux de Maillage."))
    return redirect("premises_weights", territory.pk)
