"""What one types to prepare, sign, end a contract and to settle its deposit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts.draft import Asked, Party, Price
from maillage.apps.contracts.models import Contract, Every, Kind, Proration, State
from maillage.apps.contracts.models.agreed import MOST_MONTHS
from maillage.apps.contracts.shipped import Template
from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships.join import account_of
from maillage.apps.memberships.models import Plan
from maillage.apps.people.forms import CHOICE, DAY, NAME, DayInput, email_field, offer
from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import Seat, Site
from maillage.apps.tariffs.money_fields import EurosField, RateField
from maillage.core.contract_terms import Terms
from maillage.core.periods import next_month

COUNT = {
    "required": _("Indiquez un nombre entier de mois."),
    "invalid": _("Indiquez un nombre entier de mois."),
    "min_value": _("Indiquez un nombre positif."),
    "max_value": _("Indiquez 120 mois au plus."),
}
MEANS = (
    ("transfer", _("Virement")),
    ("cheque", _("Chèque")),
    ("cash", _("Espèces")),
    ("card", _("Carte")),
    ("public_till", _("Régie")),
)
REASON = {"required": _("Dites pourquoi, en une phrase.")}
# the VAT of an ordinary service, corrected by who knows better
USUAL_VAT_BP = 2_000


@dataclass(frozen=True)
class Offered:
    """What the lists of a form hold: all of the operator's."""

    sites: Sequence[Site]
    seats: Sequence[Seat]
    bodies: Sequence[Organisation]
    plans: Sequence[Plan]


class TermsForm(forms.Form):
    """Place, term and price: what the same contract says to everybody."""

    site = forms.ChoiceField(label=_("Lieu"), required=False, error_messages=CHOICE)
    place = forms.CharField(
        label=_("Ce qui est mis à disposition"),
        required=False,
        max_length=200,
        help_text=_("Par exemple : un bureau fermé de 12 m², ou une place en espace ouvert."),
    )
    starts_on = forms.DateField(label=_("Premier jour"), widget=DayInput, error_messages=DAY)
    months = forms.IntegerField(
        label=_("Durée, en mois"),
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        help_text=_("Sans indication : sans terme."),
        error_messages=COUNT,
    )
    renewal_months = forms.IntegerField(
        label=_("Reconduction tacite, en mois"),
        required=False,
        min_value=0,
        max_value=MOST_MONTHS,
        help_text=_("0 : le contrat finit à son terme."),
        error_messages=COUNT,
    )
    notice_months = forms.IntegerField(
        label=_("Préavis, en mois"), min_value=0, max_value=24, error_messages=COUNT
    )
    ends_anytime = forms.BooleanField(
        label=_("Résiliable à tout moment, avec le préavis"), required=False
    )
    plan = forms.ChoiceField(
        label=_("Formule"),
        required=False,
        error_messages=CHOICE,
        help_text=_("Son prix remplace celui que vous écrivez ci-dessous."),
    )
    price = EurosField(
        label=_("Prix, en euros"), required=False, help_text=_("0 : à titre gratuit.")
    )
    every = forms.ChoiceField(label=_("Par"), choices=Every.choices, error_messages=CHOICE)
    vat_rate = RateField(
        label=_("TVA, en %"), required=False, help_text=_("0 si l’organisme n’y est pas soumis.")
    )
    includes_tax = forms.BooleanField(
        label=_("Ce prix comprend la TVA"), required=False, initial=True
    )
    worth = EurosField(
        label=_("Valeur si c’est gratuit, en euros"),
        required=False,
        help_text=_("Comptée comme un soutien en nature."),
    )
    proration = forms.ChoiceField(
        label=_("Période incomplète"), choices=Proration.choices, error_messages=CHOICE
    )
    deposit = EurosField(label=_("Dépôt de garantie, en euros"), required=False)
    particulars = forms.CharField(
        label=_("Conditions particulières"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, template: Template, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        self.sites = {str(one.pk): one for one in offered.sites}
        self.plans = {str(one.pk): one for one in offered.plans}
        offer(self, "site", _named(_("Aucun lieu précis"), offered.sites))
        offer(self, "plan", _named(_("Aucune"), offered.plans))
        if not template.is_charged:
            for name in (
                "plan", "price", "every", "vat_rate", "includes_tax", "worth", "proration",
                "deposit",
            ):  # fmt: skip
                del self.fields[name]

    def terms(self) -> Terms:
        """As the verb reads them."""
        said = self.cleaned_data
        return Terms(
            said["starts_on"],
            said["months"],
            said["renewal_months"] or 0,
            said["notice_months"],
            ends_anytime=said["ends_anytime"],
        )

    def asked_price(self) -> Price:
        """As the verb reads it; a plan says its own."""
        said = self.cleaned_data
        if not self.template.is_charged:
            return Price(is_charged=False, every=self.template.every)
        plan = self.plans.get(said["plan"])
        every = plan.every if plan and plan.every in Every.values else said["every"]
        return Price(
            cents=plan.price_cents if plan else said["price"] or 0,
            every=every,
            vat_rate_bp=plan.vat_rate_bp if plan else said["vat_rate"] or 0,
            includes_tax=plan.includes_tax if plan else said["includes_tax"],
            worth_cents=said["worth"] or 0,
            proration=said["proration"],
            plan=plan,
        )

    def asked(self, party: Party, payer: Payer, seat_ids: Sequence[int] = ()) -> Asked:
        """As the verb reads it."""
        said = self.cleaned_data
        return Asked(
            party=party,
            payer=payer,
            terms=self.terms(),
            price=self.asked_price(),
            site=self.sites.get(said["site"]),
            place=said["place"],
            deposit_cents=said.get("deposit") or 0,
            particulars=said["particulars"],
            seat_ids=seat_ids,
        )


class ContractForm(TermsForm):
    """A contract with one person or body."""

    field_order = (
        "signatory_name", "signatory_email", "body", "signatory_title", "address", "payer",
        "site", "seats",
    )  # fmt: skip
    signatory_name = forms.CharField(
        label=_("Nom de qui signe"), max_length=120, error_messages=NAME
    )
    signatory_email = email_field(_("Son adresse électronique"))
    body = forms.ChoiceField(
        label=_("Structure qu’elle représente"), required=False, error_messages=CHOICE
    )
    signatory_title = forms.CharField(
        label=_("En qualité de"), required=False, max_length=80, help_text=_("Gérante, maire…")
    )
    address = forms.CharField(
        label=_("Adresse postale du cocontractant"), required=False, max_length=200
    )
    payer = forms.ChoiceField(
        label=_("Payeur"),
        required=False,
        error_messages=CHOICE,
        help_text=_("Un employeur ou une structure peut payer pour une autre personne."),
    )
    seats = forms.MultipleChoiceField(
        label=_("Places gardées"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        error_messages=CHOICE,
        help_text=_("Elles sont prises dès l’envoi, et rendues à tous à la fin."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: Template, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, template=template, offered=offered, **kwargs)
        offer(self, "body", _named(_("Elle-même, en son nom"), offered.bodies))
        offer(self, "payer", _named(_("Le cocontractant"), offered.bodies))
        offer(self, "seats", [(str(one.pk), seat_name(one)) for one in offered.seats])

    def to_draft(self) -> Asked:
        """As the verb reads it; an account is made for whoever signs in her own name."""
        said = self.cleaned_data
        party = (
            Payer(organisation_id=int(said["body"]))
            if said["body"]
            else Payer(person_id=account_of(said["signatory_email"], said["signatory_name"]).pk)
        )
        payer = Payer(organisation_id=int(said["payer"])) if said["payer"] else party
        who = Party(
            party,
            said["signatory_name"],
            said["signatory_email"],
            said["signatory_title"],
            said["address"],
        )
        return self.asked(who, payer, [int(pk) for pk in said["seats"]])


class ManyForm(TermsForm):
    """The same contract for many people, each paying for herself."""

    field_order = ("people",)
    people = forms.MultipleChoiceField(
        label=_("Pour qui"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une personne."), **CHOICE},
    )

    def __init__(self, *args: Any, members: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "people", list(members))


class FilterContracts(forms.Form):
    """Filters of the list."""

    lieu = forms.ChoiceField(label=_("Lieu"), required=False)
    etat = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[
            ("", _("Tous")),
            ("a-renouveler", _("À renouveler")),
            ("preavis", _("Préavis en cours")),
            ("sans-signature", _("Sans signature depuis 7 jours")),
            ("depots", _("Dépôt à rendre")),
            *State.choices,
        ],
    )
    q = forms.CharField(label=_("Nom ou référence"), required=False, max_length=120)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "lieu", _named(_("Tous"), sites))


class KindForm(forms.Form):
    """In whose name, from which template."""

    operator = forms.ChoiceField(label=_("Organisme"), error_messages=CHOICE)
    kind = forms.ChoiceField(
        label=_("Modèle"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages=CHOICE,
    )

    def __init__(self, *args: Any, operators: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "operator", [(str(one.pk), one.name) for one in operators])


class ReasonForm(forms.Form):
    """Why, in a sentence."""

    reason = forms.CharField(label=_("Pourquoi"), max_length=300, error_messages=REASON)


class SignForm(forms.Form):
    """One's name, one's consent, the code when it was sent by mail."""

    name = forms.CharField(
        label=_("Votre nom, tel qu’il figure au contrat"),
        max_length=120,
        error_messages=NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agrees = forms.BooleanField(
        required=True, error_messages={"required": _("Cochez la case pour signer.")}
    )
    code = forms.CharField(
        label=_("Code reçu par courriel"),
        max_length=12,
        error_messages={"required": _("Indiquez le code à six chiffres reçu par courriel.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, consent: str, by_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = consent
        if not by_code:
            del self.fields["code"]


class NoticeForm(forms.Form):
    """Who ends it, when it was said, when it ends."""

    by = forms.ChoiceField(
        label=_("Demandé par"),
        choices=[("party", _("Le cocontractant")), ("operator", _("L’organisme"))],
        widget=forms.RadioSelect,
        error_messages=CHOICE,
    )
    given_on = forms.DateField(label=_("Préavis reçu le"), widget=DayInput, error_messages=DAY)
    last_on = forms.DateField(
        label=_("Dernier jour"),
        widget=DayInput,
        required=False,
        error_messages=DAY,
        help_text=_("Sans indication : le premier que le préavis permet."),
    )
    agreed = forms.BooleanField(
        label=_("Les deux parties sont d’accord pour un préavis plus court"), required=False
    )
    reason = forms.CharField(label=_("Remarque"), required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class DepositForm(forms.Form):
    """Money received or returned."""

    amount = EurosField(label=_("Montant, en euros"))
    on = forms.DateField(label=_("Le"), widget=DayInput, error_messages=DAY)
    means = forms.ChoiceField(label=_("Par"), choices=MEANS, error_messages=CHOICE)


class KeepForm(forms.Form):
    """What is kept of a deposit, and why."""

    amount = EurosField(label=_("Montant gardé, en euros"))
    on = forms.DateField(label=_("Le"), widget=DayInput, error_messages=DAY)
    reason = forms.CharField(
        label=_("Motif"),
        max_length=300,
        error_messages=REASON,
        help_text=_("Il figure sur l’état remis à la personne."),
    )


class RulesForm(forms.Form):
    """House rules, whole."""

    text = forms.CharField(
        label=_("Règlement intérieur"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        error_messages={"required": _("Écrivez le règlement.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ApprovalForm(forms.Form):
    """The prefect's approval."""

    number = forms.CharField(
        label=_("Numéro d’agrément"),
        max_length=60,
        error_messages={"required": _("Indiquez le numéro de l’arrêté.")},
    )
    prefecture = forms.CharField(
        label=_("Préfecture"),
        max_length=80,
        error_messages={"required": _("Indiquez la préfecture.")},
    )
    ends_on = forms.DateField(
        label=_("Valable jusqu’au"),
        widget=DayInput,
        error_messages=DAY,
        help_text=_("Il est donné pour six ans (C. com., art. R.123-166-3)."),
    )


class ArticlesForm(forms.Form):
    """The articles of a kind, each a title and a text; an empty one goes."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        for n in range(1, count + 1):
            self.fields[f"title-{n}"] = forms.CharField(
                label=_("Titre de l’article {n}").format(n=n), required=False, max_length=120
            )
            self.fields[f"text-{n}"] = forms.CharField(
                label=_("Texte de l’article {n}").format(n=n),
                required=False,
                max_length=6_000,
                widget=forms.Textarea(attrs={"rows": 5}),
            )

    def articles(self) -> list[tuple[str, str]]:
        """(title, text) of each."""
        said = self.cleaned_data
        return [(said[f"title-{n}"], said[f"text-{n}"]) for n in range(1, self.count + 1)]


def initial_of(contract: Contract) -> dict[str, Any]:
    """What the form of a draft shows first."""
    body = contract.party_organisation_id
    is_own = (contract.payer_person_id, contract.payer_organisation_id) == (
        contract.party_person_id,
        body,
    )
    names = (
        "signatory_name", "signatory_email", "signatory_title", "place", "starts_on", "months",
        "renewal_months", "notice_months", "ends_anytime", "every", "includes_tax", "proration",
        "particulars", "version",
    )  # fmt: skip
    return {name: getattr(contract, name) for name in names} | {
        "address": contract.party_address,
        "body": str(body or ""),
        "payer": "" if is_own else str(contract.payer_organisation_id or ""),
        "site": str(contract.site_id or ""),
        "seats": [str(pk) for pk in contract.kept_seats.values_list("seat", flat=True)],
        "plan": str(contract.plan_id or ""),
        "price": contract.price_cents,
        "vat_rate": contract.vat_rate_bp,
        "worth": contract.worth_cents,
        "deposit": contract.deposit_cents,
    }


def initial_from(template: Template, today: date) -> dict[str, Any]:
    """What the form of a new contract shows first."""
    first = today.replace(day=1)
    return {
        "starts_on": today if today == first else next_month(first),
        "months": template.months,
        "renewal_months": template.renewal_months,
        "notice_months": template.notice_months,
        "ends_anytime": template.ends_anytime,
        "every": template.every,
        "vat_rate": USUAL_VAT_BP,
        "includes_tax": True,
        "proration": Proration.DAYS,
    }


def seat_name(seat: Seat) -> str:
    """« Grande salle, place 3 (Le Pressoir) »."""
    return f"{seat.space.name}, {seat} ({seat.space.site.name})"


def _named(none: Any, rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [("", str(none)), *((str(one.pk), one.name) for one in rows)]
