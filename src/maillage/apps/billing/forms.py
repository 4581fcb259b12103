"""What people type to invoice."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import identity
from maillage.apps.billing.models import Channel, DocumentKind, VatStatus
from maillage.apps.people.forms import CHOICE, NAME, email_field, offer
from maillage.apps.people.models import Organisation
from maillage.apps.tariffs.money_fields import EurosField, shown
from maillage.kit.refusal import Refusal

PREFIX = {"invalid": _("Indiquez 1 à 6 lettres capitales ou chiffres, par exemple FA.")}
DAYS = {
    "invalid": _("Indiquez un nombre de jours entre 0 et 60."),
    "min_value": _("Indiquez 0 au moins."),
    "max_value": _("Indiquez 60 jours au plus : c’est le maximum légal entre professionnels."),
    "required": _("Indiquez un nombre de jours."),
}
WHOLE = {
    "required": _("Indiquez un nombre."),
    "invalid": _("Indiquez un nombre entier."),
    "min_value": _("Indiquez 0 au moins."),
}
COUNTRY = {"invalid": _("Indiquez deux lettres, par exemple FR.")}


class NumberField(forms.CharField):
    """A number of a body or of an account, checked as typed."""

    def __init__(self, kind: str, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "widget", forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        )
        super().__init__(max_length=60, **options)
        self.kind = kind

    def clean(self, value: Any) -> str:
        """As files want it."""
        typed = super().clean(value)
        try:
            return identity.read(self.kind, typed)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def _line(label: Any, most: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, **options)


class PartyForm(forms.Form):
    """Name, address and numbers of who sells or pays."""

    legal_name = forms.CharField(label=_("Nom écrit sur les factures"), max_length=120,
                                 error_messages=NAME)  # fmt: skip
    address = _line(_("Adresse"), 120, help_text=_("Numéro et rue."))
    postcode = _line(_("Code postal"), 10)
    city = _line(_("Commune"), 80)
    country = forms.RegexField(
        r"^[A-Z]{2}$", label=_("Pays"), initial="FR", error_messages=COUNTRY,
        help_text=_("Deux lettres, par exemple FR."),
    )  # fmt: skip
    siren = NumberField("siren", label=_("SIREN"))
    siret = NumberField("siret", label=_("SIRET"))
    vat_number = NumberField("vat_number", label=_("Numéro de TVA"))
    electronic_address = _line(
        _("Adresse électronique de facturation"),
        120,
        help_text=_("Celle de l’annuaire de la facture électronique. Sans indication : le SIREN."),
    )
    email = email_field(_("Courriel des factures"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def clean(self) -> dict[str, Any]:
        """The numbers are those of one body."""
        said = super().clean() or self.cleaned_data
        numbers = [said.get(name) for name in ("siren", "siret", "vat_number")]
        if None not in numbers:
            try:
                identity.refuse_strangers(*[str(one) for one in numbers])
            except Refusal as refusal:
                self.add_error("siret" if numbers[1] else "vat_number", str(refusal))
        return said

    def columns(self) -> dict[str, Any]:
        """As the verb reads it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ProfileForm(PartyForm):
    """How a body invoices and is paid."""

    field_order = (
        "channel", "legal_name", "address", "postcode", "city", "country", "siren", "siret",
        "vat_status", "vat_number",
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=_("Qui encaisse"), choices=Channel.choices, error_messages=CHOICE
    )
    vat_status = forms.ChoiceField(
        label=_("Régime de TVA"), choices=VatStatus.choices, error_messages=CHOICE
    )
    vat_on_debits = forms.BooleanField(label=_("TVA payée d’après les débits"), required=False)
    exemption_reason = _line(
        _("Pourquoi certaines lignes n’ont pas de TVA"),
        200,
        help_text=_("Si vous êtes redevable et que certaines ventes sont exonérées."),
    )
    legal_mention = _line(
        _("Mentions de pied de page"), 200, help_text=_("Forme juridique, capital, registre.")
    )
    invoice_prefix = forms.RegexField(
        r"^[A-Z0-9]{1,6}$", label=_("Préfixe des factures"), initial="FA", error_messages=PREFIX
    )
    credit_prefix = forms.RegexField(
        r"^[A-Z0-9]{1,6}$", label=_("Préfixe des avoirs"), initial="AV", error_messages=PREFIX
    )
    payment_days = forms.IntegerField(
        label=_("Délai de paiement, en jours"), min_value=0, max_value=60, initial=30,
        error_messages=DAYS,
    )  # fmt: skip
    pays_at_month_end = forms.BooleanField(label=_("Puis fin de mois"), required=False)
    late_penalty = _line(
        _("Pénalités de retard"),
        200,
        help_text=_("Sans indication : trois fois le taux d’intérêt légal."),
    )
    discount = _line(
        _("Escompte"), 200, help_text=_("Sans indication : pas d’escompte pour paiement anticipé.")
    )
    iban = NumberField("iban", label=_("IBAN"))
    bic = NumberField("bic", label=_("BIC"))
    creditor_id = NumberField(
        "creditor_id",
        label=_("Identifiant créancier SEPA (ICS)"),
        help_text=_("Donné par votre banque. Sans lui, pas de prélèvement."),
    )
    regie_ceiling_cents = EurosField(
        label=_("Plafond d’encaisse de la régie"),
        required=False,
        help_text=_("Celui de l’acte constitutif. Laissez vide sans régie."),
    )


class PayerForm(PartyForm):
    """What invoices say of a payer."""

    is_business = forms.BooleanField(
        label=_("Professionnel ou organisme public"),
        required=False,
        help_text=_("Sa facture électronique exige son SIREN et son adresse."),
    )
    service_code = _line(
        _("Code du service"), 100, help_text=_("Demandé par certains acheteurs publics.")
    )
    engagement = _line(_("Numéro d’engagement ou de commande"), 50)
    names_users = forms.BooleanField(
        label=_("Une ligne par personne, sans date ni lieu"),
        required=False,
        help_text=_("Pour un employeur qui paie pour ses salariés."),
    )


class CreditForm(forms.Form):
    """What is given back of each line, and why."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=300,
        help_text=_("Écrit sur l’avoir, par exemple : fermeture du lieu le 17 mars."),
        error_messages={"required": _("Dites pourquoi : le motif est écrit sur l’avoir.")},
    )

    def __init__(
        self, *args: Any, lines: Iterable[tuple[int, str]], left: Mapping[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ranks = [rank for rank, _label in lines if left.get(rank)]
        for rank, label in lines:
            if rank not in self.ranks:
                continue
            self.fields[f"line_{rank}"] = EurosField(
                label=label,
                required=False,
                initial=shown(left[rank]),
                help_text=_("Il reste {left} € à rendre au plus.").format(left=shown(left[rank])),
            )

    def parts(self) -> dict[int, int]:
        """Rank of a line -> cents to give back."""
        said = {rank: self.cleaned_data[f"line_{rank}"] for rank in self.ranks}
        return {rank: cents for rank, cents in said.items() if cents}


class ResumeSeries(forms.Form):
    """The highest number that somebody received."""

    kind = forms.ChoiceField(label=_("Série"), choices=DocumentKind.choices, error_messages=CHOICE)
    after = forms.IntegerField(
        label=_("Dernier numéro reçu par un client"), min_value=0, error_messages=WHOLE,
        help_text=_("Le rang seul : 42 pour FA-2027-000042. Le document suivant portera 43."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Motif"),
        max_length=300,
        help_text=_("Gardé au journal, par exemple : reprise après restauration du 12 mars."),
        error_messages={"required": _("Dites pourquoi : le journal le garde.")},
    )


class ChooseOperator(forms.Form):
    """Whose invoices one looks at."""

    organisme = forms.ChoiceField(label=_("Organisme"), required=False)

    def __init__(self, *args: Any, operators: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisme", [(str(one.pk), one.name) for one in operators])


class ReceiveForm(forms.Form):
    """An invoice that a supplier sent."""

    file = forms.FileField(
        label=_("Facture reçue"),
        help_text=_("PDF Factur-X ou XML (CII), 20 Mo au plus."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.xml"}),
        error_messages={"required": _("Choisissez un fichier PDF ou XML.")},
    )
