"""The forms of an import of GRR: send the file, say what each place and room becomes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings.grr_choices import (
    NEW,
    NOTHING,
    WITH,
    Choices,
    Place,
    PlaceChoice,
    name_of,
)
from maillage.apps.bookings.grr_plan import Plan
from maillage.apps.sites.models import SpaceKind

KINDS = [kind for kind in SpaceKind if kind != SpaceKind.BUILDING]


class SendExport(forms.Form):
    """An export of GRR."""

    file = forms.FileField(
        label=_("Export de GRR"),
        help_text=_("Un fichier .sql, .sql.gz ou .zip, 10 Mo au plus."),
        error_messages={
            "required": _("Choisissez le fichier exporté de GRR."),
            "empty": _("Ce fichier est vide. Exportez de nouveau la base de GRR."),
        },
        widget=forms.FileInput({"accept": ".sql,.gz,.zip"}),
    )
    prefixe = forms.CharField(
        label=_("Préfixe des tables"),
        help_text=_("Seulement si le fichier contient plusieurs GRR, par exemple grr_."),
        required=False,
        max_length=60,
    )


class Becomes(forms.Form):
    """What each place and each room of the file becomes."""

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        communes = sorted(plan.there.communes.items(), key=lambda item: item[1])
        for place in plan.places:
            self._add_place(place, communes)
            for room in place.rooms:
                self.fields[f"salle-{room.id}"] = forms.ChoiceField(
                    label=name_of(room, place),
                    choices=_room_choices(plan, place),
                    initial=plan.choices.rooms[room.id],
                )

    def _add_place(self, place: Place, communes: list[tuple[str, str]]) -> None:
        choice = self.plan.choices.places[place.key]
        sites = [(str(site.pk), site.name) for site in self.plan.there.sites.values()]
        others = [
            (f"{WITH}{other.key}", _("Le même lieu que « {name} »").format(name=other.name))
            for other in self.plan.places
            if other.key != place.key
        ]
        known = [(_("Un lieu du réseau"), sites)] if sites else []
        shared = [(_("Avec un autre"), others)] if others else []
        self.fields[f"lieu-{place.key}"] = forms.ChoiceField(
            label=_("Ce lieu devient"),
            choices=[
                (NOTHING, _("Ne pas reprendre")),
                (NEW, _("Un nouveau lieu")),
                *shared,
                *known,
            ],
            initial=choice.becomes,
        )
        self.fields[f"nom-{place.key}"] = forms.CharField(
            label=_("Nom du nouveau lieu"),
            required=False,
            max_length=160,
            initial=choice.name or place.name,
        )
        self.fields[f"commune-{place.key}"] = forms.ChoiceField(
            label=_("Commune du nouveau lieu"),
            required=False,
            choices=[("", _("À choisir")), *communes],
            initial=choice.commune_code,
        )

    def clean(self) -> dict[str, Any]:
        """A new site has a name and a commune."""
        said = dict(super().clean() or {})
        for place in self.plan.places:
            if said.get(f"lieu-{place.key}") != NEW:
                continue
            if not said.get(f"nom-{place.key}"):
                self.add_error(f"nom-{place.key}", _("Donnez un nom à ce lieu."))
            if not said.get(f"commune-{place.key}"):
                self.add_error(f"commune-{place.key}", _("Choisissez la commune de ce lieu."))
        return said

    def choices(self) -> Choices:
        """What was chosen; a room chosen for another site than before is guessed again."""
        said: Mapping[str, Any] = self.cleaned_data
        places: dict[str, PlaceChoice] = {}
        rooms: dict[int, str] = {}
        for place in self.plan.places:
            key = place.key
            becomes = said[f"lieu-{key}"]
            places[key] = PlaceChoice(becomes, said[f"nom-{key}"], said[f"commune-{key}"])
            if becomes == self.plan.choices.places[key].becomes:
                rooms |= {room.id: said[f"salle-{room.id}"] for room in place.rooms}
        return Choices(places, rooms)

    def groups(self) -> list[dict[str, Any]]:
        """The fields place by place, as the page lays them out."""
        return [
            {
                "place": place,
                "becomes": self[f"lieu-{place.key}"],
                "name": self[f"nom-{place.key}"],
                "commune": self[f"commune-{place.key}"],
                "rooms": self._rooms(place),
            }
            for place in self.plan.places
        ]

    def _rooms(self, place: Place) -> list[BoundField]:
        return [self[f"salle-{room.id}"] for room in place.rooms]


def _room_choices(plan: Plan, place: Place) -> list[Any]:
    there = plan.there.spaces.get(plan.choices.of_host(place.key).site or 0, ())
    known = [(f"space:{space.pk}", space.name) for space in there]
    made = [(f"{NEW}:{kind.value}", kind.label) for kind in KINDS]
    groups: list[Any] = [(NOTHING, _("Ne pas reprendre"))]
    if known:
        groups.append((_("Un espace de ce lieu"), known))
    groups.append((_("Un nouvel espace"), made))
    return groups
