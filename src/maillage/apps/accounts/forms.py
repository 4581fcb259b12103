"""Which body, which months."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.accounts.books import Span
from maillage.apps.billing.closed import next_month
from maillage.apps.people.forms import CHOICE, offer
from maillage.apps.people.models import Organisation

A_DAY = timedelta(days=1)
MONTH = {
    "required": _("Indiquez un mois, par exemple 2027-03."),
    "invalid": _("Indiquez un mois, par exemple 2027-03."),
}


def read_month(text: str) -> date:
    """The first day of « 2027-03 »."""
    year, month = text.split("-")
    return date(int(year), int(month), 1)


def last_day(month: date) -> date:
    """The last day of a month."""
    return next_month(month) - A_DAY


def month_field(label: Any) -> forms.RegexField:
    """A month, in the browser's own field."""
    return forms.RegexField(
        r"^2\d{3}-(0[1-9]|1[0-2])$",
        label=label,
        widget=forms.TextInput(attrs={"type": "month"}),
        error_messages=MONTH,
    )


class ChooseSpan(forms.Form):
    """A body of hers and some whole months."""

    organisme = forms.ChoiceField(label=_("Organisme"), error_messages=CHOICE)
    du = month_field(_("Du mois de"))
    au = month_field(_("Au mois de"))

    def __init__(self, *args: Any, bodies: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisme", [(str(one.pk), one.name) for one in bodies])
        self._bodies = {str(one.pk): one for one in bodies}

    def clean(self) -> dict[str, Any]:
        """Months in their order."""
        said = super().clean() or {}
        if said.get("du") and said.get("au") and said["au"] < said["du"]:
            self.add_error("au", _("Choisissez un mois qui ne précède pas le premier."))
        return said

    @property
    def body(self) -> Organisation:
        """The one chosen."""
        return self._bodies[self.cleaned_data["organisme"]]

    @property
    def span(self) -> Span:
        """From the first day of the first month to the last of the last."""
        said = self.cleaned_data
        return Span(read_month(said["du"]), last_day(read_month(said["au"])))
