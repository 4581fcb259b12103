"""What people type, turned into values."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from maillage.apps.people import api_token
from maillage.apps.people.models import OrganisationKind, Person, RoleKind

EMAIL = {
    "required": _("Indiquez une adresse électronique."),
    "invalid": _("Indiquez une adresse complète, par exemple claire@exemple.fr."),
}
PASSWORD = {"required": _("Indiquez votre mot de passe.")}
NAME = {"required": _("Indiquez un nom.")}
DAY = {
    "required": _("Indiquez un jour."),
    "invalid": _("Indiquez un jour, par exemple 17/03/2027."),
}
CHOICE = {
    "required": _("Choisissez dans la liste."),
    "invalid_choice": _("Choisissez dans la liste."),
}
LONGEST_PASSWORD = 128


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def email_field(label: Any, **options: Any) -> forms.EmailField:
    """An address, filled by the browser when it knows it."""
    return forms.EmailField(
        label=label,
        max_length=254,
        error_messages=EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        **options,
    )


class SignIn(forms.Form):
    """Address and password."""

    email = email_field(_("Adresse électronique"))
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=1_000,
        strip=False,
        error_messages=PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AskLink(forms.Form):
    """The address that a link is sent to."""

    email = email_field(_("Adresse électronique"))


class Password(forms.Form):
    """The password of the account that is open."""

    password = SignIn.base_fields["password"]


class NewPassword(forms.Form):
    """A password to come; `person` gives what it must not resemble."""

    password = forms.CharField(
        label=_("Nouveau mot de passe"),
        max_length=LONGEST_PASSWORD * 8,
        strip=False,
        error_messages=PASSWORD,
        help_text=_("12 caractères ou plus. Une phrase de quelques mots convient."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Long enough, not common, not the product's name."""
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password, self.person)
        return password


class Join(NewPassword):
    """The first words of an account; the password may wait."""

    field_order = ("name", "password")
    name = forms.CharField(
        label=_("Nom affiché"),
        max_length=120,
        error_messages=NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = False
        self.fields["password"].label = _("Mot de passe")
        self.fields["password"].help_text = _(
            "12 caractères ou plus. Laissez vide pour recevoir un lien à chaque connexion."
        )


class Name(forms.Form):
    """How the others read the person."""

    name = Join.base_fields["name"]


class Address(forms.Form):
    """The address to come."""

    email = email_field(_("Nouvelle adresse électronique"))


class Token(forms.Form):
    """What a program will be allowed, and for how long."""

    label = forms.CharField(
        label=_("Nom du programme"), max_length=80, error_messages=NAME, help_text=_("Pour vous.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Ce qu'il peut faire"),
        choices=api_token.SCOPES.items(),
        error_messages=CHOICE,
        widget=forms.CheckboxSelectMultiple,
    )
    lasts_days = forms.TypedChoiceField(
        label=_("Durée"),
        coerce=int,
        choices=[(days, f"{days} jours") for days in api_token.DAYS],
        error_messages=CHOICE,
    )


class Dates(forms.Form):
    """From a day, to another one or without end."""

    starts_on = forms.DateField(label=_("À partir du"), widget=DayInput, error_messages=DAY)
    ends_on = forms.DateField(
        label=_("Jusqu'au"),
        required=False,
        widget=DayInput,
        error_messages=DAY,
        help_text=_("Premier jour sans ce rôle. Vide : sans fin prévue."),
    )


class Invite(Dates):
    """Somebody to come, by e-mail."""

    field_order = ("position", "email", "name", "starts_on", "ends_on")
    position = forms.TypedChoiceField(label=_("Poste"), coerce=int, error_messages=CHOICE)
    email = email_field(_("Son adresse électronique"))
    name = forms.CharField(label=_("Son nom"), max_length=120, error_messages=NAME)

    def __init__(self, *args: Any, positions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "position", positions)


class Assign(Dates):
    """Somebody who is already here."""

    field_order = ("person", "starts_on", "ends_on")
    person = forms.TypedChoiceField(label=_("Personne"), coerce=int, error_messages=CHOICE)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class EndRole(forms.Form):
    """When it stops, and what the successor should know."""

    on = forms.DateField(label=_("Premier jour sans ce rôle"), widget=DayInput, error_messages=DAY)
    note = forms.CharField(
        label=_("Note pour la personne qui suivra"),
        required=False,
        max_length=20_000,
        help_text=_("Où en est-on, qui appeler, ce qui attend une réponse."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class NewPosition(forms.Form):
    """A post of an organisation."""

    organisation = forms.TypedChoiceField(
        label=_("Organisation"), coerce=int, error_messages=CHOICE
    )
    kind = forms.ChoiceField(label=_("Rôle"), choices=RoleKind.choices, error_messages=CHOICE)
    title = forms.CharField(
        label=_("Intitulé"), max_length=120, error_messages={"required": _("Indiquez un intitulé.")}
    )
    scope = forms.ChoiceField(label=_("Là où il compte"), error_messages=CHOICE)
    needs_holder = forms.BooleanField(
        label=_("Prévenir quand il est vacant"), required=False, initial=True
    )

    def __init__(
        self,
        *args: Any,
        organisations: list[tuple[int, str]],
        scopes: list[tuple[str, str]],
        kinds: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations)
        offer(self, "scope", scopes)
        offer(self, "kind", kinds)


class Described(forms.Form):
    """What the register says of a body; `version` is the one that was read."""

    kind = forms.ChoiceField(
        label=_("Type"), choices=OrganisationKind.choices, error_messages=CHOICE
    )
    name = forms.CharField(label=_("Nom"), max_length=160, error_messages=NAME)
    siren = forms.CharField(
        label=_("SIREN"), required=False, max_length=20, help_text=_("9 chiffres.")
    )
    siret = forms.CharField(
        label=_("SIRET"), required=False, max_length=25, help_text=_("14 chiffres.")
    )
    rna = forms.CharField(
        label=_("RNA"),
        required=False,
        max_length=20,
        help_text=_("Numéro d'association : W et 9 signes."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def _compact(self, name: str) -> str:
        return "".join(str(self.cleaned_data[name]).split()).upper()

    def clean_siren(self) -> str:
        """Without the spaces that people type."""
        return self._compact("siren")

    def clean_siret(self) -> str:
        """Without the spaces that people type."""
        return self._compact("siret")

    def clean_rna(self) -> str:
        """Without the spaces that people type."""
        return self._compact("rna")


class NewOrganisation(Described):
    """The same, in one of the registers that the person keeps."""

    def __init__(self, *args: Any, registers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["register"] = forms.ChoiceField(
            label=_("Registre"), choices=registers, required=False, error_messages=CHOICE
        )


def offer(form: forms.Form, name: str, choices: Any) -> None:
    """The choices of a field, known only once the person is."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
