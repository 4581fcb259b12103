"""What people write of a space: what it is, how it is booked, its seats, its rules."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.apps.sites import hours
from maillage.apps.sites.forms import Versioned, clean_name
from maillage.apps.sites.keep_rules import Rule
from maillage.apps.sites.keep_seats import MOST_SEATS
from maillage.apps.sites.keep_space import Described
from maillage.apps.sites.models import (
    LONGEST_BUFFER_MIN,
    LONGEST_HORIZON_DAYS,
    Audience,
    RuleKind,
    Site,
    SoldBy,
    Space,
    SpaceKind,
    SpaceRule,
)

A_DAY_MIN = 24 * 60
A_MONTH_MIN = 31 * A_DAY_MIN
STEPS = (5, 10, 15, 20, 30, 60)
EMPTY_RULES = 2


def _number(label: Any, most: int, *, least: int = 0, help_text: Any = "") -> forms.IntegerField:
    wrong = _("Indiquez un nombre entre {least} et {most}.").format(least=least, most=most)
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )


class SpaceForm(Versioned):
    """Everything that is said of a space."""

    GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (_("L’espace"), ("kind", "name", "area_m2", "most_people", "opening_hours", "rank")),
        (
            _("Qui réserve, et comment"),
            ("is_bookable", "sold_by", "audiences", "needs_approval", "needs_certification"),
        ),
        (
            _("Durées et délais"),
            (
                "step_min",
                "shortest_min",
                "longest_min",
                "notice_min",
                "horizon_days",
                "most_ahead",
                "buffer_before_min",
                "buffer_after_min",
            ),
        ),
        (_("Annulation"), ("free_cancel_min", "late_kept_percent")),
    )

    kind = forms.ChoiceField(
        label=_("Sorte d’espace"),
        choices=[("", _("Choisir")), *SpaceKind.choices],
        error_messages={"required": _("Choisissez une sorte d’espace.")},
    )
    name = forms.CharField(
        label=_("Nom"),
        max_length=120,
        help_text=_("Celui qui est écrit sur la porte."),
        error_messages={"required": _("Donnez un nom à l’espace.")},
    )
    area_m2 = forms.FloatField(
        label=_("Surface, en m²"),
        required=False,
        localize=True,
        min_value=0.1,
        max_value=10_000,
        widget=forms.TextInput({"inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Écrivez la surface en m², sans unité.")
        ),
    )
    most_people = _number(_("Personnes au plus"), 5_000, least=1)
    opening_hours = forms.CharField(
        label=_("Heures propres à cet espace"),
        required=False,
        max_length=300,
        help_text=_("Vide : celles du lieu. Sinon, comme Mo-Fr 09:00-17:00; PH off"),
    )
    rank = _number(_("Ordre dans la liste"), 1_000, help_text=_("Le plus petit d’abord."))
    is_bookable = forms.BooleanField(label=_("Ouvert à la réservation"), required=False)
    sold_by = forms.ChoiceField(label=_("Se réserve"), choices=SoldBy.choices)
    audiences = forms.MultipleChoiceField(
        label=_("Ouvert à"),
        required=False,
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché : les gestionnaires seuls réservent pour les autres."),
    )
    needs_approval = forms.BooleanField(
        label=_("Chaque demande attend l’accord d’un gestionnaire"), required=False
    )
    needs_certification = forms.BooleanField(
        label=_("Demande une habilitation à la machine"), required=False
    )
    step_min = forms.TypedChoiceField(
        label=_("Pas des horaires, en minutes"),
        coerce=int,
        choices=[(str(n), str(n)) for n in STEPS],
    )
    shortest_min = _number(_("Durée la plus courte, en minutes"), A_MONTH_MIN, least=5)
    longest_min = _number(
        _("Durée la plus longue, en minutes"),
        A_MONTH_MIN,
        least=5,
        help_text=_("Vide : sans limite."),
    )
    notice_min = _number(_("Délai avant le début, en minutes"), A_MONTH_MIN)
    horizon_days = _number(_("Réservable jusqu’à, en jours"), LONGEST_HORIZON_DAYS, least=1)
    most_ahead = _number(
        _("Réservations à venir par personne"), 500, least=1, help_text=_("Vide : sans limite.")
    )
    buffer_before_min = _number(_("Battement avant, en minutes"), LONGEST_BUFFER_MIN)
    buffer_after_min = _number(_("Battement après, en minutes"), LONGEST_BUFFER_MIN)
    free_cancel_min = _number(
        _("Annulation sans frais jusqu’à, en minutes avant"),
        A_MONTH_MIN,
        help_text=_("60 : une heure ; 1 440 : un jour."),
    )
    late_kept_percent = _number(_("Part gardée ensuite, en %"), 100)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        for name, default in _SETTINGS.items():
            # a setting left empty takes the value shown when the space is added
            self.fields[name].required = default is not None
            if default is not None:
                self.fields[name].error_messages["required"] = _("Indiquez un nombre.")

    @property
    def groups(self) -> list[tuple[Any, list[BoundField]]]:
        """The fields as the page lays them out."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.GROUPS
        ]

    def clean_name(self) -> str:
        """A name that files may carry."""
        return clean_name(str(self.cleaned_data["name"]))

    def clean_opening_hours(self) -> str:
        """Readable by a clock."""
        text = str(self.cleaned_data["opening_hours"])
        if not text:
            return ""
        try:
            return hours.checked(text, ZoneInfo(self.site.zone), self.site.holiday_area)
        except hours.Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """The longest is not below the shortest."""
        data = dict(self.cleaned_data)
        shortest, longest = data.get("shortest_min"), data.get("longest_min")
        if shortest and longest and longest < shortest:
            self.add_error("longest_min", _("Elle ne peut pas être sous la plus courte."))
        return data

    def said(self) -> Described:
        """What the person wrote."""
        data = {
            name: self.cleaned_data[name]
            for name in Described.__dataclass_fields__
            if name in self.cleaned_data
        }
        data["rank"] = data.get("rank") or 0
        data["audiences"] = tuple(data["audiences"])
        return Described(**data)


_SETTINGS = {
    "shortest_min": 30,
    "notice_min": 0,
    "horizon_days": 180,
    "buffer_before_min": 0,
    "buffer_after_min": 0,
    "free_cancel_min": 60,
    "late_kept_percent": 100,
    "longest_min": None,
    "most_ahead": None,
}


class NewSpace(SpaceForm):
    """A new space, with its number of seats."""

    GROUPS = (
        (SpaceForm.GROUPS[0][0], (*SpaceForm.GROUPS[0][1], "seats")),
        *SpaceForm.GROUPS[1:],
    )
    seats = _number(
        _("Places numérotées"),
        MOST_SEATS,
        help_text=_("Une salle qui se réserve en entier en a une. Zéro si l’espace a des parties."),
    )


class SeatsForm(forms.Form):
    """How many seats."""

    seats = forms.IntegerField(
        label=_("Nombre de places"),
        min_value=0,
        max_value=MOST_SEATS,
        widget=forms.NumberInput({"class": "short"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Indiquez un nombre de places entre 0 et 500."),
        ),
    )


class MoveForm(Versioned):
    """Where a space goes."""

    parent = forms.TypedChoiceField(
        label=_("Le mettre dans"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, parents: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Aucun espace : directement dans le lieu"))]
        self.fields["parent"].choices = [*choices, *((str(k), name) for k, name in parents)]  # type: ignore[attr-defined]


class RulesForm(Versioned):
    """Rows of rules: a row without a kind is none."""

    rows_shown = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, rules: Sequence[SpaceRule] = (), version: int = 0
    ) -> None:
        sent = str((data or {}).get("rows_shown", ""))
        shown = int(sent) if sent.isdigit() else len(rules) + EMPTY_RULES
        self.count = min(shown, 20)
        super().__init__(
            data, initial={"version": version, "rows_shown": self.count, **_rules_shown(rules)}
        )
        for n in range(self.count):
            self.fields |= _rule_fields(n)

    @property
    def rows(self) -> list[tuple[int, list[BoundField]]]:
        """The fields, row by row."""
        names = ("kind", "audience", "weekdays", "from", "to", "most")
        return [(n + 1, [self[f"{name}_{n}"] for name in names]) for n in range(self.count)]

    def clean(self) -> dict[str, Any]:
        """A rule has its group, its days and its hours."""
        data = dict(self.cleaned_data)
        for n in range(self.count):
            if data.get(f"kind_{n}"):
                self._clean_row(n, data)
        return data

    def _clean_row(self, n: int, data: dict[str, Any]) -> None:
        asked = {
            "audience": _("Choisissez pour qui."),
            "weekdays": _("Cochez au moins un jour."),
            "from": _("Indiquez l’heure de début."),
            "to": _("Indiquez l’heure de fin."),
        }
        for name, sentence in asked.items():
            if not data.get(f"{name}_{n}") and f"{name}_{n}" not in self.errors:
                self.add_error(f"{name}_{n}", sentence)
        begins, ends = data.get(f"from_{n}"), data.get(f"to_{n}")
        if begins and ends and ends <= begins:
            self.add_error(f"to_{n}", _("La fin vient après le début."))
        is_limit = data[f"kind_{n}"] == RuleKind.AT_MOST
        if is_limit and not data.get(f"most_{n}") and f"most_{n}" not in self.errors:
            self.add_error(f"most_{n}", _("Indiquez la durée maximale, en minutes."))

    def said(self) -> list[Rule]:
        """What the person wrote."""
        data = self.cleaned_data
        return [
            Rule(
                data[f"kind_{n}"],
                data[f"audience_{n}"],
                tuple(sorted(int(day) for day in data[f"weekdays_{n}"])),
                data[f"from_{n}"],
                data[f"to_{n}"],
                data[f"most_{n}"] if data[f"kind_{n}"] == RuleKind.AT_MOST else None,
            )
            for n in range(self.count)
            if data.get(f"kind_{n}")
        ]


def _rule_fields(n: int) -> dict[str, forms.Field]:
    clock = {"type": "time"}
    return {
        f"kind_{n}": forms.ChoiceField(
            label=_("Règle"), required=False, choices=[("", _("Aucune")), *RuleKind.choices]
        ),
        f"audience_{n}": forms.ChoiceField(
            label=_("Pour"), required=False, choices=[("", _("Choisir")), *Audience.choices]
        ),
        f"weekdays_{n}": forms.MultipleChoiceField(
            label=_("Jours"),
            required=False,
            choices=[(str(d), day) for d, day in enumerate(hours.DAYS)],
            widget=forms.CheckboxSelectMultiple,
        ),
        f"from_{n}": forms.TimeField(
            label=_("De"), required=False, widget=forms.TimeInput(clock, "%H:%M")
        ),
        f"to_{n}": forms.TimeField(
            label=_("À"), required=False, widget=forms.TimeInput(clock, "%H:%M")
        ),
        f"most_{n}": _number(_("Durée maximale, en minutes"), A_MONTH_MIN, least=5),
    }


def _rules_shown(rules: Sequence[SpaceRule]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for n, rule in enumerate(rules):
        shown |= {
            f"kind_{n}": rule.kind,
            f"audience_{n}": rule.audience,
            f"weekdays_{n}": [str(day) for day in rule.weekdays],
            f"from_{n}": rule.from_time,
            f"to_{n}": rule.to_time,
            f"most_{n}": rule.most_min,
        }
    return shown


def initial_of(space: Space) -> dict[str, Any]:
    """What the form shows of a space."""
    return {name: getattr(space, name) for name in SpaceForm.base_fields if name != "version"} | {
        "version": space.version
    }


def new_space() -> dict[str, Any]:
    """What the form of a new space proposes."""
    return {**_SETTINGS, "is_bookable": True, "step_min": 30, "rank": 0}
