"""The files of the registry on a publisher's server of this machine, in the official layout."""

import gzip
import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from factories.official import INSEE_EPCI, OSM_HEADER, official_folder, write_workbook
from factories.publisher import Publisher
from maillage.core.sources import registry
from maillage.core.sources.registry import Dataset

REGION = "rhone-alpes"
FLOWS = "\n".join(
    [
        "CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C23_ACTOCC15P",
        *("01001;AB;01001;AB;200.5", "01001;AB;01004;Ambre;249.5"),
        *("01004;Ambre;01004;Ambre;300", "01004;Ambre;69123;Lyon;150", ""),
    ]
)
STATIONS = "nom;codeinsee;position_geographique\nAmbre (fictif);01004;46.05, 5.25\n"


def contents(folder: Path) -> dict[str, bytes]:
    """What each official address serves, by table; the grid and outlines in their archive."""
    made = official_folder(folder)
    workbook = write_workbook(folder / "EPCI_au_01-01-2026.xlsx", INSEE_EPCI)
    grid = (made / "ESTAT_Census_2021_V2.csv").read_bytes()
    return {
        "communes": (made / "v_commune_2026.csv").read_bytes(),
        "epci": zipped("EPCI_au_01-01-2026.xlsx", workbook.read_bytes()),
        "movements": (made / "v_mvt_commune_2026.csv").read_bytes(),
        "census": zipped(
            "base_cc_comparateur.csv", (made / "base_cc_comparateur.csv").read_bytes()
        ),
        "grid": zipped("Eurostat_Census-GRID_2021_V3/ESTAT_Census_2021_V3.csv", grid),
        "equipment": parquet_of(made / "BPE25.csv"),
        "outlines": gzip.compress((made / "communes-100m.geojson").read_bytes()),
        "flows": zipped("base-flux-mobilite-domicile-lieu-travail-2023.csv", FLOWS.encode()),
        "stations": STATIONS.encode(),
        "roads": OSM_HEADER,
    }


def zipped(name: str, content: bytes) -> bytes:
    """An archive of one file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        # the same bytes at any hour
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def parquet_of(path: Path) -> bytes:
    """A delimited file as Parquet, every column as text."""
    held = io.BytesIO()
    pl.read_csv(path, separator=";", infer_schema=False).write_parquet(held)
    return held.getvalue()


def registry_on(publisher: Publisher, served: dict[str, bytes]) -> dict[str, Dataset]:
    """The registry with every address on this server, and the fingerprints of what it serves."""
    return {key: _on(publisher, dataset, served) for key, dataset in registry.datasets().items()}


def _on(publisher: Publisher, dataset: Dataset, served: dict[str, bytes]) -> Dataset:
    about = dataset.download
    if about is None or about.url is None:
        return dataset
    path, content = urlsplit(about.url).path, served[dataset.id]
    # the only region that is served: the others are not found
    publisher.put(path.format(region=REGION), content)
    if about.md5:
        checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()
        text = f"{checksum}  {REGION}-260101.osm.pbf\n"
        publisher.put(f"{path.format(region=REGION)}{about.md5}", text.encode())
    sha256 = hashlib.sha256(content).hexdigest() if about.sha256 else None
    return replace(dataset, download=replace(about, url=publisher.url(path), sha256=sha256))
