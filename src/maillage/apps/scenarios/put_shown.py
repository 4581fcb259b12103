"""What the pages of the elected say of the scenarios put before them, as plain values."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from maillage.apps.scenarios import listing
from maillage.apps.scenarios.before_council import Before, Put
from maillage.apps.studies.compute import UNDER_WAY
from maillage.apps.studies.listing import share
from maillage.apps.studies.models import RunState
from maillage.kit.components import Link
from maillage.kit.filters import moment
from maillage.report import comparison, french


def context(before: Before) -> dict[str, Any]:
    """What to decide, the scenarios to choose from, the amendments of the one that is read."""
    put, study = before.put, before.of.study
    amendments, pending = [], ""
    if put is not None:
        put.scenario.study = study
        history = listing.history(put.scenario)
        amendments = [entry for entry in history if entry["is_amendment"]]
        pending = "" if put.is_latest else _pending(put, history[0])
    several = len(before.every) > 1
    return {
        "put": put,
        "sentence": sentence(before),
        "pending": pending,
        "amendments": amendments,
        "several": several,
        "every": [_listed(one, put) for one in before.every] if several else [],
        "is_open": several and not any(one.is_retained for one in before.every),
        "compare_href": _compared("scenarios_compared", before, before.every),
        "note_href": _compared(
            "scenarios_note", before, [one for one in before.every if one.is_latest]
        ),
        "map_href": page_of(before),
        "versions_href": f"{put.scenario.get_absolute_url()}versions/" if put else "",
    }


def sentence(before: Before) -> str:
    """What the council decides, as it would be put to the vote."""
    put, every = before.put, before.every
    if put is None:
        return f"{before.which}."
    facts = {
        "letter": put.scenario.letter,
        "title": put.scenario.title,
        "decided": put.decided,
        "day": french.day(localtime(put.scenario.decided_at).date()),
    }
    if put.is_retained:
        words = _("Le conseil a retenu le scénario {letter}, « {title} », le {day}.")
    elif any(one.is_retained for one in every):
        words = _("Vous lisez le scénario {letter}, « {title} », {decided} mais pas retenu.")
    elif len(every) > 1:
        words = _(
            "À décider : lequel des {n} scénarios retenir. Vous lisez le scénario {letter}, "
            "« {title} », {decided}."
        )
    else:
        words = _("À décider : retenir ou non le scénario {letter}, « {title} », {decided}.")
    return words.format(n=len(every), **facts)


def _pending(put: Put, latest: dict[str, Any]) -> str:
    """Why the latest amendment is not what they read."""
    words = _(
        "L’amendement du {at} n’a pas de chiffres ({state}). "
        "Vous lisez la version {n}, la dernière calculée."
    )
    if latest["state"] in [RunState(state).label for state in UNDER_WAY]:
        words = _(
            "L’amendement du {at} se calcule encore. "
            "Vous lisez la version {n}, la dernière calculée."
        )
    return words.format(
        at=moment(latest["at"]), state=latest["state"].lower(), n=put.version.number
    )


def _listed(one: Put, read: Put | None) -> dict[str, Any]:
    scenario, summary = one.scenario, one.version.run.summary
    within = share(summary)
    return {
        "letter": scenario.letter,
        "title": scenario.title,
        "href": f"{reverse('elected')}?s={scenario.number}",
        "is_retained": one.is_retained,
        "decided": one.decided,
        "share": within.text if within else "",
        "sites": french.count(summary["sites"], "lieu", "lieux"),
        "seats": french.count(summary["seats"], "place"),
        "is_read": read is not None and scenario.pk == read.scenario.pk,
    }


def _compared(name: str, before: Before, puts: Any) -> str:
    """A page that compares some of them; nothing when there is nothing to compare."""
    if len(puts) < comparison.FEWEST:
        return ""
    study = before.of.study
    numbers = ",".join(str(one.scenario.number) for one in puts[: comparison.MOST])
    return f"{reverse(name, args=(study.pk, study.slug))}?s={numbers}"


def others(before: Before, address: str) -> list[Link]:
    """The same page under each other scenario put before the council."""
    read = before.put.scenario.pk if before.put else None
    return [
        Link(f"{one.scenario.letter}. {one.scenario.title}", f"{address}?s={one.scenario.number}")
        for one in before.every
        if one.scenario.pk != read
    ]


def page_of(before: Before) -> str:
    """Where its map and its sites are: the scenario's page while it shows the same version."""
    put = before.put
    if put is None or not put.is_latest:
        return before.of.home
    put.scenario.study = before.of.study
    return put.scenario.get_absolute_url()


def site_href(before: Before, site: str) -> str:
    """One site on that page."""
    if not site:
        return ""
    of_scenario = before.put is not None and before.put.is_latest
    return f"{page_of(before)}?lieu={site}#{'lieu' if of_scenario else 'lieu-choisi'}"
