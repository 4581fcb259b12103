"""The page of a floor plan: its picture with the seats on it, the list that says the same."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.sites.keep_plan import Point
from maillage.apps.sites.models import FloorPlan, Seat
from maillage.report import french

# pixels across which the picture is drawn to be clicked
WIDTH_PX = 640
WHOLE = 100


class PlaceForm(forms.Form):
    """Two numbers a seat; or a seat and a click, whose pixels the browser sends."""

    def __init__(self, data: Any, *, seats: Sequence[Seat], plan: FloorPlan) -> None:
        super().__init__(data)
        self.seats = list(seats)
        self.plan = plan
        wrong = gettext_lazy("Indiquez un nombre entre 0 et 100.")
        for seat in seats:
            is_here = seat.plan_id == plan.pk
            for axis, words in (("x", _("depuis la gauche")), ("y", _("depuis le haut"))):
                self.fields[f"{axis}_{seat.pk}"] = forms.FloatField(
                    label=_("{seat}, {where}, en %").format(seat=name(seat), where=words),
                    required=False,
                    localize=True,
                    min_value=0,
                    max_value=WHOLE,
                    initial=_short(getattr(seat, axis)) if is_here else None,
                    widget=forms.TextInput({"inputmode": "decimal", "class": "form-control short"}),
                    error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
                )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A seat, its two numbers, the other level it stands on."""
        return [
            {
                "name": name(seat),
                "x": self[f"x_{seat.pk}"],
                "y": self[f"y_{seat.pk}"],
                "elsewhere": _elsewhere(seat, self.plan),
            }
            for seat in self.seats
        ]

    @property
    def faults(self) -> list[BoundField]:
        """The numbers to correct."""
        return [bound for bound in self if bound.errors]

    def clean(self) -> dict[str, Any]:
        """Both numbers, or none."""
        data = dict(self.cleaned_data)
        if self._clicked() is not None:
            return data
        for seat in self.seats:
            x, y = data.get(f"x_{seat.pk}"), data.get(f"y_{seat.pk}")
            if (x is None) != (y is None):
                missing = f"{'x' if x is None else 'y'}_{seat.pk}"
                if missing not in self.errors:
                    self.add_error(missing, _("Donnez les deux nombres, ou aucun."))
        return data

    def said(self) -> dict[int, Point | None]:
        """Where each seat stands; only the one that was clicked for."""
        clicked = self._clicked()
        if clicked is not None:
            return clicked
        points: dict[int, Point | None] = {}
        for seat in self.seats:
            x, y = self.cleaned_data[f"x_{seat.pk}"], self.cleaned_data[f"y_{seat.pk}"]
            points[seat.pk] = None if x is None else Point(x, y)
        return points

    def following(self) -> str | None:
        """After a click, the next seat without a point, "" when there is none; else nothing."""
        clicked = self._clicked()
        if clicked is None:
            return None
        here = next(iter(clicked))
        left = (s for s in self.seats if s.plan_id is None and s.pk != here)
        return str(next((seat.pk for seat in left), ""))

    def _clicked(self) -> dict[int, Point | None] | None:
        x, y, key = (self.data.get(n, "") for n in ("point.x", "point.y", "place"))
        if not (x.isdigit() and y.isdigit() and key.isdigit()):
            return None
        if int(key) not in {seat.pk for seat in self.seats}:
            return None
        height = height_px(self.plan)
        point = Point(min(WHOLE, WHOLE * int(x) / WIDTH_PX), min(WHOLE, WHOLE * int(y) / height))
        return {int(key): point}


def height_px(plan: FloorPlan) -> int:
    """How high the picture is drawn."""
    return max(1, round(WIDTH_PX * plan.height / plan.width))


def name(seat: Seat) -> str:
    """Grand plateau, place 3."""
    said = _("{space}, place {n}").format(space=seat.space.name, n=seat.number)
    return f"{said} ({seat.label})" if seat.label else said


def line(plan: FloorPlan) -> dict[str, Any]:
    """A level in the list."""
    return {
        "pk": plan.pk,
        "name": plan.name,
        "alt": plan.alt,
        "href": reverse("floor_plan", args=(plan.site_id, plan.pk)),
        "src": reverse("plan_picture", args=(plan.pk,)),
    }


def context(plan: FloorPlan, seats: Sequence[Seat], asked: str) -> dict[str, Any]:
    """The drawing, its seats, the one to place next."""
    height = height_px(plan)
    here = [seat for seat in seats if seat.plan_id == plan.pk]
    return {
        "plan": line(plan),
        "width": WIDTH_PX,
        "height": height,
        "markers": [
            {
                "x": round((seat.x or 0) * WIDTH_PX / WHOLE),
                "y": round((seat.y or 0) * height / WHOLE),
                "number": seat.number,
                "name": name(seat),
            }
            for seat in here
        ],
        "choices": [
            {"pk": seat.pk, "name": name(seat), "is_chosen": str(seat.pk) == asked}
            for seat in seats
        ],
        "placed": _("{n} sur {every} posées sur ce plan.").format(
            n=french.count(len(here), "place"), every=len(seats)
        ),
    }


def _elsewhere(seat: Seat, plan: FloorPlan) -> str:
    if seat.plan is None or seat.plan_id == plan.pk or seat.plan.removed_at:
        return ""
    return seat.plan.name


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
