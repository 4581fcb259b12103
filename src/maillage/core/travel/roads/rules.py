"""Which streets a mode may use, in which direction, and what they are to it.

method  docs/method/travel.md
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core.sources.osm import Streets

MODES = ("car", "bike", "walk")

# From the fastest to the slowest; a street gives way to those before it
CLASSES = (
    *("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"),
    *("living_street", "service", "track", "path"),
)

# What wheels meet, from the smoothest
GROUNDS = ("paved", "unpaved", "rough")

_SAME_CLASS = {
    "road": "unclassified",
    **dict.fromkeys(("pedestrian", "footway", "cycleway", "bridleway", "steps"), "path"),
    **{f"{name}_link": name for name in CLASSES[:5]},
}

_NO = ("no", "private", "agricultural", "forestry", "delivery", "emergency", "military", "psv")
_YES = ("yes", "designated", "permissive", "official")
_ONE_WAY = ("yes", "true", "1", "reversible")
_ONE_WAY_BACK = ("-1", "reverse")
# yards and parking rows: nobody passes there on the way to somewhere else
_YARDS = ("driveway", "parking_aisle", "drive-through", "emergency_access")

_PAVED = ("paved", "asphalt", "concrete", "concrete:plates", "paving_stones", "sett", "metal")
_UNPAVED = (
    "unpaved",
    "compacted",
    "fine_gravel",
    "gravel",
    "pebblestone",
    "dirt",
    "earth",
    "ground",
)
_ROUGH = ("grass", "mud", "sand", "rock", "stone", "stepping_stones", "woodchips")
# marked trails that an ordinary walker follows; beyond, hands are needed
_EASY_TRAIL = "hiking"

_MOTOR = ("motorway", "trunk", "motorway_link", "trunk_link")


@dataclass(frozen=True)
class Use:
    """What each street is to a mode, [w].

    forward, backward  whether it may be followed in the order of its nodes, and against it
    rank               number in CLASSES
    limit_kmh          the posted limit, NaN where the street says none
    ground             number in GROUNDS
    is_link            slip roads
    is_roundabout      roundabouts
    is_tunnel          tunnels
    """

    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    rank: NDArray[np.int8]
    limit_kmh: NDArray[np.float64]
    ground: NDArray[np.int8]
    is_link: NDArray[np.bool_]
    is_roundabout: NDArray[np.bool_]
    is_tunnel: NDArray[np.bool_]


def use(streets: Streets, mode: str) -> Use:
    """The streets as a mode of MODES sees them."""
    allowed = {"car": _by_car, "bike": _by_bike, "walk": _on_foot}[mode]()
    forward, backward = _directions(mode)
    highway = pl.col("highway")
    same = highway.replace(_SAME_CLASS)
    found = streets.tags.select(
        forward=(allowed & forward).fill_null(value=False),
        backward=(allowed & backward).fill_null(value=False),
        rank=same.replace_strict(
            {name: n for n, name in enumerate(CLASSES)}, default=len(CLASSES) - 1
        ),
        limit=_limit(),
        ground=_ground(),
        is_tunnel=(pl.col("tunnel") != "no").fill_null(value=False),
        is_link=highway.str.ends_with("_link"),
        is_roundabout=_is_roundabout(),
    )
    return Use(
        forward=found["forward"].to_numpy(),
        backward=found["backward"].to_numpy(),
        rank=found["rank"].cast(pl.Int8).to_numpy(),
        limit_kmh=found["limit"].fill_null(np.nan).to_numpy(),
        ground=found["ground"].cast(pl.Int8).to_numpy(),
        is_tunnel=found["is_tunnel"].to_numpy(),
        is_link=found["is_link"].to_numpy(),
        is_roundabout=found["is_roundabout"].to_numpy(),
    )


def _first(*tags: str) -> pl.Expr:
    """The most specific of the tags that a street has."""
    return pl.coalesce(pl.col(name) for name in tags)


def _by_car() -> pl.Expr:
    highway = pl.col("highway")
    says = _first("motorcar", "motor_vehicle", "vehicle", "access")
    ordinary = highway.replace(_SAME_CLASS).is_in(CLASSES[:9])
    hard_track = (highway == "track") & (
        (pl.col("tracktype") == "grade1") | _first("motorcar", "motor_vehicle").is_in(_YES)
    ).fill_null(value=False)
    is_yard = pl.col("service").is_in(_YARDS).fill_null(value=False)
    return (
        (ordinary | hard_track) & ~says.is_in(_NO).fill_null(value=False) & ~is_yard & ~_is_area()
    )


def _by_bike() -> pl.Expr:
    highway = pl.col("highway")
    says = _first("bicycle", "vehicle", "access")
    never = (*_MOTOR, "steps")
    is_refused = says.is_in((*_NO, "dismount", "use_sidepath")).fill_null(value=False)
    # on a pavement or in a pedestrian street only where it is written
    needs_yes = highway.is_in(("footway", "pedestrian", "bridleway"))
    is_written = pl.col("bicycle").is_in(_YES).fill_null(value=False)
    motor_only = (pl.col("motorroad") == "yes").fill_null(value=False)
    known = highway.replace(_SAME_CLASS).is_in(CLASSES)
    return (
        known
        & ~highway.is_in(never)
        & ~is_refused
        & (~needs_yes | is_written)
        & ~motor_only
        & ~_is_area()
        & ~_is_climb()
    )


def _on_foot() -> pl.Expr:
    highway = pl.col("highway")
    says = _first("foot", "access")
    never = _MOTOR
    is_refused = says.is_in((*_NO, "use_sidepath")).fill_null(value=False)
    needs_yes = highway == "cycleway"
    is_written = pl.col("foot").is_in(_YES).fill_null(value=False)
    motor_only = (pl.col("motorroad") == "yes").fill_null(value=False)
    known = highway.replace(_SAME_CLASS).is_in(CLASSES)
    return (
        known & ~highway.is_in(never) & ~is_refused & (~needs_yes | is_written) & ~motor_only
    ) & ~(_is_area() | _is_climb())


def _directions(mode: str) -> tuple[pl.Expr, pl.Expr]:
    if mode == "walk":
        return pl.lit(value=True), pl.lit(value=True)
    says = pl.col("oneway")
    implied = _is_roundabout() | pl.col("highway").is_in(("motorway", "motorway_link"))
    is_back = says.is_in(_ONE_WAY_BACK).fill_null(value=False)
    is_one = says.is_in(_ONE_WAY).fill_null(value=False) | (
        implied & ~(says == "no").fill_null(value=False)
    )
    if mode == "bike":
        freed = (pl.col("oneway:bicycle") == "no") | pl.col("cycleway").str.starts_with("opposite")
        freed = freed.fill_null(value=False)
        is_back, is_one = is_back & ~freed, is_one & ~freed
    return ~is_back, ~is_one | is_back


def _ground() -> pl.Expr:
    """By what is written of the surface, else by the kind of street."""
    surface, grade = pl.col("surface"), pl.col("tracktype")
    natural = pl.col("highway").is_in(("track", "path", "bridleway", "footway"))
    written = (
        pl.when(surface.is_in(_ROUGH) | grade.is_in(("grade4", "grade5")))
        .then(2)
        .when(surface.is_in(_UNPAVED) | grade.is_in(("grade2", "grade3")))
        .then(1)
        .when(surface.is_in(_PAVED) | (grade == "grade1"))
        .then(0)
    )
    on_a_trail = pl.col("sac_scale").is_not_null()
    return pl.when(on_a_trail).then(2).otherwise(pl.coalesce(written, natural.cast(pl.Int32)))


def _is_climb() -> pl.Expr:
    return (pl.col("sac_scale") != _EASY_TRAIL).fill_null(value=False)


def _limit() -> pl.Expr:
    """km/h of a posted number; a limit in words ("FR:urban", "walk") is read too."""
    words = {"FR:urban": 50.0, "FR:rural": 80.0, "FR:motorway": 130.0, "walk": 10.0}
    text = pl.col("maxspeed")
    number = text.str.extract(r"^(\d+(?:\.\d+)?)", 1).cast(pl.Float64)
    miles = text.str.contains("mph").fill_null(value=False)
    posted = pl.when(miles).then(number * 1.609).otherwise(number)
    return (
        pl.when(posted.is_between(5, 150))
        .then(posted)
        .otherwise(text.replace_strict(words, default=None, return_dtype=pl.Float64))
    )


def _is_roundabout() -> pl.Expr:
    return pl.col("junction").is_in(("roundabout", "circular")).fill_null(value=False)


def _is_area() -> pl.Expr:
    return (pl.col("area") == "yes").fill_null(value=False)
