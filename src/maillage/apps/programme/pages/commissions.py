"""The contractors of a study: commissioned, amended, ended."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation
from maillage.apps.programme import commission as acts
from maillage.apps.programme import words
from maillage.apps.programme.forms import End, Terms, written
from maillage.apps.programme.models import Commission, Programme
from maillage.apps.programme.next_thing import address
from maillage.apps.programme.pages.common import (
    POST,
    WRITING,
    FormShown,
    back_to_study,
    choices_of,
    done,
    form_page,
    of_study,
    told,
)
from maillage.apps.programme.rules import commission_of, may_keep, may_see, programme_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Link
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table
from maillage.report import french


@page(rule=may_see, of=commission_of)
def commission(request: HttpRequest, of: Commission) -> HttpResponse:
    """What was asked of whom, for how much, and the service done for each deliverable."""
    names = ("edit", "end", "resume")
    context = {
        **of_study(of.programme.study, Crumb(of.contractor.name)),
        "name": of.contractor.name,
        "lead": words.commission_line(of),
        "facts": _facts(of),
        "table": _services(of),
        "is_ended": of.ended_on is not None,
        "may_keep": may_keep(request.user, of),
        "acts": {name: _address(of, f"commission_{name}") for name in names},
    }
    return render(request, "programme/commission.html", context)


def _facts(of: Commission) -> list[tuple[str, str]]:
    told = [
        (_("Ce qui est demandé"), of.scope_text),
        (_("Notifiée le"), french.day(of.agreed_on)),
        (_("Montant hors taxes"), french.cents(of.amount_cents)),
        (_("TVA"), f"{words.rate(of.vat_bp)}, {french.cents(of.with_tax_cents - of.amount_cents)}"),
        (_("Montant toutes taxes comprises"), french.cents(of.with_tax_cents)),
        (_("Parties couvertes"), words.listed(list(of.phases.all()))),
    ]
    if of.ended_on:
        reason = f", {of.end_note}" if of.end_note else ""
        told.append((_("Fin de la mission"), f"{french.day(of.ended_on)}{reason}"))
    return told


def _services(of: Commission) -> Table:
    """Each deliverable of the phases covered, with the day of its service done."""
    covered = {phase.pk for phase in of.phases.all()}
    columns = (
        Column("title", _("Livrable")),
        Column("phase", words.unit(of.programme).capitalize()),
        Column("due", _("Attendu le")),
        Column("delivered", _("Remis le")),
        Column("accepted", _("Service fait le")),
    )
    rows = [
        Row(
            {
                "title": Link(one.title, address(one, "deliverable")),
                "phase": str(phase.rank),
                "due": french.day(one.due_on),
                "delivered": _day(one.delivered_on),
                "accepted": _day(one.accepted_on),
            },
            key=str(one.pk),
        )
        for phase in of.programme.phases.all()
        if phase.pk in covered
        for one in phase.deliverables.all()
        if one.removed_at is None
    ]
    nothing = _("Aucun livrable dans les parties couvertes.")
    return Table("services", _("Livrables des parties couvertes"), columns, rows, empty=nothing)


def _day(on: date | None) -> str:
    return french.day(on) if on else _("pas encore")


@page(rule=may_keep, of=programme_of, methods=WRITING)
def new(request: HttpRequest, of: Programme) -> HttpResponse:
    """Commission a contractor of the register."""
    contractors = _contractors(of)
    frame = of_study(of.study, Crumb(_("Missionner un prestataire")))
    if not contractors:
        return render(request, "programme/no_contractor.html", {**frame, "nothing": _nobody()})
    form = Terms(
        request.POST or None,
        contractors=contractors,
        phases=choices_of(of),
        initial={"agreed_on": now().date()},
    )
    if form.is_valid() and done(
        request,
        form,
        lambda: acts.commission(of, _terms(form), by=request.user.pk, at=now()),
    ):
        return told(request, _("Le prestataire est missionné."), back_to_study(of.study).href)
    shown = FormShown(
        _("Missionner un prestataire"), _("Enregistrer la mission"), back_to_study(of.study)
    )
    return form_page(request, form, shown, frame)


@page(rule=may_keep, of=commission_of, methods=WRITING)
def edit(request: HttpRequest, of: Commission) -> HttpResponse:
    """Change what was agreed; whoever comes second is told of the first."""
    form = Terms(
        request.POST or None,
        contractors=_contractors(of.programme),
        phases=choices_of(of.programme),
        initial=written(of),
    )

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        acts.amend(of, _terms(form), version=version, by=request.user.pk, at=now())

    if form.is_valid() and done(request, form, act, of.version):
        return told(request, _("La mission est modifiée."), _address(of, "commission"))
    shown = FormShown(_("Modifier la mission"), _("Enregistrer la mission"), _keep(of))
    return form_page(request, form, shown, _frame(of, shown.title))


@page(rule=may_keep, of=commission_of, methods=WRITING)
def end(request: HttpRequest, of: Commission) -> HttpResponse:
    """From which day, and why; it can be resumed."""
    form = End(request.POST or None, label=_("Fin de la mission"), initial={"on": now().date()})

    def act() -> None:
        asked = form.cleaned_data
        acts.end(of, asked["on"], asked["note"], by=request.user.pk, at=now())

    if form.is_valid() and done(request, form, act):
        return told(request, _("La fin de la mission est notée."), _address(of, "commission"))
    title = _("Mettre fin à la mission de {name}").format(name=of.contractor.name)
    lead = _("Les livrables restent attendus. La mission pourra être reprise.")
    shown = FormShown(title, _("Mettre fin à la mission"), _keep(of), lead)
    return form_page(request, form, shown, _frame(of, _("Fin de la mission")))


@page(rule=may_keep, of=commission_of, methods=POST)
def resume(request: HttpRequest, of: Commission) -> HttpResponse:
    """Take its end back."""
    acts.resume(of, by=request.user.pk, at=now())
    return told(request, _("La mission est reprise."), _address(of, "commission"))


def _terms(form: Terms) -> acts.Terms:
    asked = form.cleaned_data
    return acts.Terms(
        contractor_id=asked["contractor"],
        scope_text=asked["scope_text"],
        agreed_on=asked["agreed_on"],
        amount_cents=asked["amount"],
        vat_bp=asked["vat"],
        ranks=tuple(asked["phases"]),
    )


def _contractors(of: Programme) -> list[tuple[int, str]]:
    register = Organisation.objects.filter(territory_siren=of.study.territory_id)
    return list(register.order_by("name", "pk").values_list("pk", "name"))


def _nobody() -> Empty:
    return Empty(
        _("Aucune organisation au registre du territoire."),
        _("Une mission se confie à une organisation du registre, avec ses numéros."),
        Link(_("Ajouter une organisation"), reverse("organisation_new")),
    )


def _address(of: Commission, name: str) -> str:
    study = of.programme.study
    return reverse(name, args=(study.pk, study.slug, of.pk))


def _keep(of: Commission) -> Link:
    return Link(_("Revenir à la mission"), _address(of, "commission"))


def _frame(of: Commission, here: Any) -> dict[str, Any]:
    crumb = Crumb(of.contractor.name, _address(of, "commission"))
    return of_study(of.programme.study, crumb, Crumb(here))
