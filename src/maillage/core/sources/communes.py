"""Communes and intercommunalities of the year: the compact tables, or the official files."""

from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import cog, files, positions
from maillage.core.tables import Column, Schema, check

COMMUNES = Schema(
    "communes",
    (
        Column("commune_code", pl.String, "", "Insee code"),
        Column("name", pl.String, "", "name of the commune"),
        Column("siren", pl.String, "", "SIREN of the commune", nullable=True),
        Column("department", pl.String, "", "code of the département"),
        Column("epci_siren", pl.String, "", "SIREN of its intercommunality", nullable=True),
        Column("lon", pl.Float64, "degree", "longitude of the main town", nullable=True),
        Column("lat", pl.Float64, "degree", "latitude of the main town", nullable=True),
        Column("population", pl.Int64, "persons", "reference population", nullable=True),
        Column("area_km2", pl.Float64, "km2", "area", nullable=True),
    ),
    key=("commune_code",),
)

EPCIS = Schema(
    "epci",
    (
        Column("siren", pl.String, "", "SIREN"),
        Column("name", pl.String, "", "name"),
        Column("kind", pl.String, "", "CC, CA, CU or ME"),
    ),
    key=("siren",),
)

_COMPACT = {
    "code": "commune_code",
    "nom": "name",
    "siren": "siren",
    "dep": "department",
    "siren_epci": "epci_siren",
    "population_cog": "population",
    "superficie_km2": "area_km2",
}
_POSITIONS = ("lon_cheflieu", "lon_centre", "lat_cheflieu", "lat_centre")
_OFFICIAL = ("TYPECOM", "COM", "DEP", "LIBELLE")

# The membership workbooks, of the DGCL (epcicom) and of Insee (EPCI_au_01-01)
_EPCI = r"siren(_epci)?|EPCI"
_EPCI_NAME = r"nom_complet|raison_sociale|nom_epci|LIBEPCI"
_KIND = r"nature(_juridique|_epci)?|nj_epci\w*"
_MEMBER = r"insee(_\w+)?|CODGEO"
_MEMBER_SIREN = r"siren_(membre|com\w*)"
_MEMBER_POPULATION = r"pmun_(20)?\d\d"
_MEMBERS = {
    "commune_code": pl.String,
    "epci_siren": pl.String,
    "siren": pl.String,
    "population": pl.Float64,
}
_MEMBERS_SHEET, _EPCIS_SHEET = "Composition_communale", "EPCI"


def read(communes: Path, epci: Path | None) -> pl.DataFrame:
    """The mainland communes; the position, population and area that no file gives are null.

    epci  the workbook of members that v_commune needs beside it; None: no commune has any
    """
    columns = files.columns_of(communes)
    if "TYPECOM" in columns:
        return _official(communes, epci)
    table = files.required(communes, files.read_any(communes), (*_COMPACT, *_POSITIONS, "zone"))
    cog.refuse_lost_zeros(communes, table["code"].cast(pl.String))
    table = files.as_numbers(communes, table, _POSITIONS)
    table = files.as_counts(communes, table, ("population_cog", "superficie_km2"))
    table = table.with_columns(
        lon=pl.coalesce("lon_cheflieu", "lon_centre"), lat=pl.coalesce("lat_cheflieu", "lat_centre")
    ).filter(pl.col("zone") == "metro")
    positions.refuse_misplaced(communes, table.select("lon", "lat").drop_nulls().rows())
    return check(files.with_rows(communes, table).rename(_COMPACT), COMMUNES, communes)


def read_epcis(path: Path) -> pl.DataFrame:
    """The intercommunalities of the year."""
    if not _is_workbook(path):
        table = files.required(path, files.read_any(path), ("siren", "nom", "nature"))
        return check(table.rename({"nom": "name", "nature": "kind"}), EPCIS, path)
    sheet = files.read_sheet(path, (_EPCI, _EPCI_NAME, _KIND), _EPCIS_SHEET)
    table = sheet.select(
        siren=_column(path, sheet, _EPCI),
        name=_column(path, sheet, _EPCI_NAME),
        # METRO and MET69 are the kind ME
        kind=_column(path, sheet, _KIND).str.slice(0, 2),
    )
    listed = table.filter(_is_siren("siren")).unique(maintain_order=True)
    return check(files.with_rows(path, listed), EPCIS, path)


def _official(communes: Path, epci: Path | None) -> pl.DataFrame:
    """v_commune and the workbook of members: positions and areas come from elsewhere."""
    table = files.required(communes, files.read_any(communes, _OFFICIAL), _OFFICIAL)
    cog.refuse_lost_zeros(communes, table["COM"])
    named = table.filter((pl.col("TYPECOM") == "COM") & (pl.col("DEP") < "97")).select(
        commune_code="COM", name="LIBELLE", department="DEP"
    )
    named = files.with_rows(communes, named)
    members = _members(epci) if epci else pl.DataFrame(schema=_MEMBERS)
    joined = named.join(members, on="commune_code", how="left", maintain_order="left")
    nothing = pl.lit(None, pl.Float64)
    whole = joined.with_columns(lon=nothing, lat=nothing, area_km2=nothing)
    return check(whole, COMMUNES, communes)


def _members(path: Path) -> pl.DataFrame:
    """Members of each intercommunality, with their SIREN and population where the file has them."""
    if not _is_workbook(path):
        raise BadInput("epci_without_members", path=path)
    sheet = files.read_sheet(path, (_EPCI, _MEMBER), _MEMBERS_SHEET)
    siren, population = (
        files.column_like(sheet.columns, p) for p in (_MEMBER_SIREN, _MEMBER_POPULATION)
    )
    if population is not None:
        sheet = files.as_counts(path, sheet, [population])
    members = sheet.select(
        commune_code=_column(path, sheet, _MEMBER),
        epci_siren=_column(path, sheet, _EPCI),
        siren=pl.col(siren) if siren else pl.lit(None, pl.String),
        population=pl.col(population) if population else pl.lit(None, pl.Float64),
    ).filter(_is_siren("epci_siren"))
    cog.refuse_lost_zeros(path, members["commune_code"])
    return members


def _column(path: Path, table: pl.DataFrame, pattern: str) -> pl.Expr:
    name = files.column_like(table.columns, pattern)
    if name is None:
        raise BadInput("table_missing_column", table=path.name, columns=[pattern])
    return pl.col(name)


def _is_siren(column: str) -> pl.Expr:
    # Insee writes ZZZZZZZZZ for a commune without intercommunality
    return pl.col(column).str.contains(r"^\d{9}$")


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".xls", ".zip")
