"""What people write to fit premises out: a number of seats, then rows of rooms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.apps.premises.forms import AREA
from maillage.apps.premises.words import FUNCTIONS, written
from maillage.core import fit_out
from maillage.core.sources.described import MOST_AREA_M2

EMPTY_ROWS = 3
MOST_ROOMS = 40
MOST_COUNT = 100
MOST_DIGITS = 4
ROOM_LABELS = {
    "function": _("Pièce"),
    "count": _("Nombre"),
    "area": _("m² chacune"),
    "seats": _("Sièges"),
}


class Propose(forms.Form):
    """A number of seats, from which rooms are proposed."""

    places = forms.IntegerField(
        label=_("Places de travail"),
        min_value=1,
        max_value=fit_out.MOST_SEATS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Indiquez un nombre de places entre 1 et 200."),
        ),
        widget=forms.NumberInput({"class": "short"}),
    )


class Rooms(forms.Form):
    """Rows of rooms: a row without function is none."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    rows_shown = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        rooms: Sequence[fit_out.Room] = (),
        version: int = 0,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        shown = min(_rows_sent(data or initial) or len(rooms) + EMPTY_ROWS, MOST_ROOMS)
        written = {"version": version, **_written(rooms), "rows_shown": shown}
        super().__init__(data, initial={**(initial or written), "rows_shown": shown})
        self.shown = shown
        for n in range(shown):
            self.fields |= _row(n)

    @classmethod
    def with_one_more(cls, data: Mapping[str, Any]) -> "Rooms":
        """The same rows, not checked yet, and an empty one."""
        typed = {name: data[name] for name in data}
        return cls(initial=typed | {"rows_shown": _rows_sent(data) + 1})

    @property
    def rows(self) -> list[list[tuple[Any, BoundField]]]:
        """(short label, field), row by row; the whole label says the row too."""
        return [
            [(label, self[f"{name}_{n}"]) for name, label in ROOM_LABELS.items()]
            for n in range(self.shown)
        ]

    def clean(self) -> dict[str, Any]:
        """A row with a function has its number and its area."""
        words: Mapping[str, Any] = self.cleaned_data
        for n in range(self.shown):
            if not words.get(f"function_{n}"):
                continue
            for name, sentence in (
                ("count", _("Indiquez combien il y en a.")),
                ("area", _("Indiquez la surface de chacune, en m².")),
            ):
                key = f"{name}_{n}"
                if key not in self.errors and words.get(key) is None:
                    self.add_error(key, sentence)
        return dict(words)

    def said(self) -> tuple[fit_out.Room, ...]:
        """The rooms, in the order they are written."""
        words = self.cleaned_data
        return tuple(
            fit_out.Room(
                words[f"function_{n}"],
                words[f"count_{n}"],
                round(words[f"area_{n}"], 1),
                words[f"seats_{n}"] or 0,
            )
            for n in range(self.shown)
            if words.get(f"function_{n}")
        )


def _rows_sent(data: Mapping[str, Any] | None) -> int:
    """How many rows the page had, 0 when it does not say."""
    asked = str((data or {}).get("rows_shown", ""))
    return int(asked) if asked.isdecimal() and len(asked) < MOST_DIGITS else 0


def _written(rooms: Sequence[fit_out.Room]) -> dict[str, Any]:
    return {
        f"{name}_{n}": value
        for n, room in enumerate(rooms)
        for name, value in (
            ("function", room.function),
            ("count", room.count),
            ("area", written(room.area_m2)),
            ("seats", room.seats),
        )
    }


def _row(n: int) -> dict[str, forms.Field]:
    def of(name: str) -> str:
        return f"{ROOM_LABELS[name]} ({_('ligne')} {n + 1})"

    drawn = {"class": "form-control"}
    return {
        f"function_{n}": forms.ChoiceField(
            label=of("function"),
            required=False,
            choices=[("", _("Aucune")), *FUNCTIONS.items()],
            widget=forms.Select({"class": "form-select"}),
        ),
        f"count_{n}": forms.IntegerField(
            label=of("count"),
            required=False,
            min_value=1,
            max_value=MOST_COUNT,
            widget=forms.NumberInput(drawn),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"), _("Indiquez un nombre de 1 à 100.")
            ),
        ),
        f"area_{n}": forms.FloatField(
            label=of("area"),
            required=False,
            localize=True,
            min_value=0,
            max_value=MOST_AREA_M2,
            widget=forms.TextInput({"inputmode": "decimal"} | drawn),
            error_messages=AREA | {"min_value": _("Écrivez une surface de zéro ou plus.")},
        ),
        f"seats_{n}": forms.IntegerField(
            label=of("seats"),
            required=False,
            min_value=0,
            max_value=fit_out.MOST_SEATS,
            widget=forms.NumberInput(drawn),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"), _("Indiquez un nombre de 0 à 200.")
            ),
        ),
    }
