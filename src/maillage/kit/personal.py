"""The register of personal data: each column says whether it holds some, and under which terms."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Model

NOT_PERSONAL = "-"


@dataclass(frozen=True)
class Treatment:
    """One line of the register (RGPD, art. 30).

    data  what it holds, in words, in the order of the columns' declaration
    """

    code: str
    title: str
    purpose: str
    basis: str
    concerned: str
    data: str
    kept_for: str
    owner: str
    recipients: str


@dataclass(frozen=True)
class Register:
    """Treatments, and for each model the treatment of each of its columns."""

    treatments: dict[str, Treatment]
    columns: dict[str, dict[str, str]]

    def faults(self, models: Iterable[type[Model]]) -> list[str]:
        """Columns that nobody declared, declared columns that do not exist, unknown treatments."""
        real = {m._meta.label: {f.name for f in m._meta.concrete_fields} for m in models}
        found = [
            f"{label}.{name} is not declared"
            for label, names in real.items()
            for name in names - self.columns.get(label, {}).keys()
        ]
        for label, declared in self.columns.items():
            found += [
                f"{label}.{n} does not exist" for n in declared.keys() - real.get(label, set())
            ]
            found += [
                f"{label}.{name} names no treatment: {code}"
                for name, code in declared.items()
                if code != NOT_PERSONAL and code not in self.treatments
            ]
        return sorted(found)

    def personal_columns(self) -> list[tuple[str, str]]:
        """(model, column) of everything that says something of somebody."""
        return [
            (label, name)
            for label, declared in self.columns.items()
            for name, code in declared.items()
            if code != NOT_PERSONAL
        ]


def load(path: Path) -> Register:
    """Read the table; a treatment that lacks a word is a TypeError."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    treatments = {
        code: Treatment(code=code, **words) for code, words in read.pop("treatments").items()
    }
    columns = {
        f"{app}.{model}": _columns(declared)
        for app, by_model in read.items()
        for model, declared in by_model.items()
    }
    return Register(treatments, columns)


def _columns(declared: dict[str, list[str]]) -> dict[str, str]:
    return {name: code for code, names in declared.items() for name in names}
