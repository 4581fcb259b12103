"""Form fields, ready to draw: Bootstrap's classes, errors in order, links to the fields."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField
from django.utils.translation import gettext_lazy as _

from maillage.core.periods import month

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
)


class MonthField(forms.DateField):
    """A month, in the browser's own field, as its first day."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month"})
    default_error_messages: ClassVar = {
        "required": _("Indiquez un mois, par exemple 2027-03."),
        "invalid": _("Indiquez un mois, par exemple 2027-03."),
    }

    def to_python(self, value: Any) -> date | None:
        """Its first day, None when it is left empty."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return month(text)
        except ValueError as fault:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from fault


def drawn(bound: BoundField) -> dict[str, Any]:
    """The parts of a field that its template lays out."""
    widget = bound.field.widget
    is_group = _is_group(bound)
    return {
        "field": bound,
        "is_group": is_group,
        "is_checkbox": isinstance(widget, forms.CheckboxInput),
        "is_optional": not bound.field.required and not isinstance(widget, forms.CheckboxInput),
        "control": None if is_group else bound.as_widget(attrs={"class": _class_of(bound)}),
        "choices": _choices(bound) if is_group else [],
    }


def errors_of(form: BaseForm) -> list[tuple[str, str]]:
    """(address of the control, sentence) of each field in error, in the order of the form."""
    return [
        (f"#{_first_control(bound)}", f"{bound.label} : {bound.errors[0]}")
        for bound in form
        if bound.errors and not bound.is_hidden
    ]


def _class_of(bound: BoundField) -> str:
    widget = bound.field.widget
    base = next((name for kind, name in _CLASSES if isinstance(widget, kind)), "form-control")
    own = widget.attrs.get("class", "")
    return " ".join(word for word in (base, own, "is-invalid" if bound.errors else "") if word)


def _choices(bound: BoundField) -> list[dict[str, Any]]:
    choices = []
    for option in bound.subwidgets:
        option.data["attrs"]["class"] = "form-check-input" + (" is-invalid" if bound.errors else "")
        choices.append(
            {"id": option.id_for_label, "label": option.choice_label, "control": option.tag()}
        )
    return choices


def _first_control(bound: BoundField) -> str:
    if _is_group(bound) and bound.subwidgets:
        return bound.subwidgets[0].id_for_label
    return bound.id_for_label or bound.auto_id


def _is_group(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
