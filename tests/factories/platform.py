"""A whole platform in a database of its own, driven by the command line as its operator does."""

import os
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from factories import migrated

# one territory with its documents, one invented person
SEED = """
from maillage.operate.product import open_product
open_product()
from maillage.operate import demonstration, readiness
from maillage.operate.personas import PERSONAS
from maillage.kit.clock import now
readiness.migrate()
demonstration._lay_territory(now())
for persona in PERSONAS[:2]:
    demonstration._lay_person(persona, {}, now())
"""
# the whole demonstration, its study computed and published
SEED_WITH_STUDY = """
from maillage.operate.product import open_product
open_product()
from maillage.core import assumptions, sample, scenario, territory
from maillage.kit.clock import now
from maillage.operate import demonstration, readiness
readiness.migrate()
assumed = assumptions.load()
place = territory.assemble(sample.load(), assumed)
request = scenario.Request(first_year=2027)
demonstration.seed("key", lambda: scenario.evaluate(place, request, assumed), at=now())
"""
ERASE = """
from maillage.operate.product import open_product
open_product()
from maillage.apps.people.erase import erase
from maillage.apps.people.models import Person
from maillage.kit.clock import now
person = Person.objects.get(email=EMAIL)
erase(person, by=person, at=now())
"""


@dataclass
class Platform:
    """Its database, its folder of documents, its settings."""

    folder: Path
    # as an operator who typed `maillage migrate` leaves it
    is_migrated: bool = False
    database: str = field(default_factory=lambda: f"platform_{uuid.uuid4().hex[:12]}")

    def __post_init__(self) -> None:
        if self.is_migrated:
            migrated.copied_to(self.database)
            return
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self.database}")

    @property
    def url(self) -> str:
        parts = conninfo_to_dict(os.environ["DATABASE_URL"]) | {"dbname": self.database}
        return make_conninfo(**parts)

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def environment(self) -> dict[str, str]:
        hidden = ("MAILLAGE_", "DJANGO_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
        return kept | {
            "DATABASE_URL": self.url,
            "MAILLAGE_FILES": str(self.files),
            "MAILLAGE_SECRET_KEY": "of-the-tests-alone-" * 4,
            "MAILLAGE_DEMONSTRATION": "1",
        }

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """`maillage` with these words."""
        return self._python("-m", "maillage.cli.main", *words, **settings)

    def python(self, code: str) -> None:
        """Code that must succeed."""
        done = self._python("-c", code)
        assert done.returncode == 0, done.stderr

    def seed(self, *, with_study: bool = False) -> None:
        self.python(SEED_WITH_STUDY if with_study else SEED)

    def erase(self, email: str) -> None:
        self.python(ERASE.replace("EMAIL", repr(email)))

    def ask(self, query: str) -> list[tuple]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(statement)

    def drop(self) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {self.database} WITH (FORCE)")

    def _python(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            env=self.environment | settings,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
