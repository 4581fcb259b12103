"""Memory and seconds to read a detail file of eight million lines: ./run bench detail [LINES].

The lines are invented, in the layout of Insee's MOBPRO file: thirty-two columns, real communes.
Each reading is a process of its own; the floor is a process that has only loaded the libraries.
"""

import json
import platform
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
import polars as pl

from maillage.core.sources import cog, communes, flows

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
EPCI = "200067817"
LINES = 8_000_000
BATCH = 500_000
NEIGHBOURS = 40
AWAY_SHARE = 0.15
OTHER_COLUMNS = (
    *("AGEREVQ", "DEROU", "DIPL", "EMPL", "ILT", "ILTUU", "IMMI", "INATC", "INEEM", "INPOM"),
    *("INPSM", "LPRM", "METRODOM", "MOCO", "NA5", "NPERR", "REGION", "REGLT", "SEXE", "STAT"),
    *("STOCD", "TYPL", "TYPMR", "VOIT"),
)
READINGS = {
    "floor": "bibliothèques chargées, rien de lu",
    "epci": "les flux d'une intercommunalité, par catégorie, mode et temps de travail",
    "check": "la vérification du fichier entier (data check)",
}


def batches(lines: int) -> list[pl.DataFrame]:
    """Invented persons, in whole batches."""
    listed = pl.read_parquet(DATA / "communes_2026.parquet", columns=["code", "population_cog"])
    listed = listed.drop_nulls().filter(pl.col("code") < "97").sort("code")
    codes = listed["code"].to_numpy()
    weights = listed["population_cog"].to_numpy().astype(float)
    weights /= weights.sum()
    chance = np.random.default_rng(1)
    return [_batch(chance, codes, weights) for _ in range(lines // BATCH)]


def _batch(chance: np.random.Generator, codes: np.ndarray, weights: np.ndarray) -> pl.DataFrame:
    home = chance.choice(len(codes), BATCH, p=weights)
    near = np.clip(home + chance.integers(-NEIGHBOURS, NEIGHBOURS, BATCH), 0, len(codes) - 1)
    far = chance.choice(len(codes), BATCH, p=weights)
    work = np.where(chance.random(BATCH) < AWAY_SHARE, far, near)
    digits = {name: chance.integers(1, 7, BATCH).astype(str) for name in ("CS1", "TRANS")}
    return pl.DataFrame(
        {
            "COMMUNE": codes[home],
            "ARM": "ZZZZZ",
            "DCFLT": "99999",
            "DCLT": codes[work],
            **digits,
            "TP": chance.integers(1, 3, BATCH).astype(str),
            "IPONDI": chance.random(BATCH) * 5,
            **dict.fromkeys(OTHER_COLUMNS, "12"),
        }
    )


def write_both(folder: Path, lines: int) -> list[Path]:
    """The same persons as Insee's archive and as its Parquet file."""
    made = batches(lines)
    archive, parquet = folder / "RP2021_mobpro_csv.zip", folder / "RP2021_mobpro.parquet"
    with (
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as held,
        held.open("FD_MOBPRO_2021.csv", "w", force_zip64=True) as out,
    ):
        for n, batch in enumerate(made):
            out.write(batch.write_csv(separator=";", include_header=n == 0).encode())
    pl.concat(made).write_parquet(parquet, row_group_size=1_000_000)
    return [archive, parquet]


def measure(reading: str, path: Path) -> None:
    """Print the figures of one reading as JSON; runs in a process of its own."""
    listed = communes.read(DATA / "communes_2026.parquet", None)
    history = cog.read_history(DATA / "cog_mouvements_1943_2026.parquet", listed["commune_code"])
    members = listed.filter(pl.col("epci_siren") == EPCI)["commune_code"].to_list()
    begun, rows = time.perf_counter(), 0
    if reading == "epci":
        rows = len(flows.read_with_trips(path, history, members)[0].table)
    if reading == "check":
        rows = flows.count(path, history)[0]
    spent_s = time.perf_counter() - begun
    # getrusage would count the memory of the process that started this one
    status = Path("/proc/self/status").read_text(encoding="ascii")
    memory = int(next(x for x in status.splitlines() if x.startswith("VmHWM")).split()[1]) / 1024
    print(json.dumps({"s": spent_s, "mb": memory, "rows": rows}))


def main(lines: int) -> None:
    """Write the files, read them in every way, print a table."""
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        for path in write_both(Path(folder), lines):
            print(f"\n{path.name} : {lines} lignes, {path.stat().st_size / 1e6:.0f} Mo")
            for reading, words in READINGS.items():
                done = subprocess.run(
                    [sys.executable, __file__, "--one", reading, str(path)],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                found = json.loads(done.stdout)
                print(f"{words} : {found['s']:.1f} s, {found['mb']:.0f} Mo, {found['rows']} lignes")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else LINES)
