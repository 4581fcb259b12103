"""What a person writes to find a territory or a line of a table."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 120


class Search(forms.Form):
    """A name, a number or a commune."""

    q = forms.CharField(
        label=_("Votre intercommunalité"),
        help_text=_("Son nom, son numéro SIREN, ou le nom d’une de ses communes."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class TableFilters(forms.Form):
    """A few letters of a line's name, and on which side of the border it is."""

    q = forms.CharField(label=_("Nom"), max_length=LONGEST, required=False)

    def __init__(self, *args: object, has_inside: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if has_inside:
            self.fields["dedans"] = forms.ChoiceField(
                label=_("Dans le territoire"),
                choices=[("", _("Tous")), ("oui", _("Oui")), ("non", _("Non"))],
                required=False,
            )
