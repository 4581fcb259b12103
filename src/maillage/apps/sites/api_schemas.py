"""What programs read about sites."""

from datetime import date

from ninja import Field, Schema


class SpaceLine(Schema):
    """A space that may be booked."""

    id: int
    name: str
    kind: str
    parent: int | None = Field(description="L’espace dont il est une partie.")
    sold_by: str = Field(description="seat : à la place ; whole : en entier ; both : les deux.")
    seats: int = Field(description="Places de l’espace et de ses parties.")
    most_people: int | None
    needs_approval: bool = Field(description="Une réservation y est une demande.")
    audiences: list[str]
    step_min: int
    shortest_min: int
    longest_min: int | None
    free_cancel_min: int = Field(description="Annulée plus tôt avant le début, rien n’est retenu.")
    availability: str


class SiteLine(Schema):
    """A site of the public directory; null is unknown."""

    id: int
    name: str
    territory: str = Field(description="SIREN de l’intercommunalité.")
    tier: str | None = Field(description="hub, mini ou corpo.")
    stage: str | None = Field(description="planned, works, open ou closed, aujourd’hui.")
    commune_code: str
    commune_name: str
    address: str | None
    lon: float | None
    lat: float | None
    opening_hours: str | None = Field(description="Syntaxe OpenStreetMap.")
    is_step_free: bool | None
    has_fibre: bool | None
    services: list[str]
    equipment: list[str]
    updated_on: date
    href: str
    spaces: str
    page: str
