"""The contracts of one's operators, and the page of one: what it says, what happened, its acts."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.contracts import deposit, listing, papers, rules, send, shipped, words
from maillage.apps.contracts.forms import FilterContracts, seat_name
from maillage.apps.contracts.models import Contract, Paper, Side, State
from maillage.apps.contracts.pages.common import CONTRACTS, address, attached, document, frame
from maillage.apps.sites.models import Site
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Document, Empty, Link, filters_of
from maillage.kit.pages import page

ON_A_PAGE = 50


@page(rule=rules.may_keep_some)
def contracts(request: HttpRequest) -> HttpResponse:
    """Those of one's operators, with what asks for an act first."""
    at, operators = now(), rules.operators(request.user)
    every = rules.contracts(request.user)
    sites = Site.objects.filter(contracts__operator__in=operators).distinct().order_by("name")
    form = FilterContracts(request.GET, sites=sites)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = listing.filtered(every, asked, operators, at).select_related(*listing.SHOWN)
    shown = Paginator(rows.order_by("-created_at", "-pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    filters = filters_of(form, request.GET)
    context = {
        "crumbs": [Crumb(CONTRACTS.label)],
        "table": listing.table(shown, at.date(), with_operator=len(operators) > 1),
        "shown": shown,
        "found": shown.paginator.count,
        "filters": filters,
        "to_do": listing.to_do(every, operators, at),
        "nothing": None
        if shown.paginator.count or filters.active
        else Empty(
            _("Aucun contrat."),
            _("Un modèle, une personne, un lieu, un premier jour : le contrat part à signer."),
            Link(_("Préparer un contrat"), reverse("contract_new")),
        ),
    }
    return render(request, "contracts/contracts.html", context)


@page(rule=rules.may_keep, of=rules.contract_of)
def contract(request: HttpRequest, of: Contract) -> HttpResponse:
    """What it says, its signatures, its money, what happened."""
    at = now()
    events = list(of.events.order_by("number"))
    signatures = {one.side: one for one in of.signatures.all()}
    kept = of.kept_seats.select_related("seat__space__site").order_by("seat")
    context = frame(of) | {
        "pk": of.pk,
        "title": shipped.templates()[of.kind].title,
        "party": of.party_name,
        "reference": of.reference,
        "state": words.state(of),
        "term": words.term(of, at.date()),
        "end_reason": of.end_reason,
        "facts": words.facts_of(of),
        "seats": [seat_name(one.seat) for one in kept],
        "signatures": [
            (side.label, words.signature(signatures[side])) for side in Side if side in signatures
        ],
        "documents": [_document(of, paper) for paper in of.papers.order_by("pk")],
        "confirm": shipped.templates()[of.kind].confirm if of.state == State.DRAFT else "",
        "steps": words.steps(events),
        "periods": _periods(of),
        "acts": _acts(of, signatures),
    }
    return render(request, "contracts/contract.html", context | _deposit(of))


@page(rule=rules.may_keep, of=rules.contract_of)
def preview(request: HttpRequest, of: Contract) -> HttpResponse:
    """The document as it would be sent."""
    del request
    if of.state != State.DRAFT:
        return document(of, papers.CONTRACT)
    data = send.preview(of, at=now())
    return attached(data, f"{of.reference}-projet.pdf", papers.MEDIA[papers.CONTRACT])


@page(
    rule=lambda person, of: rules.may_keep(person, of[0]),
    of=lambda person, pk, name: (rules.contract_of(person, pk), name),
)
def paper(request: HttpRequest, of: tuple[Contract, str]) -> HttpResponse:
    """One of its documents."""
    del request
    row, name = of
    kind = next((kind for kind, known in papers.NAMES.items() if known == name), None)
    if kind is None:
        raise Http404(name)
    return document(row, kind)


def _document(contract: Contract, stored: Paper) -> Document:
    titles = {papers.CONTRACT: _("Contrat envoyé"), papers.EVIDENCE: _("Fichier de preuve")}
    return Document(
        titles[stored.kind],
        reverse("contract_paper", args=(contract.pk, stored.name)),
        papers.MEDIA[stored.kind],
        int(stored.files[0]["size_bytes"]),
        stored.at.date(),
    )


def _periods(contract: Contract) -> Any:
    rows = list(contract.periods.order_by("whole_first_on"))
    return listing.periods_table(rows) if rows else None


def _deposit(contract: Contract) -> dict[str, Any]:
    found = [line for line in deposit.lines([contract.operator]) if line.contract.pk == contract.pk]
    if not found:
        return {}
    line = found[0]
    last = line.contract.deposit.movements.filter(reverses=None, reversed_by=None)
    undoable = last.order_by("-pk").first()
    return {
        "deposit": words.deposit(line),
        "movements": listing.movements_table(line.contract),
        "may_receive": line.received_cents < line.due_cents,
        "may_settle": line.is_to_return,
        "undo": reverse("deposit_undo", args=(contract.pk, undoable.pk)) if undoable else "",
    }


def _acts(contract: Contract, signatures: dict[str, Any]) -> list[dict[str, Any]]:
    """The acts that its state allows; the first is the main one."""
    found: list[tuple[str, str]] = []
    if contract.state == State.DRAFT:
        found = [
            (_("Envoyer à la signature"), "contract_send"),
            (_("Corriger"), "contract_correct"),
            (_("Voir le projet en PDF"), "contract_preview"),
            (_("Retirer"), "contract_withdraw"),
        ]
    elif contract.state == State.SENT:
        if signatures[Side.OPERATOR].signed_at is None:
            found.append((_("Signer pour l’organisme"), "contract_sign"))
        if signatures[Side.PARTY].signed_at is None:
            found.append((_("Rappeler"), "contract_remind"))
        found.append((_("Retirer"), "contract_withdraw"))
    elif contract.state in (State.SIGNED, State.RUNNING):
        found = [(_("Mettre fin"), "contract_notice")]
    elif contract.state == State.NOTICE:
        found = [(_("Retirer le préavis"), "contract_notice_cancel")]
    return [
        {"text": text, "href": address(contract, name), "is_main": n == 0}
        for n, (text, name) in enumerate(found)
    ]
