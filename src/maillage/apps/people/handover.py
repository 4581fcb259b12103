"""The hand-over dossier of a post: what is under way where it counts, for whoever comes next."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.template.loader import render_to_string

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people import acts, vacancies
from maillage.apps.people.invite import pending
from maillage.apps.people.models import Person, Position, Role
from maillage.apps.people.rights import Scope
from maillage.core.periods import PARIS
from maillage.kit.refusal import Refusal
from maillage.report import french
from maillage.report.files import grid_csv
from maillage.report.shown import Cell, Column, Grid

RECENT = 30


@dataclass(frozen=True)
class Line:
    """One thing to know: what it is, where it stands, where it is read."""

    title: str
    text: str = ""
    href: str = ""


@dataclass(frozen=True)
class Section:
    """What one part of the product hands over."""

    code: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Dossier:
    """The whole of it, at a day, in plain values."""

    position: str
    organisation: str
    leaver: str
    left_on: str
    note: str
    made_on: str
    sections: tuple[Section, ...]


class NothingToTakeOver(Refusal):
    """The role is not one's own, or not held today."""

    sentence = "Ce dossier se prend en main par la personne qui occupe le poste aujourd'hui."
    status = 403


Lister = Callable[[Scope, date], Iterable[Line]]
_sections: dict[str, tuple[str, Lister]] = {}


def section(code: str, title: str, lister: Lister) -> None:
    """Declare what another app hands over in a scope; called from its AppConfig.ready.

    code    name of its file in the archive, such as `etudes`
    lister  (scope, day) -> lines, the most pressing first
    """
    _sections[code] = (title, lister)


def dossier(position: Position, *, at: datetime) -> Dossier:
    """What whoever takes the post over must find."""
    last = leaver_of(position, on=at.date())
    own: dict[str, tuple[str, Lister]] = {
        "contacts": ("Qui travaille ici", _contacts),
        "attentes": ("Invitations et postes en attente", _waiting),
    }
    read = {**own, **_sections, "journal": ("Ce qui vient de se passer", _recent)}
    return Dossier(
        position=position.title,
        organisation=position.organisation.name,
        leaver=last.person.name if last else "",
        left_on=french.day(last.ends_on) if last and last.ends_on else "",
        note=last.hand_over_note if last else "",
        made_on=french.day(at.date()),
        sections=tuple(
            Section(code, title, tuple(lister(position.scope, at.date())))
            for code, (title, lister) in read.items()
        ),
    )


def leaver_of(position: Position, *, on: date) -> Role | None:
    """The last holder who left, or whose early end is noted."""
    held = Role.objects.filter(position=position, ends_on__gt=F("starts_on"))
    ended = held.filter(Q(ends_on__lte=on) | Q(term_on=None) | ~Q(ends_on=F("term_on")))
    return ended.select_related("person").order_by("-ends_on", "-pk").first()


def to_take_over(person: Person, *, on: date) -> Role | None:
    """The first role of the person with a dossier that she has not opened."""
    fresh = Role.objects.current(on).filter(person=person, dossier_seen_at=None)
    before = Role.objects.filter(
        position=OuterRef("position"),
        starts_on__lte=OuterRef("starts_on"),
        ends_on__gt=F("starts_on"),
    )
    followed = fresh.filter(Exists(before.exclude(person=person)))
    return followed.select_related("position__organisation").order_by("starts_on", "pk").first()


def take_over(role: Role, *, by: Person, at: datetime) -> None:
    """The successor has the dossier in hand; the next sign-in leads to her work."""
    with transaction.atomic():
        held = Role.objects.current(at.date()).select_for_update().filter(pk=role.pk).first()
        if held is None or held.person_id != by.pk:
            raise NothingToTakeOver
        if held.dossier_seen_at is not None:
            return
        held.dossier_seen_at = at
        held.save(update_fields=["dossier_seen_at"])
        record(
            "handover.take",
            ("role", held.pk),
            by=by.pk,
            at=at,
            scope=role.position.scope,
            position=role.position_id,
        )


def archive(found: Dossier) -> bytes:
    """The dossier as one ZIP: a page to read, JSON, and one CSV a section."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("dossier.html", render_to_string("people/dossier_file.html", {"d": found}))
        made.writestr("dossier.json", json.dumps(asdict(found), ensure_ascii=False, indent=1))
        for part in found.sections:
            made.writestr(f"{part.code}.csv", grid_csv(_grid(part)))
    return out.getvalue()


def _grid(part: Section) -> Grid:
    columns = tuple(Column(key, key, is_numeric=False) for key in ("titre", "texte", "adresse"))
    rows = tuple(
        tuple(Cell(text, text) for text in (line.title, line.text, line.href))
        for line in part.lines
    )
    return Grid(part.title, columns, rows, ())


def _contacts(scope: Scope, on: date) -> Iterable[Line]:
    roles = (
        Role.objects.current(on)
        .filter(vacancies.within([scope], "position__"))
        .select_related("person", "position__organisation")
        .order_by("position__title", "person__name")
    )
    for role in roles:
        post = f"{role.position.title}, {role.position.organisation.name}"
        yield Line(role.person.name, f"{post} : {role.person.email}")


def _waiting(scope: Scope, on: date) -> Iterable[Line]:
    for position in vacancies.vacant([scope], on=on).order_by("title"):
        yield Line(position.title, "Poste vacant", f"/personnes/postes/{position.pk}/")
    waiting = pending(datetime.combine(on, datetime.min.time(), PARIS))
    for invitation in waiting.filter(vacancies.within([scope], "position__")).select_related(
        "position"
    ):
        until = french.day(invitation.expires_at.date())
        yield Line(invitation.name, f"Invitation à {invitation.position.title}, jusqu'au {until}")


def _recent(scope: Scope, _on: date) -> Iterable[Line]:
    lines = Entry.objects.filter(scope_kind=scope[0], scope_key=scope[1]).order_by("-at", "-pk")
    shown = list(lines[:RECENT])
    names = dict(
        Person.objects.filter(pk__in={line.actor_id for line in shown}).values_list("pk", "name")
    )
    for line in shown:
        who = names.get(line.actor_id or 0, "Le système")
        yield Line(acts.name(line.act), f"{who}, {french.day(line.at.date())}")
