"""Shops: what is agreed, the quarter that comes, its statement, its payment."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.settlement import (
    agree_host,
    host_share,
    host_words,
    invoice_host,
    issue_host,
    pay_host,
    rules,
)
from maillage.apps.settlement.forms import EndDay, HostForm, Paid
from maillage.apps.settlement.models import HostAgreement, HostPayment, HostStatement
from maillage.apps.settlement.pages.common import (
    HOME,
    by,
    crumbs,
    documents,
    posted,
    shown,
    stored_file,
)
from maillage.apps.settlement.sheet import Post, Section, Sheet
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Empty, Link
from maillage.kit.form_pages import POST, WRITING, FormShown, dialog_page, done, form_page, told
from maillage.kit.pages import page, signed_in
from maillage.kit.tables import Cell, Column, Row, Table, money
from maillage.report import french

HOSTS = (OrganisationKind.SHOP, OrganisationKind.COMPANY, OrganisationKind.ASSOCIATION)


@page(rule=rules.may_see, methods=WRITING)
def new(request: HttpRequest) -> HttpResponse:
    """Agree with a shop."""
    sites = list(rules.sold(request.user).order_by("name"))
    registers = {site.territory_id for site in sites}
    shops = Organisation.objects.filter(territory_siren__in=registers, kind__in=HOSTS)
    form = HostForm(
        posted(request), sites=sites, shops=shops.order_by("name"), initial={"rule": "share"}
    )
    if form.is_valid():
        said = form.cleaned_data
        site, shop = form.sites[said["site"]], form.shops[said["shop"]]
        if done(form, lambda: agree_host.agree(site, shop, form.terms(), by=by(request), at=now())):
            return told(request, _("La convention est notée."), HOME)
    words = FormShown(
        _("Convention avec un commerce hôte"),
        _("Noter la convention"),
        Link(_("Revenir aux reversements"), HOME),
        _("Chaque trimestre, un relevé dit au commerce sa part de ce que le lieu a vendu."),
    )
    return form_page(request, form, words, {"crumbs": crumbs(Crumb(words.title))})


@page(rule=rules.may_keep_agreement, of=rules.agreement_of)
def agreement(request: HttpRequest, of: HostAgreement) -> HttpResponse:
    """The quarter that comes, and the statements issued."""
    quarter = host_share.next_due(of)
    share = host_share.read(of, quarter) if host_share.is_owed(of, quarter) else None
    sections = []
    if share is not None:
        is_over = issue_host.is_over(share.last, of.site.zone, now())
        sections.append(
            Section(
                "trimestre",
                _("{quarter}, d’après le grand livre").format(quarter=host_words.quarter(share)),
                lead=host_words.what_next(of, share),
                facts=host_words.figures(of, share),
                acts=[Link(_("Émettre le relevé"), reverse("host_issue", args=(of.pk,)))]
                if is_over
                else [],
                note=""
                if is_over
                else _("Le trimestre finit le {day} : le relevé s’émet ensuite.").format(
                    day=french.day(share.last)
                ),
            )
        )
    sections.append(_issued(of))
    end = Link(_("Mettre fin"), reverse("host_end", args=(of.pk,)))
    return shown(
        request,
        Sheet(
            _("{shop} à {site}").format(shop=of.shop.name, site=of.site.name),
            sections,
            lead=_("{rule}, depuis le {day} ({reference}).").format(
                rule=host_words.rule(of), day=french.day(of.starts_on), reference=of.reference
            ),
            acts=[end] if of.ends_on is None else [],
        ),
    )


def _issued(of: HostAgreement) -> Section:
    standing = Prefetch("payments", HostPayment.objects.filter(removed_at=None))
    rows = of.statements.order_by("-quarter").prefetch_related(standing)
    columns = (
        Column("number", _("Relevé")),
        Column("quarter", _("Trimestre")),
        Column("pay", _("À reverser TTC"), is_numeric=True),
        Column("paid", _("Paiement")),
        Column("act", _("Acte")),
    )
    lines = [
        Row(
            {
                "number": Link(one.number, reverse("host_statement", args=(one.pk,))),
                "quarter": host_words.quarter(one),
                "pay": money(one.to_pay_cents),
                "paid": paid_words(one),
                "act": _pay_link(one),
            },
            key=str(one.pk),
        )
        for one in rows
    ]
    return Section(
        "releves",
        _("Relevés émis"),
        tables=[Table("releves-emis", _("Relevés émis"), columns, lines)] if lines else [],
        nothing=None if lines else Empty(_("Aucun relevé émis."), ""),
        note=_("Un relevé émis ne change pas : une correction vient au suivant."),
    )


def paid_words(of: HostStatement) -> str:
    """« Payé le 5 avril 2027 », « À payer », « Rien à payer »."""
    if not of.to_pay_cents:
        return _("Rien à payer")
    payments = list(of.payments.all())
    if not payments:
        return _("À payer")
    return _("Payé le {day}").format(day=french.day(payments[0].paid_on))


def _pay_link(of: HostStatement) -> Cell:
    if not of.to_pay_cents or of.payments.all():
        return ""
    return Link(_("Noter le paiement"), reverse("host_pay", args=(of.pk,)))


@page(rule=rules.may_keep_agreement, of=rules.agreement_of, methods=WRITING)
def issue(request: HttpRequest, of: HostAgreement) -> HttpResponse:
    """Say the amount, then issue."""
    home = reverse("host_agreement", args=(of.pk,))
    if request.method == "POST":
        made = issue_host.issue(of, shown=request.POST.get("lu", ""), by=by(request), at=now())
        return told(
            request,
            _("Relevé {number} émis : {amount}.").format(
                number=made.number, amount=french.cents(made.to_pay_cents)
            ),
            home,
        )
    quarter = host_share.next_due(of)
    if not host_share.is_owed(of, quarter):
        raise issue_host.NothingDue
    share = host_share.read(of, quarter)
    dialog = Dialog(
        _("Émettre le relevé de {shop} ?").format(shop=of.shop.name),
        _("{quarter} : {amount} à reverser. {next} Le relevé ne changera plus.").format(
            quarter=host_words.quarter(share),
            amount=french.cents(share.due_cents + share.tax_cents),
            next=host_words.what_next(of, share),
        ),
        _("Émettre le relevé"),
        Link(_("Relire d’abord"), home),
        fields={"lu": share.digest},
    )
    return dialog_page(request, dialog, {"crumbs": crumbs(Crumb(of.shop.name, home))})


@page(rule=rules.may_keep_agreement, of=rules.agreement_of, methods=WRITING)
def end(request: HttpRequest, of: HostAgreement) -> HttpResponse:
    """From a day on nothing is shared."""
    home = reverse("host_agreement", args=(of.pk,))
    form = EndDay(posted(request))
    if form.is_valid():
        on = form.cleaned_data["on"]
        if done(form, lambda: agree_host.end(of, on, by=by(request), at=now())):
            return told(request, _("La convention a une fin."), home)
    words = FormShown(
        _("Mettre fin à la convention"),
        _("Mettre fin"),
        Link(_("La garder"), home),
        _("Les jours d’avant seront encore partagés, sur un dernier relevé."),
    )
    frame = {"crumbs": crumbs(Crumb(of.shop.name, home), Crumb(words.title))}
    return form_page(request, form, words, frame)


@page(rule=rules.may_keep_agreement, of=rules.statement_of)
def statement(request: HttpRequest, of: HostStatement) -> HttpResponse:
    """A statement as issued."""
    of_agreement = of.agreement
    home = reverse("host_agreement", args=(of_agreement.pk,))
    paid = of.payments.filter(removed_at=None).first()
    acts, posts = [], []
    if paid is not None:
        posts.append(
            Post(_("Annuler ce paiement"), reverse("host_unpay", args=(of.pk,)), detail=of.number)
        )
    elif of.to_pay_cents:
        acts.append(Link(_("Noter le paiement"), reverse("host_pay", args=(of.pk,))))
    if of.charge_id is not None and invoice_host.of_statement(of) is None:
        acts.append(Link(_("Émettre sa facture"), reverse("host_invoice", args=(of.pk,))))
    state = _("Payé le {day}. {reference}").format(
        day=french.day(paid.paid_on), reference=paid.reference
    ) if paid else paid_words(of)  # fmt: skip
    sections = [
        Section(
            "calcul",
            _("Le calcul"),
            lead=host_words.what_next(of_agreement, of),
            facts=host_words.figures(of_agreement, of),
            documents=documents("host_statement_file", of.pk, of.files, _("Relevé")),
        ),
        Section("paiement", _("Le paiement"), lead=state, acts=acts, posts=posts),
    ]
    sheet = Sheet(
        _("Relevé {number}").format(number=of.number),
        sections,
        lead=f"{of_agreement.shop.name}, {host_words.quarter(of)}",
    )
    return shown(request, sheet, Crumb(of_agreement.shop.name, home))


@page(rule=signed_in)
def statement_file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Its PDF, for the collector and for the shop; 404 for anybody else."""
    of = rules.read_statement_of(request.user, pk)
    return stored_file(of.folder, of.files, name)


@page(rule=rules.may_keep_agreement, of=rules.statement_of, methods=WRITING)
def pay(request: HttpRequest, of: HostStatement) -> HttpResponse:
    """Note the day of the transfer."""
    home = reverse("host_statement", args=(of.pk,))
    form = Paid(posted(request), initial={"paid_on": now().date()})
    if form.is_valid():
        said = form.cleaned_data
        if done(
            form,
            lambda: pay_host.pay(of, said["paid_on"], said["reference"], by=by(request), at=now()),
        ):
            return told(request, _("Le paiement est noté : le commerce le voit."), home)
    words = FormShown(
        _("Noter le paiement de {amount}").format(amount=french.cents(of.to_pay_cents)),
        _("Noter le paiement"),
        Link(_("Revenir au relevé"), home),
        of.agreement.shop.name,
    )
    frame = {"crumbs": crumbs(Crumb(of.number, home), Crumb(words.title))}
    return form_page(request, form, words, frame)


@page(rule=rules.may_keep_agreement, of=rules.statement_of, methods=POST)
def unpay(request: HttpRequest, of: HostStatement) -> HttpResponse:
    """Think better of it."""
    pay_host.unpay(of, by=by(request), at=now())
    return told(request, _("Le paiement est annulé."), reverse("host_statement", args=(of.pk,)))


@page(rule=rules.may_host)
def part(request: HttpRequest) -> HttpResponse:
    """What the shopkeeper is owed: her quarter as it stands, her statements, their payment."""
    rows = list(rules.hosted(request.user).order_by("site__name", "-starts_on"))
    sections = [section for of in rows for section in _of_host(of)]
    nothing = Section(
        "part",
        _("Votre part"),
        nothing=Empty(
            _("Aucune convention n’est notée pour votre commerce."),
            _("L’organisme qui encaisse pour le lieu la note ; votre part s’affiche ensuite ici."),
        ),
    )
    sheet = Sheet(
        _("Votre part"),
        sections or [nothing],
        lead=_("Ce que le lieu vend, ce qui vous revient, quand vous êtes payé."),
    )
    frame = {"crumbs": [Crumb(_("Aujourd’hui"), reverse("counter")), Crumb(sheet.title)]}
    return render(request, "settlement/sheet.html", {**frame, "sheet": sheet})


def _of_host(of: HostAgreement) -> list[Section]:
    found = []
    quarter = host_share.next_due(of)
    if host_share.is_owed(of, quarter):
        share = host_share.read(of, quarter)
        found.append(
            Section(
                f"part-{of.pk}",
                _("{site}, {quarter} en cours").format(
                    site=of.site.name, quarter=host_words.quarter(share)
                ),
                facts=host_words.figures(of, share),
                note=_("Provisoire jusqu’à la fin du trimestre. Personne n’est nommé."),
            )
        )
    standing = Prefetch("payments", HostPayment.objects.filter(removed_at=None))
    rows = list(of.statements.order_by("-quarter").prefetch_related(standing))
    columns = (
        Column("quarter", _("Trimestre")),
        Column("pay", _("Votre part TTC"), is_numeric=True),
        Column("paid", _("Paiement")),
        Column("file", _("Relevé")),
    )
    lines = [
        Row(
            {
                "quarter": host_words.quarter(one),
                "pay": money(one.to_pay_cents),
                "paid": paid_words(one),
                "file": Link(
                    _("{number}, PDF").format(number=one.number),
                    reverse("host_statement_file", args=(one.pk, issue_host.PDF)),
                ),
            },
            key=str(one.pk),
        )
        for one in rows
    ]
    if lines:
        title = _("Relevés {of_site}").format(of_site=french.of(of.site.name))
        found.append(
            Section(
                f"releves-{of.pk}", title, tables=[Table(f"liste-{of.pk}", title, columns, lines)]
            )
        )
    return found
