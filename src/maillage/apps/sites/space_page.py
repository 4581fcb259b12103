"""What the pages of spaces show: the tree as a table, one space with its seats."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.sites import hours, words
from maillage.apps.sites.models import RuleKind, Seat, Site, SoldBy, Space, SpaceRule
from maillage.apps.sites.space_forms import SeatsForm
from maillage.apps.sites.tree import DASH, in_order
from maillage.kit.components import Link
from maillage.kit.tables import Cell, Column, Number, Row, Table
from maillage.report import french, moments

COLUMNS = (
    Column("name", gettext_lazy("Espace")),
    Column("what", gettext_lazy("Ce que c’est")),
    Column("seats", gettext_lazy("Places"), is_numeric=True),
    Column("sold", gettext_lazy("Se réserve")),
    Column("for", gettext_lazy("Ouvert à")),
    Column("rules", gettext_lazy("Règles"), is_numeric=True),
)


def table(site: Site, spaces: Sequence[Space]) -> Table:
    """A parent above its parts, set back under it."""
    broken = Count("pk", filter=Q(out_of_order_since__isnull=False))
    present = Seat.objects.filter(space__in=spaces, removed_at=None).order_by()
    seats = {
        row["space"]: (row["every"], row["broken"])
        for row in present.values("space").annotate(every=Count("pk"), broken=broken)
    }
    grouped = SpaceRule.objects.filter(space__in=spaces).order_by().values("space")
    rules = {row["space"]: row["n"] for row in grouped.annotate(n=Count("pk"))}
    rows = [
        Row(
            {
                "name": Link(
                    f"{depth * DASH}{space.name}", reverse("space_kept", args=(site.pk, space.pk))
                ),
                "what": ", ".join(words.space_facts(space)),
                "seats": _seats(space, spaces, seats),
                "sold": _sold(space),
                "for": words.audiences(space.audiences) if space.is_bookable else "",
                "rules": rules.get(space.pk, 0),
            },
            key=str(space.pk),
        )
        for space, depth in in_order(spaces)
    ]
    return Table("espaces", _("Les espaces du lieu"), COLUMNS, rows)


def _seats(space: Space, spaces: Sequence[Space], seats: Mapping[int, tuple[int, int]]) -> Cell:
    """Its own, or those of its parts: the same seats, booked as a whole."""
    if space.pk not in seats and any(s.parent_id == space.pk for s in spaces):
        inside = sum(seats.get(s.pk, (0, 0))[0] for s in spaces if space.pk in s.path)
        return Number(inside, _("{n} de ses parties").format(n=inside))
    every, broken = seats.get(space.pk, (0, 0))
    if not broken:
        return every
    return Number(every, _("{n} dont {broken} hors service").format(n=every, broken=broken))


def _sold(space: Space) -> str:
    return str(SoldBy(space.sold_by).label).lower() if space.is_bookable else _("non")


def context(space: Space) -> dict[str, Any]:
    """One space, its seats one by one, its rules in words."""
    seats = list(space.seats.filter(removed_at=None).order_by("number"))
    rules = list(space.rules.order_by("from_time", "pk"))
    parts = list(space.parts.filter(removed_at=None).order_by("rank", "name"))
    return {
        "space": {
            "pk": space.pk,
            "name": space.name,
            "is_removed": bool(space.removed_at),
            "said": ", ".join(words.space_facts(space)),
        },
        "facts": _facts(space),
        "rules": [rule_words(rule) for rule in rules],
        "parts": [Link(p.name, reverse("space_kept", args=(space.site_id, p.pk))) for p in parts],
        "seats": [
            {
                "pk": seat.pk,
                "number": seat.number,
                "label": seat.label,
                "since": _since(seat.out_of_order_since),
            }
            for seat in seats
        ],
        "seats_form": None if parts else SeatsForm(initial={"seats": len(seats)}),
    }


def _since(at: datetime | None) -> str:
    return french.day(localtime(at).date()) if at else ""


def _facts(space: Space) -> list[tuple[str, str | None]]:
    if not space.is_bookable:
        return [(_("Réservation"), _("ne se réserve pas"))]
    return [
        (_("Se réserve"), str(SoldBy(space.sold_by).label)),
        (_("Ouvert à"), words.audiences(space.audiences)),
        (_("Heures"), space.opening_hours or _("celles du lieu")),
        (_("Durée"), _durations(space)),
        (_("À l’avance"), _ahead(space)),
        (_("Battement"), _buffers(space)),
        (_("Annulation"), cancellation(space)),
    ]


def _durations(space: Space) -> str:
    step = _("par pas de {step}").format(step=moments.length(space.step_min))
    least = _("au moins {least}").format(least=moments.length(space.shortest_min))
    if space.longest_min is None:
        return f"{least}, {step}"
    most = _("au plus {most}").format(most=moments.length(space.longest_min))
    return f"{least}, {most}, {step}"


def _ahead(space: Space) -> str:
    said = _("jusqu’à {days}").format(days=french.count(space.horizon_days, "jour"))
    if space.notice_min:
        said += _(", au moins {notice} avant").format(notice=moments.length(space.notice_min))
    if space.most_ahead:
        said += _(", {n} à la fois par personne").format(n=space.most_ahead)
    return said


def _buffers(space: Space) -> str:
    ends = [(space.buffer_before_min, _("avant")), (space.buffer_after_min, _("après"))]
    said = [f"{moments.length(length)} {when}" for length, when in ends if length]
    return ", ".join(said) or _("aucun")


def cancellation(space: Space) -> str:
    """Sans frais jusqu'à 1 h avant, puis 50 % gardés."""
    free = (
        _("sans frais jusqu’au début")
        if not space.free_cancel_min
        else _("sans frais jusqu’à {length} avant").format(
            length=moments.length(space.free_cancel_min)
        )
    )
    if not space.late_kept_percent:
        return free
    kept = french.share(space.late_kept_percent / 100)
    return _("{free}, puis {kept} gardés").format(free=free, kept=kept)


def rule_words(rule: SpaceRule) -> str:
    """Lundi, mardi, 9 h – 12 h : réservé aux adhérents."""
    days = days_words(rule.weekdays)
    span = hours.spans_words([(rule.from_time, rule.to_time)])
    who = str(rule.get_audience_display()).lower()
    if rule.kind == RuleKind.AT_MOST and rule.most_min:
        said = _("{length} au plus pour : {who}").format(
            length=moments.length(rule.most_min), who=who
        )
    else:
        said = _("réservé à : {who}").format(who=who)
    return f"{days}, {span} : {said}"


def days_words(weekdays: Sequence[int]) -> str:
    """Du lundi au vendredi; lundi et jeudi."""
    days = sorted(weekdays)
    names = [str(hours.DAYS[day]).lower() for day in days]
    if len(days) == len(hours.DAYS):
        return _("Tous les jours")
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("Du {first} au {last}").format(first=names[0], last=names[-1])
    said = french.listed(names)
    return said[:1].upper() + said[1:]
