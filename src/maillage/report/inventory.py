"""The tables of a folder in words: what is there, what is missing and what that changes."""

from maillage.core.sources import inventory
from maillage.core.sources.inventory import Entry
from maillage.report import french, refusals

WITHOUT = {
    "no_perimeter": "sans elle, aucun territoire n'est connu.",
    "no_recoding": "sans elle, les tables d'années différentes ne se raccordent pas.",
    "no_work": "sans elle, ni emplois, ni actifs, donc aucune demande.",
    "no_cells": "sans elle, la couverture des habitants ne se calcule pas.",
    "no_candidates": "sans elle, aucun bourg, commerce ou service hôte n'est connu.",
    "no_outlines": "sans elle ni l'autre table de contours, pas de carte, et la commune des "
    "carreaux est celle que leur table donne.",
    "no_third_places": "sans elle, les lieux existants sont ceux que vous donnez avec --existing.",
    "no_service_houses": "sans elle, les maisons France services ne comptent pas parmi les hôtes.",
    "no_stations": "sans elle, les gares ne sont pas montrées.",
    "no_flows": "sans elle, les trajets domicile-travail sont modélisés et non observés.",
    "no_roads": "sans elle, les temps de trajet sont modélisés d'après la distance.",
}

_LACKING = ("table indispensable est", "tables indispensables sont")


def rows(entries: tuple[Entry, ...]) -> list[tuple[str, str, str]]:
    """Table and publisher; file and vintage, or why it cannot be read; number of lines."""
    return [(f"{e.dataset.title}\n{e.dataset.publisher}", _file(e), _count(e)) for e in entries]


def missing_lines(entries: tuple[Entry, ...]) -> list[str]:
    """What each absent table changes; an unreadable one says its refusal on its own row."""
    return [
        f"{e.dataset.title} ({'indispensable' if e.needed else 'facultative'}) : "
        f"{WITHOUT[e.dataset.without]}"
        for e in entries
        if e.is_absent
    ]


def verdict(entries: tuple[Entry, ...]) -> str:
    """Whether a study can run, and otherwise what to do."""
    if inventory.can_run(entries):
        return "Une étude peut être lancée avec ce dossier."
    lacking = sum(entry.needed and entry.is_absent for entry in entries)
    ways = [f"{french.count(lacking, *_LACKING)} à déposer"] if lacking else []
    for entry in entries:
        if entry.path is not None and not entry.is_readable:
            ways.append(
                f"{'remplacez' if entry.needed else 'retirez ou remplacez'} {entry.path.name}"
            )
    return f"Aucune étude possible : {' ; '.join(ways)}."


def _file(entry: Entry) -> str:
    if entry.path is None:
        return f"absente. À déposer : {entry.dataset.example} ({entry.dataset.address})"
    if entry.refusal is not None:
        return f"{entry.path.name}\nillisible : {refusals.sentence(entry.refusal)}"
    unread = f"\nnon lu, car remplacé : {', '.join(entry.unread)}" if entry.unread else ""
    return f"{entry.path.name}\n{french.vintage(entry.vintage or '')}{unread}"


def _count(entry: Entry) -> str:
    return "" if entry.rows is None else french.number(entry.rows)
