"""What people type to find, book, change and cancel, turned into values."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings.asked import Ask
from maillage.apps.bookings.series_dates import SeriesAsk
from maillage.apps.bookings.slots import Part, When
from maillage.apps.people.forms import CHOICE, DAY, NAME, DayInput, email_field
from maillage.apps.sites.models import SoldBy, Space, SpaceKind
from maillage.core import periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period, Recurrence

MINUTES = (10, 15, 20, 30)
# of a payer: no body has this number
MYSELF = 0
MOST_PEOPLE = 500
LONGEST_REASON = 300
LONGEST_PURPOSE = 200
HOUR = {
    "required": _("Indiquez une heure."),
    "invalid": _("Indiquez une heure, par exemple 9:30."),
}
PARTY = {
    "required": _("Indiquez un nombre."),
    "invalid": _("Indiquez un nombre entier."),
    "min_value": _("Indiquez au moins 1."),
    "max_value": _("Indiquez au plus %(limit_value)s."),
}
WRONG_HOURS = {
    "period_ends_first": _("Indiquez une heure de fin après l’heure de début."),
    "period_skipped_by_clock": _("Cette heure n’existe pas ce jour-là : l’heure change."),
}
WITHOUT_BUILDING = [
    (code, label) for code, label in SpaceKind.choices if code != SpaceKind.BUILDING
]


class HourInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _hour(label: Any, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(label=label, required=required, widget=HourInput(), error_messages=HOUR)


def _party(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=MOST_PEOPLE, initial=1, error_messages=PARTY
    )


def _payer(widget: type[forms.Widget]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Payé par"), coerce=int, initial=MYSELF, widget=widget, error_messages=CHOICE
    )


def _offer_payers(form: forms.Form, payers: Sequence[tuple[int, str]]) -> None:
    """Herself first; nothing is asked of somebody for whom nobody pays."""
    if payers:
        named = [(str(pk), name) for pk, name in payers]
        form.fields["payeur"].choices = [(str(MYSELF), _("Moi")), *named]  # type: ignore[attr-defined]
    else:
        del form.fields["payeur"]


class FindPlace(forms.Form):
    """From where, how far, when, how many; every field has an answer before one types."""

    ANYWHERE, HOWEVER_FAR = "reseau", 0

    depuis = forms.ChoiceField(label=_("Depuis"), error_messages=CHOICE)
    minutes = forms.TypedChoiceField(
        label=_("En voiture"),
        coerce=int,
        choices=[
            *((str(n), f"{n}\u00a0min au plus") for n in MINUTES),
            (str(HOWEVER_FAR), _("Sans limite")),
        ],
        error_messages=CHOICE,
    )
    jour = forms.DateField(label=_("Jour"), widget=DayInput(), error_messages=DAY)
    moment = forms.ChoiceField(label=_("Moment"), choices=Part.choices, error_messages=CHOICE)
    de = _hour(_("De"), required=False)
    a = _hour(_("À"), required=False)
    places = _party(_("Places"))
    genre = forms.ChoiceField(
        label=_("Genre d’espace"), choices=WITHOUT_BUILDING, error_messages=CHOICE
    )

    def __init__(self, *args: Any, communes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["depuis"].choices = [(self.ANYWHERE, _("Tout le réseau")), *communes]  # type: ignore[attr-defined]
        self.fields["jour"].widget.attrs["required"] = False

    def clean(self) -> dict[str, Any]:
        """Precise hours need both, in order."""
        typed = super().clean() or {}
        if typed.get("moment") == Part.HOURS:
            begins, ends = typed.get("de"), typed.get("a")
            for name, value in (("de", begins), ("a", ends)):
                if value is None and name not in self.errors:
                    self.add_error(name, HOUR["required"])
            if begins and ends and ends <= begins and ends != time(0):
                self.add_error("a", WRONG_HOURS["period_ends_first"])
        return typed

    @property
    def when(self) -> When:
        """The day and the part of it."""
        typed = self.cleaned_data
        if typed["moment"] != Part.HOURS:
            return When(typed["jour"], typed["moment"])
        return When(typed["jour"], Part.HOURS, typed["de"], typed["a"])


class BookSpace(forms.Form):
    """Hours of a day in one space."""

    jour = forms.DateField(label=_("Jour"), widget=DayInput(), error_messages=DAY)
    de = _hour(_("De"))
    a = _hour(_("À"))
    personnes = _party(_("Places"))
    entier = forms.BooleanField(label=_("L’espace en entier"), required=False)

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.space = space
        self.zone = ZoneInfo(space.site.zone)
        if not self._has_choice():
            del self.fields["entier"]
        if space.sold_by == SoldBy.WHOLE:
            self.fields["personnes"].label = _("Nombre de personnes")
        self.period: Period | None = None

    def _has_choice(self) -> bool:
        return bool(self.space.sold_by == SoldBy.BOTH)

    def clean(self) -> dict[str, Any]:
        """The hours as instants of the place."""
        typed = super().clean() or {}
        day, begins, ends = (typed.get(name) for name in ("jour", "de", "a"))
        if day and begins is not None and ends is not None:
            self.period = self._period(day, begins, ends)
        return typed

    def _period(self, day: date, begins: time, ends: time) -> Period | None:
        try:
            return periods.hours(day, begins, ends, self.zone)
        except BadInput as wrong:
            self.add_error("a", WRONG_HOURS[wrong.code])
            return None

    @property
    def ask(self) -> Ask:
        """What is asked, once the form is valid."""
        if self.period is None:
            raise ValueError("the form is not valid")
        is_chosen = self.space.sold_by == SoldBy.BOTH and self.cleaned_data.get("entier")
        is_whole = self.space.sold_by == SoldBy.WHOLE or bool(is_chosen)
        return Ask(self.space.pk, self.period, self.cleaned_data["personnes"], is_whole)


class OneSlot(forms.Form):
    """A slot that a button offers."""

    space = forms.IntegerField(min_value=1)
    begins = forms.DateTimeField()
    ends = forms.DateTimeField()
    party = forms.IntegerField(min_value=1, max_value=MOST_PEOPLE)
    whole = forms.BooleanField(required=False)

    @property
    def ask(self) -> Ask | None:
        """What the button asks; None when its hours make no sense."""
        typed = self.cleaned_data
        try:
            period = Period(typed["begins"], typed["ends"])
        except ValueError:
            return None
        return Ask(typed["space"], period, typed["party"], typed["whole"])


class Checkout(forms.Form):
    """What is told with a booking, and who pays."""

    payeur = _payer(forms.RadioSelect)
    objet = forms.CharField(
        label=_("Objet"),
        required=False,
        max_length=LONGEST_PURPOSE,
        help_text=_("Lu par les personnes qui gèrent le lieu."),
    )

    def __init__(self, *args: Any, payers: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_payers(self, payers)


class ComeAsGuest(forms.Form):
    """Somebody without a session."""

    nom = forms.CharField(
        label=_("Votre nom"),
        max_length=120,
        error_messages=NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    courriel = email_field(_("Votre adresse électronique"))
    objet = forms.CharField(label=_("Objet"), required=False, max_length=LONGEST_PURPOSE)


class Arrive(forms.Form):
    """The name of a new account."""

    nom = forms.CharField(
        label=_("Votre nom"),
        max_length=120,
        error_messages=NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class Why(forms.Form):
    """A reason that the person reads."""

    motif = forms.CharField(
        label=_("Motif"),
        max_length=LONGEST_REASON,
        help_text=_("La personne le lira."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites pourquoi en une phrase.")},
    )


class Move(BookSpace):
    """Another time, or another space of the same site."""

    espace = forms.TypedChoiceField(label=_("Espace"), coerce=int, error_messages=CHOICE)

    def __init__(self, *args: Any, spaces: Sequence[Space], **kwargs: Any) -> None:
        self.spaces = {one.pk: one for one in spaces}
        super().__init__(*args, **kwargs)
        if not any(one.sold_by == SoldBy.WHOLE for one in spaces):
            self.fields["personnes"].label = _("Places")
        self.fields["espace"].choices = [(one.pk, one.name) for one in spaces]  # type: ignore[attr-defined]
        self.order_fields(["espace", "jour", "de", "a", "personnes", "entier"])

    def _has_choice(self) -> bool:
        return any(one.sold_by == SoldBy.BOTH for one in self.spaces.values())

    def clean(self) -> dict[str, Any]:
        """Of the space chosen."""
        typed = super().clean()
        self.space = self.spaces.get(typed.get("espace", 0), self.space)
        return typed


class BookFor(Move):
    """A manager books for somebody."""

    personne = forms.TypedChoiceField(
        label=_("Personne"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages=CHOICE,
    )
    nom = forms.CharField(label=_("Nom, sans compte"), required=False, max_length=120)
    courriel = email_field(_("Son adresse électronique"), required=False)
    objet = forms.CharField(label=_("Objet"), required=False, max_length=LONGEST_PURPOSE)
    malgre = forms.CharField(
        label=_("Réserver malgré une règle de l’espace, parce que"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("Écrit au journal. Une place déjà prise reste prise."),
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[int, str]],
        may_override: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["personne"].choices = [  # type: ignore[attr-defined]
            ("", _("Sans compte")),
            *people,
        ]
        if not may_override:
            del self.fields["malgre"]

    def clean(self) -> dict[str, Any]:
        """Somebody comes: an account, or a name."""
        typed = super().clean()
        if not typed.get("personne") and not typed.get("nom"):
            self.add_error("personne", _("Choisissez une personne, ou écrivez son nom."))
        return typed


class FindPerson(forms.Form):
    """The first letters of a name."""

    qui = forms.CharField(
        label=_("Nom ou adresse"),
        max_length=120,
        error_messages={"required": _("Indiquez au moins 2 lettres.")},
        min_length=2,
    )


class FilterBookings(forms.Form):
    """A day, a space."""

    jour = forms.DateField(label=_("Jour"), required=False, widget=DayInput(), error_messages=DAY)
    espace = forms.TypedChoiceField(
        label=_("Espace"), required=False, coerce=int, empty_value=None, error_messages=CHOICE
    )

    def __init__(self, *args: Any, spaces: Sequence[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), one.name) for one in spaces]
        self.fields["espace"].choices = [("", _("Tous")), *named]  # type: ignore[attr-defined]


class Repeat(forms.Form):
    """The same hours at dates that come back."""

    WEEKLY, FORTNIGHTLY, MONTHLY, DAILY = "semaine", "quinzaine", "mois", "jour"
    RHYTHMS = (
        (WEEKLY, _("Toutes les semaines")),
        (FORTNIGHTLY, _("Une semaine sur deux")),
        (MONTHLY, _("Tous les mois")),
        (DAILY, _("Tous les jours")),
    )

    rythme = forms.ChoiceField(label=_("Rythme"), choices=RHYTHMS, error_messages=CHOICE)
    premier = forms.DateField(label=_("Première date"), widget=DayInput(), error_messages=DAY)
    dernier = forms.DateField(label=_("Jusqu’au"), widget=DayInput(), error_messages=DAY)
    de = _hour(_("De"))
    a = _hour(_("À"))
    personnes = _party(_("Places"))
    entier = forms.BooleanField(label=_("L’espace en entier"), required=False)
    payeur = _payer(forms.Select)
    objet = forms.CharField(label=_("Objet"), required=False, max_length=LONGEST_PURPOSE)

    def __init__(
        self, *args: Any, space: Space, payers: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.space = space
        if space.sold_by != SoldBy.BOTH:
            del self.fields["entier"]
        if space.sold_by == SoldBy.WHOLE:
            self.fields["personnes"].label = _("Nombre de personnes")
        _offer_payers(self, payers)

    @property
    def wanted(self) -> SeriesAsk:
        """What is asked, once the form is valid."""
        typed = self.cleaned_data
        return SeriesAsk(
            self.space.pk,
            typed["de"],
            typed["a"],
            typed["premier"],
            typed["dernier"],
            self._rule(typed["rythme"], typed["premier"]),
            typed["personnes"],
            self.space.sold_by == SoldBy.WHOLE or bool(typed.get("entier")),
        )

    def _rule(self, rhythm: str, first: date) -> Recurrence:
        weekdays = frozenset({first.weekday()})
        if rhythm == self.DAILY:
            return Recurrence("daily")
        if rhythm == self.MONTHLY:
            # « the second Tuesday », as a calendar says it
            return Recurrence("monthly", nth=(first.day - 1) // 7 + 1)
        return Recurrence("weekly", 2 if rhythm == self.FORTNIGHTLY else 1, weekdays)
