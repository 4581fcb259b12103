"""What an operator writes of its own: articles of its contracts, house rules, approval."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.contracts import rules, shipped, wordings
from maillage.apps.contracts.forms import ApprovalForm, ArticlesForm, RulesForm
from maillage.apps.contracts.models import Approval, HouseRules
from maillage.apps.contracts.pages.common import CONTRACTS, by, posted
from maillage.apps.contracts.shipped import Template
from maillage.apps.people.models import Organisation
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.form_pages import WRITING, WRONG, FormShown, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table
from maillage.report import contract_words, french
from maillage.report.contract_words import Article

MORE_ARTICLES = 2


def may_write(person: Any, of: tuple[Organisation, Template]) -> bool:
    """Whoever keeps the contracts of the operator."""
    return rules.may_write_for(person, of[0])


def template_of(person: Any, pk: int, kind: str) -> tuple[Organisation, Template]:
    """One of her operators, and a template."""
    found = shipped.templates().get(kind)
    if found is None:
        raise Http404(kind)
    return rules.operator_of(person, pk), found


@page(rule=rules.may_write_for, of=rules.operator_of)
def texts(request: HttpRequest, of: Organisation) -> HttpResponse:
    """The templates with their versions, the house rules, the approval."""
    found = HouseRules.objects.filter(operator=of).order_by("-version").first()
    approval = Approval.objects.filter(operator=of).first()
    own = {
        one.kind: one.version
        for one in of.contract_wordings.order_by("version").only("kind", "version")
    }
    columns = (
        Column("template", _("Modèle")),
        Column("version", _("Articles en vigueur")),
        Column("law", _("Textes")),
        Column("confirm", _("À faire confirmer")),
    )
    rows = [
        Row(
            {
                "template": Link(
                    one.title, reverse("contract_articles", args=(of.pk, str(one.kind)))
                ),
                "version": _("Les vôtres, version {n}").format(n=own[one.kind])
                if one.kind in own
                else _("Ceux du produit, version {n}").format(n=one.version),
                "law": " ; ".join(one.law),
                "confirm": one.confirm,
            }
        )
        for one in shipped.templates().values()
    ]
    context = {
        "crumbs": [CONTRACTS, Crumb(of.name)],
        "pk": of.pk,
        "name": of.name,
        "table": Table("modeles", _("Modèles de contrats"), columns, rows),
        "rules": _("Version {n}, du {day}").format(
            n=found.version, day=french.day(found.created_at.date())
        )
        if found
        else _("Aucun règlement écrit."),
        "approval": _("N° {number}, {prefecture}, valable jusqu’au {day}").format(
            number=approval.number,
            prefecture=approval.prefecture,
            day=french.day(approval.ends_on),
        )
        if approval
        else _("Aucun agrément enregistré : un contrat de domiciliation ne peut pas partir."),
    }
    return render(request, "contracts/texts.html", context)


@page(rule=may_write, of=template_of, methods=WRITING)
def articles(request: HttpRequest, of: tuple[Organisation, Template]) -> HttpResponse:
    """The articles of a kind, as they will be sent from now on."""
    operator, template = of
    own = shipped.wording_in_use(operator, template.kind)
    shown = [Article(**one) for one in own.articles] if own is not None else list(template.articles)
    initial: dict[str, Any] = {"version": own.version if own else 0}
    for n, one in enumerate(shown, 1):
        initial |= {f"title-{n}": one.title, f"text-{n}": one.text}
    form = ArticlesForm(posted(request), count=len(shown) + MORE_ARTICLES, initial=initial)
    if form.is_valid():
        written = [Article(title, text) for title, text in form.articles()]
        version = form.cleaned_data["version"]
        if done(
            form,
            lambda: wordings.adapt(
                operator, template.kind, written, version=version, by=by(request), at=now()
            ),
        ):
            unknown = [name for one in written for name in contract_words.unknown_fields(one.text)]
            said = _("Vos articles valent pour les contrats envoyés désormais.")
            if unknown:
                said = _("{said} Ces mots seront imprimés tels quels : {words}.").format(
                    said=said, words=", ".join(unknown)
                )
            return told(request, said, reverse("contract_texts", args=(operator.pk,)))
    context = {
        "crumbs": [*_crumbs(operator), Crumb(template.title)],
        "title": template.title,
        "form": form,
        "fields": list(contract_words.FIELDS.items()),
        "law": template.law,
        "confirm": template.confirm,
        "back": reverse("contract_texts", args=(operator.pk,)),
    }
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "contracts/articles.html", context, status=status)


@page(rule=rules.may_write_for, of=rules.operator_of, methods=WRITING)
def house_rules(request: HttpRequest, of: Organisation) -> HttpResponse:
    """The règlement intérieur: a new version, accepted by whoever signs from now on."""
    found = HouseRules.objects.filter(operator=of).order_by("-version").first()
    initial = {
        "text": found.text if found else "",
        "version": found.version if found else 0,
    }
    form = RulesForm(posted(request), initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        if done(
            form,
            lambda: wordings.adopt(
                of, said["text"], version=said["version"], by=by(request), at=now()
            ),
        ):
            return told(request, _("Le règlement est adopté."), _home(of))
    shown = FormShown(
        _("Règlement intérieur"), _("Adopter cette version"),
        Link(_("Revenir aux modèles"), _home(of)),
        _("Il est joint à chaque contrat et accepté par qui signe. Les contrats signés gardent "
          "la version qu’ils portent."),
    )  # fmt: skip
    return form_page(request, form, shown, {"crumbs": [*_crumbs(of), Crumb(shown.title)]})


@page(rule=rules.may_write_for, of=rules.operator_of, methods=WRITING)
def approval(request: HttpRequest, of: Organisation) -> HttpResponse:
    """The prefect's approval to domicile firms."""
    found = Approval.objects.filter(operator=of).first()
    names = ("number", "prefecture", "ends_on")
    initial = {name: getattr(found, name) for name in names} if found else {}
    form = ApprovalForm(posted(request), initial=initial)
    if form.is_valid():
        wordings.approve(of, **form.cleaned_data, by=by(request), at=now())
        return told(request, _("L’agrément est enregistré."), _home(of))
    shown = FormShown(
        _("Agrément de domiciliation"), _("Enregistrer l’agrément"),
        Link(_("Revenir aux modèles"), _home(of)),
        _("Nul ne domicilie d’entreprises sans agrément (C. com., art. L.123-11-3)."),
    )  # fmt: skip
    return form_page(request, form, shown, {"crumbs": [*_crumbs(of), Crumb(shown.title)]})


def _home(of: Organisation) -> str:
    return reverse("contract_texts", args=(of.pk,))


def _crumbs(of: Organisation) -> list[Crumb]:
    return [CONTRACTS, Crumb(of.name, _home(of))]
