"""The statement of the bank: read, proposed, accepted, by hand else, undone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.collecting import balance, frame
from maillage.apps.collecting import match as matching
from maillage.apps.collecting.forms import AskFile, AskMatch, AskWhy
from maillage.apps.collecting.import_statement import Imported, import_statement
from maillage.apps.collecting.matches import Proposal, proposals
from maillage.apps.collecting.models import BankLine, LineState
from maillage.apps.collecting.rules import line_of, may_keep, may_keep_row, operator_of
from maillage.apps.collecting.shown import Button, Section, table
from maillage.apps.people.models import Organisation
from maillage.kit.clock import now
from maillage.kit.components import Link
from maillage.kit.form_pages import POST, WRITING, FormShown, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Cell, Table, money
from maillage.report import french

SHOWN = 200


@page(rule=may_keep, of=operator_of, methods=WRITING)
def statement(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """Movements that wait with what they could be; a file to read."""
    hint = _("CAMT.053 (XML) ou export CSV de la banque, 5 Mo au plus. Relu, il n’ajoute rien.")
    form = AskFile(request.POST or None, request.FILES or None, hint=hint)
    if request.method == "POST" and form.is_valid():
        file, made = form.cleaned_data["file"], list[Imported]()

        def act() -> None:
            made.append(
                import_statement(operator, file.name, file.read(), by=_who(request), at=now())
            )

        if done(form, act):
            words = _("Lignes nouvelles : {added}. Déjà connues : {known}.")
            said = words.format(added=made[0].added, known=made[0].known)
            return told(request, said, request.path)
    found = proposals(operator)
    sure = sum(one.is_sure for one in found)
    accept = Button(
        _("Accepter ce qui est sûr ({count})").format(count=sure),
        reverse("statement_sure", args=(operator.pk,)),
        is_post=True,
        is_main=True,
    )
    rows = BankLine.objects.filter(operator=operator).exclude(state=LineState.WAITING)
    return frame.show(
        request,
        operator,
        _("Relevé bancaire"),
        "statement",
        lead=_("{count} à rapprocher. Sûres : {sure}.").format(
            count=french.count(len(found), "ligne"), sure=sure
        )
        if found
        else _("Aucune ligne à rapprocher."),
        sections=[
            Section("attente", _("À rapprocher"), table=_waiting(found),
                    buttons=[accept] if sure else []),
            Section("faites", _("Déjà traitées"),
                    table=_done(list(rows.order_by("-booked_on", "-pk")[:SHOWN]))),
        ],
        form=form,
        form_title=_("Lire un relevé"),
        form_act=_("Lire ce relevé"),
    )  # fmt: skip


@page(rule=may_keep, of=operator_of, methods=POST)
def statement_sure(request: HttpRequest, operator: Organisation) -> HttpResponse:
    """Accept everything that is sure."""
    count = matching.accept_sure(operator, by=_who(request), at=now())
    said = _("Rapprochements faits : {count}.").format(count=count)
    return told(request, said, reverse("statement", args=(operator.pk,)))


@page(rule=may_keep_row, of=line_of, methods=WRITING)
def bank_line(request: HttpRequest, line: BankLine) -> HttpResponse:
    """A movement: accept what is proposed, choose an invoice, or see what it became."""
    owed = balance.open_documents(line.operator)
    proposal = _proposal_of(line)
    initial = {"document": proposal.document.pk if proposal and proposal.document else ""}
    form = AskMatch(request.POST or None, owed=owed, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = next(
            o.document for o in owed if str(o.document.pk) == form.cleaned_data["document"]
        )
        if done(form, lambda: matching.match(line, chosen, by=_who(request), at=now())):
            return told(request, _("La ligne est rapprochée."), _back(line))
    is_waiting = line.state == LineState.WAITING
    buttons = _line_buttons(line, proposal, is_waiting=is_waiting)
    may_choose = is_waiting and line.amount_cents > 0 and owed
    text = " · ".join(
        part for part in (line.name, line.remittance, line.end_to_end, line.return_code, line.note)
        if part
    )  # fmt: skip
    section = Section("ligne", LineState(line.state).label, text, buttons=buttons)
    return frame.show(
        request,
        line.operator,
        _("{sum} le {day}").format(
            sum=french.cents(line.amount_cents), day=french.day(line.booked_on)
        ),
        "statement",
        sections=[section],
        form=form if may_choose else None,
        form_title=_("Choisir la facture payée"),
        form_act=_("Rapprocher"),
    )


@page(rule=may_keep_row, of=line_of, methods=POST)
def line_accept(request: HttpRequest, line: BankLine) -> HttpResponse:
    """Do what is proposed for one movement."""
    proposal = _proposal_of(line)
    if proposal is None or not proposal.kind:
        raise matching.LineDone
    matching.accept(proposal, by=_who(request), at=now())
    return told(request, _("La ligne est rapprochée."), _back(line))


@page(rule=may_keep_row, of=line_of, methods=WRITING)
def line_aside(request: HttpRequest, line: BankLine) -> HttpResponse:
    """Leave a movement out."""
    return _with_reason(
        request, line, _("Mettre de côté cette ligne"), _("Mettre de côté"), matching.set_aside
    )


@page(rule=may_keep_row, of=line_of, methods=WRITING)
def line_undo(request: HttpRequest, line: BankLine) -> HttpResponse:
    """Undo a match."""
    return _with_reason(
        request, line, _("Défaire ce rapprochement"), _("Défaire"), matching.unmatch
    )


def _with_reason(
    request: HttpRequest, line: BankLine, title: str, act_words: str, verb: Callable[..., object]
) -> HttpResponse:
    form = AskWhy(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        if done(form, lambda: verb(line, why, by=_who(request), at=now())):
            return told(request, _("C’est fait."), _back(line))
    keep = Link(_("Revenir"), reverse("bank_line", args=(line.pk,)))
    shown = FormShown(title, act_words, keep)
    return form_page(request, form, shown, frame.around(line.operator, title))


def _line_buttons(line: BankLine, proposal: Proposal | None, *, is_waiting: bool) -> list[Button]:
    if not is_waiting:
        if line.batch_id is not None:
            return []
        return [Button(_("Défaire"), reverse("line_undo", args=(line.pk,)))]
    buttons = [Button(_("Mettre de côté"), reverse("line_aside", args=(line.pk,)))]
    if proposal is not None and proposal.kind:
        words = _("Accepter : {what}").format(what=_what(proposal))
        accept = reverse("line_accept", args=(line.pk,))
        buttons.insert(0, Button(words, accept, is_post=True, is_main=True))
    return buttons


def _proposal_of(line: BankLine) -> Proposal | None:
    found = proposals(line.operator) if line.state == LineState.WAITING else []
    return next((one for one in found if one.line.pk == line.pk), None)


def _what(one: Proposal) -> str:
    if one.kind == "batch" and one.batch is not None:
        return _("remise de prélèvements du {day}").format(day=french.day(one.batch.collect_on))
    number = one.document.number if one.document else ""
    if one.kind == "return":
        return _("rejet du prélèvement de {number}").format(number=number)
    return _("paiement de {number}").format(number=number) if one.kind else _("rien trouvé")


def _waiting(found: list[Proposal]) -> Table:
    columns = (("on", _("Jour")), ("who", _("De")), ("what", _("Proposition")),
               ("sure", _("Sûr")), ("amount_cents", _("Montant")))  # fmt: skip
    rows = [
        {
            **_said(one.line),
            "what": _what(one),
            "sure": _("oui") if one.is_sure else _("à vérifier"),
        }
        for one in found
    ]
    return table("a-rapprocher", _("Lignes à rapprocher"), columns, rows,
                 empty=_("Aucune ligne n’attend."))  # fmt: skip


def _done(rows: list[BankLine]) -> Table:
    columns = (("on", _("Jour")), ("who", _("De")), ("state", _("Devenue")),
               ("amount_cents", _("Montant")))  # fmt: skip
    cells = [{**_said(one), "state": one.note or LineState(one.state).label} for one in rows]
    return table("traitees", _("Lignes traitées"), columns, cells, empty=_("Aucune."))


def _said(line: BankLine) -> dict[str, Cell]:
    return {
        "on": Link(french.day(line.booked_on), reverse("bank_line", args=(line.pk,))),
        "who": line.name or line.remittance or "–",
        "amount_cents": money(line.amount_cents),
    }


def _back(line: BankLine) -> str:
    return reverse("statement", args=(line.operator_id,))


def _who(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
