"""The preview of a list in words: what it adds, what it changes, what is wrong and where."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.apps.premises import words
from maillage.apps.premises.list_plan import Change, Plan
from maillage.apps.premises.models import Host, Kind, Owner, State, Works
from maillage.core.sources.described import COLUMNS, REQUIRED
from maillage.kit.components import Text
from maillage.kit.tables import Column, Row, Table
from maillage.report import french, refusals

MOST_SHOWN = 200
LABELS: dict[str, Text] = {
    "ref": gettext_lazy("identifiant"),
    "name": gettext_lazy("nom"),
    "commune_code": gettext_lazy("code de la commune"),
    "commune_name": gettext_lazy("commune"),
    "kind": gettext_lazy("sorte"),
    "state": gettext_lazy("état"),
    "address": gettext_lazy("adresse"),
    "lon": gettext_lazy("longitude"),
    "lat": gettext_lazy("latitude"),
    "area_m2": gettext_lazy("surface"),
    "fibre": gettext_lazy("fibre"),
    "step_free": gettext_lazy("plain-pied"),
    "works": gettext_lazy("travaux"),
    "owner": gettext_lazy("propriétaire"),
    "rented": gettext_lazy("loyer à payer"),
    "host": gettext_lazy("commerce"),
    "opening_hours": gettext_lazy("heures d’ouverture"),
    "motorway_exit": gettext_lazy("sortie d’autoroute"),
    "motorway_min": gettext_lazy("minutes jusqu’à la sortie"),
    "services_min": gettext_lazy("minutes jusqu’à la maison de services"),
    "station_min": gettext_lazy("minutes jusqu’à la gare"),
    "notes": gettext_lazy("remarques"),
}
CHOICES = {"kind": Kind, "state": State, "works": Works, "owner": Owner, "host": Host}
# said by another column of the same change
SILENT = frozenset({"commune_code", "position_origin"})


def context(plan: Plan) -> dict[str, Any]:
    """Everything the template writes of a preview."""
    return {
        "title": _title(plan),
        "act": _act(plan),
        "shown": plan.digest,
        "is_ready": plan.is_ready,
        "faults": _faults(plan) if plan.faults else None,
        "adds": _adds(plan) if plan.adds else None,
        "changes": _changes(plan) if plan.changes else None,
        "notes": list(_notes(plan)),
    }


def _title(plan: Plan) -> str:
    if plan.is_cut:
        return _("Plus de {n} erreurs dans le fichier").format(n=french.number(len(plan.faults)))
    if plan.faults:
        return ngettext(
            "{n} erreur à corriger dans le fichier",
            "{n} erreurs à corriger dans le fichier",
            len(plan.faults),
        ).format(n=len(plan.faults))
    if not plan.is_ready:
        return _("Rien à importer : tous ces locaux sont déjà décrits ainsi")
    return _("{n} à ajouter, {m} à modifier").format(
        n=_premises(len(plan.adds)), m=french.number(len(plan.changes))
    )


def _premises(count: int) -> str:
    return french.count(count, _("local"), _("locaux"))


def _act(plan: Plan) -> str:
    every = len(plan.adds) + len(plan.changes)
    if every == 1:
        return _("Importer le local")
    return _("Importer les {n} locaux").format(n=french.number(every))


def _faults(plan: Plan) -> Table:
    columns = (
        Column("line", _("Ligne")),
        Column("column", _("Colonne")),
        Column("sentence", _("Ce qui ne va pas")),
    )
    rows = [
        Row(
            {
                "line": str(fault.facts["line"]),
                "column": str(fault.facts["column"]),
                "sentence": refusals.of_cell(fault),
            }
        )
        for fault in plan.faults[:MOST_SHOWN]
    ]
    note = _more(len(plan.faults))
    return Table("erreurs", _("Erreurs, ligne par ligne"), columns, rows, note=note)


def _adds(plan: Plan) -> Table:
    columns = (
        Column("line", _("Ligne")),
        Column("name", _("Local")),
        Column("kind", _("Sorte")),
        Column("commune", _("Commune")),
        Column("area", _("Surface"), is_numeric=True),
    )
    rows = [
        Row(
            {
                "line": str(line),
                "name": said["name"],
                "kind": str(Kind(said["kind"]).label),
                "commune": said["commune_name"],
                "area": words.area(said["area_m2"]),
            }
        )
        for line, said in plan.adds[:MOST_SHOWN]
    ]
    return Table("ajouts", _("Locaux à ajouter"), columns, rows, note=_more(len(plan.adds)))


def _changes(plan: Plan) -> Table:
    columns = (
        Column("line", _("Ligne")),
        Column("name", _("Local")),
        Column("change", _("Ce qui change")),
    )
    rows = [
        Row(
            {
                "line": str(change.line),
                "name": change.premises.name,
                "change": _said(change),
            }
        )
        for change in plan.changes[:MOST_SHOWN]
    ]
    note = _more(len(plan.changes))
    return Table("modifications", _("Locaux à modifier"), columns, rows, note=note)


def _more(count: int) -> str:
    beyond = count - MOST_SHOWN
    return _("Et {n} autres lignes.").format(n=french.number(beyond)) if beyond > 0 else ""


def _said(change: Change) -> str:
    parts = [
        f"{LABELS[name]}{french.NBSP}: {_value(name, before)} → {_value(name, after)}"
        for name, (before, after) in change.columns.items()
        if name not in SILENT
    ]
    return " ; ".join(parts)


def _value(name: str, value: Any) -> str:
    if value is None or value == "":
        return _("non renseigné")
    if isinstance(value, bool):
        return words.yes_no(value) or ""
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if name == "area_m2":
        return words.area(value) or ""
    if isinstance(value, float):
        return french.number(value, 4)
    return str(value)


def _notes(plan: Plan) -> list[str]:
    notes = []
    if plan.same:
        known = _("{n} sans changement.")
        notes.append(known.format(n=_premises(plan.same)))
    if plan.at_town:
        placed = _("{n} sans position : le milieu du bourg en tiendra lieu.")
        notes.append(placed.format(n=_premises(plan.at_town)))
    if plan.nowhere:
        lost = _("{n} sans position : ni sur la carte, ni dans les études.")
        notes.append(lost.format(n=_premises(plan.nowhere)))
    if plan.ignored:
        names = french.listed(list(plan.ignored), 8)
        notes.append(_("Colonnes que personne ne lit : {names}.").format(names=names))
    return notes


def columns() -> Table:
    """What a file may hold."""
    heads = (
        Column("name", _("Colonne")),
        Column("must", _("Indispensable")),
        Column("words", _("Contenu")),
    )
    rows = [
        Row(
            {
                "name": name,
                "must": _("oui") if name in REQUIRED else _("non"),
                "words": _CONTENTS[name],
            }
        )
        for name in COLUMNS
    ]
    return Table("colonnes", _("Colonnes du fichier"), heads, rows)


_YES_NO = gettext_lazy("yes ou no, oui ou non ; vide si vous l’ignorez")
_MINUTES = gettext_lazy("minutes en voiture, de 0 à 240 ; vide si vous l’ignorez")
_CONTENTS: dict[str, Text] = {
    "id": gettext_lazy("identifiant, unique ; il retrouve la fiche au prochain import"),
    "name": gettext_lazy("nom du local"),
    "commune_code": gettext_lazy("code Insee de la commune, 5 caractères"),
    "kind": gettext_lazy("building bâtiment, shop commerce, business_park zone d’activité"),
    "state": gettext_lazy("existing existant, planned prévu"),
    "address": gettext_lazy("adresse"),
    "lon": gettext_lazy("longitude, en degrés ; vide : le milieu du bourg"),
    "lat": gettext_lazy("latitude, en degrés ; vide : le milieu du bourg"),
    "area_m2": gettext_lazy("surface en m², plus grande que zéro"),
    "fibre": _YES_NO,
    "step_free": gettext_lazy("accessible de plain-pied : yes ou no"),
    "works": gettext_lazy("none aucun, light légers, heavy lourds"),
    "owner": gettext_lazy("commune, epci, state, association ou private"),
    "rented": gettext_lazy("loyer à payer : yes ou no"),
    "host": gettext_lazy(
        "commerce : restaurant, bakery, grocery, post, library, service_house ou other"
    ),
    "opening_hours": gettext_lazy("heures d’ouverture du commerce"),
    "motorway_exit": gettext_lazy("sortie d’autoroute la plus proche"),
    "motorway_min": _MINUTES,
    "services_min": _MINUTES,
    "station_min": _MINUTES,
    "notes": gettext_lazy("remarques, sans nom de personne"),
}
