"""Everything the product knows of a person, for herself: one JSON file and one CSV a table."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people.models import Invitation, Person
from maillage.apps.people.rights import ACTS, GRANTS
from maillage.report.files import grid_csv
from maillage.report.shown import Cell, Column, Grid

Lines = Sequence[Mapping[str, object]]
Exporter = Callable[[Person], Lines]
_exporters: dict[str, Exporter] = {}


def also(name: str, exporter: Exporter) -> None:
    """Declare what another app knows of a person: the name of its table, and its lines.

    Called from its AppConfig.ready; names are those of files, such as `reservations`.
    """
    _exporters[name] = exporter


def export(person: Person, *, by: Person, at: datetime) -> bytes:
    """The bytes of a ZIP; that it was made is written in the journal."""
    with transaction.atomic():
        tables = tables_of(person)
        record("person.export", ("person", person.pk), by=by.pk, at=at, tables=len(tables))
    return zipped(tables)


def tables_of(person: Person) -> dict[str, Lines]:
    """Each table's lines, with plain values."""
    own: dict[str, Exporter] = {
        "compte": _account,
        "roles": _roles,
        "invitations": _invitations,
        "accords": _consents,
        "jetons": _tokens,
        "identites": _identities,
        "moyens-de-connexion": _means,
        "journal-de-mes-actes": _acts,
        "journal-des-acces": _accesses,
    }
    return {name: [*read(person)] for name, read in {**own, **_exporters}.items()}


def zipped(tables: Mapping[str, Lines]) -> bytes:
    """`donnees.json` with all, then one CSV for each table that has lines."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "donnees.json", json.dumps(tables, ensure_ascii=False, indent=1, default=_plain)
        )
        for name, lines in tables.items():
            if lines:
                archive.writestr(f"{name}.csv", grid_csv(_grid(name, lines)))
    return out.getvalue()


def _grid(name: str, lines: Lines) -> Grid:
    keys = list(lines[0])
    columns = tuple(Column(key, key, is_numeric=False) for key in keys)
    rows = tuple(tuple(_cell(line[key]) for key in keys) for line in lines)
    return Grid(name, columns, rows, ())


def _cell(value: object) -> Cell:
    text = "" if value is None else value if isinstance(value, str) else _plain(value)
    return Cell(text, text)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str)


def _account(person: Person) -> Lines:
    return [
        {
            "adresse": person.email,
            "nom": person.name,
            "siret_declare": person.declared_siret,
            "ouvert_le": person.joined_at,
            "derniere_connexion": person.last_login,
        }
    ]


def _roles(person: Person) -> Lines:
    roles = person.roles.select_related("position__organisation").order_by("starts_on", "pk")
    return [
        {
            "poste": role.position.title,
            "organisation": role.position.organisation.name,
            "debut": role.starts_on,
            "fin": role.ends_on,
            "note_de_passation": role.hand_over_note,
            "droits": [ACTS[act] for act in sorted(GRANTS[role.position.kind])],
        }
        for role in roles
    ]


def _invitations(person: Person) -> Lines:
    sent = Invitation.objects.filter(email=person.email).select_related("position")
    return [
        {"poste": i.position.title, "nom": i.name, "envoyee": i.sent_at, "acceptee": i.accepted_at}
        for i in sent.order_by("sent_at")
    ]


def _consents(person: Person) -> Lines:
    return [
        {"texte": c.wording, "donne": c.given_at, "retire": c.withdrawn_at}
        for c in person.consents.order_by("given_at")
    ]


def _tokens(person: Person) -> Lines:
    return [
        {"nom": t.label, "droits": t.scopes, "cree": t.created_at, "expire": t.expires_at,
         "dernier_usage": t.used_at, "revoque": t.revoked_at}
        for t in person.api_tokens.order_by("created_at")
    ]  # fmt: skip


def _identities(person: Person) -> Lines:
    return [
        {"fournisseur": a.provider, "numero": a.uid, "reliee": a.date_joined, "recu": a.extra_data}
        for a in SocialAccount.objects.filter(user=person).order_by("date_joined")
    ]


def _means(person: Person) -> Lines:
    return [
        {"moyen": a.type, "ajoute": a.created_at, "dernier_usage": a.last_used_at}
        for a in Authenticator.objects.filter(user=person).order_by("created_at")
    ]


def _acts(person: Person) -> Lines:
    return [_line(entry) for entry in Entry.objects.filter(actor_id=person.pk).order_by("at", "pk")]


def _accesses(person: Person) -> Lines:
    about = Entry.objects.filter(object_kind="person", object_key=str(person.pk))
    others = about.exclude(actor_id=person.pk)
    return [_line(entry) for entry in others.order_by("at", "pk")]


def _line(entry: Entry) -> Mapping[str, object]:
    return {
        "quand": entry.at,
        "acte": entry.act,
        "objet": f"{entry.object_kind} {entry.object_key}",
    }
