"""Between bodies: what is agreed, what a month comes to, accepting it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation
from maillage.apps.settlement import accept_pair, agree_bodies, pair_month, rules
from maillage.apps.settlement.forms import EndMonth, PairForm
from maillage.apps.settlement.models import (
    BodyAgreement,
    PairAcceptance,
    PairSettlement,
    Rule,
)
from maillage.apps.settlement.pages.common import (
    HOME,
    by,
    crumbs,
    names,
    posted,
    shown,
)
from maillage.apps.settlement.pair_month import Month, Pair
from maillage.apps.settlement.sheet import Post, Section, Sheet
from maillage.apps.sites.bodies import bodies
from maillage.apps.sites.models import ALL_BP, Site
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.form_pages import POST, WRITING, FormShown, dialog_page, done, form_page, told
from maillage.kit.pages import month_of, page
from maillage.kit.tables import Column, Row, Table, money
from maillage.report import french, moments

HUNDRED = 100


@dataclass(frozen=True)
class Named:
    """A month of a pair, and in whose name she reads it."""

    month: date
    pair: Pair
    body_id: int

    @property
    def parts(self) -> tuple[int, int, str]:
        """Of its address."""
        return (*self.pair, f"{self.month:%Y-%m}")


def named_of(person: Any, first: int, second: int, month: str) -> Named:
    """One of the pair is hers, else 404."""
    if first >= second:
        raise Http404(first)
    return Named(month_of(month), (first, second), rules.pair_body(person, first, second))


def may_answer(person: Any, of: Named) -> bool:
    """In the name of one of the two."""
    return of.body_id in rules.own(person)


@page(rule=rules.may_see, methods=WRITING)
def new(request: HttpRequest) -> HttpResponse:
    """Agree with another body."""
    own = bodies(request.user, rules.ACT)
    registers = {body.territory_siren for body in own}
    others = Organisation.objects.filter(
        territory_siren__in=registers, sites_operated__isnull=False
    )
    form = PairForm(
        posted(request),
        own=own,
        others=others.distinct().order_by("name"),
        initial={"rule": Rule.PUBLIC, "other": request.GET.get("avec", "")},
    )
    if form.is_valid():
        one, other = form.bodies[form.cleaned_data["one"]], form.bodies[form.cleaned_data["other"]]
        if done(
            form, lambda: agree_bodies.agree(one, other, form.terms(), by=by(request), at=now())
        ):
            return told(request, _("L’accord est noté, dans les deux sens."), HOME)
    words = FormShown(
        _("Accord entre organismes"),
        _("Noter l’accord"),
        Link(_("Revenir aux reversements"), HOME),
        _("Ce que vaut une journée quand l’abonné de l’un vient dans un lieu de l’autre."),
    )
    return form_page(request, form, words, {"crumbs": crumbs(Crumb(words.title))})


@page(rule=rules.may_keep_pair, of=rules.pair_agreement_of, methods=WRITING)
def end(request: HttpRequest, of: BodyAgreement) -> HttpResponse:
    """From a month on nothing is owed."""
    form = EndMonth(posted(request))
    if form.is_valid():
        on = form.cleaned_data["on"]
        if done(form, lambda: agree_bodies.end(of, on, by=by(request), at=now())):
            return told(request, _("L’accord a une fin."), HOME)
    words = FormShown(
        _("Mettre fin à l’accord entre {one} et {other}").format(
            one=of.first_body.name, other=of.second_body.name
        ),
        _("Mettre fin"),
        Link(_("Le garder"), HOME),
        _("Les mois d’avant restent à régler. Ensuite, les journées seront « sans accord »."),
    )
    return form_page(request, form, words, {"crumbs": crumbs(Crumb(words.title))})


@page(rule=may_answer, of=named_of)
def month(request: HttpRequest, of: Named) -> HttpResponse:
    """The detail behind one line: each way, each site, the net."""
    frozen = (
        PairSettlement.objects.filter(month=of.month, first_body=of.pair[0], second_body=of.pair[1])
        .prefetch_related("lines")
        .first()
    )
    found = None if frozen else pair_month.of_pair(of.month, of.pair)
    lines: list[Any] = list(frozen.lines.all()) if frozen else list(found.ways if found else ())
    said = names(set(of.pair))
    if len(said) < len(of.pair):
        raise Http404(of.pair)
    net = frozen.net_cents if frozen else found.net_cents if found else 0
    sections = [
        Section(
            "detail",
            _("Le détail"),
            lead=net_words(net, of.pair, said),
            tables=[_lines_table(lines, said)],
            note=_("Journées comptées au jour de l’usage ; personne n’est nommé."),
        ),
        _state(of, frozen, found, said),
    ]
    title = _("{one} et {other}, {month}").format(
        one=said[of.pair[0]], other=said[of.pair[1]], month=moments.month(of.month)
    )
    return shown(request, Sheet(title, sections))


def _lines_table(lines: list[Any], said: dict[int, str]) -> Table:
    sites = dict(
        Site.objects.filter(pk__in=[line.site_id for line in lines]).values_list("pk", "name")
    )
    columns = (
        Column("seller", _("Abonnés de")),
        Column("site", _("Dans le lieu")),
        Column("host", _("Tenu par")),
        Column("days", _("Journées"), is_numeric=True),
        Column("half_days", _("Demi-journées"), is_numeric=True),
        Column("value", _("Au tarif public"), is_numeric=True),
        Column("due", _("Dû TTC"), is_numeric=True),
    )
    rows = [
        Row(
            {
                "seller": said[line.seller_id],
                "site": sites[line.site_id],
                "host": said[line.host_id],
                "days": line.days,
                "half_days": line.half_days,
                "value": money(line.value_cents),
                "due": money(line.due_cents),
            }
        )
        for line in lines
    ]
    return Table(
        "journees", _("Journées chez l’autre"), columns, rows, empty=_("Aucune journée ce mois-ci.")
    )


def net_words(net_cents: int, pair: Pair, said: dict[int, str]) -> str:
    """« La commune doit 24,00 € à l’association, net des deux sens. »"""
    if not net_cents:
        return _("Rien à régler, net des deux sens.")
    owed, owing = pair if net_cents > 0 else pair[::-1]
    return _("{owing} doit {amount} à {owed}, net des deux sens.").format(
        owing=said[owing], owed=said[owed], amount=french.cents(abs(net_cents))
    )


def rule_words(of: BodyAgreement) -> str:
    """« 80 % du tarif public »."""
    if of.rule == Rule.HALF_DAY:
        return _("{amount} TTC par demi-journée").format(
            amount=french.cents(of.half_day_cents or 0)
        )
    if of.rule == Rule.SHARE:
        share_bp = of.share_bp or 0
        percent = french.share(share_bp / ALL_BP, 2 if share_bp % HUNDRED else 0)
        return _("{percent} du tarif public").format(percent=percent)
    return _("le tarif public")


def _state(
    of: Named, frozen: PairSettlement | None, found: Month | None, said: dict[int, str]
) -> Section:
    """Where it stands, and what she may do now."""
    title = _("Le règlement")
    if frozen is not None:
        alone = _("Arrêté par un seul organisme, l’autre n’ayant pas répondu.")
        both = _("Accepté par les deux organismes.")
        return Section(
            "reglement",
            title,
            lead=alone if frozen.is_closed_alone else both,
            note=_("Arrêté le {day}. Le montant est à facturer par l’organisme à qui il est dû.")
            .format(day=french.day(frozen.at.date())),
        )  # fmt: skip
    if found is None:
        return Section("reglement", title, lead=_("Rien à régler pour ce mois."))
    if found.agreement_id is None:
        other = next(pk for pk in of.pair if pk != of.body_id)
        return Section(
            "reglement",
            title,
            lead=_("Sans accord : rien ne dit ce que valent ces journées."),
            acts=[Link(_("Noter un accord"), f"{reverse('pair_new')}?avec={other}")],
        )
    accepted = PairAcceptance.objects.filter(
        month=of.month, first_body=of.pair[0], second_body=of.pair[1], digest=found.digest
    )
    by_bodies = set(accepted.values_list("body", flat=True))
    lead = french.listed([said[pk] for pk in sorted(by_bodies)])
    posts = []
    if of.body_id not in by_bodies:
        fields = {"lu": found.digest}
        posts.append(
            Post(
                _("Accepter pour {body}").format(body=said[of.body_id]),
                reverse("pair_accept", args=of.parts),
                fields,
                is_primary=True,
            )
        )
    return Section(
        "reglement",
        title,
        lead=_("Accepté par {bodies}.").format(bodies=lead)
        if by_bodies
        else _("Personne ne l’a encore accepté."),
        posts=posts,
        acts=[Link(_("Arrêter sans attendre"), reverse("pair_close", args=of.parts))],
        note=_("Quand les deux organismes ont accepté, le mois est arrêté et le montant facturé."),
    )


@page(rule=may_answer, of=named_of, methods=POST)
def accept(request: HttpRequest, of: Named) -> HttpResponse:
    """In the name of a body, what was read."""
    asked = accept_pair.Asked(of.month, of.pair, of.body_id, request.POST.get("lu", ""))
    made = accept_pair.accept(asked, by=by(request), at=now())
    said = (
        _("Le mois est arrêté : les deux organismes l’ont accepté.")
        if made
        else _("C’est accepté. L’autre organisme doit encore accepter.")
    )
    return told(request, said, reverse("pair_month", args=of.parts))


@page(rule=may_answer, of=named_of, methods=WRITING)
def close(request: HttpRequest, of: Named) -> HttpResponse:
    """Without the other's word, after a fortnight."""
    home = reverse("pair_month", args=of.parts)
    if request.method == "POST":
        asked = accept_pair.Asked(of.month, of.pair, of.body_id, request.POST.get("lu", ""))
        accept_pair.close_alone(asked, by=by(request), at=now())
        return told(request, _("Le mois est arrêté."), home)
    found = pair_month.of_pair(of.month, of.pair)
    if found is None:
        raise accept_pair.NothingToSettle
    dialog = Dialog(
        _("Arrêter ce mois sans l’autre organisme ?"),
        _("{net} Le règlement ne changera plus ; ce qui viendrait en retard ira au suivant.")
        .format(net=net_words(found.net_cents, of.pair, names(set(of.pair)))),
        _("Arrêter le mois"),
        Link(_("Attendre sa réponse"), home),
        fields={"lu": found.digest},
    )  # fmt: skip
    return dialog_page(request, dialog, {"crumbs": crumbs(Crumb(moments.month(of.month), home))})
