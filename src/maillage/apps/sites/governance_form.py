"""Who holds, runs and collects: a mode, three bodies, rows of shares."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from maillage.apps.sites.forms import UNKNOWN, Versioned
from maillage.apps.sites.keep_holders import Governed, Held, percent
from maillage.apps.sites.models import ALL_BP, Governance, Site, SiteHolder

ROWS = 6


class GovernanceForm(Versioned):
    """The governance of a site; a row without a body is none."""

    governance = forms.ChoiceField(
        label=_("Mode de gestion"), required=False, choices=[UNKNOWN, *Governance.choices]
    )
    operator = forms.TypedChoiceField(
        label=_("Exploité par"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("La structure qui ouvre la porte et répond du lieu."),
    )
    collector = forms.TypedChoiceField(
        label=_("Encaissé par"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("La structure qui vend et facture : ses tarifs s’appliquent."),
    )

    def __init__(self, *args: Any, bodies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [UNKNOWN, *((str(key), name) for key, name in bodies)]
        for name in ("operator", "collector"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for n in range(ROWS):
            self.fields[f"holder_{n}"] = forms.TypedChoiceField(
                label=_("Structure {n}").format(n=n + 1),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("Aucune")), *choices[1:]],
                widget=forms.Select({"class": "form-select"}),
            )
            self.fields[f"share_{n}"] = forms.DecimalField(
                label=_("Part {n}, en %").format(n=n + 1),
                required=False,
                localize=True,
                min_value=0,
                max_value=100,
                decimal_places=2,
                widget=forms.TextInput({"inputmode": "decimal", "class": "form-control"}),
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value", "max_decimal_places"),
                    _("Indiquez une part entre 0 et 100, par exemple 33,33."),
                ),
            )

    @property
    def head(self) -> list[BoundField]:
        """The fields above the rows."""
        return [self["governance"], self["operator"], self["collector"]]

    @property
    def rows(self) -> list[tuple[BoundField, BoundField]]:
        """A body and its share."""
        return [(self[f"holder_{n}"], self[f"share_{n}"]) for n in range(ROWS)]

    def clean(self) -> dict[str, Any]:
        """A body has its share, a share its body."""
        data = dict(self.cleaned_data)
        for n in range(ROWS):
            body, share = data.get(f"holder_{n}"), data.get(f"share_{n}")
            if body and not share and f"share_{n}" not in self.errors:
                self.add_error(f"share_{n}", _("Indiquez la part de cette structure."))
            if share and not body:
                self.add_error(f"holder_{n}", _("Choisissez la structure qui a cette part."))
        return data

    def said(self) -> Governed:
        """What the person wrote."""
        data = self.cleaned_data
        held = [
            Held(data[f"holder_{n}"], int(data[f"share_{n}"] * (ALL_BP // 100)))
            for n in range(ROWS)
            if data.get(f"holder_{n}")
        ]
        return Governed(data["governance"], data["operator"], data["collector"], held)


def initial_of(site: Site, holders: Sequence[SiteHolder]) -> dict[str, Any]:
    """What the form shows."""
    shown: dict[str, Any] = {
        "version": site.version,
        "governance": site.governance,
        "operator": site.operator_id,
        "collector": site.collector_id,
    }
    for n, holder in enumerate(holders[:ROWS]):
        shown[f"holder_{n}"] = holder.organisation_id
        shown[f"share_{n}"] = percent(holder.share_bp)
    return shown
