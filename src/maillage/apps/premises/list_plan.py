"""What importing a list would do: add, change, leave; and what is wrong, line by line."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillage.apps.premises import columns
from maillage.apps.premises.columns import Around, Columns
from maillage.apps.premises.models import Premises
from maillage.apps.territories.models import Territory
from maillage.core.bad_input import BadInput
from maillage.core.sources import described
from maillage.core.sources.described import MOST_PREMISES, Described, Reading
from maillage.kit.refusal import Refusal
from maillage.report import refusals


class UnusableList(Refusal):
    """The file as a whole is not a list of premises."""

    sentence = "{why}"
    status = 422


class TooManyPremises(Refusal):
    """Of one territory."""

    sentence = (
        "Le territoire décrirait plus de {most} locaux. Retirez ceux qui ne pourraient pas "
        "accueillir un lieu."
    )
    status = 422


@dataclass(frozen=True)
class Change:
    """A line that describes premises already known: {column: (before, after)}."""

    line: int
    premises: Premises
    columns: dict[str, tuple[Any, Any]]


@dataclass
class Plan:
    """A list against what is known.

    same     how many lines say what is already known
    at_town  how many new premises take the middle of their town, `nowhere` have no position
    ignored  the columns that nobody reads
    is_cut   whether the file has more faults than these
    """

    adds: list[tuple[int, Columns]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    faults: list[BadInput] = field(default_factory=list)
    same: int = 0
    at_town: int = 0
    nowhere: int = 0
    ignored: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def digest(self) -> str:
        """What the preview showed, as one text: another one would do something else."""
        changed = [(change.premises.pk, change.premises.version) for change in self.changes]
        told = json.dumps([len(self.adds), changed, self.same])
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def is_ready(self) -> bool:
        """Whether it may be imported."""
        return not self.faults and bool(self.adds or self.changes)


def plan_of(territory: Territory, name: str, text: str) -> Plan:
    """What a file would do to the premises of a territory.

    Raises UnusableList.
    """
    try:
        reading = described.read(name, text)
    except BadInput as error:
        raise UnusableList(why=refusals.for_page(refusals.sentence(error))) from error
    return _Planner(territory, name, reading).plan()


class _Planner:
    """Compares each line with what is known, once."""

    def __init__(self, territory: Territory, name: str, reading: Reading) -> None:
        self.path = Path(name)
        self.reading = reading
        self.where: Around = columns.around(territory)
        known = list(Premises.objects.present().filter(territory=territory))
        self.by_ref = {row.ref: row for row in known if row.ref}
        self.by_name = {(row.commune_code, row.name.casefold()): row for row in known}
        self.many = len(known)
        self.met: dict[int, int] = {}

    def plan(self) -> Plan:
        made = Plan(
            faults=list(self.reading.faults),
            ignored=self.reading.ignored,
            is_cut=self.reading.is_cut,
        )
        for number, said in self.reading.items:
            wrong = list(self._faults(number, said))
            if wrong:
                made.faults += wrong
                continue
            known = self._known(said)
            if known is None:
                self._add(made, number, said)
            else:
                self._change(made, number, said, known)
        made.faults.sort(key=lambda fault: int(str(fault.facts["line"])))
        if self.many + len(made.adds) > MOST_PREMISES:
            raise TooManyPremises(most=MOST_PREMISES)
        return made

    def _known(self, said: Described) -> Premises | None:
        named = self.by_name.get((said.commune_code, said.name.casefold()))
        return self.by_ref.get(said.id) or named

    def _faults(self, number: int, said: Described) -> Iterator[BadInput]:
        where = {"path": self.path, "line": number}
        if said.commune_code not in self.where.members:
            yield BadInput(
                "line_commune_elsewhere", **where, column="commune_code", value=said.commune_code
            )
            return
        if (
            said.lon is not None
            and said.lat is not None
            and self.where.is_far(said.commune_code, said.lon, said.lat)
        ):
            km = self.where.km_from_town(said.commune_code, said.lon, said.lat) or 0
            commune = self.where.members[said.commune_code]
            yield BadInput(
                "line_far_from_town", **where, column="lon", km=round(km), commune=commune
            )
        by_id = self.by_ref.get(said.id)
        named = self.by_name.get((said.commune_code, said.name.casefold()))
        if by_id and named and by_id.pk != named.pk:
            yield BadInput("line_two_premises", **where, column="id", by_id=by_id.name)
        known = by_id or named
        if known is not None:
            before = self.met.setdefault(known.pk, number)
            if before != number:
                yield BadInput(
                    "line_said_twice", **where, column="name", value=said.name, before=before
                )

    def _add(self, made: Plan, number: int, said: Described) -> None:
        at_town = said.lon is None and said.commune_code in self.where.towns
        made.at_town += at_town
        made.nowhere += said.lon is None and not at_town
        made.adds.append((number, columns.columns_of(said, self.where, at_town=at_town)))

    def _change(self, made: Plan, number: int, said: Described, known: Premises) -> None:
        now = columns.of_row(known)
        after = columns.plain(said, self.reading.columns) | {
            "commune_code": said.commune_code,
            "commune_name": self.where.members[said.commune_code],
        }
        if self.reading.columns >= set(columns.POSITION):
            after |= self._moved(said, now)
        changed = {name: (now[name], value) for name, value in after.items() if now[name] != value}
        if changed:
            made.changes.append(Change(number, known, changed))
        else:
            made.same += 1

    def _moved(self, said: Described, now: Columns) -> Columns:
        if said.lon is not None and said.lat is not None:
            if (said.lon, said.lat) == (now["lon"], now["lat"]):
                return {}
            return columns.declared(said.lon, said.lat)
        return columns.at_town_of(said.commune_code, self.where)
