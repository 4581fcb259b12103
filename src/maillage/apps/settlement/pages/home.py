"""The home of shares: who owes whom, shops, other bodies, shared costs, copiers."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.settlement import host_words, pair_month, rules
from maillage.apps.settlement.forms import FilterMonth
from maillage.apps.settlement.models import (
    BodyAgreement,
    CostTransfer,
    HostPayment,
    HostStatement,
    PairSettlement,
)
from maillage.apps.settlement.pages.common import names
from maillage.apps.settlement.pages.pairs import net_words, rule_words
from maillage.apps.settlement.pair_month import Month, Pair
from maillage.apps.settlement.sheet import Section, Sheet
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Link, filters_of
from maillage.kit.pages import page
from maillage.kit.tables import Cell, Column, Row, Table, money
from maillage.report import french, moments

Owed = dict[tuple[int, int], int]


@page(rule=rules.may_see)
def home(request: HttpRequest) -> HttpResponse:
    """One page to see who owes whom, and where to act."""
    form = FilterMonth(request.GET if "mois" in request.GET else None)
    month = form.month(now().date())
    form.initial["mois"] = month
    of = set(rules.own(request.user))
    live = [m for m in pair_month.read(month) if of & set(m.pair)]
    frozen = list(
        PairSettlement.objects.filter(
            Q(first_body__in=of) | Q(second_body__in=of), month=month
        ).order_by("pk")
    )
    unpaid = list(
        rules.host_statements()
        .filter(collector__in=of, due_cents__gt=0)
        .exclude(payments__in=HostPayment.objects.filter(removed_at=None))
    )
    owed = _owed(live, frozen, unpaid, of)
    said = names({pk for pair in owed for pk in pair} | {pk for m in live for pk in m.pair}
                 | {pk for s in frozen for pk in (s.first_body_id, s.second_body_id)})  # fmt: skip
    sections = [
        _matrix(owed, said),
        _hosts(request),
        _pairs(month, live, frozen, said, request),
        _sites(request),
    ]
    sheet = Sheet(
        _("Reversements et partages"),
        sections,
        lead=_("Ce que les organismes se doivent, en {month}.").format(month=moments.month(month)),
        acts=[
            Link(_("Préparer les virements"), reverse("host_orders")),
            Link(_("Convention avec un commerce"), reverse("host_new")),
            Link(_("Accord entre organismes"), reverse("pair_new")),
        ],
    )
    frame = {
        "crumbs": [Crumb(sheet.title)],
        "sheet": sheet,
        "filters": filters_of(form, request.GET),
    }
    return render(request, "settlement/sheet.html", frame)


def _owed(
    live: list[Month], frozen: list[PairSettlement], unpaid: list[HostStatement], of: set[int]
) -> Owed:
    """(who owes, to whom) -> cents: shops not paid, the month between bodies, costs not charged."""
    found: Owed = defaultdict(int)
    for one in unpaid:
        found[one.collector_id, one.agreement.shop_id] += one.to_pay_cents
    months: list[tuple[Pair, int]] = [(m.pair, m.net_cents) for m in live]
    months += [((s.first_body_id, s.second_body_id), s.net_cents) for s in frozen]
    for (first, second), net in months:
        if net:
            found[(second, first) if net > 0 else (first, second)] += abs(net)
    transfers = CostTransfer.objects.filter(Q(debtor__in=of) | Q(creditor__in=of), charged=None)
    for debtor, creditor, total in (
        transfers.values_list("debtor", "creditor").annotate(total=Sum("cents")).order_by()
    ):
        found[debtor, creditor] += total
    return found


def _matrix(owed: Owed, said: dict[int, str]) -> Section:
    """A line for each body that owes, a column for each that is owed."""
    title = _("Qui doit à qui")
    if not owed:
        return Section(
            "qui-doit",
            title,
            nothing=Empty(
                _("Personne ne doit rien à personne."),
                _("Les sommes viennent des relevés, des mois entre organismes et des décomptes."),
            ),
        )
    creditors = sorted({to for _from, to in owed}, key=lambda pk: french.sort_key(said[pk]))
    debtors = sorted({of for of, _to in owed}, key=lambda pk: french.sort_key(said[pk]))
    columns = (
        Column("from", _("Doit")),
        *(
            Column(str(pk), _("À {name}").format(name=said[pk]), is_numeric=True)
            for pk in creditors
        ),
        Column("total", _("Total"), is_numeric=True),
    )
    rows = []
    for pk in debtors:
        amounts = {to: owed.get((pk, to), 0) for to in creditors}
        cells: dict[str, Cell] = {str(to): _amount(value) for to, value in amounts.items()}
        rows.append(
            Row({"from": said[pk], **cells, "total": _amount(sum(amounts.values()))}, key=str(pk))
        )
    sums = {to: sum(owed.get((of, to), 0) for of in debtors) for to in creditors}
    total = Row(
        {
            "from": _("Total"),
            **{str(to): _amount(value) for to, value in sums.items()},
            "total": _amount(sum(sums.values())),
        }
    )
    return Section(
        "qui-doit",
        title,
        tables=[Table("matrice", _("Qui doit combien à qui"), columns, rows, total=total)],
        note=_("Relevés non payés, mois entre organismes, parts de frais pas encore facturées."),
    )


def _amount(value_cents: int) -> Cell:
    return money(value_cents) if value_cents else ""


def _hosts(request: HttpRequest) -> Section:
    latest = HostStatement.objects.order_by("-quarter").prefetch_related(
        Prefetch("payments", HostPayment.objects.filter(removed_at=None))
    )
    rows = rules.agreements(request.user).prefetch_related(Prefetch("statements", latest))
    columns = (
        Column("shop", _("Commerce")),
        Column("site", _("Lieu")),
        Column("rule", _("Sa part")),
        Column("last", _("Dernier relevé")),
        Column("pay", _("À reverser TTC"), is_numeric=True),
    )
    lines = [_host_row(of) for of in rows.order_by("shop__name", "pk")]
    return Section(
        "commerces",
        _("Commerces hôtes"),
        tables=[Table("conventions", _("Commerces hôtes"), columns, lines)] if lines else [],
        nothing=None
        if lines
        else Empty(
            _("Aucune convention avec un commerce."),
            _("Elle dit la part du commerce qui accueille des places."),
            Link(_("Noter une convention"), reverse("host_new")),
        ),
    )


def _host_row(of: Any) -> Row:
    statements = list(of.statements.all())
    last = statements[0] if statements else None
    return Row(
        {
            "shop": Link(of.shop.name, reverse("host_agreement", args=(of.pk,))),
            "site": of.site.name,
            "rule": host_words.rule(of),
            "last": f"{last.number}, {host_words.quarter(last)}" if last else _("Aucun"),
            "pay": _unpaid(last),
        },
        key=str(of.pk),
    )


def _unpaid(last: HostStatement | None) -> Cell:
    if last is None or last.payments.all():
        return ""
    return _amount(last.to_pay_cents)


def _pairs(
    month: date,
    live: list[Month],
    frozen: list[PairSettlement],
    said: dict[int, str],
    request: HttpRequest,
) -> Section:
    columns = (
        Column("pair", _("Entre")),
        Column("net", _("Net des deux sens")),
        Column("state", _("État")),
    )
    rows = [_pair_row(month, m.pair, m.net_cents, said, _live_state(m)) for m in live]
    rows += [
        _pair_row(month, (s.first_body_id, s.second_body_id), s.net_cents, said, _("Arrêté"))
        for s in frozen
    ]
    agreed = _agreements(list(rules.pair_agreements(request.user).order_by("pk")))
    return Section(
        "organismes",
        _("Entre organismes, {month}").format(month=moments.month(month)),
        tables=[
            Table(
                "mois",
                _("Le mois entre organismes"),
                columns,
                rows,
                empty=_("Aucun abonné de l’un n’est venu chez l’autre ce mois-ci."),
            ),
            *([agreed] if agreed.rows else []),
        ],
    )


def _live_state(of: Month) -> str:
    return _("À accepter") if of.agreement_id else _("Sans accord")


def _pair_row(month: date, pair: Pair, net: int, said: dict[int, str], state: str) -> Row:
    address = reverse("pair_month", args=(*pair, f"{month:%Y-%m}"))
    return Row(
        {
            "pair": Link(
                _("{one} et {other}").format(one=said[pair[0]], other=said[pair[1]]), address
            ),
            "net": net_words(net, pair, said),
            "state": state,
        },
        key=f"{pair[0]}-{pair[1]}",
    )


def _agreements(rows: list[BodyAgreement]) -> Table:
    columns = (
        Column("pair", _("Accord entre")),
        Column("rule", _("Une journée vaut")),
        Column("since", _("Période")),
        Column("act", _("Acte")),
    )
    lines = [
        Row(
            {
                "pair": _("{one} et {other}").format(
                    one=of.first_body.name, other=of.second_body.name
                ),
                "rule": f"{rule_words(of)} ({of.reference})",
                "since": _since(of),
                "act": Link(_("Mettre fin"), reverse("pair_end", args=(of.pk,)))
                if of.ends_on is None
                else "",
            },
            key=str(of.pk),
        )
        for of in rows
    ]
    return Table("accords", _("Accords entre organismes"), columns, lines, is_captioned=True)


def _since(of: BodyAgreement) -> str:
    since = _("Depuis {month}").format(month=moments.month(of.starts_on))
    if of.ends_on is None:
        return since
    return _("{since}, jusqu’à {month} exclu").format(since=since, month=moments.month(of.ends_on))


def _sites(request: HttpRequest) -> Section:
    waiting = Q(costs__removed_at=None, costs__shared=None)
    rows = (
        rules.sites(request.user)
        .annotate(waiting=Count("costs", filter=waiting, distinct=True))
        .order_by("name", "pk")
    )
    columns = (
        Column("site", _("Lieu")),
        Column("waiting", _("Dépenses à partager"), is_numeric=True),
        Column("copies", _("Copieur")),
    )
    sold = set(rules.sold(request.user).values_list("pk", flat=True))
    lines = [
        Row(
            {
                "site": Link(site.name, reverse("costs", args=(site.pk,))),
                "waiting": site.waiting,
                "copies": Link(
                    _("Compteurs {of_site}").format(of_site=french.of(site.name)),
                    reverse("copies", args=(site.pk,)),
                )
                if site.pk in sold
                else "",
            },
            key=str(site.pk),
        )
        for site in rows
    ]
    return Section(
        "lieux",
        _("Frais partagés et copieurs, par lieu"),
        tables=[Table("frais", _("Frais partagés par lieu"), columns, lines)],
        acts=[Link(_("Décomptes de frais reçus"), reverse("cost_statements"))],
    )
