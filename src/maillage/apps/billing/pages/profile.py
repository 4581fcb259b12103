"""How a body invoices, what its invoices say of a payer, where its numbers go on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.billing import resume_series, rules, set_payer, set_profile
from maillage.apps.billing.forms import PayerForm, ProfileForm, ResumeSeries
from maillage.apps.billing.models import BillingProfile
from maillage.apps.billing.pages.month import BILLING
from maillage.apps.billing.set_profile import Described
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import Organisation
from maillage.apps.tariffs.form_page import posted
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.form_pages import WRITING, FormShown, done, form_page, told
from maillage.kit.pages import page
from maillage.report import french

To = tuple[Organisation, Payer]


def _payer_of(person: Any, pk: int, who: str, payer: int) -> To:
    operator = rules.issuer_of(person, pk)
    return operator, rules.payer_of(operator, who, payer)


def _may_describe(person: Any, of: To) -> bool:
    return rules.may_issue(person, of[0])


@page(rule=rules.may_issue, of=rules.issuer_of, methods=WRITING)
def profile(request: HttpRequest, of: Organisation) -> HttpResponse:
    """Identity, VAT, terms, account of a body."""
    held = BillingProfile.objects.filter(operator=of).first() or set_profile.begun(of)
    form = ProfileForm(posted(request), initial=_initial(held, ProfileForm))

    def act() -> None:
        said = Described(form.columns())
        version = form.cleaned_data["version"]
        set_profile.set_profile(of, said, version=version, by=request.user.pk, at=now())

    back = f"{reverse('billing')}?organisme={of.pk}"
    if form.is_valid() and done(form, act):
        return told(request, _("Le profil de facturation est enregistré."), back)
    words = FormShown(
        title=_("Profil de facturation {of_name}").format(of_name=french.of(of.name)),
        act=_("Enregistrer le profil"),
        keep=Link(_("Revenir à la facturation"), back),
        lead=_("Ce que ses factures disent d’elle-même ; celles déjà émises ne changent pas."),
    )
    return form_page(request, form, words, {"crumbs": [BILLING, Crumb(_("Profil"))]})


@page(rule=_may_describe, of=_payer_of, methods=WRITING)
def payer(request: HttpRequest, of: To) -> HttpResponse:
    """What the invoices of a body say of a payer."""
    operator, payer = of
    held = set_payer.begun(operator, payer)
    form = PayerForm(posted(request), initial=_initial(held, PayerForm))

    def act() -> None:
        version = form.cleaned_data["version"]
        set_payer.set_payer(
            operator, payer, form.columns(), version=version, by=request.user.pk, at=now()
        )

    back = f"{reverse('billing')}?organisme={operator.pk}"
    if form.is_valid() and done(form, act):
        return told(request, _("Les coordonnées sont enregistrées."), back)
    words = FormShown(
        title=_("Facturer {name}").format(name=rules.name_of(payer)),
        act=_("Enregistrer les coordonnées"),
        keep=Link(_("Revenir à la facturation"), back),
        lead=_("Écrit sur les factures {of_name} à venir.").format(
            of_name=french.of(operator.name)
        ),
    )
    return form_page(request, form, words, {"crumbs": [BILLING, Crumb(_("Coordonnées"))]})


@page(rule=rules.may_issue, of=rules.issuer_of, methods=WRITING)
def series(request: HttpRequest, of: Organisation) -> HttpResponse:
    """Go on after numbers known outside."""
    form = ResumeSeries(posted(request))

    def act() -> None:
        said = form.cleaned_data
        resume_series.resume(
            of, said["kind"], said["after"], said["reason"], by=request.user.pk, at=now()
        )

    back = f"{reverse('billing')}?organisme={of.pk}"
    if form.is_valid() and done(form, act):
        return told(request, _("La série continue après ce numéro."), back)
    words = FormShown(
        title=_("Reprendre une série de numéros {of_name}").format(of_name=french.of(of.name)),
        act=_("Continuer après ce numéro"),
        keep=Link(_("Revenir à la facturation"), back),
        lead=_(
            "Après une restauration, ou en venant d’un autre logiciel : les numéros déjà remis à "
            "des clients ne sont jamais redonnés."
        ),
    )
    return form_page(request, form, words, {"crumbs": [BILLING, Crumb(_("Série"))]})


def _initial(held: Any, form: type) -> dict[str, Any]:
    names: dict[str, Any] = form.base_fields  # type: ignore[attr-defined]
    return {name: getattr(held, name) for name in names}
