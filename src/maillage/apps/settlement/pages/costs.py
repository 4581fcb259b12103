"""The shared costs of a site: what was paid, the keys, the statement, who owes whom."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.settlement import (
    cost_share,
    cost_words,
    issue_costs,
    keep_costs,
    keep_resources,
    rules,
)
from maillage.apps.settlement.cost_share import Shared
from maillage.apps.settlement.forms import CostForm, KeyForm, ResourceForm, Times
from maillage.apps.settlement.models import (
    CostItem,
    CostKind,
    CostStatement,
    ResourceKind,
    SiteResource,
)
from maillage.apps.settlement.models.costs import ResourceState
from maillage.apps.settlement.pages.common import (
    by,
    crumbs,
    posted,
    shown,
)
from maillage.apps.settlement.pages.cost_statements import statement_row, statements_table
from maillage.apps.settlement.sheet import Section, Sheet
from maillage.apps.sites.models import Site
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Empty, Link, Share
from maillage.kit.form_pages import WRITING, FormShown, dialog_page, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table, money
from maillage.report import french

# the colours of payers are those of the plan
CODES = {
    OrganisationKind.EPCI: "epci",
    OrganisationKind.COMMUNE: "communes",
    OrganisationKind.EMPLOYER: "employers",
    OrganisationKind.COMPANY: "employers",
    OrganisationKind.SHOP: "employers",
    OrganisationKind.ASSOCIATION: "users",
}
OTHER = "grants"


@page(rule=rules.may_keep_site, of=rules.site_of)
def costs(request: HttpRequest, site: Site) -> HttpResponse:
    """What waits to be shared, by which key, what was issued, what else comes in."""
    times = issue_costs.times_of(site)
    shared = cost_share.read(site, *times) if times else None
    sections = [_waiting(site, shared), _keys(site), _statements(site), _resources(site)]
    sheet = Sheet(
        _("Frais partagés {of_site}").format(of_site=french.of(site.name)),
        sections,
        lead=_("Qui a payé quoi, par quelle clé c’est partagé, qui doit à qui."),
        acts=[
            Link(_("Noter une dépense"), reverse("cost_new", args=(site.pk,))),
            Link(_("Voter une clé"), reverse("cost_key_new", args=(site.pk,))),
            Link(_("Noter une ressource"), reverse("resource_new", args=(site.pk,))),
        ],
    )
    return shown(request, sheet)


def _waiting(site: Site, shared: Shared | None) -> Section:
    title = _("À partager")
    if shared is None:
        return Section(
            "a-partager",
            title,
            nothing=Empty(
                _("Aucune dépense à partager."),
                _("Notez ce que chacun a payé pour le lieu : énergie, temps d’agent, travaux."),
            ),
        )
    said = cost_words.words(site, shared)
    columns = (
        Column("label", _("Dépense")),
        Column("kind", _("Nature")),
        Column("payer", _("Payée par")),
        Column("amount", _("Montant"), is_numeric=True),
        Column("key", _("Clé")),
        Column("act", _("Acte")),
    )
    rows = [
        Row(
            {
                "label": line.label,
                "kind": CostKind(line.kind).label,
                "payer": said.bodies[line.payer_id],
                "amount": money(line.amount_cents),
                "key": said.keys[line.key_id or 0] if line.parts else _("Aucune, ou sans usage"),
                "act": Link(_("Retirer"), reverse("cost_remove", args=(line.item_id,))),
            },
            key=str(line.item_id),
        )
        for line in shared.lines
    ]
    issue = f"{reverse('cost_issue', args=(site.pk,))}?first={shared.first}&last={shared.last}"
    return Section(
        "a-partager",
        title,
        tables=[Table("depenses", _("Dépenses à partager"), columns, rows), *parts(shared, said)],
        shares=paid_shares(shared),
        caption=_("Qui a payé"),
        acts=[Link(_("Émettre le décompte"), issue)],
    )


def parts(shared: Shared, said: cost_words.Words) -> list[Table]:
    """Each body's part, then who owes whom."""
    if not shared.by_body:
        return []
    columns = (
        Column("body", _("Organisme")),
        Column("part", _("Sa part"), is_numeric=True),
        Column("paid", _("A payé"), is_numeric=True),
        Column("balance", _("Solde"), is_numeric=True),
    )
    rows = [
        Row(dict(zip(("body", "part", "paid", "balance"), line, strict=True)))
        for line in cost_words.by_body_rows(shared, said)
    ]
    return [Table("parts", _("Par organisme"), columns, rows, is_captioned=True)]


def paid_shares(shared: Shared) -> list[Share]:
    """Who paid, drawn in the colours of the plan."""
    of = shared.by_body
    rows = Organisation.objects.filter(pk__in=of).order_by("pk")
    return [
        Share(
            CODES.get(OrganisationKind(body.kind), OTHER),
            body.name,
            of[body.pk][1],
            french.cents(of[body.pk][1]),
        )
        for body in rows
        if of[body.pk][1]
    ]


def _keys(site: Site) -> Section:
    columns = (
        Column("kind", _("Dépenses")),
        Column("key", _("Clé")),
        Column("from", _("À partir du")),
        Column("weights", _("Partenaires")),
    )
    rows = [
        Row(
            {
                "kind": CostKind(key.kind).label,
                "key": cost_words.key_words(key),
                "from": french.day(key.starts_on),
                "weights": french.listed(
                    [
                        f"{one.organisation.name} ({cost_words.weight(key.basis, one.weight)})"
                        for one in key.weights.all()
                    ]
                ),
            },
            key=str(key.pk),
        )
        for key in cost_share.keys_of(site)
    ]
    return Section(
        "cles",
        _("Les clés votées"),
        tables=[Table("cles-votees", _("Clés de partage"), columns, rows)] if rows else [],
        nothing=None
        if rows
        else Empty(_("Aucune clé votée."), _("Une clé dit comment se partage chaque nature.")),
    )


def _statements(site: Site) -> Section:
    rows = CostStatement.objects.filter(site=site).order_by("-last", "-n")
    lines = [statement_row(one) for one in rows]
    return Section(
        "decomptes",
        _("Décomptes émis"),
        tables=[statements_table(lines)] if lines else [],
        nothing=None if lines else Empty(_("Aucun décompte émis."), ""),
    )


def _resources(site: Site) -> Section:
    columns = (
        Column("label", _("Ressource")),
        Column("kind", _("Type")),
        Column("amount", _("Montant"), is_numeric=True),
        Column("source", _("Source")),
        Column("state", _("État")),
        Column("act", _("Acte")),
    )
    found = SiteResource.objects.filter(site=site, removed_at=None).order_by("-on", "pk")
    rows = [
        Row(
            {
                "label": one.label,
                "kind": ResourceKind(one.kind).label,
                "amount": money(one.amount_cents),
                "source": one.source,
                "state": f"{ResourceState(one.state).label}, {french.day(one.on)}",
                "act": Link(_("Retirer"), reverse("resource_remove", args=(one.pk,))),
            },
            key=str(one.pk),
        )
        for one in found
    ]
    return Section(
        "ressources",
        _("Autres ressources du lieu"),
        tables=[Table("ressources-notees", _("Ressources"), columns, rows)] if rows else [],
        nothing=None
        if rows
        else Empty(_("Aucune autre ressource notée."), _("Financement participatif, don…")),
        note=_("Notées pour les comptes du lieu ; rien n’est encaissé ici."),
    )


def partners(site: Site) -> list[Organisation]:
    """Who may share the costs of a site: its bodies, its holders, employers, earlier partners."""
    of_site = [pk for pk in (site.operator_id, site.collector_id) if pk]
    wanted = (
        Q(pk__in=of_site)
        | Q(sites_held__site=site)
        | Q(cost_parts__line__item__site=site)
        | Q(territory_siren=site.territory_id, kind__in=_PARTNERS)
    )
    return list(Organisation.objects.filter(wanted).distinct().order_by("name", "pk"))


_PARTNERS = (
    OrganisationKind.EPCI,
    OrganisationKind.COMMUNE,
    OrganisationKind.PNR,
    OrganisationKind.EMPLOYER,
    OrganisationKind.COMPANY,
    OrganisationKind.ASSOCIATION,
)


def _home(site: Site) -> str:
    return reverse("costs", args=(site.pk,))


def _frame(site: Site, title: object) -> dict[str, object]:
    return {"crumbs": crumbs(Crumb(site.name, _home(site)), Crumb(str(title)))}


@page(rule=rules.may_keep_site, of=rules.site_of, methods=WRITING)
def new(request: HttpRequest, site: Site) -> HttpResponse:
    """Note a cost."""
    form = CostForm(posted(request), bodies=partners(site), initial={"kind": "operation"})
    if form.is_valid() and done(
        form, lambda: keep_costs.enter(site, form.cost(), by=by(request), at=now())
    ):
        return told(request, _("La dépense est notée."), _home(site))
    words = FormShown(
        _("Noter une dépense"),
        _("Noter la dépense"),
        Link(_("Revenir aux frais"), _home(site)),
        site.name,
    )
    return form_page(request, form, words, _frame(site, words.title))


@page(rule=rules.may_keep_site, of=rules.site_of, methods=WRITING)
def key(request: HttpRequest, site: Site) -> HttpResponse:
    """Vote a key: the shares of holders are proposed."""
    held = dict(site.holders.values_list("organisation", "share_bp"))
    form = KeyForm(
        posted(request),
        partners=partners(site),
        weights=held,
        initial={"kind": "operation", "basis": "fixed"},
    )
    if form.is_valid() and done(
        form, lambda: keep_costs.vote_key(site, form.voted(), by=by(request), at=now())
    ):
        return told(request, _("La clé est notée."), _home(site))
    words = FormShown(
        _("Voter une clé de partage"),
        _("Noter la clé"),
        Link(_("Revenir aux frais"), _home(site)),
        _(
            "Parts fixes : des pourcentages qui font 100. Places engagées : un nombre de places. "
            "Demi-journées utilisées : écrivez 0 pour chaque partenaire qui partage. Laissez vide "
            "qui ne partage pas."
        ),
    )
    return form_page(request, form, words, _frame(site, words.title))


@page(rule=rules.may_keep_site, of=rules.site_of, methods=WRITING)
def issue(request: HttpRequest, site: Site) -> HttpResponse:
    """Say who owes whom, then issue."""
    times = Times(request.POST if request.method == "POST" else request.GET)
    span = _span(site, times)
    shared = cost_share.read(site, *span)
    if request.method == "POST":
        if request.POST.get("lu") != shared.digest:
            raise issue_costs.CostsChanged
        body = rules.body_for(request.user, site)
        made = issue_costs.issue(site, shared, body, by=by(request), at=now())
        return told(
            request,
            _("Décompte {number} émis.").format(number=made.number),
            reverse("cost_statement", args=(made.pk,)),
        )
    said = cost_words.words(site, shared)
    dialog = Dialog(
        _("Émettre le décompte {of_site} ?").format(of_site=french.of(site.name)),
        _("{total} partagés. {transfers} Le décompte ne changera plus.").format(
            total=french.cents(shared.total_cents), transfers=owed_words(shared, said.bodies)
        ),
        _("Émettre le décompte"),
        Link(_("Relire d’abord"), _home(site)),
        fields={"lu": shared.digest, "first": str(span[0]), "last": str(span[1])},
    )
    return dialog_page(request, dialog, _frame(site, _("Émettre")))


def _span(site: Site, times: Times) -> tuple[date, date]:
    if times.is_valid():
        return times.cleaned_data["first"], times.cleaned_data["last"]
    today = now().date()
    return issue_costs.times_of(site) or (today, today)


def owed_words(shared: Shared, found: Mapping[int, str]) -> str:
    """« Le parc doit 33,33 € à la CC. »"""
    return " ".join(
        _("{debtor} doit {amount} à {creditor}.").format(
            debtor=found[one.debtor_id],
            creditor=found[one.creditor_id],
            amount=french.cents(one.cents),
        )
        for one in shared.transfers
    ) or _("Personne ne doit rien à personne.")


@page(rule=rules.may_keep_site, of=rules.item_of, methods=WRITING)
def remove(request: HttpRequest, of: CostItem) -> HttpResponse:
    """Take a cost back."""
    home = _home(of.site)
    if request.method == "POST":
        keep_costs.remove(of, by=by(request), at=now())
        return told(request, _("La dépense est retirée."), home)
    dialog = Dialog(
        _("Retirer « {label} » ?").format(label=of.label),
        _("{amount} ne seront plus partagés. Vous pourrez la noter de nouveau.").format(
            amount=french.cents(of.amount_cents)
        ),
        _("Retirer la dépense"),
        Link(_("La garder"), home),
    )
    return dialog_page(request, dialog, _frame(of.site, of.label))


@page(rule=rules.may_keep_site, of=rules.site_of, methods=WRITING)
def resource(request: HttpRequest, site: Site) -> HttpResponse:
    """Note money that comes from elsewhere."""
    form = ResourceForm(posted(request), initial={"on": now().date()})
    if form.is_valid() and done(
        form, lambda: keep_resources.enter(site, form.resource(), by=by(request), at=now())
    ):
        return told(request, _("La ressource est notée."), _home(site))
    words = FormShown(
        _("Noter une ressource"),
        _("Noter la ressource"),
        Link(_("Revenir aux frais"), _home(site)),
        _("Une collecte participative, une monnaie locale, un don : le montant et sa source."),
    )
    return form_page(request, form, words, _frame(site, words.title))


@page(rule=rules.may_keep_site, of=rules.resource_of, methods=WRITING)
def resource_remove(request: HttpRequest, of: SiteResource) -> HttpResponse:
    """Take a resource back."""
    home = _home(of.site)
    if request.method == "POST":
        keep_resources.remove(of, by=by(request), at=now())
        return told(request, _("La ressource est retirée."), home)
    dialog = Dialog(
        _("Retirer « {label} » ?").format(label=of.label),
        _("Elle ne comptera plus dans les ressources du lieu."),
        _("Retirer la ressource"),
        Link(_("La garder"), home),
    )
    return dialog_page(request, dialog, _frame(of.site, of.label))
