"""What is typed at a site."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.people.forms import CHOICE, DAY, DayInput
from maillage.apps.presence.access_codes import MOST_BEFORE_MIN, Settings
from maillage.apps.presence.arrive import MOST_PEOPLE
from maillage.apps.presence.models import LOG_DAYS, SHOWN_BEFORE_MIN, CodeSource, Severity
from maillage.apps.sites.models import Seat, Space
from maillage.core import periods
from maillage.core.periods import Period

NUMBER = _("Indiquez un nombre entier.")
_INTEGER = dict.fromkeys(("required", "invalid", "min_value", "max_value"), NUMBER)


class WhichDay(forms.Form):
    """The day shown."""

    jour = forms.DateField(label=_("Jour"), required=False, widget=DayInput)


class Visitor(forms.Form):
    """Somebody whom nobody expected."""

    first_name = forms.CharField(label=_("Prénom"), required=False, max_length=60)
    people = forms.IntegerField(
        label=_("Personnes"),
        initial=1,
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages=_INTEGER,
        widget=forms.NumberInput({"class": "short"}),
    )


class TellIncident(forms.Form):
    """What does not work."""

    what = forms.CharField(
        label=_("Ce qui ne va pas"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Décrivez en quelques mots ce qui ne va pas.")},
    )
    severity = forms.ChoiceField(
        label=_("Gravité"),
        choices=Severity.choices,
        initial=Severity.BROKEN,
        widget=forms.RadioSelect,
        error_messages=CHOICE,
    )
    where = forms.ChoiceField(label=_("Où"), required=False, error_messages=CHOICE)
    takes_seat = forms.BooleanField(
        label=_("Mettre cette place hors service jusqu’à la réparation"), required=False
    )

    def __init__(
        self, *args: Any, spaces: Sequence[Space], seats: Sequence[Seat], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.spaces = {f"space-{one.pk}": one for one in spaces}
        self.seats = {f"seat-{one.pk}": one for one in seats}
        choices: list[tuple[str, Any]] = [("", _("Tout le lieu"))]
        for key, space in self.spaces.items():
            choices.append((key, space.name))
            choices += [
                (name, f"{space.name}, {one.label or f'place {one.number}'}")
                for name, one in self.seats.items()
                if one.space_id == space.pk
            ]
        self.fields["where"].choices = choices  # type: ignore[attr-defined]


class MendIncident(forms.Form):
    """How it ended."""

    outcome = forms.CharField(
        label=_("Ce qui a été fait"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )


class SetAccess(forms.Form):
    """How a site lets people on its Wi-Fi."""

    network = forms.CharField(label=_("Nom du réseau"), required=False, max_length=60)
    source = forms.ChoiceField(
        label=_("Codes"),
        choices=CodeSource.choices,
        widget=forms.RadioSelect,
        error_messages=CHOICE,
    )
    shown_before_min = forms.IntegerField(
        label=_("Montrer le code avant la réservation, en minutes"),
        initial=SHOWN_BEFORE_MIN,
        min_value=0,
        max_value=MOST_BEFORE_MIN,
        error_messages=_INTEGER,
        widget=forms.NumberInput({"class": "short"}),
    )
    keeps_log = forms.BooleanField(
        label=_("Tenir un journal des connexions"),
        required=False,
        help_text=_("Non, sauf décision du lieu. Les personnes en sont informées."),
    )
    log_days = forms.IntegerField(
        label=_("Garder le journal, en jours"),
        initial=LOG_DAYS,
        min_value=1,
        max_value=LOG_DAYS,
        help_text=_("365 jours au plus, puis il est effacé chaque nuit."),
        error_messages=_INTEGER,
        widget=forms.NumberInput({"class": "short"}),
    )

    def said(self) -> Settings:
        """As the verb takes it."""
        return Settings(**self.cleaned_data)


class ImportCodes(forms.Form):
    """A list of the router."""

    codes = forms.CharField(
        label=_("Codes, un par ligne"),
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        error_messages={"required": _("Collez un code par ligne.")},
    )
    valid_until = forms.DateField(
        label=_("Valables jusqu’au"),
        required=False,
        widget=DayInput,
        error_messages=DAY,
        help_text=_("Ce jour compris. Vide : sans fin."),
    )

    def until(self, zone: ZoneInfo) -> datetime | None:
        """The first instant they no longer serve."""
        on: date | None = self.cleaned_data["valid_until"]
        return periods.day(on, zone).ends if on else None


class MakeKiosk(forms.Form):
    """A tablet to pair."""

    label = forms.CharField(
        label=_("Nom de la borne"),
        max_length=60,
        initial=_("Entrée"),
        error_messages={"required": _("Donnez un nom à la borne, par exemple « Entrée ».")},
    )


class PairKiosk(forms.Form):
    """The code shown to the manager."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Dix lettres et chiffres, montrés à la personne qui gère le lieu."),
        error_messages={"required": _("Tapez le code.")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )


class Reference(forms.Form):
    """The reference of a booking, on its confirmation."""

    reference = forms.CharField(
        label=_("Référence de votre réservation"),
        max_length=20,
        error_messages={"required": _("Tapez la référence de votre réservation.")},
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def said(self) -> str:
        """Without spaces nor dashes, in capitals."""
        return "".join(self.cleaned_data["reference"].upper().replace("-", " ").split())


class Close(forms.Form):
    """From a day to another, both included."""

    first_on = forms.DateField(label=_("Du"), widget=DayInput, error_messages=DAY)
    last_on = forms.DateField(label=_("Au"), widget=DayInput, error_messages=DAY)
    reason = forms.CharField(
        label=_("Raison, montrée aux personnes inscrites"),
        max_length=200,
        initial=_("Congés"),
        error_messages={"required": _("Indiquez une raison, par exemple « Congés ».")},
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        said = super().clean() or {}
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("Indiquez un dernier jour après le premier."))
        return said

    def period(self, zone: ZoneInfo, at: datetime) -> Period:
        """These days at the clock of the site, from now on when they have begun."""
        said = self.cleaned_data
        whole = periods.days(said["first_on"], said["last_on"], zone)
        return Period(max(whole.begins, at.replace(second=0, microsecond=0)), whole.ends)


class CertificateOf(forms.Form):
    """The month that a certificate is about."""

    mois = forms.CharField(label=_("Mois"), required=False)
    lieu = forms.BooleanField(label=_("Indiquer le lieu"), required=False)


def month_of(text: str, today: date) -> date:
    """The first day of the month asked, « 2027-03 »; this month for anything else."""
    try:
        return periods.month(text)
    except ValueError:
        return today.replace(day=1)


NOON = time(13)
