"""Opening hours as people write them: mornings and afternoons of a week, or the syntax itself."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.apps.sites import hours, keep
from maillage.apps.sites.forms import Versioned
from maillage.apps.sites.models import Site
from maillage.report.hours import AREAS

WEEK, TEXT, NONE = "semaine", "texte", "inconnues"
HALVES = ("am", "pm")
ENDS = ("from", "to")
_MIDNIGHT = time(0)
# the clock of each calendar of bank holidays
ZONES = {
    "metropole": "Europe/Paris",
    "alsace-moselle": "Europe/Paris",
    "guadeloupe": "America/Guadeloupe",
    "guyane": "America/Cayenne",
    "martinique": "America/Martinique",
    "mayotte": "Indian/Mayotte",
    "nouvelle-caledonie": "Pacific/Noumea",
    "reunion": "Indian/Reunion",
    "polynesie-francaise": "Pacific/Tahiti",
    "saint-barthelemy": "America/St_Barthelemy",
    "saint-martin": "America/Marigot",
    "wallis-et-futuna": "Pacific/Wallis",
    "saint-pierre-et-miquelon": "America/Miquelon",
}
_LABELS = {
    ("am", "from"): _("Matin, de"),
    ("am", "to"): _("à"),
    ("pm", "from"): _("Après-midi, de"),
    ("pm", "to"): _("à"),
}
_WHOLE = {
    ("am", "from"): _("{day}, matin, ouverture"),
    ("am", "to"): _("{day}, matin, fermeture"),
    ("pm", "from"): _("{day}, après-midi, ouverture"),
    ("pm", "to"): _("{day}, après-midi, fermeture"),
}


class HoursForm(Versioned):
    """The week, or the text of those who know the syntax."""

    how = forms.ChoiceField(
        label=_("Comment les écrire"),
        widget=forms.RadioSelect,
        choices=[
            (WEEK, _("Jour par jour, dans le tableau ci-dessous")),
            (TEXT, _("En syntaxe OpenStreetMap")),
            (NONE, _("Elles ne sont pas encore connues")),
        ],
    )
    closed_on_holidays = forms.BooleanField(label=_("Fermé les jours fériés"), required=False)
    text = forms.CharField(
        label=_("Syntaxe OpenStreetMap"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text=_("Par exemple : Mo-Fr 08:30-18:30; Sa 09:00-12:00; PH off"),
    )
    holiday_area = forms.ChoiceField(
        label=_("Jours fériés et fuseau horaire"), choices=list(AREAS.items())
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, day in enumerate(hours.DAYS):
            for half in HALVES:
                for end in ENDS:
                    self.fields[_name(n, half, end)] = forms.TimeField(
                        label=_WHOLE[half, end].format(day=day),
                        required=False,
                        widget=forms.TimeInput({"type": "time", "class": "form-control"}, "%H:%M"),
                        error_messages={"invalid": _("Écrivez une heure comme 8:30.")},
                    )

    @property
    def days(self) -> list[tuple[Any, list[tuple[Any, BoundField]]]]:
        """The rows: a day, then its four hours with their short labels."""
        return [
            (
                day,
                [
                    (_LABELS[half, end], self[_name(n, half, end)])
                    for half in HALVES
                    for end in ENDS
                ],
            )
            for n, day in enumerate(hours.DAYS)
        ]

    @property
    def day_errors(self) -> list[BoundField]:
        """The hours to correct."""
        return [bound for _day, row in self.days for _label, bound in row if bound.errors]

    def clean(self) -> dict[str, Any]:
        """Both ends of each span, in order; the text readable."""
        data = dict(self.cleaned_data)
        match data.get("how"):
            case "semaine":
                self._clean_week()
            case "texte" if not data.get("text"):
                self.add_error("text", _("Écrivez les heures, ou choisissez le tableau."))
            case "texte":
                self._clean_text()
        return data

    def _clean_week(self) -> None:
        spans = 0
        for n in range(len(hours.DAYS)):
            last = None
            for half in HALVES:
                span = self._span(n, half, last)
                if span:
                    spans, last = spans + 1, span[1]
        if not spans and not self.errors:
            self.add_error("how", _("Indiquez au moins une ouverture, ou « pas encore connues »."))

    def _span(self, n: int, half: str, last: time | None) -> hours.Span | None:
        names = [_name(n, half, end) for end in ENDS]
        begins, ends = (self.cleaned_data.get(name) for name in names)
        if begins is None and ends is None:
            return None
        if begins is None or ends is None:
            missing = names[0] if begins is None else names[1]
            if missing not in self.errors:
                self.add_error(missing, _("Indiquez l’ouverture et la fermeture."))
            return None
        if ends != _MIDNIGHT and begins >= ends:
            self.add_error(names[1], _("La fermeture vient après l’ouverture."))
        if last is not None and begins < last:
            self.add_error(names[0], _("L’après-midi commence après le matin."))
        return (begins, ends)

    def _clean_text(self) -> None:
        area = self.cleaned_data.get("holiday_area", "metropole")
        try:
            hours.checked(self.cleaned_data["text"], ZoneInfo(ZONES[area]), area)
        except hours.Unreadable as refusal:
            self.add_error("text", str(refusal))

    def said(self) -> keep.Hours:
        """What the person wrote."""
        data = self.cleaned_data
        area = data["holiday_area"]
        return keep.Hours(self._text(data["how"]), ZONES[area], area)

    def _text(self, how: str) -> str:
        if how == WEEK:
            return self._written()
        return str(self.cleaned_data["text"]) if how == TEXT else ""

    def _written(self) -> str:
        data = self.cleaned_data
        week = tuple(
            tuple(
                (data[_name(n, half, "from")], data[_name(n, half, "to")])
                for half in HALVES
                if data.get(_name(n, half, "from")) is not None
            )
            for n in range(len(hours.DAYS))
        )
        return hours.written(hours.Weekly(week, data["closed_on_holidays"]))


def initial_of(site: Site) -> dict[str, Any]:
    """The week when it can be said so, the text otherwise."""
    shown = {"version": site.version, "holiday_area": site.holiday_area, "text": site.opening_hours}
    if not site.opening_hours:
        return shown | {"how": WEEK}
    weekly = hours.read(site.opening_hours, ZoneInfo(site.zone), site.holiday_area)
    if weekly is None:
        return shown | {"how": TEXT}
    rows = {
        _name(n, half, end): moment
        for n, spans in enumerate(weekly.week)
        for half, span in zip(_halves(spans), spans, strict=False)
        for end, moment in zip(ENDS, span, strict=True)
    }
    return shown | rows | {"how": WEEK, "closed_on_holidays": weekly.is_closed_on_holidays}


def _halves(spans: tuple[hours.Span, ...]) -> tuple[str, ...]:
    """One span that begins at noon or later is an afternoon."""
    is_afternoon = len(spans) == 1 and spans[0][0] >= time(12)
    return ("pm",) if is_afternoon else HALVES


def _name(day: int, half: str, end: str) -> str:
    return f"d{day}_{half}_{end}"
