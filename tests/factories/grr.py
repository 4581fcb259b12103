"""Exports of GRR's database, invented, as each tool writes them. People are fictif."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from maillage.core.periods import PARIS

DIALECTS = ("mysqldump", "phpmyadmin", "backup")

COLUMNS: dict[str, tuple[str, ...]] = {
    "site": (
        *("id", "sitecode", "sitename", "adresse_ligne1", "adresse_ligne2", "adresse_ligne3"),
        *("cp", "ville", "pays", "tel", "fax"),
    ),
    "area": (
        *("id", "area_name", "access", "order_display", "ip_adr", "morningstarts_area"),
        *("eveningends_area", "duree_max_resa_area", "resolution_area"),
        *("eveningends_minutes_area", "weekstarts_area", "calendar_default_values"),
        *("enable_periods", "display_days"),
    ),
    "room": (
        *("id", "area_id", "room_name", "description", "capacity", "statut_room"),
        *("comment_room", "order_display", "moderate"),
    ),
    "entry": (
        *("id", "start_time", "end_time", "entry_type", "repeat_id", "room_id", "timestamp"),
        *("create_by", "beneficiaire_ext", "beneficiaire", "name", "type", "description"),
        *("statut_entry", "option_reservation", "overload_desc", "moderate", "supprimer"),
    ),
    "repeat": (
        *("id", "start_time", "end_time", "rep_type", "end_date", "rep_opt", "room_id"),
        *("name", "rep_num_weeks"),
    ),
    "type_area": ("id", "type_name", "order_display", "type_letter"),
    "j_site_area": ("id_site", "id_area"),
    "setting": ("NAME", "VALUE"),
    "calendar": ("DAY",),
    "calendrier_feries": ("DAY",),
    "calendrier_vacances": ("DAY",),
    "utilisateurs": ("login", "nom", "prenom", "password", "email"),
    "participants": ("idresa", "beneficiaire"),
}

Value = str | int | None
Row = Mapping[str, Value]

_INTO = "INSERT INTO"

# what a column holds when a row says nothing of it
_DEFAULTS: dict[str, dict[str, Value]] = {
    "area": {
        "access": "a",
        "morningstarts_area": 8,
        "eveningends_area": 19,
        "eveningends_minutes_area": 0,
        "resolution_area": 1800,
        "calendar_default_values": "n",
        "enable_periods": "n",
        "display_days": "yyyyyyy",
    },
    "room": {"description": "", "comment_room": "", "capacity": 0, "statut_room": "1"},
    "entry": {
        "create_by": "c.fictif",
        "beneficiaire_ext": "",
        "beneficiaire": "c.fictif",
        "name": "Permanence (fictif)",
        "type": "A",
        "option_reservation": -1,
        "statut_entry": "-",
        "moderate": 0,
        "supprimer": 0,
        "timestamp": "2027-01-01 00:00:00",
        "repeat_id": 0,
        "entry_type": 0,
        "room_id": 1,
    },
}


def seconds(text: str) -> int:
    """A time of Paris, as GRR counts it."""
    return int(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp())


def entry(number: int, begins: str, ends: str, **columns: Value) -> dict[str, Value]:
    """A booking of room 1."""
    return {"id": number, "start_time": seconds(begins), "end_time": seconds(ends)} | columns


def tables(**given: Sequence[Row]) -> dict[str, Sequence[Row]]:
    """One site, one area, one room, and what is given in their place or besides."""
    return {
        "site": [{"id": 1, "sitename": "Maison des services (fictif)", "ville": "Ambre"}],
        "area": [{"id": 1, "area_name": "Salles (fictif)"}],
        "room": [{"id": 1, "area_id": 1, "room_name": "Grande salle (fictif)", "capacity": 12}],
        "j_site_area": [{"id_site": 1, "id_area": 1}],
        "setting": [{"NAME": "version", "VALUE": "4.6.1"}],
    } | given


def waiting(mark: str, siren: str, at: datetime) -> Any:
    """An export that waits for its preview to be confirmed; `mark` in every text."""
    from maillage.apps.bookings.receive_grr import receive  # the reader is tested without Django
    from maillage.apps.territories.models import Territory

    soon = f"{at.year + 1}-05-04"
    said = tables(
        site=[{"id": 1, "sitename": f"Maison {mark}", "ville": "Ambre"}],
        room=[{"id": 1, "area_id": 1, "room_name": f"Salle {mark}", "capacity": 12}],
        entry=[
            entry(1, f"{soon}T09:00", f"{soon}T12:00", name=f"Objet {mark}", beneficiaire=mark),
            entry(2, "2026-05-04T09:00", "2026-05-04T12:00", name=f"Passé {mark}"),
        ],
    )
    of = Territory.objects.get(pk=siren)
    return receive(of, f"{mark}.sql", dump(said), by=None, at=at)


def dump(
    given: Mapping[str, Sequence[Row]] | None = None,
    dialect: str = "mysqldump",
    prefix: str = "grr_",
) -> bytes:
    """A whole export of these tables."""
    written = tables() if given is None else given
    head, foot = _EDGES[dialect]
    body = [_table(dialect, prefix, name, written.get(name, ())) for name in COLUMNS]
    return "\n".join([head, *body, foot, ""]).encode()


def _table(dialect: str, prefix: str, name: str, rows: Sequence[Row]) -> str:
    columns, table = COLUMNS[name], f"{prefix}{name}"
    values = [_row(dialect, name, row) for row in rows]
    default = "DEFAULT 'a,b(''c)' COMMENT 'one, two'"
    made = ",\n".join(f"  `{column}` varchar(40) {default}" for column in columns)
    structure = f"CREATE TABLE `{table}` (\n{made},\n  KEY `k` (`{columns[0]}`)\n) ENGINE=InnoDB;"
    dropped = f"DROP TABLE IF EXISTS `{table}`;"
    if dialect == "mysqldump":
        inserted = " ".join([_INTO, f"`{table}` VALUES {','.join(values)};"]) if values else ""
        locked = [f"LOCK TABLES `{table}` WRITE;", inserted, "UNLOCK TABLES;"]
        return "\n".join([f"--\n-- Table `{table}`\n--", dropped, structure, *locked])
    if dialect == "phpmyadmin":
        named = ", ".join(f"`{column}`" for column in columns)
        rows_said = ",\n".join(values)
        inserted = f"{_INTO} `{table}` ({named}) VALUES\n{rows_said};" if values else ""
        return "\n".join([f"-- --------\n\n--\n-- Structure de `{table}`\n--", structure, inserted])
    lines = [f"{_INTO} {table}  values {row};" for row in values]
    return "\n".join([f"#\n# Structure de la table {table}\n#", dropped, structure, *lines])


def _row(dialect: str, name: str, row: Row) -> str:
    held = _DEFAULTS.get(name, {}) | row
    cells = [_literal(dialect, held.get(column)) for column in COLUMNS[name]]
    return f"({', '.join(cells) if dialect == 'phpmyadmin' else ','.join(cells)})"


def _literal(dialect: str, value: Value) -> str:
    if dialect == "backup":
        return f"'{_escaped('' if value is None else str(value))}'"
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    doubled = dialect == "phpmyadmin"
    return "'" + _escaped(value, quote="''" if doubled else "\\'") + "'"


def _escaped(text: str, quote: str = "\\'") -> str:
    pairs: Iterable[tuple[str, str]] = (
        ("\\", "\\\\"),
        ("'", quote),
        ('"', '\\"'),
        ("\n", "\\n"),
        ("\r", "\\r"),
        ("\0", "\\0"),
        ("\x1a", "\\Z"),
    )
    for plain, said in pairs:
        text = text.replace(plain, said)
    return text


_SAVED = "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;"
_RESTORED = "/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;"
_EDGES = {
    "mysqldump": (
        "/*M!999999\\- enable the sandbox mode */\n-- MariaDB dump 10.19  Distrib 10.11\n"
        f"-- Host: localhost    Database: grr\n{_SAVED}",
        f"{_RESTORED}\n-- Dump completed on 2027-03-17  9:00:00",
    ),
    "phpmyadmin": (
        '-- phpMyAdmin SQL Dump\n-- version 5.2.1\nSET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";\n'
        f"START TRANSACTION;\n{_SAVED}",
        f"ALTER TABLE `grr_area`\n  ADD PRIMARY KEY (`id`);\nCOMMIT;\n{_RESTORED}",
    ),
    "backup": (
        "#**************** BASE DE DONNEES grr ****************\n# Version GRR : GRR 4.6.1\n"
        "# Fichier SQL compatible PHPMyadmin\n#\n# ******* debut du fichier ********",
        "#********* fin du fichier ***********",
    ),
}
