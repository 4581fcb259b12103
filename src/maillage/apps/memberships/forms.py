"""What people type to keep members, to sell, to authorise."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.memberships.join import Joining
from maillage.apps.memberships.models import BELONGING, Outcome, Plan, Stage
from maillage.apps.people.forms import CHOICE, DAY, NAME, DayInput, email_field, offer
from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import Site
from maillage.apps.tariffs.models import Category
from maillage.apps.territories.models import Territory
from maillage.kit.fields import MonthField

NOBODY = ("", _("Aucun"))
COUNT = {
    "invalid": _("Indiquez un nombre entier."),
    "min_value": _("Indiquez un nombre positif."),
}


class MemberSheet(forms.Form):
    """As whom somebody belongs."""

    audience = forms.ChoiceField(
        label=_("Vient comme"), choices=BELONGING, initial="member", error_messages=CHOICE
    )
    organisation = forms.ChoiceField(
        label=_("Association ou entreprise"), required=False, error_messages=CHOICE
    )
    site = forms.ChoiceField(label=_("Lieu d’adhésion"), required=False, error_messages=CHOICE)
    starts_on = forms.DateField(label=_("Depuis le"), widget=DayInput, error_messages=DAY)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        sites: Iterable[Site],
        firms: Iterable[Organisation],
        may_be_without_site: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {str(site.pk): site for site in sites}
        named = [(pk, site.name) for pk, site in self.sites.items()]
        self.fields["site"].required = not may_be_without_site
        offer(
            self, "site", [("", str(_("Tout le territoire"))), *named]
            if may_be_without_site else named,
        )  # fmt: skip
        offer(
            self,
            "organisation",
            [("", str(NOBODY[1])), *((str(firm.pk), firm.name) for firm in firms)],
        )

    def joining(self) -> Joining:
        """As the verb reads it."""
        said = self.cleaned_data
        organisation = said["organisation"]
        return Joining(
            audience=said["audience"],
            starts_on=said["starts_on"],
            organisation_id=int(organisation) if organisation else None,
            site=self.sites.get(said["site"]),
        )


class NewMember(MemberSheet):
    """The same, of somebody who may not have an account yet."""

    field_order = ("name", "email", "territory", "audience", "organisation", "site", "starts_on")
    name = forms.CharField(label=_("Nom affiché"), max_length=120, error_messages=NAME)
    email = email_field(
        _("Adresse électronique"),
        help_text=_("La personne entre par un lien envoyé à cette adresse, sans mot de passe."),
    )
    territory = forms.ChoiceField(label=_("Territoire"), error_messages=CHOICE)

    def __init__(self, *args: Any, territories: Iterable[Territory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.territories = {one.pk: one for one in territories}
        offer(self, "territory", [(pk, one.name) for pk, one in self.territories.items()])
        if len(self.territories) == 1:
            self.fields["territory"].widget = forms.HiddenInput()
            self.fields["territory"].initial = next(iter(self.territories))

    def clean(self) -> dict[str, Any]:
        """A site is of the territory."""
        said = super().clean() or self.cleaned_data
        site = self.sites.get(said.get("site", ""))
        if site is not None and said.get("territory") not in (None, site.territory_id):
            self.add_error("site", _("Ce lieu est d’un autre territoire."))
        return said


class Situation(forms.Form):
    """What the desk saw; the proof is never kept."""

    category = forms.ChoiceField(
        label=_("Situation"), choices=Category.choices, error_messages=CHOICE
    )
    checked_on = forms.DateField(
        label=_("Justificatif vu le"),
        widget=DayInput,
        help_text=_("Seul ce jour est gardé : ni copie, ni numéro."),
        error_messages=DAY,
    )
    until = forms.DateField(
        label=_("Valable jusqu’au"), required=False, widget=DayInput, error_messages=DAY
    )


class Day(forms.Form):
    """A day from which something ends."""

    on = forms.DateField(label=_("À partir du"), widget=DayInput, error_messages=DAY)


class Selling(forms.Form):
    """A plan, its first day, who pays."""

    plan = forms.ChoiceField(label=_("Formule"), widget=forms.RadioSelect, error_messages=CHOICE)
    starts_on = forms.DateField(label=_("Premier jour"), widget=DayInput, error_messages=DAY)
    payer = forms.ChoiceField(label=_("Qui paie"), required=False, error_messages=CHOICE)
    renews = forms.BooleanField(
        label=_("Renouveler l’abonnement à chaque échéance"),
        required=False,
        help_text=_(
            "Seulement si la personne le demande : elle est prévenue avant, avec le prix, "
            "et arrête en un clic."
        ),
    )

    def __init__(
        self,
        *args: Any,
        plans: Iterable[tuple[Plan, str]],
        payers: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {str(plan.pk): plan for plan, _words in plans}
        offer(self, "plan", [(str(plan.pk), words) for plan, words in plans])
        offer(self, "payer", list(payers))


class Authorise(forms.Form):
    """Somebody for whom an employer pays."""

    name = forms.CharField(label=_("Nom affiché"), max_length=120, error_messages=NAME)
    email = email_field(_("Adresse électronique professionnelle"))
    starts_on = forms.DateField(label=_("À partir du"), widget=DayInput, error_messages=DAY)
    half_days = forms.IntegerField(
        label=_("Demi-journées par mois, au plus"),
        required=False,
        min_value=1,
        max_value=62,
        help_text=_("Sans indication : autant que la personne en réserve."),
        error_messages=COUNT | {"max_value": _("Indiquez 62 au plus.")},
    )


class StageForm(forms.Form):
    """The next step of a firm's path."""

    stage = forms.ChoiceField(label=_("Étape"), choices=Stage.choices, error_messages=CHOICE)
    starts_on = forms.DateField(label=_("Depuis le"), widget=DayInput, error_messages=DAY)
    site = forms.ChoiceField(label=_("Lieu"), required=False, error_messages=CHOICE)
    outcome = forms.ChoiceField(
        label=_("Issue du parcours"),
        required=False,
        choices=[("", _("Parcours en cours")), *Outcome.choices],
        error_messages=CHOICE,
    )
    jobs = forms.IntegerField(
        label=_("Emplois à cette étape"), required=False, min_value=0, error_messages=COUNT
    )
    note = forms.CharField(label=_("Remarque"), required=False, max_length=300)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "site", [("", str(NOBODY[1])), *((str(site.pk), site.name) for site in sites)])

    def clean(self) -> dict[str, Any]:
        """An outcome ends a path."""
        said = super().clean() or self.cleaned_data
        if said.get("outcome") and said.get("stage") not in (Stage.OWN_PREMISES, Stage.LEFT):
            self.add_error(
                "outcome",
                _("Une issue se note quand l’entreprise a ses propres locaux, ou part."),
            )
        return said


class FilterMembers(forms.Form):
    """Filters of the list of members."""

    q = forms.CharField(label=_("Nom ou adresse"), required=False, max_length=120)
    audience = forms.ChoiceField(
        label=_("Vient comme"), required=False, choices=[("", _("Tous")), *BELONGING]
    )
    state = forms.ChoiceField(
        label=_("Période"),
        required=False,
        choices=[("", _("En cours")), ("past", _("Terminées"))],
    )


class FilterSales(forms.Form):
    """Filters of the sales."""

    lieu = forms.ChoiceField(label=_("Lieu"), required=False)
    mois = MonthField(label=_("Mois"), required=False)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "lieu", [("", str(_("Tous"))), *((str(s.pk), s.name) for s in sites)])
