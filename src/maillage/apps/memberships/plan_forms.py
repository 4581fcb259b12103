"""What people type to sell something in advance."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.memberships.keep_plan import Gives, Quota, Rate, Terms
from maillage.apps.memberships.models import Every, Plan, PlanKind
from maillage.apps.people.forms import CHOICE, DAY, DayInput, offer
from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import Site, SpaceKind
from maillage.apps.tariffs.models import Unit
from maillage.apps.tariffs.money_fields import EurosField, RateField

KINDS = [(code, label) for code, label in SpaceKind.choices if code != SpaceKind.BUILDING]
NUMBER = {
    "required": _("Indiquez un nombre entier."),
    "invalid": _("Indiquez un nombre entier."),
    "min_value": _("Indiquez 1 au moins."),
    "max_value": _("Ce nombre est trop grand."),
}
UNITS = [(code, label) for code, label in Unit.choices if code in ("hour", "half_day", "day")]


class PlanForm(forms.Form):
    """What every plan says."""

    operator = forms.ChoiceField(label=_("Organisme qui vend"), error_messages=CHOICE)
    name = forms.CharField(
        label=_("Nom"),
        max_length=120,
        help_text=_("Par exemple : Nomade, 10 demi-journées par mois."),
        error_messages={"required": _("Donnez un nom à la formule.")},
    )
    price = EurosField(label=_("Prix, en euros"))
    includes_tax = forms.BooleanField(
        label=_("Ce prix comprend la TVA"), required=False, initial=True
    )
    vat_rate = RateField(label=_("TVA, en %"), help_text=_("0 si l’organisme n’y est pas soumis."))
    deliberation_ref = forms.CharField(
        label=_("Référence de la délibération"),
        max_length=80,
        error_messages={"required": _("Indiquez la délibération qui l’a votée.")},
    )
    sold_from = forms.DateField(
        label=_("En vente à partir du"), widget=DayInput, error_messages=DAY
    )
    sites = forms.MultipleChoiceField(
        label=_("Lieux où elle s’utilise"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sans indication : tous les lieux de l’organisme qui vend."),
        error_messages=CHOICE,
    )
    kind: str = ""

    def __init__(
        self,
        *args: Any,
        operators: Iterable[Organisation],
        sites: Iterable[Site],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "operator", [(str(one.pk), one.name) for one in operators])
        offer(self, "sites", [(str(site.pk), site.name) for site in sites])

    def terms(self) -> Terms:
        """As the verb reads them."""
        said = self.cleaned_data
        return Terms(
            kind=self.kind,
            name=said["name"],
            price_cents=said["price"],
            includes_tax=said["includes_tax"],
            vat_rate_bp=said["vat_rate"],
            deliberation_ref=said["deliberation_ref"],
            sold_from=said["sold_from"],
            every=said.get("every", ""),
            notice_days=said.get("notice_days") or 15,
            tickets=said.get("tickets"),
            validity_months=said.get("validity_months"),
        )

    def gives(self) -> Gives:
        """As the verb reads them."""
        return Gives(site_ids=[int(pk) for pk in self.cleaned_data["sites"]])


class SubscriptionForm(PlanForm):
    """An abonnement: a quota each month of some kinds of spaces."""

    kind = PlanKind.SUBSCRIPTION
    field_order = (
        "operator", "name", "price", "includes_tax", "vat_rate", "every", "notice_days",
        "space_kinds", "unit", "units",
    )  # fmt: skip
    every = forms.ChoiceField(
        label=_("Le prix vaut pour"), choices=Every.choices, error_messages=CHOICE
    )
    notice_days = forms.IntegerField(
        label=_("Renouvellement annoncé, en jours avant"),
        min_value=1,
        max_value=60,
        initial=15,
        error_messages=NUMBER,
    )
    space_kinds = forms.MultipleChoiceField(
        label=_("Espaces compris"),
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un espace."), **CHOICE},
    )
    unit = forms.ChoiceField(label=_("Compté en"), choices=UNITS, error_messages=CHOICE)
    units = forms.IntegerField(
        label=_("Par mois, au plus"),
        required=False,
        min_value=1,
        max_value=1_000,
        help_text=_("Sans indication : sans limite."),
        error_messages=NUMBER,
    )

    def gives(self) -> Gives:
        said = self.cleaned_data
        quota = Quota(tuple(said["space_kinds"]), said["unit"], said["units"])
        return Gives(quotas=(quota,), site_ids=super().gives().site_ids)


class TicketsForm(PlanForm):
    """A carnet: tickets, and how many each kind of space takes."""

    kind = PlanKind.CARNET
    tickets = forms.IntegerField(
        label=_("Nombre de tickets"), min_value=1, max_value=1_000, error_messages=NUMBER
    )
    validity_months = forms.IntegerField(
        label=_("Valable, en mois"), min_value=1, max_value=60, error_messages=NUMBER
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in KINDS:
            self.fields[f"tickets-{code}"] = forms.IntegerField(
                label=_("Tickets : {kind}").format(kind=str(label).lower()),
                required=False,
                min_value=1,
                max_value=100,
                error_messages=NUMBER,
            )
            self.fields[f"unit-{code}"] = forms.ChoiceField(
                label=_("pour une"), choices=UNITS, initial="half_day", error_messages=CHOICE,
                required=False,
            )  # fmt: skip

    def rates(self) -> list[tuple[Any, Any]]:
        """The two fields of each kind of spaces, side by side."""
        return [(self[f"tickets-{code}"], self[f"unit-{code}"]) for code, _label in KINDS]

    def common(self) -> list[Any]:
        """The other fields."""
        return [self[name] for name in self.fields if not name.startswith(("tickets-", "unit-"))]

    def gives(self) -> Gives:
        said = self.cleaned_data
        rates = [
            Rate(code, said[f"unit-{code}"] or Unit.HALF_DAY, said[f"tickets-{code}"])
            for code, _label in KINDS
            if said.get(f"tickets-{code}")
        ]
        return Gives(rates=rates, site_ids=super().gives().site_ids)


class DayPassForm(TicketsForm):
    """Tickets that are good for one day."""

    kind = PlanKind.DAY_PASS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["validity_months"]


FORMS: dict[str, type[PlanForm]] = {
    PlanKind.SUBSCRIPTION: SubscriptionForm,
    PlanKind.CARNET: TicketsForm,
    PlanKind.DAY_PASS: DayPassForm,
}


def initial_of(plan: Plan) -> dict[str, Any]:
    """What the form of a plan shows first."""
    said: dict[str, Any] = {
        "operator": str(plan.operator_id),
        "price": plan.price_cents,
        "vat_rate": plan.vat_rate_bp,
        "sites": [str(site.pk) for site in plan.sites.all()],
    }
    names = (
        "name", "includes_tax", "deliberation_ref", "sold_from", "every", "notice_days",
        "tickets", "validity_months",
    )  # fmt: skip
    said |= {name: getattr(plan, name) for name in names}
    for quota in plan.quotas.all():
        said |= {"space_kinds": quota.space_kinds, "unit": quota.unit, "units": quota.units}
    for rate in plan.rates.all():
        said[f"tickets-{rate.space_kind}"] = rate.tickets
        said[f"unit-{rate.space_kind}"] = rate.unit
    return said
