"""What came is verified, taken out of its archive, and only then has its name."""

import gzip
import hashlib
import io
import zipfile
from dataclasses import replace

import pytest

from factories.official import OSM_HEADER
from maillage.core.bad_input import BadInput
from maillage.core.sources import registry
from maillage.download import arrival, wanted
from maillage.download.part import Part

TABLE = b"CODGEO;DCLT;NBFLUX_C23_ACTOCC15P\n01004;01004;9\n"
PARQUET = b"PAR1" + bytes(20) + b"PAR1"
PAGE = b"\xef\xbb\xbf\n <!DOCTYPE html><html><body>Erreur</body></html>"


def zipped(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            path = name.replace("__", "/").replace("_csv", ".csv")
            # the same bytes at any hour: they name tests
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def file(key, region="auvergne", **changed):
    about = wanted.one(registry.datasets()[key], None, region)
    return replace(about, **{"sha256": None, **changed})


@pytest.fixture
def settle(tmp_path):
    def act(content, about, *, md5=None, encoding=""):
        final = tmp_path / about.file
        with Part(final, "https://a.fr") as part:
            part.begin("v1", len(content), encoding, None)
            part.write(content)
        return arrival.settle(part, final, about, md5)

    return act


def refused(settle, *args, **options):
    with pytest.raises(BadInput) as refusal:
        settle(*args, **options)
    return refusal.value.code


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("communes", b"TYPECOM,COM,DEP\nCOM,01004,01\n"),
        ("equipment", PARQUET),
        ("flows", zipped(flux_csv=TABLE)),
        ("roads", OSM_HEADER),
    ],
)
def test_what_was_wanted_takes_its_name_and_leaves_nothing_else(settle, tmp_path, key, content):
    about = file(key)

    sha256 = settle(content, about)

    assert names(tmp_path) == [about.file]
    assert (tmp_path / about.file).read_bytes() == content
    assert sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("key", "content", "code"),
    [
        ("communes", PAGE, "download_web_page"),
        ("flows", PAGE, "download_web_page"),
        ("grid", PAGE, "download_web_page"),
        ("outlines", PAGE, "download_web_page"),
        ("roads", b'<?xml version="1.0"?>\n<html lang="fr">', "download_web_page"),
        ("communes", b"", "download_not_expected"),
        ("communes", b"\x00\x01\n", "download_not_expected"),
        ("communes", b'{"erreur": "quota"}', "download_not_expected"),
        ("flows", TABLE, "download_not_expected"),
        ("flows", zipped(flux_csv=TABLE)[:-30], "download_not_expected"),
        ("equipment", TABLE, "download_not_expected"),
        ("equipment", PARQUET[:-4], "download_not_expected"),
        ("equipment", b"PAR1", "download_not_expected"),
        ("roads", TABLE, "download_not_expected"),
        ("outlines", TABLE, "download_not_expected"),
        ("outlines", gzip.compress(TABLE, mtime=0), "download_not_expected"),
        ("outlines", gzip.compress(PAGE, mtime=0), "download_web_page"),
        ("outlines", gzip.compress(b'{"type": 1}\n' * 99, mtime=0)[:-9], "download_not_expected"),
        ("grid", TABLE, "download_not_expected"),
        ("grid", zipped(autre_csv=TABLE), "download_archive"),
        ("grid", zipped(a__ESTAT_Census_2021_V3_csv=PAGE), "download_web_page"),
    ],
)
def test_something_else_is_refused_and_nothing_of_it_stays(settle, tmp_path, key, content, code):
    assert refused(settle, content, file(key)) == code
    assert names(tmp_path) == []


def test_what_is_refused_does_not_replace_what_was_there(settle, tmp_path):
    about = file("communes")
    (tmp_path / about.file).write_bytes(b"avant\n")

    assert refused(settle, PAGE, about) == "download_web_page"
    assert (tmp_path / about.file).read_bytes() == b"avant\n"


def test_the_one_table_of_an_archive_is_kept_without_its_folders(settle, tmp_path):
    about, grid = file("grid"), b"GRD_ID,T\nCRS3035RES1000mN2600000E3900000,4\n"
    packed = zipped(
        **{
            "Eurostat_V3__ESTAT_Census_2021_V3_csv": grid,
            "..__..__evil_csv": b"a;b\n",
            "Eurostat_V3__lisez-moi.txt": "Bonjour",
        }
    )

    settle(packed, about)

    assert names(tmp_path) == ["ESTAT_Census_2021_V3.csv"]
    assert (tmp_path / about.file).read_bytes() == grid


def test_a_name_that_climbs_out_of_the_folder_is_only_a_name(settle, tmp_path):
    about, grid = file("grid"), b"GRD_ID,T\n1,4\n"

    settle(zipped(**{"..__..__ESTAT_Census_2021_V3_csv": grid}), about)

    assert names(tmp_path) == ["ESTAT_Census_2021_V3.csv"]


def test_two_tables_of_one_name_are_refused(settle):
    twice = zipped(**{f"{n}__ESTAT_Census_2021_V3_csv": b"a,b\n" for n in "ab"})

    assert refused(settle, twice, file("grid")) == "download_archive"


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("grid", zipped(ESTAT_Census_2021_V3_csv=b"a,b\n" * 9999)),
        ("outlines", gzip.compress(b'{"a": 1}\n' * 9999, mtime=0)),
    ],
)
def test_an_archive_that_swells_beyond_its_bound_is_refused(settle, tmp_path, key, content):
    about = file(key, most_unpacked_bytes=10_000)

    assert refused(settle, content, about) == "download_archive"
    assert names(tmp_path) == []


def test_an_archive_that_lies_about_its_size_is_bounded_too(settle, tmp_path, monkeypatch):
    monkeypatch.setattr(arrival, "_CHUNK_BYTES", 100)
    honest = zipped(ESTAT_Census_2021_V3_csv=b"a,b\n" * 9999)
    size = (4 * 9999).to_bytes(4, "little")
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    assert lying != honest

    code = refused(settle, lying, file("grid", most_unpacked_bytes=10_000))

    assert code in ("download_archive", "download_not_expected")
    assert names(tmp_path) == []


def test_an_encrypted_archive_is_refused(settle):
    packed = bytearray(zipped(ESTAT_Census_2021_V3_csv=b"a,b\n"))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1

    assert refused(settle, bytes(packed), file("grid")) == "download_not_expected"


def test_the_fingerprint_of_the_registry_is_that_of_what_comes(settle, tmp_path):
    packed = gzip.compress(b'{"type": "FeatureCollection"}\n', mtime=0)
    about = file("outlines", sha256=hashlib.sha256(packed).hexdigest())

    settle(packed, about)
    code = refused(settle, gzip.compress(b'{"type": "autre"}\n', mtime=0), about)

    assert code == "download_altered"
    assert (tmp_path / about.file).read_bytes() == b'{"type": "FeatureCollection"}\n'


def test_the_checksum_of_the_publisher_is_compared(settle, tmp_path):
    right = hashlib.md5(OSM_HEADER, usedforsecurity=False).hexdigest()

    settle(OSM_HEADER, file("roads"), md5=right)

    assert refused(settle, OSM_HEADER + b"x", file("roads"), md5=right) == "download_altered"
    assert (tmp_path / "auvergne-latest.osm.pbf").read_bytes() == OSM_HEADER


def test_a_file_compressed_on_the_way_is_unpacked(settle, tmp_path):
    about = file("communes", sha256=hashlib.sha256(TABLE).hexdigest())

    settle(gzip.compress(TABLE, mtime=0), about, encoding="gzip")

    assert (tmp_path / about.file).read_bytes() == TABLE
    assert names(tmp_path) == [about.file]


def test_an_archive_compressed_on_the_way_is_unpacked_twice(settle, tmp_path):
    table = b"GRD_ID,T\n1,4\n"

    packed = gzip.compress(zipped(ESTAT_Census_2021_V3_csv=table), mtime=0)
    settle(packed, file("grid"), encoding="gzip")

    assert (tmp_path / "ESTAT_Census_2021_V3.csv").read_bytes() == table
    assert names(tmp_path) == ["ESTAT_Census_2021_V3.csv"]


@pytest.mark.parametrize(("content", "encoding"), [(TABLE, "br"), (TABLE, "gzip")])
def test_an_encoding_that_cannot_be_undone_is_refused(settle, content, encoding):
    assert refused(settle, content, file("communes"), encoding=encoding) == "download_not_expected"


def test_a_disk_that_refuses_the_name_is_said_and_keeps_what_came(settle, tmp_path):
    about = file("communes")
    (tmp_path / about.file).mkdir()

    assert refused(settle, TABLE, about) == "download_cannot_write"
    assert f"{about.file}.part" in names(tmp_path)
