"""Filters of the lists: what a query string asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.people.forms import DayInput, offer
from maillage.apps.people.models import OrganisationKind, RoleKind


class FilterPeople(forms.Form):
    """Filters of the list of people."""

    role = forms.ChoiceField(
        label=_("Rôle"), required=False, choices=[("", _("Tous")), *RoleKind.choices]
    )
    state = forms.ChoiceField(
        label=_("Période"),
        required=False,
        choices=[("", _("En cours")), ("future", _("À venir")), ("past", _("Terminés"))],
    )


class FilterOrganisations(forms.Form):
    """Filters of the register."""

    kind = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Tous")), *OrganisationKind.choices]
    )


class FilterJournal(forms.Form):
    """Filters of the journal."""

    act = forms.ChoiceField(label=_("Acte"), required=False)
    since = forms.DateField(label=_("Depuis le"), required=False, widget=DayInput)

    def __init__(self, *args: Any, acts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "act", [("", str(_("Tous"))), *acts])
