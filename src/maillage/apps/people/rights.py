"""Who may do what: one table, role by act. What is not written here is refused."""

from datetime import date
from typing import Any, Protocol

from maillage.apps.people.models import Role, RoleKind

Scope = tuple[str, str]


class Placed(Protocol):
    """Something that happens somewhere: its own scope and those that contain it."""

    @property
    def scopes(self) -> tuple[Scope, ...]: ...


# act -> what it lets one do; every name is used by a rule, a test of the house checks it
ACTS = {
    "territories.load": "charger les tables d'un territoire",
    "premises.read": "lire les locaux et les initiatives d'un territoire",
    "premises.keep": "décrire les locaux et les initiatives d'un territoire",
    "studies.read": "lire une étude non publiée",
    "studies.compute": "calculer une étude",
    "studies.publish": "publier une étude",
    "programme.keep": "tenir le calendrier et les livrables d'une étude",
    "scenarios.propose": "proposer, amender et partager un scénario",
    "scenarios.retain": "retenir un scénario",
    "sites.keep": "décrire un lieu, ses espaces, ses fermetures",
    "tariffs.keep": "tenir les tarifs votés",
    "members.keep": "tenir les adhésions, abonnements et carnets",
    "bookings.manage": "suivre, approuver et annuler les réservations d'un lieu",
    "bookings.override": "réserver malgré une règle d'un espace, en disant pourquoi",
    "presence.keep": "tenir la journée d'un lieu : arrivées, incidents, codes",
    "presence.host": "tenir la journée d'un commerce hôte",
    "machines.keep": "nommer les formateurs d'une machine",
    "employer.read": "lire les jours réservés pour ses salariés",
    "employer.keep": "autoriser les personnes que son organisme prend en charge",
    "billing.read": "lire les factures et les comptes d'un organisme",
    "billing.issue": "facturer et créditer au nom d'un organisme",
    "collecting.keep": "encaisser, prélever et relancer au nom d'un organisme",
    "contracts.keep": "préparer et suivre les contrats d'un organisme",
    "settlement.keep": "préparer les reversements et les partages de frais d'un organisme",
    "accounts.export": "clôturer un mois et exporter les comptes d'un organisme",
    "network.read": "lire le tableau de bord du réseau",
    "webhooks.keep": "dire à des programmes ce qui se passe dans un territoire",
    "people.read": "voir les personnes et leurs rôles",
    "people.manage": "inviter, confier et terminer un rôle",
    "organisations.manage": "tenir le registre des organisations",
    "handover.read": "lire le dossier de passation",
    "journal.read": "lire le journal",
    "platform.manage": "régler la plateforme",
}

_STUDY = frozenset({"studies.read", "premises.read"})
_OFFICE = _STUDY | {"people.read", "handover.read"}
_SITE = frozenset(
    {
        "sites.keep",
        "members.keep",
        "bookings.manage",
        "bookings.override",
        "presence.keep",
        "machines.keep",
    }
)
# held in the name of a body: `sites.bodies` says which
_MONEY = frozenset(
    {
        "billing.read",
        "billing.issue",
        "collecting.keep",
        "contracts.keep",
        "settlement.keep",
        "accounts.export",
    }
)
GRANTS: dict[str, frozenset[str]] = {
    RoleKind.ADMINISTRATOR: frozenset(ACTS),
    RoleKind.PROJECT_OFFICER: _OFFICE
    | _SITE
    | _MONEY
    | {
        "tariffs.keep",
        "network.read",
        "webhooks.keep",
        "territories.load",
        "studies.compute",
        "studies.publish",
        "premises.keep",
        "programme.keep",
        "scenarios.propose",
        "scenarios.retain",
        "people.manage",
        "organisations.manage",
        "journal.read",
    },
    RoleKind.CHIEF_EXECUTIVE: _OFFICE
    | {
        "billing.read",
        "network.read",
        "studies.publish",
        "programme.keep",
        "scenarios.propose",
        "scenarios.retain",
        "people.manage",
        "organisations.manage",
        "journal.read",
    },
    RoleKind.ELECTED_OFFICIAL: _STUDY,
    RoleKind.MAYOR: _STUDY,
    RoleKind.TREASURER: _STUDY | {"billing.read", "collecting.keep", "accounts.export"},
    RoleKind.SITE_MANAGER: _SITE | _MONEY | {"people.read"},
    RoleKind.COORDINATOR: _STUDY | {"network.read"},
    RoleKind.CONSULTANT: _STUDY | {"studies.compute", "premises.keep"},
    RoleKind.HOST: frozenset({"presence.host"}),
    RoleKind.EMPLOYER: frozenset({"employer.read", "employer.keep"}),
    RoleKind.MEMBER: frozenset(),
    RoleKind.VOLUNTEER: frozenset(),
}

# those who act for a body: a second factor is required of them
STAFF = frozenset(
    {
        RoleKind.ADMINISTRATOR,
        RoleKind.PROJECT_OFFICER,
        RoleKind.CHIEF_EXECUTIVE,
        RoleKind.ELECTED_OFFICIAL,
        RoleKind.MAYOR,
        RoleKind.TREASURER,
        RoleKind.SITE_MANAGER,
        RoleKind.COORDINATOR,
        RoleKind.CONSULTANT,
    }
)


def roles_of(person: Any, *, on: date) -> tuple[Role, ...]:
    """The roles a person holds that day, read once per request and kept on the person."""
    if not person.is_authenticated:
        return ()
    kept: dict[date, tuple[Role, ...]] = person.__dict__.setdefault("_roles", {})
    if on not in kept:
        kept[on] = tuple(
            Role.objects.current(on)
            .filter(person_id=person.pk)
            .select_related("position__organisation")
            .order_by("starts_on", "pk")
        )
    return kept[on]


def holds(person: Any, act: str, scopes: tuple[Scope, ...], *, on: date) -> bool:
    """Whether one of the person's roles of that day allows the act in one of these scopes."""
    if act not in ACTS:
        raise KeyError(act)
    everywhere = (*scopes, ("platform", ""))
    return any(
        act in GRANTS[role.position.kind] and role.position.scope in everywhere
        for role in roles_of(person, on=on)
    )


def scopes_where(person: Any, act: str, *, on: date) -> tuple[Scope, ...]:
    """The scopes in which the person may do an act: lists are filtered by them."""
    return tuple(
        role.position.scope for role in roles_of(person, on=on) if act in GRANTS[role.position.kind]
    )


def is_staff(person: Any, *, on: date) -> bool:
    """Whether a second factor is required of this person."""
    return any(role.position.kind in STAFF for role in roles_of(person, on=on))
