"""What people write of a program."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.webhooks.models import Event


class Program(forms.Form):
    """An address and what it is told."""

    label = forms.CharField(
        label=_("Nom du programme"),
        max_length=80,
        error_messages={"required": _("Donnez un nom au programme.")},
    )
    url = forms.URLField(
        label=_("Adresse"),
        max_length=300,
        assume_scheme="https",
        help_text=_("Par exemple https://exemple.fr/maillage"),
        error_messages={
            "required": _("Donnez l’adresse du programme."),
            "invalid": _("Donnez une adresse complète, qui commence par https://."),
        },
    )
    events = forms.MultipleChoiceField(
        label=_("Ce qui lui est dit"),
        choices=Event.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un événement de la liste.")},
    )
