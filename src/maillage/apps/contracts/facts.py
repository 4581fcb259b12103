"""What the document of a contract says, from its row."""

from maillage.apps.contracts.models import Approval, Contract
from maillage.apps.people.models import Organisation, Person
from maillage.report.contract_words import Facts


def of(contract: Contract) -> Facts:
    """As it stands; its parties, payer, site and house rules are loaded."""
    site = contract.site
    party = contract.party_organisation or contract.party_person
    payer = contract.payer_organisation or contract.payer_person
    approval = Approval.objects.filter(operator=contract.operator_id).first()
    return Facts(
        operator=contract.operator.name,
        operator_number=_number(contract.operator),
        party=contract.party_name,
        party_number=_number(party),
        party_address=contract.party_address,
        signatory=contract.signatory_name,
        signatory_title=contract.signatory_title,
        payer=payer.name if payer else "",
        site=site.name if site else "",
        site_address=", ".join(part for part in (site.address, site.commune_name) if part)
        if site
        else "",
        place=contract.place,
        terms=contract.terms,
        ends_on=contract.ends_on,
        is_charged=contract.is_charged,
        price_cents=contract.price_cents,
        worth_cents=contract.worth_cents,
        includes_tax=contract.includes_tax,
        vat_rate_bp=contract.vat_rate_bp,
        every=contract.every,
        proration=contract.proration,
        deposit_cents=contract.deposit_cents,
        particulars=contract.particulars,
        rules_version=contract.house_rules.version if contract.house_rules else None,
        approval=(approval.number, approval.prefecture, approval.ends_on) if approval else None,
    )


def _number(body: Organisation | Person | None) -> str:
    if not isinstance(body, Organisation):
        return ""
    if body.siret or body.siren:
        return f"SIREN {body.siren or body.siret[:9]}"
    return f"RNA {body.rna}" if body.rna else ""
