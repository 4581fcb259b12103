"""Which file of a folder is which table, and of which geography."""

from pathlib import Path

import pytest

from factories.official import write
from maillage.core.sources import registry


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("v_commune_2026.csv", "communes"),
        ("epcicom2026.xlsx", "epci"),
        ("EPCI_au_01-01-2026.xlsx", "epci"),
        ("v_mvt_commune_2026.csv", "movements"),
        ("base_cc_comparateur.csv", "census"),
        ("base_cc_comparateur_csv.zip", "census"),
        ("base-cc-emploi-pop-active-2020_v2.CSV", "census"),
        ("ESTAT_Census_2021_V2.csv", "grid"),
        ("BPE25.parquet", "equipment"),
        ("BPE23.zip", "equipment"),
        ("bpe18_ensemble.csv", "equipment"),
        ("COMMUNE.geojson", "outlines"),
        ("communes-100m.geojson", "outlines"),
        ("liste-fs-20260101.csv", "service_houses"),
        ("gares-de-voyageurs.csv", "stations"),
        ("base-flux-mobilite-domicile-lieu-travail-2022.csv", "flows"),
        ("base-flux-mobilite-domicile-lieu-travail-2022_csv.zip", "flows"),
        ("base-texte-flux-mobilite-domicile-lieu-travail-2012.txt", "flows"),
        ("RP2022_mobpro.parquet", "flows"),
        ("FD_MOBPRO_2017.csv", "flows"),
        ("ESTAT_Census_2021_V3.csv", "grid"),
        ("tiers_lieux_cget_2019.csv", "third_places"),
        ("lieux-mediation-numerique-france-tiers-lieux.json", "third_places"),
        ("20260101_lmn.csv", "third_places"),
        ("rhone-alpes-latest.osm.pbf", "roads"),
    ],
)
def test_an_official_name_is_the_file_of_one_table_only(tmp_path, name, dataset):
    path = write(tmp_path / name, "a;b\n")

    assert [key for key in registry.datasets() if registry.find(tmp_path, key) == path] == [dataset]


@pytest.mark.parametrize(
    ("dataset", "name", "year", "date"),
    [
        ("census", "base_cc_comparateur.csv", 2022, "2025-01-01"),
        ("census", "insee_comparateur_rp2018_cog2026.parquet", 2018, "2026-01-01"),
        ("census", "insee_comparateur_rp2018_cog2021.parquet", 2018, "2021-01-01"),
        ("flows", "mobpro_orne_rp2012_individus.parquet", 2012, "2014-01-01"),
        ("flows", "flux.csv", None, None),
        ("equipment", "BPE25.parquet", None, None),
    ],
)
def test_the_geography_of_a_file_is_that_of_its_name_else_of_its_year(dataset, name, year, date):
    assert registry.geography(dataset, Path(name), year) == date


def test_every_geography_is_a_first_of_january():
    dates = [d for table in registry.datasets().values() for d in table.geographies.values()]

    assert set(dates) <= set(registry.geographies())
    assert {date[4:] for date in registry.geographies()} == {"-01-01"}


def test_the_latest_file_of_a_table_is_used(tmp_path):
    for year in (2024, 2026, 2025):
        write(tmp_path / f"v_commune_{year}.csv", "a;b\n")

    assert registry.find(tmp_path, "communes") == tmp_path / "v_commune_2026.csv"


def test_the_example_of_each_table_is_a_name_by_which_it_is_found(tmp_path):
    for key, dataset in registry.datasets().items():
        path = write(tmp_path / dataset.example, "a;b\n")
        assert registry.find(tmp_path, key) == path


def test_what_is_fetched_is_found_by_its_readers():
    for dataset in registry.datasets().values():
        if dataset.download is not None:
            assert dataset.recognises(dataset.download.file.format(region="corse")), dataset.id
            assert dataset.download.page.startswith("https://"), dataset.id
            assert (dataset.download.url or "https://").startswith("https://"), dataset.id


def test_every_mainland_departement_has_the_roads_of_one_region():
    mainland = {f"{n:02}" for n in range(1, 96)} - {"20"} | {"2A", "2B"}
    regions = registry.datasets()["roads"].regions.values()

    assert sorted(code for codes in regions for code in codes) == sorted(mainland)


def test_a_file_of_another_publisher_is_cited_as_its_own():
    old = registry.edition("third_places", "tiers_lieux_cget_2019.csv")
    new = registry.edition("third_places", "lieux-mediation-numerique-france-tiers-lieux.csv")

    assert (old.publisher, new.publisher) == ("CGET, Mission Coworking", "France Tiers-Lieux")
    assert (new.id, new.files, new.licence) == (old.id, old.files, old.licence)
