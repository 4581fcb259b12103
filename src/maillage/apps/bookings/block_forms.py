"""What one types to keep a seat, turned into values."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings.blocks import Keeping
from maillage.apps.bookings.kept import Holder
from maillage.apps.memberships.models import Member
from maillage.apps.people.forms import CHOICE, DAY, DayInput, email_field

WEEKDAYS = (
    (0, _("Lundi")),
    (1, _("Mardi")),
    (2, _("Mercredi")),
    (3, _("Jeudi")),
    (4, _("Vendredi")),
    (5, _("Samedi")),
    (6, _("Dimanche")),
)
# minutes before the day begins, at midnight
NEVER, NOON_BEFORE, EVENING_BEFORE = "", 12 * 60, 6 * 60
RELEASES = (
    (str(EVENING_BEFORE), _("La veille à 18\u00a0h")),
    (str(NOON_BEFORE), _("La veille à midi")),
    (NEVER, _("Jamais")),
)


class KeepSeat(forms.Form):
    """A seat, for whom, which days."""

    place = forms.TypedChoiceField(label=_("Place"), coerce=int, error_messages=CHOICE)
    courriel = email_field(
        _("Adresse électronique de la personne"),
        required=False,
        help_text=_("Celle d’un adhérent. Laissez vide si un organisme garde la place."),
    )
    organisme = forms.TypedChoiceField(
        label=_("Ou l’organisme"), required=False, coerce=int, empty_value=None,
        error_messages=CHOICE,
    )  # fmt: skip
    jours = forms.TypedMultipleChoiceField(
        label=_("Jours de la semaine"),
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un jour.")},
    )
    premier = forms.DateField(label=_("Du"), widget=DayInput(), error_messages=DAY)
    dernier = forms.DateField(label=_("Au"), widget=DayInput(), error_messages=DAY)
    rendre = forms.TypedChoiceField(
        label=_("Rendre à tous un jour non réservé"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=RELEASES,
        error_messages=CHOICE,
    )

    def __init__(
        self,
        *args: Any,
        seats: Sequence[tuple[int, str]],
        bodies: Sequence[tuple[int, str]],
        territory: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.territory = territory
        self.person_id: int | None = None
        named = [(str(pk), name) for pk, name in bodies]
        self.fields["place"].choices = [(str(pk), name) for pk, name in seats]  # type: ignore[attr-defined]
        self.fields["organisme"].choices = [("", _("Aucun")), *named]  # type: ignore[attr-defined]

    def clean_courriel(self) -> str:
        """Of a member of the network."""
        typed = str(self.cleaned_data["courriel"])
        if typed:
            rows = Member.objects.filter(territory=self.territory, person__email__iexact=typed)
            self.person_id = rows.values_list("person", flat=True).first()
            if self.person_id is None:
                raise forms.ValidationError(_("Aucun adhérent du réseau n’a cette adresse."))
        return typed

    def clean(self) -> dict[str, Any]:
        """For one of them."""
        typed = super().clean() or {}
        if "courriel" in typed and bool(typed["courriel"]) == bool(typed.get("organisme")):
            self.add_error("courriel", _("Indiquez une personne, ou choisissez un organisme."))
        return typed

    @property
    def keeping(self) -> Keeping:
        """What is asked, once the form is valid."""
        typed = self.cleaned_data
        return Keeping(
            Holder(self.person_id, typed.get("organisme")),
            frozenset(typed["jours"]),
            typed["premier"],
            typed["dernier"],
            typed.get("rendre"),
        )
