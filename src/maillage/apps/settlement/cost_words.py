"""The shared costs of a site in words: who paid what, whose part, who owes whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation
from maillage.apps.settlement.cost_share import Line, Shared
from maillage.apps.settlement.models import Basis, CostKey, CostKind, CostStatement
from maillage.apps.sites.models import ALL_BP, Site
from maillage.report import files, french, statement
from maillage.report.shown import Cell, Column, Grid

HUNDRED = 100


@dataclass(frozen=True)
class Words:
    """The names that the numbers of a statement stand for."""

    site: str
    bodies: Mapping[int, str]
    keys: Mapping[int, str]


def words(site: Site, shared: Shared) -> Words:
    """Read at once."""
    bodies = {pk for line in shared.lines for pk in _bodies_of(line)}
    keys = {line.key_id for line in shared.lines if line.key_id}
    return Words(
        site.name,
        dict(Organisation.objects.filter(pk__in=bodies).values_list("pk", "name")),
        {key.pk: key_words(key) for key in CostKey.objects.filter(pk__in=keys)},
    )


def key_words(key: CostKey) -> str:
    """« Parts fixes, version 2, délibération 2027-03 du 4 mars 2027 »."""
    return _("{basis}, version {version}, {reference} du {day}").format(
        basis=Basis(key.basis).label,
        version=key.version,
        reference=key.reference,
        day=french.day(key.voted_on),
    )


def weight(basis: str, value: int) -> str:
    """What a partner weighs, in the unit of its key."""
    if basis == Basis.FIXED:
        return french.share(value / ALL_BP, 2 if value % HUNDRED else 0)
    if basis == Basis.SEATS:
        return french.count(value, _("place"), _("places"))
    return _("à l’usage")


def by_body_rows(shared: Shared, names: Words) -> tuple[tuple[str, ...], ...]:
    """(body, part, paid, what it owes or is owed)."""
    return tuple(
        (names.bodies[pk], french.cents(part), french.cents(paid), balance(part - paid))
        for pk, (part, paid) in shared.by_body.items()
    )


def balance(owed_cents: int) -> str:
    """« doit 12,00 € », « reçoit 12,00 € », « rien »."""
    if owed_cents > 0:
        return _("doit {amount}").format(amount=french.cents(owed_cents))
    if owed_cents < 0:
        return _("reçoit {amount}").format(amount=french.cents(-owed_cents))
    return _("rien")


def pdf(of: CostStatement, shared: Shared, names: Words, at: datetime) -> bytes:
    """For every partner alike: each sees how its part comes out."""
    return statement.pdf(
        statement.Statement(
            title=_("Décompte de frais partagés"),
            number=of.number,
            period=_("Du {first} au {last}").format(
                first=french.day(of.first), last=french.day(of.last)
            ),
            from_=of.body.name,
            to=names.site,
            sentence=_("{total} de dépenses, partagées entre {bodies}.").format(
                total=french.cents(shared.total_cents),
                bodies=french.listed([names.bodies[pk] for pk in shared.by_body]),
            ),
            figures=(),
            tables=(_bodies(shared, names), _transfers(shared, names), *_kinds(shared, names)),
            notes=tuple(
                _("Clé : {key}.").format(key=names.keys[pk])
                for pk in dict.fromkeys(line.key_id for line in shared.lines if line.key_id)
            ),
            issued=_("Émis le {day}.").format(day=french.day(at.date())),
        ),
        at=at,
    )


def csv(shared: Shared, names: Words) -> bytes:
    """One line a cost and a partner."""
    columns = (
        Column("cost", _("Dépense")),
        Column("kind", _("Nature")),
        Column("payer", _("Payée par")),
        Column("amount_euros", _("Montant"), is_numeric=True),
        Column("key", _("Clé")),
        Column("partner", _("Partenaire")),
        Column("weight", _("Poids"), is_numeric=True),
        Column("part_euros", _("Part"), is_numeric=True),
    )
    rows = tuple(
        (
            *(
                Cell(text, text)
                for text in (
                    line.label,
                    CostKind(line.kind).label,
                    names.bodies[line.payer_id],
                )
            ),
            _amount(line.amount_cents),
            Cell(names.keys[line.key_id or 0], names.keys[line.key_id or 0]),
            Cell(names.bodies[part.organisation_id], names.bodies[part.organisation_id]),
            Cell(str(part.weight), part.weight),
            _amount(part.part_cents),
        )
        for line in shared.lines
        for part in line.parts
    )
    return files.grid_csv(Grid("", columns, rows))


def _bodies(shared: Shared, names: Words) -> statement.Table:
    return statement.Table(
        _("Par organisme"),
        (_("Organisme"), _("Sa part"), _("A payé"), _("Solde")),
        by_body_rows(shared, names),
        (_("Total"), french.cents(shared.total_cents), french.cents(shared.total_cents), _("rien")),
    )


def _transfers(shared: Shared, names: Words) -> statement.Table:
    return statement.Table(
        _("Qui doit à qui"),
        (_("De"), _("À"), _("Montant")),
        tuple(
            (names.bodies[one.debtor_id], names.bodies[one.creditor_id], french.cents(one.cents))
            for one in shared.transfers
        ),
    )


def _kinds(shared: Shared, names: Words) -> tuple[statement.Table, ...]:
    """The costs of each kind, with who paid them."""
    found = []
    for kind in CostKind:
        lines = [line for line in shared.lines if line.kind == kind]
        if lines:
            found.append(
                statement.Table(
                    str(kind.label),
                    (_("Dépense"), _("Payée par"), _("Montant")),
                    tuple(
                        (line.label, names.bodies[line.payer_id], french.cents(line.amount_cents))
                        for line in lines
                    ),
                    (_("Total"), "", french.cents(sum(line.amount_cents for line in lines))),
                )
            )
    return tuple(found)


def _amount(value_cents: int) -> Cell:
    value = value_cents / HUNDRED
    return Cell(f"{value:.2f}", value)


def _bodies_of(line: Line) -> set[int]:
    return {line.payer_id, *(part.organisation_id for part in line.parts)}
