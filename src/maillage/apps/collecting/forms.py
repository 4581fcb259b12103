"""What is typed to collect: sums in euros, days, references, accounts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.collecting.balance import Owed
from maillage.apps.collecting.means_kept import Choice
from maillage.apps.collecting.models import MeansKind, Outcome, PauseKind
from maillage.core import identifiers
from maillage.core.bad_input import BadInput
from maillage.report import french, refusals

CENTS = 100
MOST_EUROS = Decimal(10_000_000)
DAY = {"type": "date"}


def cents(euros: Decimal) -> int:
    """A sum typed with two decimals, in cents."""
    return int(euros * CENTS)


def _euros(label: Any, *, least: str = "0.01", required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(least),
        max_value=MOST_EUROS,
        decimal_places=2,
        required=required,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )


class AskReceipt(forms.Form):
    """Money that came in for an invoice; what is left pays the oldest ones of the payer."""

    document = forms.ChoiceField(
        label=_("Facture payée"),
        help_text=_("Le reste paie les plus anciennes du même payeur, puis devient un avoir."),
    )
    means = forms.ChoiceField(label=_("Moyen de paiement"))
    euros = _euros(_("Montant reçu, en euros"))
    received_on = _day(_("Reçu le"))
    reference = forms.CharField(
        label=_("Référence"),
        max_length=140,
        required=False,
        help_text=_("Numéro du chèque, libellé du virement, numéro du mandat administratif."),
    )
    deposit_slip = forms.CharField(label=_("Bordereau de remise"), max_length=40, required=False)

    def __init__(
        self, *args: Any, owed: Sequence[Owed], means: Sequence[Choice], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = [  # type: ignore[attr-defined]
            (one.document.pk, _owed_words(one)) for one in owed
        ]
        self.fields["means"].choices = [  # type: ignore[attr-defined]
            (one.code, one.label) for one in means if one.is_open
        ]


class AskMatch(forms.Form):
    """The invoice that a movement of the bank pays."""

    document = forms.ChoiceField(label=_("Facture payée"))

    def __init__(self, *args: Any, owed: Sequence[Owed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = [  # type: ignore[attr-defined]
            (one.document.pk, _owed_words(one)) for one in owed
        ]


class AskParts(forms.Form):
    """How a receipt is spread over the invoices of its payer."""

    def __init__(self, *args: Any, parts: Sequence[tuple[Any, int, int]], **kwargs: Any) -> None:
        """parts  (document, cents that it may take, cents that it takes now)"""
        super().__init__(*args, **kwargs)
        self.documents = {f"part_{document.pk}": document for document, _most, _now in parts}
        for document, most, now in parts:
            field = _euros(
                _("Facture {number}").format(number=document.number), least="0", required=False
            )
            field.help_text = _("{owed} au plus").format(owed=french.cents(most))
            field.initial = Decimal(now) / CENTS
            self.fields[f"part_{document.pk}"] = field

    def parts(self) -> dict[Any, int]:
        """Cents by document."""
        return {
            document: cents(self.cleaned_data[name])
            for name, document in self.documents.items()
            if self.cleaned_data.get(name)
        }


class AskWhy(forms.Form):
    """Why, for the journal."""

    reason = forms.CharField(label=_("Pourquoi"), max_length=300)


class AskUndoing(AskWhy):
    """Why a receipt is undone, and the day it counts."""

    on = _day(_("Au journal du"))


class AskRefund(AskUndoing):
    """How money is given back."""

    means = forms.ChoiceField(label=_("Rendu par"))
    reference = forms.CharField(label=_("Référence"), max_length=140, required=False)

    def __init__(self, *args: Any, means: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["means"].choices = [  # type: ignore[attr-defined]
            (one.code, one.label) for one in means if one.is_open
        ]


class AskFile(forms.Form):
    """A file to read."""

    file = forms.FileField(label=_("Fichier"))

    def __init__(self, *args: Any, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = hint


class AskMandate(forms.Form):
    """An account that may be debited."""

    holder = forms.CharField(label=_("Titulaire du compte"), max_length=70)
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=60,
        help_text=_("Il commence par FR pour un compte français ; les espaces sont permis."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bic = forms.CharField(label=_("BIC"), max_length=20, required=False)
    is_agreed = forms.BooleanField(
        label=_(
            "J’autorise cet organisme à prélever mes factures sur ce compte, et ma banque à le "
            "débiter. Je peux contester un prélèvement pendant 8 semaines."
        )
    )

    def clean_iban(self) -> str:
        """Its key and its country, said where it is typed."""
        return _number(identifiers.iban, self.cleaned_data["iban"])

    def clean_bic(self) -> str:
        """The same."""
        typed = self.cleaned_data["bic"].strip()
        return _number(identifiers.bic, typed) if typed else ""


class AskPaperMandate(AskMandate):
    """A mandate signed on paper, entered by who keeps it."""

    payer = forms.ChoiceField(label=_("Payeur"))
    signed_on = _day(_("Signé le"))
    is_agreed = forms.BooleanField(label=_("Le mandat signé est gardé par l’organisme."))
    field_order = ("payer", "holder", "iban", "bic", "signed_on", "is_agreed")

    def __init__(self, *args: Any, payers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].choices = list(payers)  # type: ignore[attr-defined]


class AskDay(forms.Form):
    """A day of something done at the bank."""

    on = _day(_("Jour"))


class AskReject(forms.Form):
    """What the bank said of a debit that came back."""

    reason = forms.CharField(
        label=_("Code du rejet"),
        max_length=4,
        help_text=_("Quatre caractères donnés par la banque : AM04 pour une provision "
                    "insuffisante."),
    )  # fmt: skip
    on = _day(_("Rejeté le"))


class AskPause(forms.Form):
    """Why an invoice is left alone."""

    kind = forms.ChoiceField(label=_("Motif"), choices=PauseKind)
    why = forms.CharField(label=_("Précisez"), max_length=300)
    until = _day(_("Jusqu’au"), required=False, help_text=_("Pour un échéancier."))


class AskDecision(forms.Form):
    """What becomes of access."""

    outcome = forms.ChoiceField(label=_("Décision"), choices=Outcome, widget=forms.RadioSelect)
    why = forms.CharField(label=_("Pourquoi"), max_length=300)
    until = _day(_("Jusqu’au"), required=False, help_text=_("Pour un échéancier."))


class AskText(forms.Form):
    """A step of the reminders."""

    days = forms.IntegerField(label=_("Jours après l’échéance"), min_value=1, max_value=365)
    subject = forms.CharField(label=_("Objet"), max_length=120)
    text = forms.CharField(
        label=_("Texte"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Entre accolades : {number}, {owed}, {issued}, {due}, {operator}, {link}."),
    )


class AskCount(forms.Form):
    """Cash counted on an evening."""

    on = _day(_("Jour arrêté"))
    euros = _euros(_("Espèces comptées, en euros"), least="0")
    why = forms.CharField(label=_("Explication de l’écart"), max_length=300, required=False)


class AskDeposit(forms.Form):
    """Cash handed to the accountant."""

    on = _day(_("Versé le"))
    euros = _euros(_("Montant versé, en euros"))
    reference = forms.CharField(label=_("Numéro du reçu du comptable"), max_length=60)


class AskMeans(forms.Form):
    """A means of payment of the operator."""

    code = forms.RegexField(
        label=_("Code"),
        regex=r"^[a-z0-9_]{1,20}$",
        help_text=_("Court, sans espace ni majuscule : gonette, participatif_2027."),
        error_messages={"invalid": _("Seulement des minuscules, des chiffres et « _ ».")},
    )
    label = forms.CharField(label=_("Nom"), max_length=60)
    kind = forms.ChoiceField(label=_("Sorte"), choices=MeansKind)
    account = forms.RegexField(
        label=_("Compte"), regex=r"^[0-9A-Z]{0,12}$", required=False,
        help_text=_("Du plan comptable : 5121, 5112, 530."),
    )  # fmt: skip
    is_open = forms.BooleanField(label=_("Proposé à l’encaissement"), required=False, initial=True)


def today(on: date) -> dict[str, str]:
    """The first value of a field of day."""
    return {"on": on.isoformat(), "received_on": on.isoformat(), "signed_on": on.isoformat()}


def _owed_words(one: Owed) -> str:
    name = str(one.document.buyer.get("name", ""))
    return f"{one.document.number} · {name} · {french.cents(one.cents)}"


def _number(check: Any, typed: str) -> str:
    try:
        return str(check(typed))
    except BadInput as fault:
        raise forms.ValidationError(refusals.sentence(fault)) from fault
