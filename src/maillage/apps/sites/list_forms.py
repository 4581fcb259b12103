"""What people write in the lists of a sheet: stages, closures, labels, measures, images."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.sites import hours, keep_parts
from maillage.apps.sites.models import MeasureOrigin, Site, Stage
from maillage.core import periods
from maillage.core.periods import Period

_DAY = {"invalid": _("Écrivez une date comme 17/03/2027.")}


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A date, from the calendar of the browser."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={**_DAY, "required": _("Indiquez une date.")},
    )


class StageForm(forms.Form):
    """A stage from a day on."""

    stage = forms.ChoiceField(
        label=_("Étape"),
        choices=[("", _("Choisir")), *Stage.choices],
        error_messages={"required": _("Choisissez une étape.")},
    )
    starts_on = day(_("À partir du"), help_text=_("Une date à venir est une prévision."))
    note = forms.CharField(
        label=_("Précision"),
        required=False,
        max_length=300,
        help_text=_("Par exemple : délibération du 3 mars."),
    )


class ClosureForm(forms.Form):
    """Closed from a day to another, whole days unless hours are given."""

    first = day(_("Du"))
    last = day(_("Au"), help_text=_("Compris. Pour un seul jour, la même date."))
    from_time = forms.TimeField(
        label=_("À partir de"),
        required=False,
        help_text=_("Le premier jour. Vide : dès le matin."),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"invalid": _("Écrivez une heure comme 8:30.")},
    )
    to_time = forms.TimeField(
        label=_("Jusqu’à"),
        required=False,
        help_text=_("Le dernier jour. Vide : jusqu’au soir."),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"invalid": _("Écrivez une heure comme 8:30.")},
    )
    space = forms.TypedChoiceField(
        label=_("Ce qui ferme"), required=False, coerce=int, empty_value=None
    )
    reason = forms.CharField(
        label=_("Raison"),
        max_length=200,
        help_text=_("Les personnes prévenues la liront. Par exemple : congés, travaux."),
        error_messages={"required": _("Dites pourquoi le lieu ferme.")},
    )
    field_order = ("space", "first", "last", "from_time", "to_time", "reason")

    def __init__(self, *args: Any, site: Site, spaces: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        choices = [("", _("Tout le lieu")), *((str(key), name) for key, name in spaces)]
        self.fields["space"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The end comes after the beginning."""
        data = dict(self.cleaned_data)
        first, last = data.get("first"), data.get("last")
        if first and last and not self.errors:
            begins, ends = self._ends(data)
            if ends <= begins:
                name = "last" if last < first else "to_time"
                self.add_error(name, _("La fin vient après le début."))
        return data

    def _ends(self, data: dict[str, Any]) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.site.zone)
        begins = periods.instant(data["first"], data.get("from_time") or time(0), zone)
        if data.get("to_time"):
            return begins, periods.instant(data["last"], data["to_time"], zone)
        return begins, periods.day(data["last"], zone).ends

    def period(self) -> Period:
        """What the person wrote, in the hours of the place."""
        return Period(*self._ends(self.cleaned_data))


class LabelForm(forms.Form):
    """A label of the site."""

    name = forms.CharField(
        label=_("Label"),
        max_length=120,
        error_messages={"required": _("Donnez le nom du label.")},
    )
    reference = forms.CharField(label=_("Référence"), required=False, max_length=120)
    valid_from = day(_("Valable du"), required=False)
    valid_until = day(_("Au"), required=False, help_text=_("Vide : sans fin connue."))

    def said(self, _site: Site) -> keep_parts.LabelSaid:
        """What the person wrote."""
        return keep_parts.LabelSaid(**self.cleaned_data)


class MeasureForm(forms.Form):
    """A measure of the connection."""

    on = day(_("Mesuré le"))
    down_mbps = forms.FloatField(label=_("Débit descendant, en Mbit/s"), localize=True, min_value=0)
    up_mbps = forms.FloatField(label=_("Débit montant, en Mbit/s"), localize=True, min_value=0)
    origin = forms.ChoiceField(
        label=_("D’où vient ce chiffre"),
        choices=[("", _("Choisir")), *MeasureOrigin.choices],
        error_messages={"required": _("Dites d’où vient ce chiffre.")},
    )
    note = forms.CharField(
        label=_("Précision"),
        required=False,
        max_length=200,
        help_text=_("Appareil, filaire ou Wi-Fi, heure."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = _("Écrivez un débit en Mbit/s, par exemple 94,5.")
        for name in ("down_mbps", "up_mbps"):
            field = self.fields[name]
            field.widget = forms.TextInput({"inputmode": "decimal"})
            field.error_messages |= dict.fromkeys(("required", "invalid", "min_value"), wrong)

    def said(self, _site: Site) -> keep_parts.MeasureSaid:
        """What the person wrote."""
        return keep_parts.MeasureSaid(**self.cleaned_data)


class ServiceForm(forms.Form):
    """A public service hosted, with hours of its own."""

    name = forms.CharField(
        label=_("Service"),
        max_length=120,
        help_text=_("Par exemple : France services, permanence de la Mission locale."),
        error_messages={"required": _("Donnez le nom du service.")},
    )
    holder = forms.CharField(label=_("Porté par"), required=False, max_length=120)
    opening_hours = forms.CharField(
        label=_("Ses heures"),
        required=False,
        max_length=300,
        help_text=_("En syntaxe OpenStreetMap, par exemple : Mo,Th 09:00-12:00; PH off"),
    )
    note = forms.CharField(label=_("Précision"), required=False, max_length=300)

    def __init__(self, *args: Any, site: Site | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site

    def clean_opening_hours(self) -> str:
        """Readable by a clock."""
        text = str(self.cleaned_data["opening_hours"])
        if not text or self.site is None:
            return text
        try:
            return hours.checked(text, ZoneInfo(self.site.zone), self.site.holiday_area)
        except hours.Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def said(self, _site: Site) -> keep_parts.ServiceSaid:
        """What the person wrote."""
        return keep_parts.ServiceSaid(**self.cleaned_data)


class PhotoForm(forms.Form):
    """A photo and what it shows."""

    file = forms.FileField(
        label=_("Image"),
        help_text=_("JPEG, PNG ou WebP, 8 Mo au plus. Sans visage reconnaissable, sauf accord."),
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("Choisissez une image."),
            "empty": _("Ce fichier est vide. Choisissez une image."),
        },
    )
    alt = forms.CharField(
        label=_("Ce que montre l’image"),
        max_length=200,
        help_text=_("Une phrase, lue aux personnes qui ne la voient pas."),
        error_messages={"required": _("Décrivez l’image en une phrase.")},
    )
    credit = forms.CharField(
        label=_("Crédit"), required=False, max_length=120, help_text=_("Qui a pris la photo.")
    )


class PlanForm(forms.Form):
    """A floor plan."""

    name = forms.CharField(
        label=_("Niveau"),
        max_length=80,
        help_text=_("Par exemple : rez-de-chaussée."),
        error_messages={"required": _("Nommez ce niveau.")},
    )
    file = PhotoForm.base_fields["file"]
    alt = PhotoForm.base_fields["alt"]


def today_or(value: str) -> date | None:
    """A day of an address, when it is one."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
