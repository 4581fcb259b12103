"""What programs read and send about bookings."""

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema

from maillage.kit.api import WHOLE, Strict

MOST_PARTY = 500
Party = Annotated[int, Field(ge=1, le=MOST_PARTY), WHOLE]
# a strict schema reads datetimes from JSON text only when told
Moment = Annotated[datetime, Field(strict=False)]


class Wanted(Strict):
    """Seats to take."""

    begins: Moment = Field(description="Début, avec son fuseau : 2027-03-18T09:00:00+01:00.")
    ends: Moment = Field(description="Fin, exclue.")
    party: Party = Field(1, description="Places, ou personnes si l’espace est pris en entier.")
    whole: bool | None = Field(
        None, description="L’espace en entier ; à défaut, comme il se réserve."
    )
    purpose: Annotated[str, Field(max_length=200)] = ""


class Slot(Schema):
    """From, included, to, excluded."""

    begins: datetime
    ends: datetime


class Availability(Schema):
    """What is left of a space during a time."""

    space: int
    begins: datetime
    ends: datetime
    seats: int
    free: int = Field(
        description="Places libres pendant tout le temps demandé, battements compris."
    )
    is_open: bool = Field(description="Le lieu est ouvert au début et à la fin.")
    next_free: list[Slot] = Field(description="Les prochains créneaux libres de même durée.")


class BookingSheet(Schema):
    """A booking; prices in euro cents, null before it is priced."""

    reference: str
    site: int
    space: int
    begins: datetime
    ends: datetime
    party: int
    whole: bool
    state: str = Field(description="hold, requested, confirmed, cancelled, refused ou expired.")
    price_cents: int | None
    free_until: datetime = Field(description="Annulée jusque-là, rien n’est retenu.")
    late_kept_percent: int = Field(description="Part retenue ensuite.")
    href: str
