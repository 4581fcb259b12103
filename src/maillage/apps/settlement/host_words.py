"""The statement of a shop in words: its page and its PDF say the same."""

from datetime import datetime

from django.utils.translation import gettext as _

from maillage.apps.settlement.host_share import Share
from maillage.apps.settlement.models import HostAgreement, HostStatement
from maillage.apps.sites.models import ALL_BP
from maillage.report import french, statement

HUNDRED = 100
Figures = tuple[tuple[str, str], ...]


def rule(agreement: HostAgreement) -> str:
    """« 30 % des recettes hors taxes »."""
    if agreement.half_day_cents is not None:
        return _("{amount} hors taxes par demi-journée").format(
            amount=french.cents(agreement.half_day_cents)
        )
    share_bp = agreement.share_bp or 0
    percent = french.share(share_bp / ALL_BP, 2 if share_bp % HUNDRED else 0)
    return _("{percent} des recettes hors taxes").format(percent=percent)


def quarter(of: Share | HostStatement) -> str:
    """« 1er trimestre 2027 »."""
    rank = (of.quarter.month - 1) // 3 + 1
    return _("{rank} trimestre {year}").format(
        rank="1er" if rank == 1 else f"{rank}e", year=of.quarter.year
    )


def figures(agreement: HostAgreement, of: Share | HostStatement) -> Figures:
    """How the share comes out, line by line."""
    found = [
        (_("Jours d’utilisation"), french.number(of.days)),
        (_("Demi-journées d’utilisation"), french.number(of.half_days)),
        (
            _("Recettes du lieu, avoirs déduits, TVA comprise"),
            french.cents(of.receipts_gross_cents),
        ),
        (_("Recettes du lieu, avoirs déduits, hors taxes"), french.cents(of.receipts_cents)),
        (_("Part : {rule}").format(rule=rule(agreement)), french.cents(of.computed_cents)),
    ]
    if of.carried_in_cents:
        found.append((_("Report du relevé précédent"), french.cents(of.carried_in_cents)))
    if of.minimum_cents:
        found.append((_("Minimum du trimestre, hors taxes"), french.cents(of.minimum_cents)))
    found.append((_("Part due, hors taxes"), french.cents(of.due_cents)))
    if of.tax_cents:
        rate = french.share(
            agreement.vat_rate_bp / ALL_BP, 1 if agreement.vat_rate_bp % HUNDRED else 0
        )
        found.append((_("TVA à {rate}").format(rate=rate), french.cents(of.tax_cents)))
    if of.carried_out_cents:
        found.append((_("À reprendre au prochain relevé"), french.cents(of.carried_out_cents)))
    found.append((_("À vous reverser"), french.cents(of.due_cents + of.tax_cents)))
    return tuple(found)


def what_next(agreement: HostAgreement, of: Share | HostStatement) -> str:
    """Who writes the invoice."""
    amount = french.cents(of.due_cents + of.tax_cents)
    if not of.due_cents:
        return _("Rien n’est dû pour ce trimestre.")
    if agreement.is_self_billed:
        return _(
            "{collector} établit la facture au nom et pour le compte de {shop} (mandat du {day})."
        ).format(
            collector=agreement.collector.name,
            shop=agreement.shop.name,
            day=french.day(agreement.mandated_on) if agreement.mandated_on else "",
        )
    return _("Facturez-nous ce montant : {amount}, en citant le numéro de ce relevé.").format(
        amount=amount
    )


def pdf(of: HostStatement, at: datetime) -> bytes:
    """The statement as issued: no name of a visitor is in it."""
    agreement = of.agreement
    return statement.pdf(
        statement.Statement(
            title=_("Relevé du commerce hôte"),
            number=of.number,
            period=quarter(of),
            from_=agreement.collector.name,
            to=f"{agreement.shop.name}, {agreement.site.name}",
            sentence=_("Du {first} au {last}. {next}").format(
                first=french.day(of.first),
                last=french.day(of.last),
                next=what_next(agreement, of),
            ),
            figures=figures(agreement, of),
            tables=(),
            notes=(
                _("Convention : {reference}.").format(reference=agreement.reference),
                _(
                    "Recettes inscrites au grand livre et pas encore partagées, d’après les "
                    "réservations et les formules vendues sur place. Une correction vient au "
                    "relevé suivant."
                ),
            ),
            issued=_("Émis le {day}.").format(day=french.day(at.date())),
        ),
        at=at,
    )
