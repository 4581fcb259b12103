"""Amounts and rates as people type them: « 12,50 », « 5,5 »."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_SPACES = re.compile(r"[\s\u00a0\u202f]")
HUNDRED = 100
MOST_CENTS = 10_000_000


class _Hundredths(forms.Field):
    """A decimal number with at most two decimals, kept in hundredths."""

    said = _("Indiquez un nombre, par exemple 12,50.")
    most = MOST_CENTS
    unit = ""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        text = _SPACES.sub("", str(value or "")).rstrip(self.unit or None).replace(",", ".")
        if not text:
            return None
        try:
            hundredths = Decimal(text) * HUNDRED
        except InvalidOperation as fault:
            raise ValidationError(self.said) from fault
        is_whole = hundredths.is_finite() and hundredths == hundredths.to_integral_value()
        if not is_whole or not 0 <= hundredths <= self.most:
            raise ValidationError(self.said)
        return int(hundredths)

    def prepare_value(self, value: Any) -> Any:
        return shown(value) if isinstance(value, int) else value

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(self.said)


class EurosField(_Hundredths):
    """An amount, in cents."""

    unit = "€"


class RateField(_Hundredths):
    """A share in percent, in hundredths of a percent."""

    said = _("Indiquez un taux entre 0 et 100, par exemple 20 ou 5,5.")
    most = 10_000
    unit = "%"


def shown(hundredths: int) -> str:
    """12,50; 12 without decimals when there are none."""
    whole, rest = divmod(hundredths, HUNDRED)
    return f"{whole},{rest:02d}" if rest else str(whole)
