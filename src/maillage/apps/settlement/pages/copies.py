"""The copier of a site: prices, codes, files of counters, what waits for its payer."""

from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.settlement import copies_words, import_copies, keep_copies, rules
from maillage.apps.settlement.copies_plan import Plan, plan_of
from maillage.apps.settlement.forms import MatchForm, PageForm, SendCounters
from maillage.apps.settlement.models import (
    CopyCode,
    CopyImport,
    CopyLine,
    CopyPrice,
    ImportState,
)
from maillage.apps.settlement.pages.common import by, crumbs, posted, shown
from maillage.apps.settlement.sheet import Post, Section, Sheet
from maillage.apps.sites.models import Site
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Empty, Link
from maillage.kit.form_pages import WRITING, FormShown, dialog_page, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Cell, Column, Row, Table, money
from maillage.report import french


def _home(site: Site) -> str:
    return reverse("copies", args=(site.pk,))


def _frame(site: Site, title: object) -> dict[str, object]:
    name = _("Copieur {of_site}").format(of_site=french.of(site.name))
    return {"crumbs": crumbs(Crumb(name, _home(site)), Crumb(str(title)))}


@page(rule=rules.may_keep_site, of=rules.sold_of)
def copies(request: HttpRequest, site: Site) -> HttpResponse:
    """What waits, what was imported, what a page costs, whose the codes are."""
    sheet = Sheet(
        _("Copieur {of_site}").format(of_site=french.of(site.name)),
        [_waiting(site), _imports(site), _prices(site), _codes(site)],
        lead=_("Les pages de chacun vont à la facture de qui paie pour lui."),
        acts=[
            Link(_("Importer des compteurs"), reverse("copies_new", args=(site.pk,))),
            Link(_("Fixer le prix d’une page"), reverse("copies_price", args=(site.pk,))),
            Link(_("Attribuer un code"), reverse("copies_match", args=(site.pk,))),
        ],
    )
    return shown(request, sheet)


def _waiting(site: Site) -> Section:
    rows = (
        CopyLine.objects.filter(of__site=site, of__state=ImportState.DONE, charged_at=None)
        .values("code")
        .annotate(mono=Sum("mono_pages"), colour=Sum("colour_pages"))
        .order_by("code")
    )
    columns = (
        Column("code", _("Code inconnu")),
        Column("mono", _("Pages en noir"), is_numeric=True),
        Column("colour", _("Pages en couleur"), is_numeric=True),
        Column("act", _("Acte")),
    )
    address = reverse("copies_match", args=(site.pk,))
    lines = [
        Row(
            {
                "code": row["code"],
                "mono": row["mono"],
                "colour": row["colour"],
                "act": Link(
                    _("Dire à qui est {code}").format(code=row["code"]),
                    f"{address}?{urlencode({'code': row['code']})}",
                ),
            }
        )
        for row in rows
    ]
    return Section(
        "attente",
        _("Pages sans payeur"),
        tables=[Table("codes-inconnus", _("Pages sans payeur"), columns, lines)] if lines else [],
        nothing=None if lines else Empty(_("Toutes les pages importées ont un payeur."), ""),
    )


def _imports(site: Site) -> Section:
    rows = (
        CopyImport.objects.filter(site=site)
        .exclude(state=ImportState.WAITING)
        .annotate(count=Count("lines"))
        .order_by("-at", "-pk")
    )
    columns = (
        Column("name", _("Fichier")),
        Column("count", _("Lignes"), is_numeric=True),
        Column("state", _("État")),
        Column("act", _("Acte")),
    )
    lines = [
        Row(
            {
                "name": one.name,
                "count": one.count,
                "state": f"{ImportState(one.state).label}, {french.day(one.at.date())}",
                "act": _undo_link(one),
            },
            key=str(one.pk),
        )
        for one in rows
    ]
    return Section(
        "imports",
        _("Fichiers importés"),
        tables=[Table("fichiers", _("Fichiers importés"), columns, lines)] if lines else [],
        nothing=None if lines else Empty(_("Aucun fichier importé."), ""),
    )


def _undo_link(of: CopyImport) -> Cell:
    if of.state != ImportState.DONE:
        return ""
    return Link(_("Annuler l’import"), reverse("copies_undo", args=(of.pk,)))


def _prices(site: Site) -> Section:
    columns = (
        Column("from", _("À partir du")),
        Column("mono", _("Page en noir TTC"), is_numeric=True),
        Column("colour", _("Page en couleur TTC"), is_numeric=True),
    )
    lines = [
        Row(
            {
                "from": french.day(one.starts_on),
                "mono": money(one.mono_cents),
                "colour": money(one.colour_cents),
            },
            key=str(one.pk),
        )
        for one in CopyPrice.objects.filter(site=site).order_by("-starts_on")
    ]
    return Section(
        "prix",
        _("Prix d’une page"),
        tables=[Table("prix-pages", _("Prix d’une page"), columns, lines)] if lines else [],
        nothing=None
        if lines
        else Empty(_("Aucun prix."), _("Fixez-le avant d’importer des compteurs.")),
    )


def _codes(site: Site) -> Section:
    rows = CopyCode.objects.filter(site=site).select_related("payer_person", "payer_organisation")
    columns = (Column("code", _("Code")), Column("payer", _("Qui paie")))
    lines = [
        Row(
            {
                "code": one.code,
                "payer": str(one.payer_person or one.payer_organisation),
            },
            key=str(one.pk),
        )
        for one in rows.order_by("code")
    ]
    return Section(
        "codes",
        _("À qui sont les codes"),
        tables=[Table("codes-connus", _("Codes du copieur"), columns, lines)] if lines else [],
        nothing=None if lines else Empty(_("Aucun code attribué."), ""),
    )


@page(rule=rules.may_keep_site, of=rules.sold_of, methods=WRITING)
def new(request: HttpRequest, site: Site) -> HttpResponse:
    """Send a file: its preview follows."""
    form = SendCounters(posted(request), request.FILES or None)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        made: list[CopyImport] = []
        if done(
            form,
            lambda: made.append(
                import_copies.receive(site, sent.name, sent.read(), by=by(request), at=now())
            ),
        ):
            return redirect("copies_import", made[0].pk)
    words = FormShown(
        _("Importer des compteurs"),
        _("Lire le fichier"),
        Link(_("Revenir au copieur"), _home(site)),
        _("Rien n’est facturé avant l’aperçu."),
    )
    return form_page(request, form, words, _frame(site, words.title), "settlement/send.html")


@page(rule=rules.may_keep_site, of=rules.import_of, methods=WRITING)
def preview(request: HttpRequest, of: CopyImport) -> HttpResponse:
    """Every line with what it comes to, every fault; then imported."""
    site, home = of.site, _home(of.site)
    if of.state != ImportState.WAITING:
        return redirect(home)
    if request.method == "POST":
        import_copies.import_copies(of, shown=request.POST.get("lu", ""), by=by(request), at=now())
        return told(request, _("Les compteurs sont importés."), home)
    plan = plan_of(site, of.name, of.text)
    total = french.cents(sum(line.cents for line in plan.lines if line.code_id))
    posts = [
        Post(
            _("Importer et facturer {total}").format(total=total),
            reverse("copies_import", args=(of.pk,)),
            {"lu": plan.digest},
            is_primary=True,
        )
    ]
    sections = [_lines(plan, [] if plan.faults else posts)]
    if plan.faults:
        sections.insert(0, _faults(plan))
    sheet = Sheet(
        _("Aperçu de {name}").format(name=of.name),
        sections,
        lead=_("{lines}. Codes sans payeur : {unknown}.").format(
            lines=french.count(len(plan.lines), _("ligne lue"), _("lignes lues")),
            unknown=french.listed(list(plan.unknown)) or _("aucun"),
        ),
    )
    return shown(
        request, sheet, Crumb(_("Copieur {of_site}").format(of_site=french.of(site.name)), home)
    )


def _faults(plan: Plan) -> Section:
    rows = [Row({"fault": fault}) for fault in plan.faults]
    return Section(
        "erreurs",
        _("À corriger dans le fichier"),
        lead=_("Rien ne s’importe tant qu’une ligne est fausse. Corrigez, puis renvoyez."),
        tables=[Table("fautes", _("Erreurs du fichier"), [Column("fault", _("Erreur"))], rows)],
    )


def _lines(plan: Plan, posts: list[Post]) -> Section:
    columns = (
        Column("code", _("Code")),
        Column("mono", _("Pages en noir"), is_numeric=True),
        Column("colour", _("Pages en couleur"), is_numeric=True),
        Column("amount", _("Montant TTC"), is_numeric=True),
        Column("state", _("Payeur")),
    )
    rows = [
        Row(
            {
                "code": line.counted.code,
                "mono": line.counted.mono_pages,
                "colour": line.counted.colour_pages,
                "amount": money(line.cents),
                "state": _("Connu") if line.code_id else _("Inconnu : à attribuer ensuite"),
            },
            key=str(line.counted.line),
        )
        for line in plan.lines
    ]
    return Section(
        "lignes",
        _("Les lignes"),
        tables=[Table("compteurs", _("Lignes du fichier"), columns, rows)],
        posts=posts,
    )


@page(rule=rules.may_keep_site, of=rules.import_of, methods=WRITING)
def undo(request: HttpRequest, of: CopyImport) -> HttpResponse:
    """Give back all that a file charged."""
    home = _home(of.site)
    if request.method == "POST":
        back = import_copies.undo(of, by=by(request), at=now())
        return told(
            request,
            _("L’import est annulé : {cents} rendus.").format(cents=french.cents(back)),
            home,
        )
    dialog = Dialog(
        _("Annuler l’import de {name} ?").format(name=of.name),
        _("Chaque copie facturée sera rendue par un avoir. Le fichier pourra être renvoyé."),
        _("Annuler l’import"),
        Link(_("Le garder"), home),
    )
    return dialog_page(request, dialog, _frame(of.site, of.name))


@page(rule=rules.may_keep_site, of=rules.sold_of, methods=WRITING)
def price(request: HttpRequest, site: Site) -> HttpResponse:
    """What a page costs from a day on."""
    form = PageForm(posted(request), initial={"starts_on": now().date()})
    if form.is_valid() and done(
        form, lambda: keep_copies.set_price(site, form.price(), by=by(request), at=now())
    ):
        return told(request, _("Le prix est fixé."), _home(site))
    words = FormShown(
        _("Fixer le prix d’une page"),
        _("Fixer le prix"),
        Link(_("Revenir au copieur"), _home(site)),
        _("Les pages déjà facturées gardent leur prix."),
    )
    return form_page(request, form, words, _frame(site, words.title))


@page(rule=rules.may_keep_site, of=rules.sold_of, methods=WRITING)
def match(request: HttpRequest, site: Site) -> HttpResponse:
    """Whose a code is: its pages that waited are charged."""
    offered = copies_words.payers(site)
    form = MatchForm(
        posted(request), payers=offered.names, initial={"code": request.GET.get("code", "")}
    )
    if form.is_valid():
        said = form.cleaned_data
        payer = offered.of(said["payer"])
        charged: list[int] = []
        if done(
            form,
            lambda: charged.append(
                keep_copies.match(site, said["code"], payer, by=by(request), at=now())
            ),
        ):
            words = _("Le code est attribué. Lignes mises à facturer : {n}.")
            return told(request, words.format(n=charged[0]), _home(site))
    words_of_form = FormShown(
        _("Attribuer un code"),
        _("Attribuer le code"),
        Link(_("Revenir au copieur"), _home(site)),
        site.name,
    )
    return form_page(request, form, words_of_form, _frame(site, words_of_form.title))
