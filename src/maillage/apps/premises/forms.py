"""What people write of premises."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.apps.premises.models import Host, Kind, Owner, Premises, State, Works
from maillage.apps.premises.weigh import MOST
from maillage.apps.premises.words import CRITERIA, written
from maillage.core.sources.described import LENGTHS, MOST_AREA_M2, MOST_MINUTES, Described

UNKNOWN = ("", _("Non renseigné"))
YES_NO = [UNKNOWN, ("yes", _("Oui")), ("no", _("Non"))]
_TRUTH = {"": None, "yes": True, "no": False}
_WORD = {None: "", True: "yes", False: "no"}
# of a name: what a spreadsheet would run
FORMULA = "=+-@"

AREA = {
    "invalid": _("Écrivez la surface en chiffres, sans unité."),
    "min_value": _("Écrivez une surface plus grande que zéro, ou rien si vous l’ignorez."),
    "max_value": _("Écrivez la surface du local, en m²."),
}
_MINUTES = {
    "invalid": _("Écrivez un nombre entier de minutes."),
    "min_value": _("Écrivez un nombre de minutes de 0 à 240."),
    "max_value": _("Écrivez un nombre de minutes de 0 à 240."),
}


class _Degrees(forms.FloatField):
    """Degrees, decimal point or comma."""

    widget = forms.TextInput

    def __init__(self, label: Any) -> None:
        wrong = _("Écrivez des degrés, par exemple 4,7436.")
        super().__init__(
            label=label,
            required=False,
            localize=True,
            widget=forms.TextInput({"inputmode": "decimal"}),
            error_messages={"invalid": wrong},
        )


def _yes_no(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=YES_NO)


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[UNKNOWN, *choices])


def _minutes(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
        error_messages=_MINUTES,
    )


class DescribePremises(forms.Form):
    """Everything that is said of premises; only the name, the commune and the kind must be."""

    GROUPS = (
        (_("Le local"), ("name", "kind", "commune_code", "address", "state", "id")),
        (_("Où il se trouve"), ("lon", "lat", "at_town")),
        (_("Ce qu’il offre"), ("area_m2", "fibre", "step_free", "works")),
        (_("À qui il est"), ("owner", "rented", "host", "opening_hours")),
        (
            _("Ce qui est près"),
            ("motorway_exit", "motorway_min", "services_min", "station_min"),
        ),
        (_("Remarques"), ("notes",)),
    )

    name = forms.CharField(
        label=_("Nom du local"),
        max_length=LENGTHS["name"],
        help_text=_("Le nom du lieu, pas celui d’une personne."),
        error_messages={"required": _("Donnez un nom au local.")},
    )
    kind = forms.ChoiceField(
        label=_("Sorte de local"),
        choices=[("", _("Choisir")), *Kind.choices],
        error_messages={"required": _("Choisissez une sorte de local.")},
    )
    commune_code = forms.ChoiceField(
        label=_("Commune"), error_messages={"required": _("Choisissez la commune du local.")}
    )
    address = forms.CharField(label=_("Adresse"), required=False, max_length=LENGTHS["address"])
    state = _choice(_("Existant ou prévu"), State.choices)
    id = forms.CharField(
        label=_("Identifiant dans vos listes"),
        required=False,
        max_length=LENGTHS["id"],
        help_text=_("Un import qui le porte modifie cette fiche au lieu d’en créer une autre."),
    )
    lon = _Degrees(_("Longitude"))
    lat = _Degrees(_("Latitude"))
    at_town = forms.BooleanField(
        label=_("Je ne connais pas le point : prendre le milieu du bourg de la commune"),
        required=False,
        help_text=_("La fiche et la carte diront que la position est celle du bourg."),
    )
    area_m2 = forms.FloatField(
        label=_("Surface, en m²"),
        required=False,
        localize=True,
        min_value=0.1,
        max_value=MOST_AREA_M2,
        error_messages=AREA,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    fibre = _yes_no(_("Fibre"))
    step_free = _yes_no(_("Accessible de plain-pied (PMR)"))
    works = _choice(_("Travaux à faire"), Works.choices)
    owner = _choice(_("Propriétaire"), Owner.choices)
    rented = _yes_no(_("Loyer à payer"))
    host = _choice(_("Commerce qui accueille"), Host.choices)
    opening_hours = forms.CharField(
        label=_("Heures d’ouverture"),
        required=False,
        max_length=LENGTHS["opening_hours"],
        help_text=_("Par exemple : du mardi au samedi, 7 h 30 – 19 h."),
    )
    motorway_exit = forms.CharField(
        label=_("Sortie d’autoroute la plus proche"),
        required=False,
        max_length=LENGTHS["motorway_exit"],
        help_text=_("Par exemple : A63, sortie 21."),
    )
    motorway_min = _minutes(_("Minutes en voiture jusqu’à cette sortie"))
    services_min = _minutes(_("Minutes jusqu’à la maison de services"))
    station_min = _minutes(_("Minutes jusqu’à la gare"))
    notes = forms.CharField(
        label=_("Remarques"),
        required=False,
        max_length=LENGTHS["notes"],
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Ce que la visite apprend du bâtiment. Aucun nom de personne."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, communes: Sequence[tuple[str, str]], has_towns: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune_code"].choices = [("", _("Choisir")), *communes]  # type: ignore[attr-defined]
        for name in ("services_min", "station_min"):
            self.fields[name].help_text = _("Vide : le temps est calculé depuis la position.")
        if not has_towns:
            del self.fields["at_town"]

    @property
    def groups(self) -> list[tuple[Any, list[BoundField]]]:
        """The fields as the page lays them out."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.GROUPS
        ]

    def clean_name(self) -> str:
        """Open data shows it as it is: it must not begin like a formula."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if name[:1] in FORMULA:
            raise forms.ValidationError(_("Commencez le nom par une lettre ou un chiffre."))
        return name

    def said(self) -> Described:
        """What the person wrote."""
        words = {
            name: self.cleaned_data[name]
            for name in Described.__dataclass_fields__
            if name in self.cleaned_data
        }
        for name in ("fibre", "step_free", "rented"):
            words[name] = _TRUTH[words[name]]
        return Described(**words)

    @property
    def at_town_asked(self) -> bool:
        """Whether the middle of the town stands for an unknown point."""
        return bool(self.cleaned_data.get("at_town"))


def initial_of(premises: Premises) -> dict[str, Any]:
    """What the form shows of premises already described; the point of a town is not a point."""
    shown = {
        name: getattr(premises, name)
        for name in DescribePremises.base_fields
        if hasattr(premises, name) and name != "id"
    }
    at_town = premises.position_origin == "town"
    truths = {name: _WORD[shown[name]] for name in ("fibre", "step_free", "rented")}
    place = {"lon": None, "lat": None} if at_town else {}
    shown = {name: written(value) for name, value in shown.items()}
    return shown | truths | place | {"id": premises.ref, "at_town": at_town}


class FilterPremises(forms.Form):
    """What one looks for in a list."""

    surface = forms.IntegerField(label=_("Surface d’au moins (m²)"), required=False, min_value=1)
    sorte = forms.ChoiceField(
        label=_("Sorte"), required=False, choices=[("", _("Toutes")), *Kind.choices]
    )
    commune = forms.ChoiceField(label=_("Commune"), required=False)
    etat = forms.ChoiceField(
        label=_("État"), required=False, choices=[("", _("Tous")), *State.choices]
    )
    fibre = forms.BooleanField(label=_("Avec la fibre"), required=False)
    accessible = forms.BooleanField(label=_("De plain-pied"), required=False)
    incertains = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, communes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].choices = [("", _("Toutes")), *communes]  # type: ignore[attr-defined]


class Weights(forms.Form):
    """The weight of each criterion, from 0 to 10."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = _("Écrivez un poids de 0 à 10.")
        for criterion, label in CRITERIA.items():
            self.fields[criterion] = forms.FloatField(
                label=str(label),
                localize=True,
                min_value=0,
                max_value=MOST,
                widget=forms.TextInput({"inputmode": "decimal", "class": "short"}),
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), wrong
                ),
            )


class SendList(forms.Form):
    """A file to import."""

    file = forms.FileField(
        label=_("Fichier CSV"),
        help_text=_("CSV en UTF-8 ou Windows, 10 Mo et 200 000 lignes au plus."),
        error_messages={
            "required": _("Choisissez un fichier CSV."),
            "empty": _("Ce fichier est vide. Choisissez-en un autre."),
        },
        widget=forms.FileInput({"accept": ".csv,.txt,text/csv,text/plain"}),
    )
