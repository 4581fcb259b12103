"""Which files are wanted, from where, under which name."""

import pytest

from factories.official import write
from maillage.core.bad_input import BadInput
from maillage.core.sources import registry
from maillage.download import wanted

SHA = "ab" * 32


def given(text):
    return wanted.read_given([text], None)


def kept_as(key, url):
    dataset = registry.datasets()[key]
    file = wanted.one(dataset, given(f"{key}={url}")[key])
    return file.file, file.member


@pytest.mark.parametrize(
    ("key", "url", "name", "member"),
    [
        ("flows", "https://a.fr/RP2021_mobpro.parquet", "RP2021_mobpro.parquet", None),
        ("census", "https://a.fr/x.zip", "base_cc_comparateur_csv.zip", None),
        ("census", "https://a.fr/donnees.csv", "base_cc_comparateur.csv", None),
        ("equipment", "https://a.fr/r/8f2e-11", "BPE25.parquet", None),
        ("grid", "https://a.fr/copie.zip", "ESTAT_Census_2021_V3.csv", "ESTAT_Census_2021_V3.csv"),
        ("grid", "https://a.fr/ESTAT_Census_2021_V2.csv", "ESTAT_Census_2021_V2.csv", None),
        ("grid", "https://a.fr/grille.csv", "ESTAT_Census_2021_V3.csv", None),
        ("outlines", "https://a.fr/communes.geojson.gz", "communes-100m.geojson", "gzip"),
        ("outlines", "https://a.fr/communes-5m.geojson", "communes-5m.geojson", None),
        ("epci", "https://a.fr/epcicom2026.xlsx", "epcicom2026.xlsx", None),
        ("roads", "https://a.fr/auvergne.osm.pbf", "auvergne.osm.pbf", None),
        ("roads", "https://a.fr/..%2F..%2Fetc%2Fauvergne.osm.pbf", "auvergne.osm.pbf", None),
        ("third_places", "https://a.fr/lmn.json", "lmn.json", None),
        ("stations", "https://a.fr/exports/csv", "gares-de-voyageurs.csv", None),
    ],
)
def test_a_given_address_is_kept_under_a_name_that_its_reader_finds(key, url, name, member):
    assert kept_as(key, url) == (name, member)


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("census", "https://a.fr/x.7z"),
        ("equipment", "https://a.fr/x.csv"),
        ("roads", "https://a.fr/routes.zip"),
        ("roads", "https://a.fr/"),
    ],
)
def test_a_given_address_that_no_reader_could_read_is_refused(key, url):
    with pytest.raises(BadInput) as refusal:
        kept_as(key, url)

    assert refusal.value.code == "download_name_unknown"


@pytest.mark.parametrize("name", [".osm.pbf", "a%00b.osm.pbf", "a%20b.osm.pbf", "a%0Ab.osm.pbf"])
def test_a_name_that_is_not_plain_is_never_written(name):
    with pytest.raises(BadInput) as refusal:
        kept_as("roads", f"https://a.fr/{name}")

    assert refusal.value.code == "download_name_unknown"


def test_the_addresses_of_a_file_are_read_and_those_of_the_command_win(tmp_path):
    path = write(
        tmp_path / "adresses.toml",
        f'census = "https://a.fr/c.zip"\n[flows]\nurl = "https://a.fr/f"\n'
        f'file = "FD_MOBPRO_2022.csv"\nsha256 = "{SHA.upper()}"\n',
    )

    found = wanted.read_given(["census=https://b.fr/c.zip"], path)

    assert found["census"].address.url == "https://b.fr/c.zip"
    flows = wanted.one(registry.datasets()["flows"], found["flows"])
    assert (flows.file, flows.sha256, flows.vintage) == ("FD_MOBPRO_2022.csv", SHA, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[flows", "addresses_unreadable"),
        ("flows = 3", "addresses_unreadable"),
        ('[flows]\nfile = "a.csv"', "addresses_unreadable"),
        ('[flows]\nurl = "https://a.fr/f"\ncolour = "red"', "addresses_unreadable"),
        ('[flows]\nurl = "https://a.fr/f"\nsha256 = "abc"', "addresses_unreadable"),
        ('[flows]\nurl = "https://a.fr/f"\nsha256 = 3', "addresses_unreadable"),
        ('flows = "ftp://a.fr/f"', "address_not_web"),
        ('cadastre = "https://a.fr/f"', "address_unknown_table"),
        ('outlines_national = "https://a.fr/f"', "address_unknown_table"),
    ],
)
def test_a_wrong_file_of_addresses_is_refused(tmp_path, text, code):
    with pytest.raises(BadInput) as refusal:
        wanted.read_given([], write(tmp_path / "adresses.toml", text))

    assert refusal.value.code == code


def test_a_file_of_addresses_that_is_not_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    for name, code in (("a.toml", "addresses_unreadable"), ("b.toml", "missing_file")):
        with pytest.raises(BadInput) as refusal:
            wanted.read_given([], tmp_path / name)
        assert refusal.value.code == code


def test_an_unknown_table_and_an_address_alone_are_refused():
    for text, code in (
        ("cadastre=https://a.fr/x", "address_unknown_table"),
        ("https://a.fr/x?a", "address_without_table"),
    ):
        with pytest.raises(BadInput) as refusal:
            given(text)
        assert refusal.value.code == code


@pytest.mark.parametrize("name", ["../flux.csv", "flux.csv", "/etc/FD_MOBPRO_2022.csv"])
def test_a_name_to_keep_that_no_reader_knows_is_refused(tmp_path, name):
    text = f'[flows]\nurl = "https://a.fr/f"\nfile = "{name}"'
    flows = wanted.read_given([], write(tmp_path / "a.toml", text))["flows"]

    with pytest.raises(BadInput) as refusal:
        wanted.one(registry.datasets()["flows"], flows)

    assert refusal.value.code == "download_name_unknown"


def test_the_roads_of_two_regions_are_wanted_with_their_publishers_checksum():
    assert wanted.regions(["42", "43"]) == ["auvergne", "rhone-alpes"]

    roads = wanted.one(registry.datasets()["roads"], None, "auvergne")

    base = "https://download.geofabrik.de/europe/france/auvergne-latest.osm.pbf"
    assert (roads.source.url, roads.md5.url) == (base, f"{base}.md5")
    assert (roads.file, roads.most_bytes) == ("auvergne-latest.osm.pbf", 1_500_000_000)


def test_a_table_without_a_stable_address_is_to_be_fetched_by_hand():
    by_hand = [
        key
        for key, dataset in wanted.fetchable().items()
        if wanted.one(dataset, None).source is None
    ]

    assert by_hand == ["third_places", "service_houses"]
