"""Prepare a contract, the same for many, correct it, send it, withdraw it, remind."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.contracts import draft, prepare_many, rules, send, shipped, tasks, withdraw
from maillage.apps.contracts.forms import (
    ContractForm,
    KindForm,
    ManyForm,
    Offered,
    ReasonForm,
    initial_from,
    initial_of,
)
from maillage.apps.contracts.models import Contract, Kind
from maillage.apps.contracts.pages.common import CONTRACTS, address, back, by, frame, posted
from maillage.apps.contracts.shipped import Template
from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships.models import Member, Plan, held_on
from maillage.apps.people.models import Organisation, Person
from maillage.apps.sites.models import Seat
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.form_pages import WRITING, WRONG, FormShown, dialog_page, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table
from maillage.report import french

Chosen = tuple[Organisation, Template]
PERSONAL = (Kind.OCCUPANCY, Kind.RESIDENT, Kind.DOMICILIATION, Kind.CHARTER)


def chosen(person: Any, operator: int, kind: str) -> Chosen:
    """One of her operators, and a template."""
    found = shipped.templates().get(kind)
    if found is None:
        raise Http404(kind)
    return rules.operator_of(person, operator), found


def may_write(person: Any, of: Chosen) -> bool:
    """Whoever keeps the contracts of the operator."""
    return rules.may_write_for(person, of[0])


@page(rule=rules.may_keep_some)
def new(request: HttpRequest) -> HttpResponse:
    """In whose name, from which template."""
    operators = rules.operators(request.user)
    asked = "kind" in request.GET
    form = KindForm(
        request.GET if asked else None,
        operators=operators,
        initial={"operator": str(operators[0].pk)},
    )
    if asked and form.is_valid():
        said = form.cleaned_data
        name = "contract_many" if "plusieurs" in request.GET else "contract_write"
        return redirect(name, operator=said["operator"], kind=said["kind"])
    context = {
        "crumbs": [CONTRACTS, Crumb(_("Nouveau contrat"))],
        "form": form,
        "texts": [Link(one.name, reverse("contract_texts", args=(one.pk,))) for one in operators],
    }
    return render(request, "contracts/new.html", context, status=WRONG if asked else 200)


@page(rule=may_write, of=chosen, methods=WRITING)
def write(request: HttpRequest, of: Chosen) -> HttpResponse:
    """A contract with one party."""
    operator, template = of
    initial = initial_from(template, now().date())
    form = ContractForm(
        posted(request), template=template, offered=_offered(operator), initial=initial
    )
    made: list[Contract] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(
            draft.draft(operator, template.kind, form.to_draft(), by=by(request), at=now())
        ),
    ):
        return told(
            request, _("Le contrat est prêt. Relisez-le, puis envoyez-le."), address(made[0])
        )
    shown = FormShown(
        template.title, _("Préparer ce contrat"), Link(_("Revenir aux contrats"), CONTRACTS.href),
        template.subtitle,
    )  # fmt: skip
    return form_page(request, form, shown, {"crumbs": [CONTRACTS, Crumb(template.title)]})


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def correct(request: HttpRequest, of: Contract) -> HttpResponse:
    """A draft, as it was shown."""
    template = shipped.templates()[of.kind]
    form = ContractForm(
        posted(request),
        template=template,
        offered=_offered(of.operator),
        initial=initial_of(of),
    )
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        if done(
            form,
            lambda: draft.correct(of, form.to_draft(), version=version, by=by(request), at=now()),
        ):
            return told(request, _("Le contrat est corrigé."), address(of))
    shown = FormShown(_("Corriger le contrat"), _("Enregistrer"), back(of))
    return form_page(request, form, shown, frame(of, _("Corriger")))


@page(rule=may_write, of=chosen, methods=WRITING)
def many(request: HttpRequest, of: Chosen) -> HttpResponse:
    """The same contract for many: shown for each first, then prepared, then sent if asked."""
    operator, template = of
    if template.kind not in PERSONAL:
        raise Http404(template.kind)
    people = _people(operator)
    form = ManyForm(
        posted(request),
        template=template,
        offered=_offered(operator),
        members=[(str(one.pk), f"{one.name} ({one.email})") for one in people],
        initial=initial_from(template, now().date()),
    )
    lines: list[prepare_many.Line] = []
    if form.is_valid():
        wanted = set(form.cleaned_data["people"])
        picked = [one for one in people if str(one.pk) in wanted]
        asked = form.asked(draft.Party(Payer(person_id=picked[0].pk), "", ""), _payer(picked[0]))
        if "prepare" in request.POST or "send" in request.POST:
            return _prepared(request, of, asked, picked)
        lines = prepare_many.preview(operator, template.kind, asked, picked)
    context = {
        "crumbs": [CONTRACTS, Crumb(_("Plusieurs personnes"))],
        "title": template.title,
        "form": form,
        "back": CONTRACTS.href,
        "table": _preview_table(lines) if lines else None,
        "ready": sum(not line.refusal for line in lines),
    }
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "contracts/many.html", context, status=status)


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def send_page(request: HttpRequest, of: Contract) -> HttpResponse:
    """Said first, then sent: nothing of it changes afterwards."""
    if request.method == "POST":
        send.send(of, version=int(request.POST.get("version") or 0), by=by(request), at=now())
        return told(
            request,
            _("Le contrat est parti à {email}. Le lien sert {days} jours.").format(
                email=of.signatory_email, days=send.LINK_LASTS.days
            ),
            address(of),
        )
    dialog = Dialog(
        _("Envoyer ce contrat à {name} ?").format(name=of.signatory_name),
        _(
            "Le document est produit et gardé tel quel : il ne changera plus. Les places choisies "
            "sont prises. Un lien de signature part à {email}."
        ).format(email=of.signatory_email),
        _("Envoyer à la signature"),
        back(of),
        fields={"version": str(of.version)},
    )
    return dialog_page(request, dialog, frame(of, _("Envoyer")) | {"title": _("Envoyer")})


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def withdraw_page(request: HttpRequest, of: Contract) -> HttpResponse:
    """Nobody will sign it."""
    form = ReasonForm(posted(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        act = withdraw.withdraw
        if done(form, lambda: act(of, reason, version=None, by=by(request), at=now())):
            return told(request, _("Le contrat est retiré, ses places sont libres."), address(of))
    shown = FormShown(
        _("Retirer ce contrat"), _("Retirer le contrat"), back(of),
        _("Son lien de signature ne servira plus. Le contrat reste dans la liste."),
    )  # fmt: skip
    return form_page(request, form, shown, frame(of, _("Retirer")))


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def remind_page(request: HttpRequest, of: Contract) -> HttpResponse:
    """A new link for the party."""
    if request.method == "POST":
        withdraw.remind(of, by=by(request), at=now())
        return told(request, _("Un nouveau lien est parti. L’ancien ne sert plus."), address(of))
    dialog = Dialog(
        _("Rappeler {name} ?").format(name=of.signatory_name),
        _("Un nouveau lien part à {email}. L’ancien ne servira plus.").format(
            email=of.signatory_email
        ),
        _("Envoyer le rappel"),
        back(of),
    )
    return dialog_page(request, dialog, frame(of, _("Rappeler")) | {"title": _("Rappeler")})


def _prepared(
    request: HttpRequest, of: Chosen, asked: draft.Asked, picked: list[Person]
) -> HttpResponse:
    operator, template = of
    made = prepare_many.prepare(operator, template.kind, asked, picked, by=by(request), at=now())
    said = french.count(len(made), _("contrat préparé"), _("contrats préparés"))
    if "send" in request.POST and made:
        tasks.send_many.defer(contract_ids=[one.pk for one in made], by=by(request))
        said = _("{said}, en cours d’envoi").format(said=said)
    messages.success(request, f"{said}.")
    return redirect(CONTRACTS.href)


def _preview_table(lines: list[prepare_many.Line]) -> Table:
    columns = (Column("person", _("Personne")), Column("what", _("Ce qui sera fait")))
    rows = [
        Row(
            {
                "person": line.person.name,
                "what": line.refusal or _("Un contrat sera préparé."),
            }
        )
        for line in lines
    ]
    return Table("apercu", _("Aperçu"), columns, rows)


def _people(operator: Organisation) -> list[Person]:
    """The members of the operator's sites."""
    members = Member.objects.filter(
        held_on(now().date()), site__in=rules.sites(operator), person__closed_at=None
    )
    return [row.person for row in members.select_related("person").order_by("person__name", "pk")]


def _payer(person: Person) -> Payer:
    return Payer(person_id=person.pk)


def _offered(operator: Organisation) -> Offered:
    sites = list(rules.sites(operator))
    seats = Seat.objects.filter(
        space__site__in=sites, removed_at=None, out_of_order_since=None, space__removed_at=None
    )
    registers = {operator.territory_siren, *(site.territory_id for site in sites)}
    bodies = Organisation.objects.filter(territory_siren__in=registers).exclude(pk=operator.pk)
    plans = Plan.objects.filter(operator=operator, kind="subscription", sold_until=None)
    return Offered(
        sites,
        list(seats.select_related("space__site").order_by("space__name", "number")),
        list(bodies.order_by("name")),
        list(plans.order_by("name")),
    )
