"""Contracts of the demonstration: one runs, one waits, one is renewed soon, one with a shop."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from maillage.apps.contracts import charge_due, deposit, draft, send, sign, wordings
from maillage.apps.contracts.models import Contract, Every, HouseRules, Kind, Side, State
from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships import join
from maillage.apps.people.models import Organisation, Person
from maillage.apps.sites.models import Site
from maillage.core import programme
from maillage.core.contract_terms import Terms
from maillage.operate.demonstration_sites import body
from maillage.operate.personas import SHOP

RATE_BP = 2_000
PRICE_CENTS = 12_000
RULES = """Règlement intérieur (fictif)
Le lieu est ouvert aux heures affichées. Chacun laisse sa place propre et libre.
Les appels se passent dans la cabine. Les salles se rendent à l’heure.
Les visiteurs sont accueillis par la personne qui les invite."""
BROWSER = "Démonstration (fictif)"


def lay(sites: Mapping[str, int], *, at: datetime) -> None:
    """What is missing of it; sites by key, as `demonstration_sites.lay` gives them."""
    places = {key: Site.objects.get(pk=pk) for key, pk in sites.items()}
    hub, mini = places["hub"], places["mini"]
    if hub.collector is None or mini.collector is None:
        return
    if Contract.objects.filter(operator__in=(hub.collector, mini.collector)).exists():
        return
    for operator in {hub.collector_id: hub.collector, mini.collector_id: mini.collector}.values():
        if not HouseRules.objects.filter(operator=operator).exists():
            wordings.adopt(operator, RULES, version=0, by=None, at=at)
    _lay_residents(hub, hub.collector, at)
    _lay_shop(mini, mini.collector, at)
    for operator in (hub.collector, mini.collector):
        charge_due.charge_due(operator, at.date(), by=None, at=at)


def _lay_residents(hub: Site, operator: Organisation, at: datetime) -> None:
    """One who runs with her deposit, one who has not signed, one whose term ends soon."""
    today = at.date()
    begun = Terms(programme.after(today, -4), 12, 12, 1, ends_anytime=True)
    runs = _resident(hub, operator, "Maud Ferrachat (fictif)", "maud@exemple.invalid", begun, at)
    _both_sign(runs, at)
    lodged = deposit.Moved(PRICE_CENTS, today, "transfer")
    deposit.receive(runs, lodged, by=None, at=at)
    coming = Terms(programme.after(today.replace(day=1), 1), 12, 12, 1, ends_anytime=True)
    waits = _resident(hub, operator, "Élise Garonval (fictif)", "elise@exemple.invalid", coming, at)
    send.send(waits, version=waits.version, by=None, at=at - timedelta(days=8))
    # its notice may still be given for some days
    ends_soon = Terms(programme.after(today, -10) - timedelta(days=5), 12, 12, 1)
    renews = _resident(hub, operator, "Tom Virechat (fictif)", "tom@exemple.invalid", ends_soon, at)
    _both_sign(renews, at)


def _resident(
    hub: Site, operator: Organisation, name: str, email: str, terms: Terms, at: datetime
) -> Contract:
    who = join.account_of(email, name)
    payer = Payer(person_id=who.pk)
    asked = draft.Asked(
        party=draft.Party(payer, name, email, address="Rue du Pressoir (fictif)"),
        payer=payer,
        terms=terms,
        price=draft.Price(PRICE_CENTS, vat_rate_bp=RATE_BP),
        site=hub,
        place="Une place en espace ouvert",
        deposit_cents=PRICE_CENTS,
    )
    return draft.draft(operator, Kind.RESIDENT, asked, by=None, at=at)


def _lay_shop(mini: Site, operator: Organisation, at: datetime) -> None:
    shop = body(SHOP)
    host = Person.objects.filter(email="bernard@exemple.invalid").first()
    if host is None or shop.pk == operator.pk:
        return
    payer = Payer(organisation_id=shop.pk)
    asked = draft.Asked(
        party=draft.Party(payer, host.name, host.email, "gérant"),
        payer=payer,
        terms=Terms(programme.after(at.date(), -5), 12, 12, 2, ends_anytime=True),
        price=draft.Price(every=Every.QUARTER, is_charged=False),
        site=mini,
        place="Deux places au calme, au fond de l’épicerie",
        particulars="Le commerce reçoit 20 % de ce que rapportent ses places (fictif).",
    )
    _both_sign(draft.draft(operator, Kind.HOST_SHOP, asked, by=None, at=at), at)


def _both_sign(contract: Contract, at: datetime) -> Contract:
    if contract.state == State.DRAFT:
        contract = send.send(contract, version=contract.version, by=None, at=at)
    for side in Side:
        signature = contract.signatures.get(side=side)
        is_party = side == Side.PARTY
        signing = sign.Signing(
            typed_name=contract.signatory_name if is_party else "Sophie Tarmignat (fictif)",
            agrees=True,
            how="account",
            address="192.0.2.1",
            user_agent=BROWSER,
        )
        contract = sign.sign(signature, signing, at=at)
    return contract
