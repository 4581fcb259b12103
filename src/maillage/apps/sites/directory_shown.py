"""The directory in words: each site on a line, the filters, what is said when nothing answers."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.apps.sites import hours, reality, words
from maillage.apps.sites.directory import Found, Listed
from maillage.apps.sites.models import SpaceKind, Stage, Tier
from maillage.kit.components import Empty, Filters, Link, without
from maillage.report import french, moments

LIST_ID = "liste-lieux"
A_PAGE = 60
KINDS = [(kind.value, kind.label) for kind in SpaceKind if kind != SpaceKind.BUILDING]


class Search(forms.Form):
    """What a visitor looks for."""

    q = forms.CharField(
        label=gettext_lazy("Commune ou lieu"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    niveau = forms.ChoiceField(
        label=gettext_lazy("Sorte de lieu"),
        required=False,
        choices=[("", gettext_lazy("Toutes")), *Tier.choices],
    )
    espace = forms.ChoiceField(
        label=gettext_lazy("Avec"),
        required=False,
        choices=[("", gettext_lazy("Tout espace")), *KINDS],
    )
    equipement = forms.ChoiceField(
        label=gettext_lazy("Équipement"),
        required=False,
        choices=[("", gettext_lazy("Peu importe")), *words.EQUIPMENT.items()],
    )
    ouvert = forms.BooleanField(label=gettext_lazy("Ouvert maintenant"), required=False)
    acces = forms.BooleanField(label=gettext_lazy("De plain-pied"), required=False)
    incertains = forms.BooleanField(required=False, widget=forms.HiddenInput)


def filters(form: Search, query: QueryDict) -> Filters:
    """The form with each active filter as a link that removes it."""
    worded: dict[str, Callable[[Any], str]] = {
        "q": lambda value: f"« {value} »",
        "niveau": lambda value: str(Tier(value).label),
        "espace": lambda value: str(SpaceKind(value).label),
        "equipement": lambda value: str(words.EQUIPMENT[value]),
        "ouvert": lambda _value: _("Ouvert maintenant"),
        "acces": lambda _value: _("De plain-pied"),
        "incertains": lambda _value: _("Avec les incertains"),
    }
    active = [
        Link(word(form.cleaned_data[name]), without(query, name, "page"))
        for name, word in worded.items()
        if form.cleaned_data.get(name)
    ]
    return Filters(form, active, "?")


def title(every: Sequence[Listed], name: str = "") -> str:
    """The finding: how many are open now, where."""
    where = f"{name}{french.NBSP}: " if name else ""
    now = sum(one.is_open for one in every)
    if now:
        said = ngettext("{n} lieu ouvert maintenant", "{n} lieux ouverts maintenant", now)
        return where + said.format(n=now)
    today = sum(bool(one.today) for one in every)
    if today:
        said = ngettext("{n} lieu ouvre aujourd’hui", "{n} lieux ouvrent aujourd’hui", today)
        return where + said.format(n=today)
    return where + (_("les lieux où travailler") if where else _("Les lieux où travailler"))


def lead(every: Sequence[Listed], found: Found) -> str:
    """How many there are, and how many answer."""
    if not every:
        return ""
    total = ngettext("{n} lieu dans l’annuaire", "{n} lieux dans l’annuaire", len(every))
    said = total.format(n=len(every))
    if len(found.sites) == len(every):
        return f"{said}."
    return _("{said}, {n} pour cette recherche.").format(said=said, n=len(found.sites))


def unsure(found: Found, query: QueryDict) -> Link | None:
    """The way to those that might answer."""
    if not found.unsure or query.get("incertains"):
        return None
    wider = query.copy()
    wider["incertains"] = "on"
    wider.pop("page", None)
    text = ngettext(
        "{n} autre lieu répond peut-être, faute de renseignement. L’afficher aussi",
        "{n} autres lieux répondent peut-être, faute de renseignement. Les afficher aussi",
        found.unsure,
    )
    return Link(text.format(n=found.unsure), f"?{wider.urlencode()}")


def nothing(every: Sequence[Listed]) -> Empty:
    """No site at all, or none that answers."""
    if not every:
        return Empty(
            _("Aucun lieu dans l’annuaire pour l’instant."),
            _("Les lieux y paraissent dès que leur adresse et leurs heures sont connues."),
            Link(_("Voir les études publiées"), "/projet/"),
        )
    return Empty(
        _("Aucun lieu ne répond sûrement à cette recherche."),
        _("Essayez une commune voisine, ou retirez un filtre."),
        Link(_("Voir tous les lieux"), "?"),
    )


def line(one: Listed, at: datetime) -> dict[str, Any]:
    """A site in the list."""
    site = one.site
    where = site.commune_name if not site.address else f"{site.address}, {site.commune_name}"
    return {
        "key": str(site.pk),
        "name": site.name,
        "href": site.get_absolute_url(),
        "tier": site.tier,
        "tier_label": str(Tier(site.tier).label) if site.tier else "",
        "where": where,
        "now": now_words(one, at),
        "today": today_words(one),
        "is_open": one.is_open,
        "state": badge(one),
        "seats": french.count(one.seats, _("place"), _("places")) if one.seats else "",
    }


def badge(one: Listed) -> str:
    """The state to show: open only while one may come."""
    if one.stage == Stage.OPEN:
        return "open" if one.is_open else ""
    return one.stage


def now_words(one: Listed, at: datetime) -> str:
    """Ouvert jusqu’à 18 h 30; Fermé, ouvre demain à 9 h; Ouverture prévue le …"""
    if one.stage == Stage.CLOSED:
        return _("Fermé")
    if one.stage in (Stage.PLANNED, Stage.WORKS):
        return opening_words(one, at.astimezone(one.zone).date())
    if one.opening is None:
        return _("Heures non renseignées")
    if one.now:
        return _("Ouvert jusqu’à {hour}").format(hour=end_words(one))
    opens = one.opening.next_open(at)
    if opens is None:
        return _("Fermé, sans date de réouverture")
    return _("Fermé, ouvre {when}").format(when=_when(opens.astimezone(one.zone), at))


def end_words(one: Listed) -> str:
    """18 h 30; the end of a day is told as 24 h."""
    ends = one.now.ends.astimezone(one.zone) if one.now else None
    if ends is None or (ends.hour, ends.minute) == (0, 0):
        return f"24{french.NBSP}h"
    return moments.clock(ends.time())


def _when(opens: datetime, at: datetime) -> str:
    days = (opens.date() - at.astimezone(opens.tzinfo).date()).days
    hour = moments.clock(opens.time())
    if days == 0:
        return _("à {hour}").format(hour=hour)
    if days == 1:
        return _("demain à {hour}").format(hour=hour)
    if days < len(hours.DAYS):
        return _("{day} à {hour}").format(day=moments.weekday(opens.date()), hour=hour)
    return _("le {day} à {hour}").format(day=moments.day(opens.date()), hour=hour)


def opening_words(one: Listed, on: date) -> str:
    """Ouverture prévue le 2 septembre 2027; en travaux, ouverture non datée."""
    found = reality.opening(list(one.stages), on)
    if found is None or found.is_done:
        return _("Ouverture non datée")
    return _("Ouverture prévue le {day}").format(day=french.day(found.on))


def today_words(one: Listed) -> str:
    """« Aujourd’hui 8 h 30 – 18 h 30 »; nothing on a day when it does not open."""
    if not one.today:
        return ""
    spans = ", ".join(moments.span(*span.local(one.zone)) for span in one.today)
    return _("Aujourd’hui {spans}").format(spans=spans)
