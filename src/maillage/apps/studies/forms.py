"""What people write to open a study."""

from django import forms
from django.utils.translation import gettext_lazy as _

FIRST_YEAR_MIN, FIRST_YEAR_MAX = 2020, 2100


class NewStudy(forms.Form):
    """Its title, and the year of the first openings."""

    title = forms.CharField(
        label=_("Titre de l’étude"),
        max_length=160,
        help_text=_("Par exemple : Un réseau de lieux de travail à dix minutes."),
        error_messages={"required": _("Donnez un titre à l’étude.")},
    )
    first_year = forms.IntegerField(
        label=_("Année des premières ouvertures"),
        min_value=FIRST_YEAR_MIN,
        max_value=FIRST_YEAR_MAX,
        error_messages={
            "required": _("Indiquez une année, par exemple 2027."),
            "invalid": _("Indiquez une année en quatre chiffres, par exemple 2027."),
            "min_value": _("Indiquez une année à partir de 2020."),
            "max_value": _("Indiquez une année avant 2101."),
        },
    )
