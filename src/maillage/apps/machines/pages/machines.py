"""Machines: one's own certifications, the sheet of each, who trains."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maillage.apps.machines import rules, shown
from maillage.apps.machines.certified import is_certified, local_day
from maillage.apps.machines.forms import KeepSheet, NameTrainer
from maillage.apps.machines.keep_sheet import SomebodyElseEdited, keep_sheet
from maillage.apps.machines.models import VALID_MONTHS, Attendee, Sheet, Trainer
from maillage.apps.machines.name_trainer import end_trainer, name_trainer
from maillage.apps.machines.pages.common import POST, WRITING, frame, written
from maillage.apps.memberships.models import Member
from maillage.apps.people.models import Person, Role
from maillage.apps.people.vacancies import within
from maillage.apps.sites.models import Space
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal


@page(rule=rules.may_see)
def machines(request: HttpRequest) -> HttpResponse:
    """What I may use, what I may learn, what I teach."""
    at = now()
    seen = list(rules.machines(request.user).order_by("site__name", "name", "pk"))
    taught = set(
        Trainer.objects.current(at.date())
        .filter(person=request.user.pk)
        .values_list("space_id", flat=True)
    )
    context = {
        **frame(None),
        "own": shown.of_person(request.user, at),
        "machines": [
            {
                "pk": one.pk,
                "name": one.name,
                "site": one.site.name,
                "needs_certification": one.needs_certification,
                "is_taught": one.pk in taught,
            }
            for one in seen
        ],
        "sessions": [shown.session_line(one) for one in shown.to_come(seen, at)],
    }
    return render(request, "machines/machines.html", context)


@page(rule=rules.may_see, of=rules.machine_of)
def machine(request: HttpRequest, space: Space) -> HttpResponse:
    """What one must know of a machine, and how to be allowed to use it."""
    at, person = now(), request.user
    on = local_day(space.site, at)
    sheet = Sheet.objects.filter(space=space).first()
    coming = shown.to_come([space], at)
    enrolled = set(
        Attendee.objects.filter(person=person.pk, session__in=coming).values_list(
            "session_id", flat=True
        )
    )
    may_follow = rules.may_follow(person, space)
    context = {
        **frame(space),
        "machine": {"pk": space.pk, "name": space.name, "site": space.site.name},
        "needs_certification": space.needs_certification,
        "sheet": {"description": sheet.description, "safety": sheet.safety} if sheet else None,
        "months": sheet.valid_months if sheet else VALID_MONTHS,
        "is_certified": is_certified(person.pk, space.pk, on),
        "own": [one for one in shown.of_person(person, at) if one["space_id"] == space.pk],
        "sessions": [
            {**shown.session_line(one), "is_enrolled": one.pk in enrolled} for one in coming
        ],
        "may_follow": may_follow,
        "may_train": rules.may_train(person, space),
        "may_keep": rules.may_keep(person, space),
        "trainers": [one for one in shown.trainers(space, on) if not one["is_over"]],
        "past": [shown.session_line(one) for one in shown.taken_place(space, at)]
        if may_follow
        else [],
        "certified": shown.certified_table(space, at) if may_follow else None,
    }
    return render(request, "machines/machine.html", context)


@page(rule=rules.may_keep, of=rules.machine_of, methods=WRITING)
def sheet(request: HttpRequest, space: Space) -> HttpResponse:
    """Write what one must know."""
    known = Sheet.objects.filter(space=space).first()
    initial: dict[str, Any] = {"version": 0, "valid_months": VALID_MONTHS}
    if known:
        names = ("version", "valid_months", "description", "safety")
        initial = {name: getattr(known, name) for name in names}
    form = KeepSheet(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            keep_sheet(space, **form.cleaned_data, by=request.user.pk, at=now())
        except SomebodyElseEdited as refusal:
            form = KeepSheet({**request.POST.dict(), "version": str(initial["version"])})
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La fiche est enregistrée."))
            return redirect("machine", space.pk)
    context = {
        **frame(space, Crumb(_("Fiche"))),
        "form": form,
        "title": _("La fiche de {name}").format(name=space.name),
        "act": _("Enregistrer la fiche"),
        "machine": {"pk": space.pk},
    }
    return render(request, "machines/form.html", context, status=written(form))


@page(rule=rules.may_keep, of=rules.machine_of, methods=WRITING)
def trainers(request: HttpRequest, space: Space) -> HttpResponse:
    """Who trains on a machine: named, ended."""
    at = now()
    on = local_day(space.site, at)
    people = {str(one.pk): one for one in _people_of(space)}
    form = NameTrainer(
        request.POST or None,
        people=[(pk, one.name) for pk, one in people.items()],
        initial={"starts_on": on},
    )
    if form.is_valid():
        said = form.cleaned_data
        named = people[said["person"]]
        try:
            name_trainer(space, named, starts_on=said["starts_on"], by=request.user.pk, at=at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("{name} forme sur cette machine.").format(name=named.name))
            return redirect("machine_trainers", space.pk)
    context = {
        **frame(space, Crumb(_("Formateurs et formatrices"))),
        "form": form,
        "machine": {"pk": space.pk, "name": space.name},
        "trainers": shown.trainers(space, on),
        "has_people": bool(people),
    }
    return render(request, "machines/trainers.html", context, status=written(form))


@page(rule=rules.may_keep, of=rules.machine_of, methods=POST)
def trainer_end(request: HttpRequest, space: Space) -> HttpResponse:
    """No longer from today on; named again if it was a mistake."""
    key = request.POST.get("trainer", "")
    trainer = get_object_or_404(
        Trainer.objects.select_related("person", "space__site"),
        space=space,
        pk=int(key) if key.isdigit() else 0,
    )
    at = now()
    end_trainer(trainer, on=local_day(space.site, at), by=request.user.pk, at=at)
    words = _("{name} ne forme plus sur cette machine. Ses habilitations restent valables.")
    messages.success(request, words.format(name=trainer.person.name))
    return redirect("machine_trainers", space.pk)


def _people_of(space: Space) -> list[Person]:
    """Those who have a role or a membership at the site or in its territory."""
    on = now().date()
    held = Role.objects.current(on).filter(within(space.site.scopes, "position__"))
    members = Member.objects.filter(territory=space.site.territory_id)
    rows = Person.objects.filter(is_active=True).filter(pk__in=held.values("person"))
    rows |= Person.objects.filter(is_active=True, pk__in=members.values("person"))
    return list(rows.order_by("name", "pk"))
