"""What trainers and managers type."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.machines.models import MOST_MONTHS
from maillage.apps.machines.open_session import MOST_PLACES
from maillage.apps.people.forms import CHOICE, DAY, DayInput
from maillage.core import periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period

HOUR = {
    "required": _("Indiquez une heure."),
    "invalid": _("Indiquez une heure, par exemple 14:30."),
}
PLACES = _("Indiquez un nombre de places, de 1 à 50.")
MONTHS = _("Indiquez un nombre de mois, de 1 à 120.")


class HourInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class OpenSession(forms.Form):
    """A training to come."""

    on = forms.DateField(label=_("Jour"), widget=DayInput, error_messages=DAY)
    from_time = forms.TimeField(label=_("De"), widget=HourInput, error_messages=HOUR)
    to_time = forms.TimeField(label=_("À"), widget=HourInput, error_messages=HOUR)
    places = forms.IntegerField(
        label=_("Places"),
        initial=4,
        min_value=1,
        max_value=MOST_PLACES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), PLACES),
        widget=forms.NumberInput({"class": "short"}),
    )
    note = forms.CharField(
        label=_("À savoir"),
        required=False,
        max_length=300,
        help_text=_("Par exemple : apportez des chaussures fermées."),
    )

    def clean(self) -> dict[str, Any]:
        """The end comes after the beginning."""
        said = super().clean() or {}
        begins, ends = said.get("from_time"), said.get("to_time")
        if begins and ends and ends <= begins:
            self.add_error("to_time", _("Indiquez une heure de fin après le début."))
        return said

    def period(self, zone: ZoneInfo) -> Period:
        """As asked, at the clock of the site."""
        said = self.cleaned_data
        on: date = said["on"]
        begins, ends = said["from_time"], said["to_time"]
        try:
            return periods.hours(on, begins, ends, zone)
        except BadInput:
            # the clock jumps over it in March: an hour later exists
            return periods.hours(on, begins, time(23, 59), zone)


class Certify(forms.Form):
    """Until when somebody may use the machine."""

    expires_on = forms.DateField(
        label=_("Fin de validité"),
        widget=DayInput,
        error_messages=DAY,
        help_text=_("Le premier jour où il faudra une nouvelle séance."),
    )


class Revoke(forms.Form):
    """Why a certification is withdrawn."""

    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Indiquez pourquoi : la personne le lira.")},
    )


class NameTrainer(forms.Form):
    """Somebody of the place, from a day."""

    person = forms.ChoiceField(label=_("Personne"), error_messages=CHOICE)
    starts_on = forms.DateField(label=_("À partir du"), widget=DayInput, error_messages=DAY)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("Choisissez")), *people]  # type: ignore[attr-defined]


class KeepSheet(forms.Form):
    """What one must know of a machine."""

    description = forms.CharField(
        label=_("Ce qu’elle fait"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
    )
    safety = forms.CharField(
        label=_("Consignes de sécurité"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
    )
    valid_months = forms.IntegerField(
        label=_("Durée d’une habilitation, en mois"),
        min_value=1,
        max_value=MOST_MONTHS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), MONTHS),
        widget=forms.NumberInput({"class": "short"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
