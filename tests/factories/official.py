"""Invented files in the exact layout of the official ones."""

import json
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import polars as pl

from maillage.core import geo
from maillage.core.sources.cog import History, read_history
from shared import DATA

# Two communes that merge in 2023, one that is divided in 2024, one that changed nothing
MOVEMENTS = """\
MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,TNCC_AP,\
NCC_AP,NCCENR_AP,LIBELLE_AP
32,2023-01-01,COM,01002,0,B,B,B,COM,01001,0,AB,AB,AB
32,2023-01-01,COM,01001,0,A,A,A,COM,01001,0,AB,AB,AB
21,2024-01-01,COM,01003,0,C,C,C,COM,01003,0,C,C,C
21,2024-01-01,COM,01003,0,C,C,C,COM,01009,0,D,D,D
"""
COMMUNES = ("01001", "01003", "01004", "01009", "69123", "75056", "13055")


def history(folder: Path) -> History:
    """The movements above, read as the official file."""
    path = write(folder / "v_mvt_commune_2026.csv", MOVEMENTS)
    return read_history(path, COMMUNES)


def real_history() -> History:
    """Every movement since 1943 and the communes of 2026."""
    codes = pl.read_parquet(DATA / "communes_2026.parquet", columns=["code"])["code"].to_list()
    return read_history(DATA / "cog_mouvements_1943_2026.parquet", codes)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file, its line ends as they are."""
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """An xlsx workbook of text cells."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _content_types(len(names)))
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        targets = [("worksheet", f"worksheets/sheet{n + 1}.xml") for n in range(len(names))]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(targets))
        archive.writestr("xl/workbook.xml", _workbook(names))
        for n, name in enumerate(names):
            archive.writestr(f"xl/worksheets/sheet{n + 1}.xml", _sheet(sheets[name]))
    return path


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _content_types(sheets: int) -> str:
    parts = [("/xl/workbook.xml", "sheet.main")]
    parts += [(f"/xl/worksheets/sheet{n + 1}.xml", "worksheet") for n in range(sheets)]
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>{overrides}</Types>'
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n + 1}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _workbook(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n + 1}" r:id="rId{n + 1}"/>'
        for n, name in enumerate(names)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet(rows: list[list[str]]) -> str:
    lines = "".join(f'<row r="{n + 1}">{_cells(n + 1, row)}</row>' for n, row in enumerate(rows))
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cells(row: int, values: list[str]) -> str:
    return "".join(
        f'<c r="{chr(65 + n)}{row}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        for n, value in enumerate(values)
        if value
    )


# The first bytes of an extract of OpenStreetMap: a length, then a blob header
OSM_HEADER = b"\x00\x00\x00\x0e\x0a\x09OSMHeader\x18\x10" + bytes(40)

EPCI = "200000001"
EPCICOM = [
    ["dept", "siren", "nom_complet", "nj_epci2026", "insee", "siren_membre", "nom_membre"],
    ["01", EPCI, "CC des Prés fictifs", "CC", "01001", "210100012", "AB"],
    ["01", EPCI, "CC des Prés fictifs", "CC", "01004", "210100046", "Ambre"],
    ["69", "200046977", "Métropole fictive", "MET69", "69123", "216901231", "Lyon"],
]
INSEE_EPCI = {
    "EPCI": [
        ["Intercommunalité - Métropole"],
        ["Géographie au 01/01/2026"],
        [],
        [],
        [],
        ["EPCI", "LIBEPCI", "NATURE_EPCI", "NB_COM"],
        [EPCI, "CC des Prés fictifs", "CC", "2"],
        ["200046977", "Métropole fictive", "METRO", "1"],
        ["ZZZZZZZZZ", "Sans objet", "ZZ", "1"],
    ],
    "Composition_communale": [
        ["Intercommunalité - Métropole"],
        ["Géographie au 01/01/2026"],
        [],
        [],
        [],
        ["CODGEO", "LIBGEO", "EPCI", "LIBEPCI", "DEP", "REG"],
        ["01001", "AB", EPCI, "CC des Prés fictifs", "01", "84"],
        ["01004", "Ambre", EPCI, "CC des Prés fictifs", "01", "84"],
        ["69123", "Lyon", "200046977", "Métropole fictive", "69", "84"],
        ["01003", "C", "ZZZZZZZZZ", "Sans objet", "01", "84"],
    ],
}
V_COMMUNE = """\
TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT
COM,01001,84,01,01D,012,0,AB,AB,AB,0108,
COMD,01002,,,,,0,B,B,B,,01001
COM,01003,84,01,01D,012,0,C,C,C,0108,
COM,01004,84,01,01D,012,1,AMBRE,Ambre,Ambre,0101,
COM,01009,84,01,01D,012,0,D,D,D,0101,
COM,69123,84,69,69M,691,0,LYON,Lyon,Lyon,,
ARM,69381,84,69,69M,691,0,LYON 1,Lyon 1er,Lyon 1er,,69123
COM,97411,04,974,974D,974,0,SAINT DENIS,Saint-Denis,Saint-Denis,,
"""
# West edge of a square of 0.1 degree, south edge 46.0
WEST = {"01001": 5.0, "01003": 5.1, "01004": 5.2, "01009": 5.3, "69123": 4.8}


def official_folder(folder: Path) -> Path:
    """Every needed table in its official layout, for the five communes above."""
    folder.mkdir(exist_ok=True)
    write(folder / "v_commune_2026.csv", V_COMMUNE)
    write(folder / "v_mvt_commune_2026.csv", MOVEMENTS)
    write_workbook(folder / "epcicom2026.xlsx", {"epcicom2026": EPCICOM})
    census = "CODGEO;P22_POP;SUPERF;P22_EMPLT;P22_EMPLT_SAL;P22_ACT1564;P22_CHOM1564"
    lines = [f"{code};1000;20.5;300;250;500;50" for code in WEST]
    write(folder / "base_cc_comparateur.csv", "\r\n".join([census, *lines, ""]))
    write(
        folder / "BPE25.csv",
        "DEP;DEPCOM;DCIRIS;TYPEQU\n01;01001;01001_IND;B203\n01;01004;01004_IND;A504\n",
    )
    ids = [cell_id(west + 0.05, 46.05) for west in WEST.values()]
    grid = "\n".join(["GRD_ID,T,M,F,Y_1564", *(f"{i},900,450,450,600" for i in ids), ""])
    write(folder / "ESTAT_Census_2021_V2.csv", grid)
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "nom": code},
            "geometry": {"type": "Polygon", "coordinates": [_square(west)]},
        }
        for code, west in WEST.items()
    ]
    document = {"type": "FeatureCollection", "features": features}
    write(folder / "communes-100m.geojson", json.dumps(document))
    return folder


def cell_id(lon: float, lat: float) -> str:
    """The Eurostat identifier of the kilometre cell that holds a point."""
    east, north = geo.project_to(np.array([[lon, lat]]), 3035)[0]
    return f"CRS3035RES1000mN{int(north // 1000) * 1000}E{int(east // 1000) * 1000}"


def _square(west: float) -> list[list[float]]:
    east = round(west + 0.1, 6)
    return [[west, 46.0], [east, 46.0], [east, 46.1], [west, 46.1], [west, 46.0]]
