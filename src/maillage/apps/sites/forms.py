"""What people write of a site, one form for each part of its sheet."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.apps.sites import keep, words
from maillage.apps.sites.models import Site, Tier

UNKNOWN = ("", _("Non renseigné"))
YES_NO = [UNKNOWN, ("yes", _("Oui")), ("no", _("Non"))]
TRUTH = {"": None, "yes": True, "no": False}
WORD = {None: "", True: "yes", False: "no"}
# of a name: what a spreadsheet would run
FORMULA = "=+-@"
# a place of France, overseas too, in degrees
LON, LAT = 180, 90


class Degrees(forms.FloatField):
    """Degrees, decimal point or comma."""

    widget = forms.TextInput

    def __init__(self, label: Any, most: int) -> None:
        wrong = _("Écrivez des degrés, par exemple 4,7436.")
        super().__init__(
            label=label,
            required=False,
            localize=True,
            min_value=-most,
            max_value=most,
            widget=forms.TextInput({"inputmode": "decimal"}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        )


def yes_no(label: Any, help_text: Any = "") -> forms.ChoiceField:
    """Oui, non, or not known."""
    return forms.ChoiceField(label=label, required=False, choices=YES_NO, help_text=help_text)


def several(label: Any, names: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    """Boxes to tick; none: not known."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=list(names.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


def long_text(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    """Some lines."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=forms.Textarea({"rows": 4}),
        help_text=help_text,
    )


def clean_name(name: str) -> str:
    """Open data shows it as it is: it must not begin like a formula."""
    name = " ".join(name.split())
    if name[:1] in FORMULA:
        raise forms.ValidationError(_("Commencez le nom par une lettre ou un chiffre."))
    return name


def commune_field() -> forms.ChoiceField:
    """One of the territory; its choices are given with the form."""
    return forms.ChoiceField(
        label=_("Commune"), error_messages={"required": _("Choisissez la commune du lieu.")}
    )


class Versioned(forms.Form):
    """A form that knows which version it was read from."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def base(self) -> int:
        """The version read; 0 when the page was tampered with."""
        return self.cleaned_data.get("version") or 0

    @property
    def shown(self) -> list[BoundField]:
        """What a person sees."""
        return [bound for bound in self if not bound.is_hidden]


class IdentityForm(Versioned):
    """What the site is called and does."""

    name = forms.CharField(
        label=_("Nom du lieu"),
        max_length=160,
        error_messages={"required": _("Donnez un nom au lieu.")},
    )
    tier = forms.ChoiceField(label=_("Niveau"), required=False, choices=[UNKNOWN, *Tier.choices])
    description = long_text(
        _("Description"), 2_000, _("Ce qu’on y fait et pour qui, en quelques phrases.")
    )
    functions = several(_("Activités"), words.FUNCTIONS)
    email = forms.EmailField(
        label=_("Courriel du lieu"),
        required=False,
        help_text=_("Celui du lieu, pas celui d’une personne."),
        error_messages={"invalid": _("Écrivez une adresse comme lieu@exemple.fr.")},
    )
    phone = forms.CharField(label=_("Téléphone du lieu"), required=False, max_length=30)

    def clean_name(self) -> str:
        """A name that files may carry."""
        return clean_name(str(self.cleaned_data["name"]))

    def said(self) -> keep.Identity:
        """What the person wrote."""
        data = self.cleaned_data
        return keep.Identity(
            data["name"],
            data["tier"],
            data["description"],
            tuple(data["functions"]),
            data["email"],
            data["phone"],
        )


class PlaceForm(Versioned):
    """Where the site is."""

    commune_code = commune_field()
    address = forms.CharField(
        label=_("Adresse"), required=False, max_length=200, help_text=_("Numéro et voie.")
    )
    lat = Degrees(_("Latitude"), LAT)
    lon = Degrees(_("Longitude"), LON)
    directions = long_text(_("Pour venir"), 1_000, _("Arrêt de car, parking, entrée."))

    def __init__(self, *args: Any, communes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = dict(communes)
        self.fields["commune_code"].choices = [("", _("Choisir")), *communes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A point has both its coordinates."""
        data = dict(self.cleaned_data)
        one, other = data.get("lat"), data.get("lon")
        if (one is None) != (other is None) and not {"lat", "lon"} & self.errors.keys():
            missing = "lat" if one is None else "lon"
            self.add_error(missing, _("Donnez les deux coordonnées du point, ou aucune."))
        return data

    def said(self) -> keep.Place:
        """What the person wrote."""
        data = self.cleaned_data
        code = data["commune_code"]
        return keep.Place(
            code, self.names[code], data["address"], data["lon"], data["lat"], data["directions"]
        )


class NewSite(PlaceForm):
    """The least that opens a sheet: a name and a commune."""

    name = IdentityForm.base_fields["name"]
    tier = IdentityForm.base_fields["tier"]
    field_order = ("name", "tier", "commune_code", "address", "lat", "lon", "directions")

    def clean_name(self) -> str:
        """A name that files may carry."""
        return clean_name(str(self.cleaned_data["name"]))

    def identity(self) -> keep.Identity:
        """What it is called."""
        return keep.Identity(self.cleaned_data["name"], self.cleaned_data["tier"])


class AccessForm(Versioned):
    """How one comes in."""

    is_step_free = yes_no(_("De plain-pied, ou par une rampe"))
    accessibility = long_text(
        _("Accessibilité"),
        1_000,
        _("Stationnement réservé, sanitaire adapté, boucle magnétique, ce qui manque encore."),
    )

    def said(self) -> keep.Access:
        """What the person wrote."""
        data = self.cleaned_data
        return keep.Access(TRUTH[data["is_step_free"]], data["accessibility"])


class EquipmentForm(Versioned):
    """What one finds there."""

    equipment = several(_("Équipements"), words.EQUIPMENT)
    services = several(_("Services"), words.SERVICES)
    has_fibre = yes_no(_("Fibre"))

    def said(self) -> keep.Equipment:
        """What the person wrote."""
        data = self.cleaned_data
        return keep.Equipment(
            tuple(data["equipment"]), tuple(data["services"]), TRUTH[data["has_fibre"]]
        )


class SafetyForm(Versioned):
    """As the safety commission writes it."""

    safety_type = forms.ChoiceField(
        label=_("Type d’établissement"),
        required=False,
        choices=[UNKNOWN, *words.SAFETY_TYPES.items()],
        help_text=_("Celui du procès-verbal de la commission de sécurité."),
    )
    safety_category = forms.TypedChoiceField(
        label=_("Catégorie"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[UNKNOWN, *((str(n), str(n)) for n in range(1, 6))],
    )
    capacity_limit = forms.IntegerField(
        label=_("Effectif maximal"),
        required=False,
        min_value=1,
        max_value=5_000,
        help_text=_("Personnes admises en même temps, toutes salles comprises."),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Indiquez un nombre entre 1 et 5 000.")
        ),
    )

    def said(self) -> keep.Safety:
        """What the person wrote."""
        data = self.cleaned_data
        return keep.Safety(data["safety_type"], data["safety_category"], data["capacity_limit"])


def initial_of(site: Site) -> dict[str, Any]:
    """What the forms show of a sheet."""
    names = (
        *IdentityForm.base_fields,
        *PlaceForm.base_fields,
        *EquipmentForm.base_fields,
        *SafetyForm.base_fields,
        "accessibility",
    )
    shown = {name: getattr(site, name) for name in names}
    return shown | {
        "is_step_free": WORD[site.is_step_free],
        "has_fibre": WORD[site.has_fibre],
        "version": site.version,
    }
