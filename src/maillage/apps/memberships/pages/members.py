"""Members of one's sites: the list, one sheet, what is written on it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.journal.record import record
from maillage.apps.memberships import join, listing
from maillage.apps.memberships.entitlements import held_for_sheet
from maillage.apps.memberships.forms import (
    Day,
    FilterMembers,
    MemberSheet,
    NewMember,
    Situation,
)
from maillage.apps.memberships.models import BELONGING, Member, Subscription
from maillage.apps.memberships.rules import (
    charges,
    firms,
    keeps_whole,
    may_keep,
    may_see_members,
    member_of,
    members,
    sites,
    territories,
)
from maillage.apps.tariffs.form_page import (
    POST,
    WRITING,
    FormShown,
    form_page,
    posted,
)
from maillage.apps.tariffs.models import Category
from maillage.apps.tariffs.rules import may_see_lists
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Link, filters_of
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import french

MEMBERS = Crumb(gettext_lazy("Personnes du réseau"), "/adherents/")
ON_A_PAGE = 50
SALES_SHOWN = 20


@page(rule=may_see_members)
def people(request: HttpRequest) -> HttpResponse:
    """The members of one's sites, found by name."""
    form = FilterMembers(request.GET)
    found = _filtered(members(request.user), form).select_related("person", "site")
    shown = Paginator(found.order_by("person__name", "pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    today = now().date()
    held = Subscription.objects.filter(
        user__in=[row.person_id for row in shown], starts_on__lte=today, ends_on__gt=today
    ).select_related("plan")
    filters = filters_of(form, request.GET)
    context = {
        "crumbs": [Crumb(MEMBERS.label)],
        "table": listing.members_table(shown, listing.plans_of(held.order_by("plan__name"))),
        "shown": shown,
        "found": shown.paginator.count,
        "filters": filters,
        "may_see_tariffs": may_see_lists(request.user, None),
        "nothing": None
        if shown.paginator.count or filters.active
        else Empty(
            _("Personne n’est encore inscrit dans vos lieux."),
            _("Une personne inscrite réserve à son tarif, avec ses abonnements et ses carnets."),
        ),
    }
    return render(request, "memberships/members.html", context)


def _filtered(rows: QuerySet[Member], form: FilterMembers) -> QuerySet[Member]:
    asked = form.cleaned_data if form.is_valid() else {}
    today = now().date()
    if asked.get("q"):
        rows = rows.filter(
            Q(person__name__icontains=asked["q"]) | Q(person__email__icontains=asked["q"])
        )
    if asked.get("audience"):
        rows = rows.filter(audience=asked["audience"])
    if asked.get("state") == "past":
        return rows.filter(ends_on__lte=today)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=today))


@page(rule=may_keep, of=member_of)
def member(request: HttpRequest, of: Member) -> HttpResponse:
    """One sheet: her standing, her plans, what she was charged; that it was read is kept."""
    at = now()
    if of.person_id != request.user.pk:
        with transaction.atomic():
            record("person.read", ("person", of.person_id), by=request.user.pk, at=at)
    today = at.date()
    held = held_for_sheet(of.person_id, today)
    sold = charges(request.user).filter(Q(user=of.person) | Q(payer_person=of.person))
    latest = list(
        sold.select_related("payer_person", "payer_organisation").order_by("-at", "-pk")[
            :SALES_SHOWN
        ]
    )
    names = {str(site.pk): site.name for site in sites(request.user)}
    context = {
        "crumbs": [MEMBERS, Crumb(of.person.name)],
        "name": of.person.name,
        "email": of.person.email if of.person.is_active else "",
        "pk": of.pk,
        "facts": _facts(of),
        "is_over": of.ends_on is not None and of.ends_on <= today,
        "has_end": of.ends_on is not None,
        "subscriptions": listing.subscriptions_table(held, today) if held.subscriptions else None,
        "carnets": listing.carnets_table(held, today) if held.carnets else None,
        "sales": listing.sales_table(latest, names) if latest else None,
        "most": SALES_SHOWN if len(latest) == SALES_SHOWN else 0,
    }
    return render(request, "memberships/member.html", context)


def _facts(of: Member) -> list[tuple[str, str]]:
    facts = [
        (_("Vient comme"), str(dict(BELONGING)[of.audience])),
        (_("Association ou entreprise"), of.organisation.name if of.organisation else ""),
        (_("Lieu d’adhésion"), of.site.name if of.site else _("Tout le territoire")),
        (_("Depuis le"), french.day(of.starts_on)),
        (_("Situation"), _situation(of)),
    ]
    if of.ends_on:
        facts.append((_("Jusqu’au"), french.day(of.ends_on)))
    return facts


def _situation(of: Member) -> str:
    said = str(Category(of.category).label)
    if of.category_checked_on:
        said = _("{situation}, justificatif vu le {day}").format(
            situation=said, day=french.day(of.category_checked_on)
        )
    if of.category_until:
        said = _("{said}, valable jusqu’au {day}").format(
            said=said, day=french.day(of.category_until)
        )
    return said


@page(rule=may_see_members, methods=WRITING)
def new(request: HttpRequest) -> HttpResponse:
    """Enter somebody, with an account or without."""
    form = NewMember(
        posted(request),
        territories=list(territories(request.user).order_by("name")),
        **_choices(request),
        initial={"starts_on": now().date()},
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                who = join.account_of(said["email"], said["name"])
                territory = form.territories[said["territory"]]
                made = join.join(territory, who, form.joining(), by=request.user.pk, at=now())
            messages.success(request, _("{name} est inscrit·e.").format(name=who.name))
            return redirect("member", pk=made.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    keep = Link(_("Revenir à la liste"), MEMBERS.href)
    shown = FormShown(_("Inscrire une personne"), _("Inscrire"), keep, "", [MEMBERS])
    return form_page(request, form, shown)


def _choices(request: HttpRequest) -> dict[str, Any]:
    return {
        "sites": list(sites(request.user).order_by("name")),
        "firms": list(firms(request.user).order_by("name")),
        "may_be_without_site": keeps_whole(request.user),
    }


@page(rule=may_keep, of=member_of, methods=WRITING)
def change(request: HttpRequest, of: Member) -> HttpResponse:
    """Another audience, another body, another site."""
    initial = {
        "audience": of.audience,
        "organisation": str(of.organisation_id or ""),
        "site": str(of.site_id or ""),
        "starts_on": of.starts_on,
        "version": of.version,
    }
    form = MemberSheet(posted(request), initial=initial, **_choices(request))
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            join.change(of, form.joining(), version=version, by=_me(request), at=now())
            messages.success(request, _("La fiche est enregistrée."))
            return redirect("member", pk=of.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    shown = FormShown(_("Corriger la fiche"), _("Enregistrer la fiche"), _back(of), "", _crumbs(of))
    return form_page(request, form, shown)


@page(rule=may_keep, of=member_of, methods=WRITING)
def situation(request: HttpRequest, of: Member) -> HttpResponse:
    """Say that a proof was seen."""
    form = Situation(
        posted(request),
        initial={
            "category": of.category,
            "checked_on": of.category_checked_on or now().date(),
            "until": of.category_until,
        },
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            join.check_category(
                of,
                said["category"],
                checked_on=said["checked_on"],
                until=said["until"],
                by=_me(request),
                at=now(),
            )
            messages.success(request, _("La situation est notée. Rendez le justificatif."))
            return redirect("member", pk=of.pk)
        except Refusal as refusal:
            form.add_error("checked_on", str(refusal))
    lead = _("La situation donne un tarif. Le justificatif se montre, il ne se garde pas.")
    shown = FormShown(
        _("Noter une situation"), _("Enregistrer la situation"), _back(of), lead, _crumbs(of)
    )
    return form_page(request, form, shown)


@page(rule=may_keep, of=member_of, methods=WRITING)
def leave(request: HttpRequest, of: Member) -> HttpResponse:
    """End a membership; what was bought stays."""
    form = Day(posted(request), initial={"on": now().date()})
    if form.is_valid():
        join.leave(of, on=form.cleaned_data["on"], by=_me(request), at=now())
        messages.success(request, _("La fin est notée. Vous pouvez la retirer sur la fiche."))
        return redirect("member", pk=of.pk)
    lead = _("La personne paie ensuite le tarif public. Ses carnets restent les siens.")
    shown = FormShown(_("Mettre fin à l’adhésion"), _("Noter la fin"), _back(of), lead, _crumbs(of))
    return form_page(request, form, shown)


@page(rule=may_keep, of=member_of, methods=POST)
def come_back(request: HttpRequest, of: Member) -> HttpResponse:
    """Undo an end."""
    join.come_back(of, by=_me(request), at=now())
    messages.success(request, _("L’adhésion continue."))
    return redirect("member", pk=of.pk)


def _back(of: Member) -> Link:
    return Link(_("Revenir à la fiche"), reverse("member", args=(of.pk,)))


def _crumbs(of: Member) -> list[Crumb]:
    return [MEMBERS, Crumb(of.person.name, reverse("member", args=(of.pk,)))]


def _me(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
