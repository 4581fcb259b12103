"""Existing places: third places, France services, stations."""

import pytest

from factories.official import history, write
from maillage.core.bad_input import BadInput
from maillage.core.sources import places

THIRD = "ID,NOM_TL,INSEECOM,TYPO,LAT,LONG"
HOUSES = "id_fs,lib_fs,insee_com,latitude,longitude"
STATIONS = "nom;libellecourt;segment_drg;position_geographique;codeinsee;codes_uic"


@pytest.fixture
def recoding(tmp_path):
    return history(tmp_path).since("2021-01-01")


def test_third_places_have_the_kind_that_dominates_and_the_commune_of_today(tmp_path, recoding):
    lines = [
        "1,Le Nid (fictif),01002,Tiers lieux à dominante coworking,46.1,5.1",
        "2,L'Étau (fictif),01004,Tiers lieux à dominante fablab,46.2,5.2",
        "3,La Grange (fictif),69381,,45.7,4.8",
        "4,Sans adresse (fictif),01004,,,",
    ]
    path = write(tmp_path / "tiers_lieux.csv", "\n".join([THIRD, *lines, ""]))

    found = places.read_third_places(path, recoding)

    assert found.rows() == [
        ("coworking", "Le Nid (fictif)", "01001", 5.1, 46.1),
        ("fablab", "L'Étau (fictif)", "01004", 5.2, 46.2),
        ("third_place", "La Grange (fictif)", "69123", 4.8, 45.7),
    ]


def test_france_services_houses_are_read(tmp_path, recoding):
    text = f"{HOUSES}\n1,France services (fictif),01004,45.95,5.35\n"
    path = write(tmp_path / "liste-fs-20260101.csv", text)

    assert places.read_service_houses(path, recoding).rows() == [
        ("service_house", "France services (fictif)", "01004", 5.35, 45.95)
    ]


def test_a_station_with_several_uic_codes_is_one_station_and_one_without_place_is_none(
    tmp_path, recoding
):
    lines = [
        'Ambérieu (fictif);AMB;B;"45.954, 5.342";01004;87743005;87743006',
        "Ligne fermée (fictif);LIG;C;;01004;87000000",
    ]
    lines[0] = lines[0].replace("87743005;87743006", '"87743005;87743006"')
    path = write(tmp_path / "gares-de-voyageurs.csv", "\n".join([STATIONS, *lines, ""]))

    assert places.read_stations(path, recoding).rows() == [
        ("station", "Ambérieu (fictif)", "01004", 5.342, 45.954)
    ]


def test_a_list_with_latitude_and_longitude_swapped_is_refused(tmp_path, recoding):
    text = f"{HOUSES}\n1,France services (fictif),01004,5.35,45.95\n"
    path = write(tmp_path / "liste-fs-20260101.csv", text)

    with pytest.raises(BadInput) as refusal:
        places.read_service_houses(path, recoding)

    assert refusal.value.code == "table_swapped_coordinates"
    assert refusal.value.facts == {"path": path, "lon": 45.95, "lat": 5.35}


def test_overseas_places_are_not_taken_for_swapped(tmp_path, recoding):
    text = f"{HOUSES}\n1,France services (fictif),97411,-20.9,55.4\n"
    path = write(tmp_path / "liste-fs-20260101.csv", text)

    assert len(places.read_service_houses(path, recoding)) == 1


@pytest.mark.parametrize(
    ("read", "header"),
    [
        (places.read_third_places, THIRD.replace("TYPO", "GENRE")),
        (places.read_service_houses, HOUSES.replace("longitude", "x")),
        (places.read_stations, STATIONS.replace("position_geographique", "position")),
    ],
)
def test_a_list_without_its_columns_is_refused(tmp_path, recoding, read, header):
    separator = ";" if ";" in header else ","
    line = separator.join("1" * len(header.split(separator)))
    path = write(tmp_path / "liste.csv", f"{header}\n{line}\n")

    with pytest.raises(BadInput) as refusal:
        read(path, recoding)

    assert refusal.value.code == "table_missing_column"


def test_a_position_that_is_no_number_is_refused(tmp_path, recoding):
    path = write(tmp_path / "liste-fs.csv", f"{HOUSES}\n1,France services,01004,nord,5.35\n")

    with pytest.raises(BadInput) as refusal:
        places.read_service_houses(path, recoding)

    assert refusal.value.facts == {"path": path, "column": "latitude", "value": "nord"}


def test_a_list_in_lambert_93_is_refused_and_does_not_disappear(tmp_path, recoding):
    line = "1,Le Nid (fictif),01002,,6542000.5,843210.2"
    path = write(tmp_path / "tiers_lieux.csv", f"{THIRD}\n{line}\n")

    with pytest.raises(BadInput) as refusal:
        places.read_third_places(path, recoding)

    assert refusal.value.code == "table_projected_coordinates"
    assert refusal.value.facts == {"path": path, "lon": 843210.2, "lat": 6542000.5}


def test_a_place_whose_commune_is_no_code_tells_none(tmp_path, recoding):
    path = write(tmp_path / "tiers_lieux.csv", f"{THIRD}\n1,FabLab (fictif),0,,46.1,5.1\n")

    assert places.read_third_places(path, recoding)["commune_code"].to_list() == [None]


def test_places_whose_codes_lost_their_zero_are_refused(tmp_path, recoding):
    path = write(tmp_path / "tiers_lieux.csv", f"{THIRD}\n1,FabLab (fictif),1004,,46.1,5.1\n")

    with pytest.raises(BadInput) as refusal:
        places.read_third_places(path, recoding)

    assert refusal.value.code == "codes_lost_zero"
