"""Contracts of an invented network, at each step of their life."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.crypto import get_random_string

from factories import network_sites, people
from maillage.apps.contracts import charge_due, deposit, draft, sign, wordings
from maillage.apps.contracts import send as sending
from maillage.apps.contracts.models import Contract, Kind, Side, State
from maillage.apps.ledger.charge import Payer
from maillage.apps.people import secret as secrets
from maillage.apps.people.models import Organisation, OrganisationKind, Person
from maillage.apps.sites.models import Seat, Site
from maillage.core.contract_terms import Terms
from maillage.kit.clock import now

AT = network_sites.AT
FIRST = date(2027, 4, 15)
YEAR = Terms(FIRST, 12, 12, 1, ends_anytime=True)


def asked(who: Person | None = None, **changes: Any) -> draft.Asked:
    """A desk for a year at 120 € a month, 120 € lodged."""
    person = who or people.person("Maud Ferrachat (fictif)")
    payer = Payer(person_id=person.pk)
    return draft.Asked(
        **{
            "party": draft.Party(payer, person.name, person.email),
            "payer": payer,
            "terms": YEAR,
            "price": draft.Price(12_000, vat_rate_bp=2_000),
            "deposit_cents": 12_000,
        }
        | changes
    )


def drafted(
    site: Site | None = None, who: Person | None = None, kind: str = Kind.RESIDENT, **changes: Any
) -> Contract:
    """A draft of the operator of a site."""
    at = changes.pop("at", AT)
    place = site or network_sites.site()
    operator: Organisation | None = place.collector or place.operator
    assert operator is not None
    changes = {"site": place, "place": "Une place en espace ouvert"} | changes
    return draft.draft(operator, kind, asked(who, **changes), by=None, at=at)


def with_seat(site: Site) -> Seat:
    """A seat of an open space of the site."""
    return network_sites.open_space(site, seats=2).seats.order_by("number")[0]


def sent(contract: Contract, at: datetime = AT) -> Contract:
    """Its link is in a mail."""
    return sending.send(contract, version=contract.version, by=None, at=at)


def link(contract: Contract) -> str:
    """A secret that opens the signature of the party, in place of the one that was mailed."""
    drawn = get_random_string(43)
    contract.signatures.filter(side=Side.PARTY).update(secret_hash=secrets.digest(drawn))
    return drawn


def signing(name: str, **changes: Any) -> sign.Signing:
    """Signed in, agreed."""
    return sign.Signing(
        **{
            "typed_name": name,
            "agrees": True,
            "how": "account",
            "address": "192.0.2.7",
            "user_agent": "Navigateur (fictif)",
        }
        | changes
    )


def signed(contract: Contract, at: datetime = AT, by: Person | None = None) -> Contract:
    """Both sides signed."""
    if contract.state == State.DRAFT:
        contract = sent(contract, at)
    party = contract.signatures.get(side=Side.PARTY)
    sign.sign(party, signing(contract.signatory_name), at=at)
    keeper = by or people.person("Sophie Gestion (fictif)")
    operator = contract.signatures.get(side=Side.OPERATOR)
    return sign.sign(operator, signing(keeper.name, by=keeper.pk), at=at)


def running(site: Site | None = None, who: Person | None = None, **changes: Any) -> Contract:
    """Signed on AT, begun before."""
    terms = changes.pop("terms", Terms(date(2027, 1, 15), 12, 12, 1, ends_anytime=True))
    return signed(drafted(site, who, terms=terms, **changes))


def body(name: str = "Café des Crus (fictif)", kind: str = OrganisationKind.SHOP, **fields: Any):
    """A body of the register of the invented sites."""
    register = fields.pop("territory_siren", network_sites.territories.INVENTED)
    return people.organisation(name, kind, territory_siren=register, **fields)


def whole(site: Site, mark: str, who: Person, keeper: Person) -> dict[str, Any]:
    """One contract of each state that has pages of its own; `mark` in every text field."""
    at = now()
    site.refresh_from_db()
    operator = site.collector or site.operator
    assert operator is not None
    wordings.adopt(operator, f"Règlement de {mark}", version=0, by=None, at=at)
    today = at.date()
    terms = Terms(today - timedelta(days=40), 12, 12, 1, ends_anytime=True)
    words = {"place": f"Bureau de {mark}", "terms": terms, "at": at}
    first = draft.Party(Payer(person_id=who.pk), who.name, who.email, address=f"Rue {mark}")
    made = {name: drafted(site, who, party=first, **words) for name in ("draft", "sent", "live")}
    made["sent"] = sent(made["sent"], at)
    live = signed(sent(made["live"], at), at, keeper)
    charge_due.charge_due(operator, today, by=None, at=at)
    moved = deposit.receive(live, deposit.Moved(12_000, today, "transfer"), by=None, at=at)
    return made | {"live": live, "movement": moved, "operator": operator}
