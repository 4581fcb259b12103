"""What people write on the pages of scenarios."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.scenarios.share import DAYS
from maillage.apps.scenarios.versions import AmendmentWithoutReason
from maillage.core import assumptions
from maillage.core.assumptions import Assumptions
from maillage.core.scenario import Request
from maillage.core.siting_problem import Choices
from maillage.report import french

SITES_MAX, BUDGET_MAX = 60, 100_000_000
FIRST_YEAR_MIN, FIRST_YEAR_MAX = 2020, 2100
TITLE_MAX = 120
WHOLE = _("Indiquez un nombre entier.")


def _whole(label: Any, most: int, help_text: Any, *, fewest: int = 0) -> forms.IntegerField:
    between = _("Indiquez un nombre entre {fewest} et {most}.")
    words = str(between).format(fewest=fewest, most=french.number(most))
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=fewest,
        max_value=most,
        help_text=help_text,
        error_messages={"invalid": WHOLE, "min_value": words, "max_value": words},
    )


def _title() -> forms.CharField:
    return forms.CharField(
        label=_("Titre du scénario"),
        max_length=TITLE_MAX,
        help_text=_("Par exemple : Trois bourgs et sept relais."),
        error_messages={
            "required": _("Donnez un titre au scénario."),
            "max_length": _("Écrivez un titre de 120 caractères au plus."),
        },
    )


class Rules(forms.Form):
    """The rules that the search obeys; empty, each keeps its default, which it says."""

    title = _title()
    first_year = forms.IntegerField(
        label=_("Année des premières ouvertures"),
        min_value=FIRST_YEAR_MIN,
        max_value=FIRST_YEAR_MAX,
        error_messages={
            "required": _("Indiquez une année, par exemple 2027."),
            "invalid": _("Indiquez une année en quatre chiffres, par exemple 2027."),
            "min_value": _("Indiquez une année à partir de 2020."),
            "max_value": _("Indiquez une année avant 2101."),
        },
    )
    hubs_fewest = _whole(
        _("Sites structurants, au moins"),
        SITES_MAX,
        _("Vide : trois, ou tous les bourgs-centres équipés s’ils sont moins nombreux."),
        fewest=1,
    )
    hubs_most = _whole(_("Sites structurants, au plus"), SITES_MAX, _("Vide : le même nombre."))
    minis_max = _whole(
        _("Mini-coworks, au plus"),
        SITES_MAX,
        _("Vide : autant qu’il en faut, chacun rapprochant assez d’habitants."),
    )
    commune_budget_eur = _whole(
        _("Investissement d’une commune, au plus, en euros"),
        BUDGET_MAX,
        _("Subventions déduites. Vide : sans limite."),
    )
    epci_budget_eur = _whole(
        _("Reste à l’intercommunalité, au plus, en euros par an"),
        BUDGET_MAX,
        _("Fonctionnement moins recettes attendues. Vide : sans limite."),
    )
    keep_existing = forms.BooleanField(
        label=_("Les lieux ouverts aujourd’hui le restent"), required=False, initial=True
    )
    with_premises = forms.BooleanField(
        label=_("Choisir parmi les locaux décrits"), required=False, initial=True
    )
    slower_trips = forms.BooleanField(
        label=_("Tenir compte de trajets plus lents"),
        required=False,
        help_text=_(
            "Le calcul cherche aussi le réseau qui tiendrait si tous les trajets prenaient le "
            "temps du cas lent, et dit ce que coûterait cette prudence."
        ),
    )
    required = forms.MultipleChoiceField(
        label=_("Communes qui doivent recevoir un lieu"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    forbidden = forms.MultipleChoiceField(
        label=_("Communes qui n’en reçoivent pas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    # shown folded: long lists that few scenarios need
    FOLDED = ("required", "forbidden")

    def __init__(
        self, *args: Any, communes: list[tuple[str, str]], premises: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in self.FOLDED:
            self.fields[name].choices = communes  # type: ignore[attr-defined]
        if premises:
            words = french.count(premises, "local décrit", "locaux décrits")
            self.fields["with_premises"].label = _("Choisir parmi les {words}").format(words=words)
        else:
            del self.fields["with_premises"]

    def clean(self) -> dict[str, Any]:
        """Rules that contradict each other are told before the computation."""
        given = super().clean() or {}
        fewest, most = given.get("hubs_fewest"), given.get("hubs_most")
        if fewest and most and fewest > most:
            self.add_error("hubs_most", _("Indiquez au plus autant ou davantage qu’au moins."))
        if most and not fewest:
            given["hubs_fewest"] = min(1, most)
        both = set(given.get("required", ())) & set(given.get("forbidden", ()))
        if both:
            names = dict(self.fields["required"].choices)  # type: ignore[attr-defined]
            said = french.listed(sorted(names[code] for code in both))
            self.add_error(
                "forbidden",
                _("{names} : exigée et écartée à la fois. Gardez l’un des deux.").format(
                    names=said
                ),
            )
        return given

    def request(self, premises: tuple[Any, ...]) -> Request:
        """What the search is asked."""
        given = self.cleaned_data
        fewest, most = given["hubs_fewest"], given["hubs_most"]
        hubs = None if fewest is None else (fewest, fewest if most is None else most)
        return Request(
            first_year=given["first_year"],
            keep_existing=given["keep_existing"],
            slower_trips=given["slower_trips"],
            premises=premises if given.get("with_premises") else (),
            choices=Choices(
                hubs=hubs,
                minis_max=given["minis_max"],
                required_communes=tuple(given["required"]),
                forbidden_communes=tuple(given["forbidden"]),
                commune_budget_eur=given["commune_budget_eur"],
                epci_budget_eur=given["epci_budget_eur"],
            ),
        )


def initial_of(request: Request) -> dict[str, Any]:
    """The form of the rules that a scenario has."""
    choices = request.choices
    fewest, most = choices.hubs or (None, None)
    return {
        "first_year": request.first_year,
        "hubs_fewest": fewest,
        "hubs_most": most,
        "minis_max": choices.minis_max,
        "commune_budget_eur": choices.commune_budget_eur,
        "epci_budget_eur": choices.epci_budget_eur,
        "keep_existing": request.keep_existing,
        "with_premises": bool(request.premises),
        "slower_trips": request.slower_trips,
        "required": list(choices.required_communes),
        "forbidden": list(choices.forbidden_communes),
    }


class Reason(forms.Form):
    """Why a version is made; those who vote read it once the scenario is proposed."""

    reason = forms.CharField(
        label=_("Pourquoi ce changement ?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Par exemple : demandé par la commission des maires du 3 mars."),
    )


class Saving(Reason):
    """What the bar of a try posts: its moves, the version they were tried on, and why."""

    base = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_amendment: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_amendment:
            reason = self.fields["reason"]
            reason.required = True
            reason.error_messages["required"] = AmendmentWithoutReason.sentence


class Copying(forms.Form):
    """The title of a copy."""

    title = _title()


class Changing(Reason):
    """Another value for an assumption, and why; empty, the shipped one comes back."""

    value = forms.FloatField(
        label=_("Valeur retenue"),
        required=False,
        localize=True,
        help_text=_("Vide : la valeur proposée revient."),
        error_messages={"invalid": _("Indiquez un nombre, par exemple 12 ou 0,25.")},
    )
    base = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("value", "reason")

    def __init__(self, *args: Any, key: str, known: Assumptions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key, self.known = key, known
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = _(
            "Dites pourquoi, en une phrase : ceux qui votent la liront."
        )

    def clean_value(self) -> float | None:
        """A value that the calculation can hold."""
        value: float | None = self.cleaned_data["value"]
        if value is None:
            return None
        bounds = assumptions.bounds_of(self.known[self.key])
        if not bounds.least <= value <= bounds.most:
            raise forms.ValidationError(
                _("Indiquez un nombre entre {least} et {most}.").format(
                    least=french.number(bounds.least, 1), most=french.number(bounds.most, 1)
                )
            )
        if bounds.is_whole and not value.is_integer():
            raise forms.ValidationError(WHOLE)
        return value


class Sharing(forms.Form):
    """For whom a link is made, and for how long."""

    label = forms.CharField(
        label=_("Pour qui ?"),
        max_length=120,
        help_text=_("Par exemple : les conseillers de Lancié."),
        error_messages={"required": _("Dites pour qui est ce lien : vous le retrouverez ici.")},
    )
    days = forms.TypedChoiceField(
        label=_("Il s’ouvre pendant"),
        coerce=int,
        choices=[(n, _("{n} jours").format(n=n)) for n in DAYS],
        widget=forms.RadioSelect,
        initial=DAYS[1],
        error_messages={"required": _("Choisissez une durée.")},
    )
