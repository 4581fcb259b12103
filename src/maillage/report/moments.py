"""Hours, lengths of time and moments, in French."""

from datetime import date, datetime, time

from maillage.report import french

HOUR_MIN = 60
DAY_MIN = 24 * HOUR_MIN
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MIDNIGHT = time(0)


def clock(at: time) -> str:
    """« 9 h », « 14 h 30 »."""
    return f"{at.hour}\u00a0h" + (f"\u00a0{at.minute:02d}" if at.minute else "")


def length(minutes: int) -> str:
    """« 45 min », « 2 h 30 », « 3 jours »."""
    if minutes and minutes % DAY_MIN == 0:
        return french.count(minutes // DAY_MIN, "jour", "jours")
    hours, rest = divmod(minutes, HOUR_MIN)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h" + (f"\u00a0{rest:02d}" if rest else "")


def weekday(on: date) -> str:
    """« mardi »."""
    return weekday_named(on.weekday())


def weekday_named(number: int) -> str:
    """« mardi » for 1: 0 is Monday."""
    return _WEEKDAYS[number]


def month(on: date) -> str:
    """« novembre 2026 »."""
    return french.day(on).partition(" ")[2]


def day(on: date) -> str:
    """« mardi 24 novembre 2026 »."""
    return f"{weekday(on)} {french.day(on)}"


def day_near(on: date, today: date) -> str:
    """« mardi 24 novembre », with its year only when it is another one than today's."""
    return day(on) if on.year != today.year else day(on).rpartition(" ")[0]


def moment(at: datetime) -> str:
    """« mardi 24 novembre 2026 à 9 h 30 », in the zone of the datetime."""
    return f"{day(at.date())} à {clock(at.time())}"


def span(begins: datetime, ends: datetime) -> str:
    """« 9 h – 12 h 30 » within a day; the end of a day is told as 24 h."""
    last = "24\u00a0h" if ends.time() == _MIDNIGHT else clock(ends.time())
    return f"{clock(begins.time())} – {last}"


def slot(begins: datetime, ends: datetime) -> str:
    """« mardi 24 novembre 2026, 9 h – 12 h 30 », or from one day to another."""
    is_one_day = begins.date() == ends.date() or (
        ends.time() == _MIDNIGHT and (ends.date() - begins.date()).days == 1
    )
    if is_one_day:
        return f"{day(begins.date())}, {span(begins, ends)}"
    return f"du {moment(begins)} au {moment(ends)}"
