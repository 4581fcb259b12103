"""What programs read and send about studies."""

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema

from maillage.apps.studies.forms import FIRST_YEAR_MAX, FIRST_YEAR_MIN
from maillage.kit.api import WHOLE, Strict

# far beyond any intercommunality: they only keep a demand within reason
MOST_CODES, MOST_HUBS, MOST_MINIS, MOST_EUR = 200, 20, 100, 10**9

Code = Annotated[str, Field(pattern=r"^[0-9][0-9AB][0-9]{3}$")]
Codes = Annotated[list[Code], Field(max_length=MOST_CODES)]
Year = Annotated[int, Field(ge=FIRST_YEAR_MIN, le=FIRST_YEAR_MAX), WHOLE]
Hubs = Annotated[int, Field(ge=1, le=MOST_HUBS), WHOLE]
Minis = Annotated[int, Field(ge=0, le=MOST_MINIS), WHOLE]
Budget = Annotated[int, Field(ge=0, le=MOST_EUR), WHOLE]


class Asked(Strict):
    """A computation to make; what is left out keeps the default of the method."""

    first_year: Year = Field(description="Année des premières ouvertures.")
    keep_existing: bool = Field(default=True, description="Garder les lieux ouverts aujourd’hui.")
    hubs: Annotated[list[Hubs], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Le moins et le plus de sites structurants."
    )
    minis_max: Minis | None = Field(None, description="Le plus de mini-coworks.")
    required_communes: Codes = Field([], description="Codes Insee où un lieu est imposé.")
    forbidden_communes: Codes = Field([], description="Codes Insee où aucun lieu n’est permis.")
    commune_budget_eur: Budget | None = Field(None, description="Euros par commune.")
    epci_budget_eur: Budget | None = Field(None, description="Euros par an.")


class Place(Schema):
    """A territory, named."""

    siren: str
    name: str


class Summary(Schema):
    """The figures of a result; shares are between 0 and 1, modelled, low and high beside."""

    share_low: float
    share_after: float
    share_high: float
    minutes: float = Field(description="Minutes qui définissent « à portée ».")
    sites: int
    seats: int
    is_proved: bool
    first_year: int


class StudyLine(Schema):
    """A study with the figures of its latest result."""

    id: int
    title: str
    territory: Place
    is_demonstration: bool
    created_at: datetime
    published_at: datetime | None
    computed_at: datetime | None
    summary: Summary | None
    href: str
    runs: str
    page: str | None = Field(description="Sa page publique, null si elle n’est pas publiée.")


class FileLine(Schema):
    """A file of a result."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    href: str


class Choices(Schema):
    """What the person decided; null: the default of the method."""

    hubs: list[int] | None
    minis_max: int | None
    required_communes: list[str]
    forbidden_communes: list[str]
    commune_budget_eur: int | None
    epci_budget_eur: int | None


class Demand(Schema):
    """What was asked of a computation."""

    first_year: int
    keep_existing: bool
    seed: int
    time_limit_s: float | None
    choices: Choices


class RunSheet(Schema):
    """A computation: where it stands, its files once done."""

    number: int
    state: str = Field(description="queued, running, done, stopped, refused ou failed.")
    state_label: str
    step: str
    asked: Demand
    asked_at: datetime
    finished_at: datetime | None
    refusal: str = Field(description="Pourquoi il n’y a pas de résultat, et que faire.")
    summary: Summary | None
    href: str
    plan: str | None
    layers: list[str]
    files: list[FileLine]
