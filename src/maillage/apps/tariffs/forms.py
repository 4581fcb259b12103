"""What people type to keep prices."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.people.forms import DAY, DayInput, offer
from maillage.apps.people.models import Organisation
from maillage.apps.tariffs.keep_list import Asked, Head, Terms
from maillage.apps.tariffs.models import PRICED, Price, PriceList, Unit
from maillage.apps.tariffs.money_fields import EurosField, RateField

HALF_DAY = {
    "invalid": _("Indiquez un nombre de minutes entre 60 et 720."),
    "min_value": _("Indiquez 60 minutes au moins."),
    "max_value": _("Indiquez 720 minutes au plus."),
}


class ListHead(forms.Form):
    """The name of a list, its first day, its half-day."""

    name = forms.CharField(
        label=_("Nom de la grille"),
        max_length=120,
        help_text=_("Par exemple : Tarifs 2027."),
        error_messages={"required": _("Donnez un nom à la grille.")},
    )
    starts_on = forms.DateField(
        label=_("Premier jour d’application"),
        widget=DayInput,
        help_text=_("Chaque réservation suit les tarifs du jour où l’on vient."),
        error_messages=DAY,
    )
    half_day_min = forms.IntegerField(
        label=_("Durée d’une demi-journée, en minutes"),
        required=False,
        min_value=60,
        max_value=720,
        help_text=_("Sans indication : 300 minutes, cinq heures."),
        error_messages=HALF_DAY,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def head(self) -> Head:
        """As the verb reads it."""
        said = self.cleaned_data
        return Head(said["name"], said["starts_on"], said["half_day_min"])


class NewList(ListHead):
    """The same, of one of the operators."""

    field_order = ("operator", "name", "starts_on", "half_day_min")
    operator = forms.ChoiceField(
        label=_("Organisme qui vend"),
        error_messages={
            "required": _("Choisissez l’organisme qui vend."),
            "invalid_choice": _("Choisissez un organisme de la liste."),
        },
    )

    def __init__(self, *args: Any, operators: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "operator", [(str(one.pk), one.name) for one in operators])


class Vote(forms.Form):
    """By what the prices were voted."""

    reference = forms.CharField(
        label=_("Référence de la délibération"),
        max_length=80,
        help_text=_("Le numéro que porte l’acte, par exemple 2026-12-10-07."),
        error_messages={"required": _("Indiquez la référence de la délibération.")},
    )
    voted_on = forms.DateField(label=_("Jour du vote"), widget=DayInput, error_messages=DAY)


class ResourcePrices(forms.Form):
    """The prices of a kind of spaces, or of one space: one amount a unit and an audience."""

    vat_rate = RateField(label=_("TVA, en %"), help_text=_("0 si l’organisme n’y est pas soumis."))
    includes_tax = forms.BooleanField(label=_("Ces prix comprennent la TVA"), required=False)
    free_reason = forms.CharField(
        label=_("Motif des gratuités"),
        required=False,
        max_length=160,
        help_text=_("Par exemple : accueil des nouvelles personnes du territoire."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, prices: Iterable[Price], **kwargs: Any) -> None:
        held = list(prices)
        kwargs["initial"] = _initial(held) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for audience, _label in PRICED:
            for unit, label in Unit.choices:
                self.fields[f"{unit}-{audience}"] = EurosField(label=label, required=False)
            self.fields[f"free-{audience}"] = forms.DateField(
                label=_("Gratuit jusqu’au"), required=False, widget=DayInput(), error_messages=DAY
            )

    def groups(self) -> list[dict[str, Any]]:
        """The fields of each audience, under its name."""
        return [
            {
                "label": label,
                "fields": [
                    *(self[f"{unit}-{audience}"] for unit in Unit.values),
                    self[f"free-{audience}"],
                ],
            }
            for audience, label in PRICED
        ]

    def clean(self) -> dict[str, Any]:
        """A free time is of prices, and said why."""
        said = super().clean() or self.cleaned_data
        for audience, _label in PRICED:
            until = said.get(f"free-{audience}")
            if until and all(said.get(f"{unit}-{audience}") is None for unit in Unit.values):
                self.add_error(
                    f"free-{audience}", _("Indiquez le prix demandé ensuite, puis la gratuité.")
                )
            elif until and not said.get("free_reason"):
                self.add_error("free_reason", _("Dites pourquoi c’est gratuit."))
        return said

    def asked(self) -> list[Asked]:
        """As the verb reads them."""
        said = self.cleaned_data
        return [
            Asked(unit, audience, cents, said.get(f"free-{audience}"))
            for audience, _label in PRICED
            for unit in Unit.values
            if (cents := said.get(f"{unit}-{audience}")) is not None
        ]

    def terms(self) -> Terms:
        """As the verb reads them."""
        said = self.cleaned_data
        return Terms(said["vat_rate"], said["includes_tax"], said["free_reason"])


def head_of(price_list: PriceList) -> dict[str, Any]:
    """What the form of a list shows first."""
    names = ("name", "starts_on", "half_day_min", "version")
    return {name: getattr(price_list, name) for name in names}


def _initial(prices: list[Price]) -> dict[str, Any]:
    said: dict[str, Any] = {"includes_tax": True}
    for price in prices:
        said[f"{price.unit}-{price.audience}"] = price.cents
        said["vat_rate"], said["includes_tax"] = price.vat_rate_bp, price.includes_tax
        if price.free_until:
            said[f"free-{price.audience}"] = price.free_until
            said["free_reason"] = price.free_reason
    return said
