"""Sign or refuse: by the link of a mail, from one's account, or for the operator by one's role."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.contracts import papers, rules, shipped, sign, words
from maillage.apps.contracts.forms import ReasonForm, SignForm
from maillage.apps.contracts.models import Contract, Side, Signature, State
from maillage.apps.contracts.pages.common import OWN, address, by, document, frame
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Document, Empty, Link
from maillage.kit.form_pages import POST, WRITING, WRONG, FormShown, form_page, told
from maillage.kit.pages import anyone, page, signed_in
from maillage.kit.refusal import Refusal
from maillage.kit.tables import Column, Row, Table
from maillage.kit.throttle import Limit, address_of, count
from maillage.report import contract_words, french

CODES = Limit("contracts.code", most=5, within=timedelta(minutes=15))
LINKS = Limit("contracts.link", most=60, within=timedelta(minutes=15))


@dataclass(frozen=True)
class Door:
    """How somebody came to a signature, and the addresses of its acts from there.

    how  `account` or `code`, see `sign.Signing`
    """

    signature: Signature
    how: str
    here: str
    paper: str
    refuse: str
    code: str
    after: str


def own_paper_of(person: Any, pk: int, name: str) -> Contract:
    if name not in papers.NAMES.values():
        raise Http404(name)
    return rules.own_of(person, pk)


@page(rule=anyone, methods=WRITING)
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The page that a mail leads to."""
    return _sign(request, _door_of(request, secret))


@page(rule=anyone, methods=POST)
def code(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for the six digits."""
    door = _door_of(request, secret)
    count(CODES, str(door.signature.pk), at=now())
    sign.send_code(door.signature, at=now())
    return told(
        request,
        _("Un code à six chiffres est parti à {email}. Il sert pendant 15 minutes.").format(
            email=door.signature.email
        ),
        door.here,
    )


@page(rule=anyone)
def link_paper(request: HttpRequest, secret: str) -> HttpResponse:
    """The document, before signing."""
    return document(_door_of(request, secret).signature.contract, papers.CONTRACT)


@page(rule=anyone, methods=WRITING)
def link_refuse(request: HttpRequest, secret: str) -> HttpResponse:
    """No, and why."""
    return _refuse(request, _door_of(request, secret))


@page(rule=anyone)
def signed(request: HttpRequest) -> HttpResponse:
    """After a signature by link: what comes next."""
    return render(request, "contracts/signed.html", {})


@page(rule=signed_in)
def own(request: HttpRequest) -> HttpResponse:
    """One's own contracts."""
    rows = list(
        rules.own(request.user).select_related("operator", "site").order_by("-sent_at", "-pk")
    )
    today = now().date()
    columns = (
        Column("reference", _("Contrat")),
        Column("operator", _("Avec")),
        Column("what", _("Objet")),
        Column("term", _("Terme")),
        Column("state", _("État")),
    )
    lines = [
        Row(
            {
                "reference": Link(one.reference, reverse("own_contract", args=(one.pk,))),
                "operator": one.operator.name,
                "what": shipped.templates()[one.kind].title,
                "term": words.term(one, today),
                "state": words.state(one),
            }
        )
        for one in rows
    ]
    context = {
        "crumbs": [Crumb(OWN.label)],
        "table": Table("contrats", _("Mes contrats"), columns, lines) if lines else None,
        "nothing": Empty(
            _("Aucun contrat à votre nom."),
            _("Un contrat que l’on vous envoie se lit et se signe ici."),
        ),
    }
    return render(request, "contracts/own.html", context)


@page(rule=rules.is_party, of=rules.own_of)
def own_contract(request: HttpRequest, of: Contract) -> HttpResponse:
    """What it says, its documents, what was charged and deposited."""
    context = {
        "crumbs": [OWN, Crumb(of.reference)],
        "pk": of.pk,
        "title": shipped.templates()[of.kind].title,
        "state": words.state(of),
        "term": words.term(of, now().date()),
        "facts": words.facts_of(of),
        "documents": [
            Document(
                _("Contrat") if paper.kind == papers.CONTRACT else _("Fichier de preuve"),
                reverse("own_contract_paper", args=(of.pk, paper.name)),
                papers.MEDIA[paper.kind],
                int(paper.files[0]["size_bytes"]),
                paper.at.date(),
            )
            for paper in of.papers.order_by("pk")
        ],
        "may_sign": rules.may_sign_as_party(request.user, of),
        "last": french.day(of.ends_on) if of.ends_on and of.state == State.NOTICE else "",
    }
    return render(request, "contracts/own_contract.html", context)


@page(rule=rules.is_party, of=own_paper_of)
def own_paper(request: HttpRequest, of: Contract) -> HttpResponse:
    """One of its documents."""
    wanted = request.path.rpartition("/")[2]
    kind = next(kind for kind, known in papers.NAMES.items() if known == wanted)
    return document(of, kind)


@page(rule=rules.may_sign_as_party, of=rules.own_of, methods=WRITING)
def own_sign(request: HttpRequest, of: Contract) -> HttpResponse:
    """Sign from one's account: no code is needed."""
    return _sign(request, _own_door(of))


@page(rule=rules.may_sign_as_party, of=rules.own_of, methods=WRITING)
def own_refuse(request: HttpRequest, of: Contract) -> HttpResponse:
    """No, and why."""
    return _refuse(request, _own_door(of))


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def for_operator(request: HttpRequest, of: Contract) -> HttpResponse:
    """Sign for the operator, by one's role."""
    signature = of.signatures.filter(side=Side.OPERATOR).first()
    if of.state != State.SENT or signature is None:
        return redirect(address(of))
    signature.contract = of
    door = Door(
        signature,
        "account",
        address(of, "contract_sign"),
        reverse("contract_paper", args=(of.pk, papers.NAMES[papers.CONTRACT])),
        "",
        "",
        address(of),
    )
    return _sign(request, door, frame(of, _("Signer")))


def _door_of(request: HttpRequest, secret: str) -> Door:
    """By a link; its signatory needs no code when she is signed in."""
    count(LINKS, address_of(request), at=now())
    found = sign.find(secret, at=now())
    is_hers = request.user.is_authenticated and found.person_id == request.user.pk

    def at(name: str) -> str:
        return reverse(name, args=(secret,))

    return Door(
        found,
        "account" if is_hers else "code",
        at("sign_link"),
        at("sign_paper"),
        at("sign_refuse"),
        at("sign_code"),
        reverse("signed"),
    )


def _own_door(of: Contract) -> Door:
    signature = of.signatures.get(side=Side.PARTY)
    signature.contract = of
    return Door(
        signature,
        "account",
        address(of, "own_contract_sign"),
        reverse("own_contract_paper", args=(of.pk, papers.NAMES[papers.CONTRACT])),
        address(of, "own_contract_refuse"),
        "",
        address(of, "own_contract"),
    )


def _sign(request: HttpRequest, door: Door, around: dict[str, Any] | None = None) -> HttpResponse:
    signature, contract = door.signature, door.signature.contract
    if signature.side == Side.PARTY:
        sign.open_(signature, at=now())
    form = SignForm(
        request.POST if request.method == "POST" else None,
        consent=sign.CONSENT,
        by_code=door.how == "code",
        initial={"name": getattr(request.user, "name", "") if not door.refuse else ""},
    )
    if form.is_valid():
        said = form.cleaned_data
        signing = sign.Signing(
            typed_name=said["name"],
            agrees=said["agrees"],
            how=door.how,
            address=address_of(request),
            user_agent=request.headers.get("User-Agent", ""),
            code=said.get("code", ""),
            by=by(request) or None,
        )
        try:
            sign.sign(signature, signing, at=now())
            return told(request, _("C’est signé. Merci."), door.after)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = _shown(contract, door) | {"form": form} | (around or {})
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "contracts/sign.html", context, status=status)


def _shown(contract: Contract, door: Door) -> dict[str, Any]:
    paper = contract.papers.get(kind=papers.CONTRACT)
    rules_ = contract.house_rules
    return {
        "title": shipped.templates()[contract.kind].title,
        "operator": contract.operator.name,
        "name": door.signature.name,
        "email": door.signature.email,
        "facts": words.facts_of(contract),
        "document": Document(
            _("Le contrat à signer"),
            door.paper,
            papers.MEDIA[papers.CONTRACT],
            int(paper.files[0]["size_bytes"]),
            paper.at.date(),
        ),
        "rules_title": contract_words.rules_title(rules_.version if rules_ else None),
        "rules": rules_.text.splitlines() if rules_ else [],
        "code_address": door.code if door.how == "code" else "",
        "refuse": door.refuse,
    }


def _refuse(request: HttpRequest, door: Door) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        sign.refuse(door.signature, form.cleaned_data["reason"], by=by(request) or None, at=now())
        return told(
            request, _("Votre refus est noté. La structure en est informée."), reverse("signed")
        )
    shown = FormShown(
        _("Refuser de signer"), _("Refuser ce contrat"), Link(_("Revenir au contrat"), door.here),
        _("Le contrat sera fermé. Rien ne vous engagera."),
    )  # fmt: skip
    return form_page(request, form, shown, {})
