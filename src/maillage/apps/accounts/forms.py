"""Which body, which months."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.accounts.books import Span
from maillage.apps.people.forms import CHOICE, offer
from maillage.apps.people.models import Organisation
from maillage.core.periods import next_month
from maillage.kit.fields import MonthField

A_DAY = timedelta(days=1)


def last_day(month: date) -> date:
    """The last day of a month."""
    return next_month(month) - A_DAY


class ChooseSpan(forms.Form):
    """A body of hers and some whole months."""

    organisme = forms.ChoiceField(label=_("Organisme"), error_messages=CHOICE)
    du = MonthField(label=_("Du mois de"))
    au = MonthField(label=_("Au mois de"))

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
        return Span(said["du"], last_day(said["au"]))
