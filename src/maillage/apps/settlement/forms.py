"""What people type to share and to settle."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.people.forms import CHOICE, DAY, DayInput, offer
from maillage.apps.people.models import Organisation
from maillage.apps.settlement import (
    agree_bodies,
    agree_host,
    keep_copies,
    keep_costs,
    keep_resources,
)
from maillage.apps.settlement.models import Basis, CostKind, ResourceKind, Rule
from maillage.apps.settlement.models.costs import ResourceState
from maillage.apps.sites.models import Site
from maillage.apps.tariffs.money_fields import EurosField, RateField
from maillage.core import identifiers, programme
from maillage.core.bad_input import BadInput
from maillage.kit.fields import MonthField
from maillage.report import refusals

BY_RECEIPTS, BY_HALF_DAY = "share", "half_day"
SITE_SHARE = (
    (BY_RECEIPTS, _("Une part des recettes hors taxes")),
    (BY_HALF_DAY, _("Un montant par demi-journée utilisée")),
)
REFERENCE = {"required": _("Indiquez la référence : celle de la convention ou du vote.")}
WORDS = {"required": _("Écrivez quelques mots.")}


def reference_field(help_text: Any = "") -> forms.CharField:
    """What was signed or voted."""
    return forms.CharField(
        label=_("Référence de la convention"),
        max_length=80,
        help_text=help_text,
        error_messages=REFERENCE,
    )


def checked_iban(typed: str) -> str:
    """Without its spaces; "" stays unknown."""
    if not typed.strip():
        return ""
    try:
        return identifiers.iban(typed)
    except BadInput as fault:
        raise forms.ValidationError(refusals.for_page(refusals.sentence(fault))) from fault


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, with the browser's calendar."""
    return forms.DateField(label=label, widget=DayInput, error_messages=DAY, **options)


class HostForm(forms.Form):
    """What is agreed with a shop."""

    site = forms.ChoiceField(label=_("Lieu"), error_messages=CHOICE)
    shop = forms.ChoiceField(label=_("Commerce"), error_messages=CHOICE)
    reference = reference_field(_("Par exemple : Convention d’accueil 2027-01."))
    starts_on = day_field(_("À partir du"))
    rule = forms.ChoiceField(
        label=_("Sa part"), choices=SITE_SHARE, widget=forms.RadioSelect, error_messages=CHOICE
    )
    share = RateField(label=_("Part des recettes, en %"), required=False)
    half_day = EurosField(label=_("Par demi-journée, en euros hors taxes"), required=False)
    minimum = EurosField(label=_("Minimum par trimestre, en euros hors taxes"), required=False)
    vat = RateField(
        label=_("TVA du commerce, en %"),
        required=False,
        help_text=_("Sans indication : 0, le commerce est en franchise."),
    )
    mandated_on = day_field(
        _("Mandat d’autofacturation signé le"),
        required=False,
        help_text=_("Sans mandat, le commerce envoie sa facture lui-même."),
    )
    iban = forms.CharField(label=_("IBAN du commerce"), max_length=42, required=False)

    def __init__(
        self,
        *args: Any,
        sites: Iterable[Site],
        shops: Iterable[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {str(site.pk): site for site in sites}
        self.shops = {str(shop.pk): shop for shop in shops}
        offer(self, "site", [(pk, site.name) for pk, site in self.sites.items()])
        offer(self, "shop", [(pk, shop.name) for pk, shop in self.shops.items()])

    def clean_iban(self) -> str:
        """Checked as typed."""
        return checked_iban(self.cleaned_data["iban"])

    def clean(self) -> dict[str, Any]:
        """The rule chosen has its number."""
        said = super().clean() or self.cleaned_data
        rule = said.get("rule")
        named = {BY_RECEIPTS: "share", BY_HALF_DAY: "half_day"}.get(rule or "")
        if named and not said.get(named) and named not in self.errors:
            self.add_error(named, _("Indiquez combien, plus que zéro."))
        return said

    def terms(self) -> agree_host.Terms:
        """As the verb reads it."""
        said = self.cleaned_data
        by_receipts = said["rule"] == BY_RECEIPTS
        return agree_host.Terms(
            starts_on=said["starts_on"],
            reference=said["reference"],
            share_bp=said["share"] if by_receipts else None,
            half_day_cents=None if by_receipts else said["half_day"],
            minimum_cents=said["minimum"] or 0,
            mandated_on=said["mandated_on"],
            vat_rate_bp=said["vat"] or 0,
            iban=said["iban"],
        )


class PairForm(forms.Form):
    """What two bodies agree on."""

    one = forms.ChoiceField(label=_("Votre organisme"), error_messages=CHOICE)
    other = forms.ChoiceField(label=_("L’autre organisme"), error_messages=CHOICE)
    reference = reference_field()
    starts_on = MonthField(label=_("À partir du mois de"))
    rule = forms.ChoiceField(
        label=_("Ce que vaut une journée de l’abonné de l’autre"),
        choices=Rule.choices,
        widget=forms.RadioSelect,
        error_messages=CHOICE,
    )
    share = RateField(label=_("Part du tarif public, en %"), required=False)
    half_day = EurosField(label=_("Par demi-journée, en euros TTC"), required=False)
    vat = RateField(
        label=_("TVA du service, en %"), required=False, help_text=_("Sans indication : 0.")
    )

    def __init__(
        self,
        *args: Any,
        own: Iterable[Organisation],
        others: Iterable[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.pk): body for body in [*own, *others]}
        offer(self, "one", [(str(body.pk), body.name) for body in own])
        offer(self, "other", [(str(body.pk), body.name) for body in others])

    def clean(self) -> dict[str, Any]:
        """The rule chosen has its number."""
        said = super().clean() or self.cleaned_data
        named = {"share": "share", "half_day": "half_day"}.get(said.get("rule") or "")
        if named and not said.get(named) and named not in self.errors:
            self.add_error(named, _("Indiquez combien, plus que zéro."))
        return said

    def terms(self) -> agree_bodies.Terms:
        """As the verb reads it."""
        said = self.cleaned_data
        return agree_bodies.Terms(
            rule=said["rule"],
            starts_on=said["starts_on"].replace(day=1),
            reference=said["reference"],
            share_bp=said["share"] if said["rule"] == Rule.SHARE else None,
            half_day_cents=said["half_day"] if said["rule"] == Rule.HALF_DAY else None,
            vat_rate_bp=said["vat"] or 0,
        )


class Paid(forms.Form):
    """The day of a transfer."""

    paid_on = day_field(_("Payé le"))
    reference = forms.CharField(
        label=_("Référence du virement ou du mandat"), max_length=80, required=False
    )


class EndDay(forms.Form):
    """The first day without it."""

    on = day_field(_("Premier jour sans la convention"))


class EndMonth(forms.Form):
    """The first month without it."""

    on = MonthField(label=_("Premier mois sans l’accord"))


class CostForm(forms.Form):
    """A cost that is shared."""

    kind = forms.ChoiceField(label=_("Nature"), choices=CostKind.choices, error_messages=CHOICE)
    label = forms.CharField(label=_("Dépense"), max_length=120, error_messages=WORDS)
    amount = EurosField(label=_("Montant, en euros"))
    first_on = day_field(_("Du"))
    last_on = day_field(_("Au"))
    document = forms.CharField(
        label=_("Pièce"),
        max_length=120,
        help_text=_("Par exemple : facture 2027-118 du fournisseur, ou état des heures."),
        error_messages={"required": _("Indiquez la pièce qui prouve la dépense.")},
    )
    payer = forms.ChoiceField(label=_("Payée par"), error_messages=CHOICE)

    def __init__(self, *args: Any, bodies: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.pk): body for body in bodies}
        offer(self, "payer", [(pk, body.name) for pk, body in self.bodies.items()])

    def clean_amount(self) -> int:
        """A cost is something."""
        cents = self.cleaned_data["amount"]
        if not cents:
            raise forms.ValidationError(_("Indiquez un montant plus grand que zéro."))
        return int(cents)

    def cost(self) -> keep_costs.Cost:
        """As the verb reads it."""
        said = self.cleaned_data
        return keep_costs.Cost(
            said["kind"],
            said["label"],
            said["amount"],
            said["first_on"],
            said["last_on"],
            said["document"],
            self.bodies[said["payer"]],
        )


class KeyForm(forms.Form):
    """A vote on how costs are shared: what each partner weighs, "" for those who do not share."""

    kind = forms.ChoiceField(
        label=_("Pour les dépenses de"), choices=CostKind.choices, error_messages=CHOICE
    )
    basis = forms.ChoiceField(
        label=_("Partagées selon"),
        choices=Basis.choices,
        widget=forms.RadioSelect,
        error_messages=CHOICE,
    )
    starts_on = day_field(_("À partir du"))
    voted_on = day_field(_("Voté le"))
    reference = forms.CharField(
        label=_("Référence de la délibération"), max_length=80, error_messages=REFERENCE
    )

    def __init__(
        self,
        *args: Any,
        partners: Iterable[Organisation],
        weights: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partners = list(partners)
        for partner in self.partners:
            self.fields[f"poids-{partner.pk}"] = RateOrSeats(
                label=_("{name} : part en %, ou places").format(name=partner.name),
                required=False,
                initial=weights.get(partner.pk),
            )

    def voted(self) -> keep_costs.Voted:
        """As the verb reads it: hundredths of a percent, or whole seats."""
        said = self.cleaned_data
        basis = said["basis"]
        weighed: dict[int, int] = {}
        for partner in self.partners:
            value = said.get(f"poids-{partner.pk}")
            if value is not None:
                weighed[partner.pk] = _weight(basis, value)
        return keep_costs.Voted(
            said["kind"], basis, said["starts_on"], said["voted_on"], said["reference"], weighed
        )

    def clean(self) -> dict[str, Any]:
        """Seats are whole."""
        said = super().clean() or self.cleaned_data
        if said.get("basis") == Basis.SEATS:
            for partner in self.partners:
                name = f"poids-{partner.pk}"
                if (said.get(name) or 0) % 100:
                    self.add_error(name, _("Indiquez un nombre entier de places."))
        return said


class RateOrSeats(RateField):
    """A percentage, or a number of seats: hundredths of either."""

    said = _("Indiquez un nombre entre 0 et 9 999, par exemple 33,33 ou 4.")
    most = 999_900


def _weight(basis: str, hundredths: int) -> int:
    if basis == Basis.FIXED:
        return hundredths
    return hundredths // 100 if basis == Basis.SEATS else 0


class ResourceForm(forms.Form):
    """Money that a site has from elsewhere."""

    kind = forms.ChoiceField(
        label=_("Ressource"), choices=ResourceKind.choices, error_messages=CHOICE
    )
    label = forms.CharField(label=_("En quelques mots"), max_length=120, error_messages=WORDS)
    amount = EurosField(label=_("Montant, en euros"))
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("La page de la collecte, la convention, le relevé."),
        error_messages={"required": _("Indiquez d’où vient ce montant.")},
    )
    state = forms.ChoiceField(label=_("État"), choices=ResourceState.choices, error_messages=CHOICE)
    on = day_field(_("Au"))

    clean_amount = CostForm.clean_amount

    def resource(self) -> keep_resources.Resource:
        """As the verb reads it."""
        said = self.cleaned_data
        return keep_resources.Resource(
            said["kind"], said["label"], said["amount"], said["source"], said["state"], said["on"]
        )


class ChargePart(forms.Form):
    """The rate of a part that is invoiced."""

    vat = RateField(
        label=_("TVA, en %"),
        required=False,
        help_text=_("Sans indication : 0. Un partage de frais à prix coûtant peut être exonéré."),
    )


class FilterMonth(forms.Form):
    """The month shown."""

    mois = MonthField(label=_("Mois"), required=False)

    def month(self, today: date) -> date:
        """Its first day; the month before this one without a word."""
        said: date | None = self.cleaned_data.get("mois") if self.is_valid() else None
        return said or programme.after(today.replace(day=1), -1)


class Times(forms.Form):
    """From a day to another."""

    first = day_field(_("Du"))
    last = day_field(_("Au"))


class SendCounters(forms.Form):
    """The counters of a copier."""

    file = forms.FileField(
        label=_("Fichier CSV des compteurs"),
        help_text=_(
            "Une ligne par code et par période. Colonnes : code, mois, noir et blanc, couleur ; "
            "ou début et fin au lieu du mois."
        ),
        error_messages={
            "required": _("Choisissez un fichier CSV."),
            "empty": _("Ce fichier est vide. Choisissez-en un autre."),
        },
        widget=forms.FileInput({"accept": ".csv,.txt,text/csv,text/plain"}),
    )


class PageForm(forms.Form):
    """What a page costs."""

    starts_on = day_field(_("À partir du"))
    mono = EurosField(label=_("Page en noir et blanc, en euros TTC"))
    colour = EurosField(label=_("Page en couleur, en euros TTC"))
    vat = RateField(label=_("TVA, en %"), required=False, help_text=_("Sans indication : 0."))

    def price(self) -> keep_copies.PagePrice:
        """As the verb reads it."""
        said = self.cleaned_data
        return keep_copies.PagePrice(
            said["starts_on"], said["mono"], said["colour"], said["vat"] or 0
        )


class MatchForm(forms.Form):
    """Whose a code is."""

    code = forms.CharField(label=_("Code du copieur"), max_length=40, error_messages=WORDS)
    payer = forms.ChoiceField(label=_("Qui paie ses copies"), error_messages=CHOICE)

    def __init__(self, *args: Any, payers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "payer", [("", str(_("Choisir"))), *payers.items()])
