"""What people write of a programme, turned into days, cents and words."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.apps.people.forms import CHOICE, DAY, DayInput, offer
from maillage.apps.programme.models import Commission, Phase
from maillage.apps.programme.processes import processes
from maillage.apps.programme.start import Planned

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
TITLE = {"required": _("Donnez un titre.")}
AMOUNT = re.compile(r"[0-9]{1,10}(?:[.,][0-9]{1,2})?")
RATE = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,2})?|100")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day of this century."""
    return forms.DateField(
        label=label,
        widget=DayInput(),
        error_messages=DAY,
        validators=[
            MinValueValidator(FIRST_DAY, _("Indiquez un jour à partir de 2000.")),
            MaxValueValidator(LAST_DAY, _("Indiquez un jour avant 2101.")),
        ],
        **options,
    )


class Choose(forms.Form):
    """A process and its first day."""

    modele = forms.ChoiceField(
        label=_("Modèle"), error_messages=CHOICE, widget=forms.RadioSelect, choices=()
    )
    debut = day_field(_("Premier jour"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "modele", [(p.key, f"{p.title}. {p.lead}") for p in processes().values()])


class Plan(forms.Form):
    """The title, the first and the last day of each part; `version` is the one that was read."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, planned: Sequence[Planned], unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.ranks = range(1, len(planned) + 1)
        for rank, part in enumerate(planned, 1):
            at = f"{unit} {rank}"
            self.fields[f"title_{rank}"] = forms.CharField(
                label=_("Titre ({part})").format(part=at),
                max_length=120,
                error_messages=TITLE,
                initial=part.title,
            )
            self.fields[f"starts_{rank}"] = day_field(
                _("Premier jour ({part})").format(part=at), initial=part.starts_on
            )
            self.fields[f"ends_{rank}"] = day_field(
                _("Dernier jour ({part})").format(part=at), initial=part.ends_on
            )

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The fields of each part, under its name."""
        return [
            (
                f"{self.unit.capitalize()} {rank}",
                [self[f"{name}_{rank}"] for name in ("title", "starts", "ends")],
            )
            for rank in self.ranks
        ]

    def clean(self) -> dict[str, Any]:
        """A part lasts a day at least."""
        words = super().clean() or {}
        for rank in self.ranks:
            first, last = words.get(f"starts_{rank}"), words.get(f"ends_{rank}")
            if first and last and last < first:
                self.add_error(
                    f"ends_{rank}", _("Ce jour est avant le premier. Corrigez l’un des deux.")
                )
        return words

    @property
    def planned(self) -> list[Planned]:
        """What was written, once it is valid."""
        words = self.cleaned_data
        return [
            Planned(words[f"title_{rank}"], words[f"starts_{rank}"], words[f"ends_{rank}"])
            for rank in self.ranks
        ]


class Start(forms.Form):
    """The first day of the whole; `version` is the one that was read."""

    starts_on = day_field(_("Nouveau premier jour"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Day(forms.Form):
    """One day, whose label says of what."""

    on = day_field(_("Jour"))

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label


class Described(forms.Form):
    """A deliverable: what it is, when it is expected."""

    title = forms.CharField(label=_("Titre du livrable"), max_length=160, error_messages=TITLE)
    due_on = day_field(_("Attendu le"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EurosField(forms.CharField):
    """Euros as people write them, « 12 345,60 », to cents."""

    def clean(self, value: Any) -> Any:
        """Cents, exact."""
        return _hundredths(
            super().clean(value), AMOUNT, _("Indiquez un montant, par exemple 12 345,60.")
        )


class RateField(forms.CharField):
    """A rate in percent, « 20 » or « 5,5 », to hundredths of a percent."""

    def clean(self, value: Any) -> Any:
        """Hundredths of a percent, exact."""
        return _hundredths(
            super().clean(value), RATE, _("Indiquez un taux entre 0 et 100, par exemple 5,5.")
        )


def _hundredths(typed: str, pattern: re.Pattern[str], sentence: Any) -> int:
    compact = "".join(typed.split()).removesuffix("€").removesuffix("%")
    if not pattern.fullmatch(compact):
        raise forms.ValidationError(sentence)
    whole, _point, cents = compact.replace(",", ".").partition(".")
    return int(whole) * 100 + int(cents.ljust(2, "0") or 0)


class Terms(forms.Form):
    """What is agreed with a contractor."""

    contractor = forms.TypedChoiceField(
        label=_("Prestataire"),
        coerce=int,
        error_messages=CHOICE,
        help_text=_("Une organisation du registre du territoire."),
    )
    scope_text = forms.CharField(
        label=_("Ce qui est demandé"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Dites en une phrase ce qui est demandé.")},
    )
    agreed_on = day_field(_("Notifiée le"))
    amount = EurosField(
        label=_("Montant hors taxes (€)"),
        max_length=20,
        error_messages={"required": _("Indiquez un montant, par exemple 12 345,60.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    vat = RateField(
        label=_("Taux de TVA (%)"),
        max_length=7,
        initial="20",
        error_messages={"required": _("Indiquez un taux, 0 si la TVA ne s’applique pas.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    phases = forms.TypedMultipleChoiceField(
        label=_("Parties du programme couvertes"),
        coerce=int,
        error_messages={**CHOICE, "required": _("Choisissez au moins une partie.")},
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        contractors: list[tuple[int, str]],
        phases: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contractor", [("", _("Choisissez")), *contractors])
        choices = self.fields["phases"]
        if isinstance(choices, forms.MultipleChoiceField):
            choices.choices = phases


class End(Day):
    """When a commission stops, and why."""

    note = forms.CharField(label=_("Pourquoi"), max_length=400, required=False)


def written(commission: Commission) -> dict[str, Any]:
    """A commission as its form shows it."""
    return {
        "contractor": commission.contractor_id,
        "scope_text": commission.scope_text,
        "agreed_on": commission.agreed_on,
        "amount": _comma(commission.amount_cents),
        "vat": _comma(commission.vat_bp),
        "phases": [phase.rank for phase in commission.phases.all()],
        "version": commission.version,
    }


def _comma(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)


def plan_of(phases: Sequence[Phase]) -> list[Planned]:
    """The phases as their form shows them."""
    return [Planned(phase.title, phase.starts_on, phase.ends_on) for phase in phases]
