"""What a person writes: to find a territory or a line of a table, to describe an initiative."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.territories.models import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_SEATS,
    InitiativeKind,
    InitiativeStatus,
)

LONGEST = 120


class Search(forms.Form):
    """A name, a number or a commune."""

    q = forms.CharField(
        label=_("Votre intercommunalité"),
        help_text=_("Son nom, son numéro SIREN, ou le nom d’une de ses communes."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class TableFilters(forms.Form):
    """A few letters of a line's name, and on which side of the border it is."""

    q = forms.CharField(label=_("Nom"), max_length=LONGEST, required=False)

    def __init__(self, *args: object, has_inside: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if has_inside:
            self.fields["dedans"] = forms.ChoiceField(
                label=_("Dans le territoire"),
                choices=[("", _("Tous")), ("oui", _("Oui")), ("non", _("Non"))],
                required=False,
            )


CHOOSE = {
    "required": _("Choisissez dans la liste."),
    "invalid_choice": _("Choisissez dans la liste."),
}
DEGREES = {"invalid": _("Indiquez des degrés, par exemple 4,73.")}
SEATS = _("Indiquez un nombre entre 1 et %(most)s, ou laissez vide.") % {"most": MOST_SEATS}
YEAR = _("Indiquez une année entre %(first)s et %(last)s, ou laissez vide.") % {
    "first": FIRST_YEAR,
    "last": LAST_YEAR,
}
DAY = {
    "required": _("Indiquez un jour."),
    "invalid": _("Indiquez un jour, par exemple 17/03/2027."),
}


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FilterInitiatives(forms.Form):
    """Where initiatives are, and how far."""

    etat = forms.ChoiceField(
        label=_("État"), required=False, choices=[("", _("Tous")), *InitiativeStatus.choices]
    )
    commune = forms.ChoiceField(label=_("Commune"), required=False)

    def __init__(self, *args: Any, communes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "commune", [("", _("Toutes")), *communes])


class DescribeInitiative(forms.Form):
    """What is said of an initiative; `version` is the one that was read."""

    title = forms.CharField(
        label=_("Titre"),
        max_length=LONGEST,
        help_text=_("Par exemple « Espace partagé de la gare »."),
        error_messages={"required": _("Donnez un titre.")},
    )
    commune_code = forms.ChoiceField(label=_("Commune"), error_messages=CHOOSE)
    kind = forms.ChoiceField(
        label=_("Nature"),
        choices=[("", _("Choisir")), *InitiativeKind.choices],
        error_messages=CHOOSE,
    )
    carrier = forms.TypedChoiceField(
        label=_("Portée par"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Une organisation du registre."),
        error_messages=CHOOSE,
    )
    seats = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        error_messages={"invalid": SEATS, "min_value": SEATS, "max_value": SEATS},
    )
    opening_year = forms.IntegerField(
        label=_("Année d’ouverture"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"invalid": YEAR, "min_value": YEAR, "max_value": YEAR},
    )
    lon = forms.FloatField(
        label=_("Longitude"),
        required=False,
        localize=True,
        error_messages=DEGREES,
        help_text=_("En degrés, par exemple 4,73. Sans position : le bourg de la commune."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    lat = forms.FloatField(
        label=_("Latitude"),
        required=False,
        localize=True,
        error_messages=DEGREES,
        help_text=_("En degrés, par exemple 46,16."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    is_public = forms.BooleanField(label=_("Publique : tout le monde peut la lire"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        communes: list[tuple[str, str]],
        carriers: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "commune_code", [("", _("Choisir")), *communes])
        _offer(self, "carrier", [("", _("Non renseigné")), *carriers])


class Status(forms.Form):
    """A status and the day since when."""

    status = forms.ChoiceField(
        label=_("État"),
        choices=InitiativeStatus.choices,
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    since = forms.DateField(
        label=_("Depuis le"),
        widget=DayInput,
        error_messages=DAY,
        help_text=_("Aujourd’hui ou un jour passé."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DeclareInitiative(DescribeInitiative):
    """A new initiative, with its status."""

    field_order = ("title", "commune_code", "kind", "status", "since")
    status = Status.base_fields["status"]
    since = Status.base_fields["since"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"status": InitiativeStatus.PLANNED, "since": today})
        super().__init__(*args, **kwargs)


def _offer(form: forms.Form, name: str, choices: Any) -> None:
    """The choices of a field, known only once the territory is."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
