"""One thing of each kind in a territory, to try every address of the product on it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from factories import (
    accounts,
    billing,
    booking_world,
    collecting,
    contracts,
    grr,
    initiatives,
    members,
    people,
    premises,
    presence,
    programmes,
    scenarios,
    settlement,
    sites,
    studies,
    webhooks,
)
from maillage.apps.people import api_token
from maillage.apps.people.end_role import end
from maillage.apps.people.invite import invite
from maillage.kit.clock import now

# its code in every territory
COMMUNE = "69103"


@dataclass(frozen=True)
class World:
    """What the addresses name in one territory."""

    siren: str
    person: Any
    role: Any
    position: Any
    organisation: Any
    invitation: Any
    token: Any
    study: Any
    initiative: Any
    premises: Any = None
    received: Any = None
    deliverable: Any = None
    commission: Any = None
    scenario: Any = None
    share: Any = None
    network: Any = None
    day: Any = None
    booked: Any = None
    grr: Any = None
    sold: Any = None
    webhook: Any = None
    shared: Any = None
    agreed: Any = None
    invoiced: Any = None
    collected: Any = None
    archived: Any = None

    def of(self, name: str, address: str = "") -> dict[str, Any]:
        """The parts of the address of a route, from the words between its angle brackets."""
        pattern = address or next(a for a, route in routes() if route.name == name)
        asked = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
        said = {
            "siren": self.siren,
            "slug": self.network["site"].slug if pattern.startswith("lieux/") else self.study.slug,
            "study_id": self.study.pk,
            "number": 1,
            "rank": 1,
            "deliverable": self.deliverable.pk,
            "commission": self.commission.pk,
            "key": _key(pattern),
            "share_id": self.share.pk,
            "code": COMMUNE,
            "secret": "inconnu",
            "purpose": "contact",
            "name": _file(pattern),
            **{name: self.network[name].pk for name in ("space", "seat", "closure", "plan")},
            "stage": self.network["stage"].pk,
            "reference": self.booked["booking"].reference,
            "occurrence": self.booked["occurrence"].pk,
            "block": self.booked["block"].pk,
            "site_id": self.network["site"].pk,
            "space_id": self.network["space"].pk,
            "kind": _kind(pattern),
            "operator": self.agreed["operator"].pk,
            "movement": self.agreed["movement"].pk,
            "part": self.network["label"].pk,
            "section": "heures",
            "pk": self.study.pk if "slug" in asked else self._pk(name),
        }
        if name and name.startswith("accounts_"):
            said |= accounts.parts_of(name, self.archived)
        if name in settlement.NAMES:
            said |= settlement.parts_of(name, self.shared)
        if name in billing.NAMES:
            said |= billing.parts_of(name, self.invoiced)
        if name in collecting.NAMES:
            said |= collecting.parts_of(name, self.collected)
        return {part: said[part] for part in asked}

    def _pk(self, name: str) -> int:
        agreed = _of_contracts(name, self.agreed)
        if agreed is not None:
            return int(agreed.pk)
        kinds = {
            "person": self.person,
            "role": self.role,
            "invitation": self.invitation,
            "organisation": self.organisation,
            "position": self.position,
            "dossier": self.position,
            "token": self.token,
            "premises": self.premises,
            "import": self.received,
            "initiative": self.initiative,
            "grr": self.grr,
            "webhook": self.webhook,
            "site": self.network["photo" if name == "site_photo" else "site"],
            "space": self.network["site"],
            "seat": self.network["site"],
            "managed": self.network["site"],
            "book": self.network["site"],
            "requests": self.network["site"],
            "request": self.network["site"],
            "own": self.booked["series"],
            "series": self.booked["series"],
            "wait": self.booked["wait"],
            "floor": self.network["site"],
            "plan": self.network["plan"],
        }
        kinds |= _of_the_day(name, self.day) | _of_members(name, self.sold)
        # the keys of the sign-in library are never somebody else's either
        return int(kinds.get(name.partition("_")[0], self.token).pk)


def _of_the_day(name: str, day: Any) -> dict[str, Any]:
    """What the addresses of machines and of the day at a site name."""
    return {
        "day": day["site"],
        "counter": day["site"],
        "kiosk": day["kiosk" if name == "kiosk_revoke" else "site"],
        "incident": day["site" if name == "incident_new" else "incident"],
        "machine": day["machine"],
        "training": day["training"],
        "certification": day["certification"],
    }


def _of_members(name: str, sold: Any) -> dict[str, Any]:
    """What the addresses of prices, members, firms and employers name."""
    kinds = {word: sold[word] for word in ("price", "operator", "formula", "firm", "member")}
    kinds["subscription"] = sold["subscription"]
    kinds["employer"] = sold["seat" if name == "employer_withdraw" else "firm"]
    return kinds


def _of_contracts(name: str, agreed: Any) -> Any:
    """The contract, in the state that an address asks for, or its operator."""
    if not name.startswith(("contract", "own_contract", "deposit")):
        return None
    act = name.rpartition("_")[2]
    if act in ("texts", "rules", "approval", "articles"):
        return agreed["operator"]
    if act in ("correct", "preview", "send"):
        return agreed["draft"]
    if act in ("sign", "refuse", "remind", "withdraw"):
        return agreed["sent"]
    return agreed["live"]


def _kind(pattern: str) -> str:
    if pattern.startswith("contrats/"):
        return "resident"
    return "carnet" if "formules" in pattern else "label"


def _key(pattern: str) -> str:
    if pattern.startswith("tarifs/"):
        return "open_space"
    return "siting.coverage_minutes" if "hypotheses" in pattern else "communes"


def _file(pattern: str) -> str:
    if pattern.startswith("ventes/"):
        return "ventes.csv"
    if "contrats/" in pattern:
        return "contrat.pdf"
    if pattern.startswith("lieux/carte"):
        return "markers"
    if pattern.startswith("reversements/"):
        return "releve.pdf" if "releves" in pattern else "decompte.pdf"
    if "photos" in pattern:
        return "small.webp"
    if "layers" in pattern:
        return "cells"
    return "portrait.json" if "siren" in pattern else "plan.json"


def territory(siren: str = people.SIREN, mark: str = "Premier", outcome: Any = None) -> World:
    """The same things in any territory; `mark` is written in every text field."""
    scope, at = ("territory", siren), now()
    body = people.organisation(f"CC {mark}", territory_siren=siren, rna="")
    post = people.position(scope=scope, organisation=body, title=f"Mission {mark}")
    giver = people.holder(scope=scope, name=f"Denis {mark}", email=f"denis@{mark.lower()}.fr")
    who = people.person(f"Claire {mark}", f"claire@{mark.lower()}.fr")
    role = people.role(who, position=post)
    end(role, on=at.date() + timedelta(days=9), note=f"Note de {mark}", by=giver, at=at)
    offer = invite(
        post, email=f"nadia@{mark.lower()}.fr", name=f"Nadia {mark}", starts_on=at.date(),
        by=giver, at=at,
    )  # fmt: skip
    token, _secret = api_token.create(who, f"Tableur {mark}", ["studies:read"], lasts_days=9, at=at)
    study = studies.study(f"Étude {mark}", siren, slug="etude")
    run = studies.run(study) if outcome is None else studies.computed(study, outcome)
    # one asks of each commune of a territory why it has no site
    if not study.territory.members:
        study.territory.members = [{"code": COMMUNE, "name": f"Juliénas {mark}", "population": 900}]
        study.territory.save(update_fields=["members"])
    scenario = scenarios.of_run(run, f"Scénario {mark}", scenarios.author(f"Raison {mark}"))
    share = scenarios.shared(scenario, f"Lien {mark}")
    if outcome is not None:
        scenarios.waiting(scenario, COMMUNE)
    plan = initiatives.initiative(f"Initiative {mark}", initiatives.AZOLETTE, siren, carrier=body)
    local = premises.placed(f"Local {mark}", siren=siren, notes=f"Visite de {mark}")
    received = premises.waiting(f"liste-{mark.lower()}.csv", f"Grange de {mark}", siren=siren)
    programme = programmes.programme(study, at=at)
    signed = programmes.signed(programme, f"Cabinet {mark}", at)
    due = programmes.deliverable(programme)
    network = sites.whole(mark, siren)
    day = presence.whole(network["site"], mark, who)
    booked = booking_world.whole(mark, network["space"], who)
    sold = members.whole(network["site"], mark, who, body)
    return World(
        siren,
        who,
        role,
        post,
        body,
        offer,
        token,
        study,
        plan,
        premises=local,
        received=received,
        deliverable=due,
        commission=signed,
        scenario=scenario,
        share=share,
        network=network,
        day=day,
        booked=booked,
        grr=grr.waiting(mark, siren, at),
        sold=sold,
        shared=settlement.whole(network["site"], mark, body),
        webhook=webhooks.endpoint(mark, siren, giver),
        agreed=contracts.whole(network["site"], mark, who, giver),
        invoiced=billing.whole(network["site"], mark, who, body, sold["firm"]),
        archived=accounts.whole(mark, body),
        collected=collecting.whole(body, mark, who),
    )


def routes(resolver: Any = None, before: str = "") -> list[tuple[str, URLPattern]]:
    """(address pattern, route) of everything that the product answers."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern, address)
        else:
            found.append((address, pattern))
    return found
