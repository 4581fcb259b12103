"""Third places in the national schema of places of digital mediation."""

import json

import pytest

from factories.official import history, write
from maillage.core.bad_input import BadInput
from maillage.core.sources import lmn, places
from maillage.report import notes, refusals

NAME = "lieux-mediation-numerique-france-tiers-lieux"
HEADER = (
    "id,nom,commune,code_postal,code_insee,adresse,latitude,longitude,typologie,services,horaires,"
    "date_maj,pivot,source"
)
NEST = (
    'tl-1,Le Nid (fictif),Ambre,01000,01004,1 rue du Pré,46.05,5.25,"TIERS_LIEUX,ASSO",'
    'Accès internet|Aide,"Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00",2026-05-02,1,FTL'
)
BARN = (
    "tl-2,La Grange (fictif),Abe,01000,01002,2 rue,46.06,5.05,TIERS_LIEUX;ASSO,,,2024-01-31,2,FTL"
)


def csv(folder, *lines, header=HEADER):
    return write(folder / f"{NAME}.csv", "\n".join([header, *lines, ""]))


def as_json(folder, lines):
    return write(folder / f"{NAME}.json", json.dumps(lines))


@pytest.fixture
def recoding(tmp_path):
    return history(tmp_path).since("2021-01-01")


def test_third_places_keep_their_identifier_hours_and_services(tmp_path):
    found = lmn.read(csv(tmp_path, NEST))

    assert found.table.rows() == [
        (
            *("tl-1", "third_place", "Le Nid (fictif)", "01004", 5.25, 46.05),
            "Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00",
            *("Accès internet|Aide", "2026-05-02"),
        )
    ]
    assert (found.latest, found.notes) == ("2026-05-02", ())


def test_they_are_read_as_the_places_of_a_study_in_the_communes_of_today(tmp_path, recoding):
    found = places.read("third_places", csv(tmp_path, NEST, BARN), recoding)

    assert found.table.rows() == [
        ("third_place", "La Grange (fictif)", "01001", 5.05, 46.06),
        ("third_place", "Le Nid (fictif)", "01004", 5.25, 46.05),
    ]
    assert (found.vintage, found.notes) == ("2026-05-02", ())


def test_the_list_of_2019_is_still_read(tmp_path, recoding):
    text = "NOM_TL,INSEECOM,TYPO,LAT,LONG\nLe Nid (fictif),01004,Tiers lieux coworking,46.1,5.1\n"
    path = write(tmp_path / "tiers_lieux_cget_2019.csv", text)

    found = places.read("third_places", path, recoding)

    assert found.table.rows() == [("coworking", "Le Nid (fictif)", "01004", 5.1, 46.1)]
    assert found.vintage is None


def test_json_gives_the_same_places_with_numbers_and_lists(tmp_path):
    lines = [
        {
            "id": "tl-1",
            "nom": "Le Nid (fictif)",
            "commune": "Ambre",
            "code_insee": "01004",
            "latitude": 46.05,
            "longitude": 5.25,
            "typologie": ["TIERS_LIEUX", "ASSO"],
            "services": ["Accès internet", "Aide"],
            "horaires": "Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00",
            "date_maj": "2026-05-02T00:00:00.000Z",
        }
    ]

    from_json = lmn.read(as_json(tmp_path, lines))

    assert from_json.table.rows() == lmn.read(csv(tmp_path, NEST)).table.rows()


def test_every_line_that_is_left_out_is_counted_and_said(tmp_path):
    lines = [
        NEST,
        NEST,
        BARN.replace("TIERS_LIEUX;ASSO", "BIB"),
        BARN.replace("TIERS_LIEUX;ASSO", ""),
        BARN.replace("46.06", ""),
        BARN.replace("46.06", "nord").replace("tl-2", "tl-3"),
        BARN.replace("46.06,5.05", "0,0").replace("tl-2", "tl-4"),
        BARN.replace("46.06,5.05", "6542000,843210").replace("tl-2", "tl-5"),
        BARN.replace("La Grange (fictif)", ""),
    ]

    found = lmn.read(csv(tmp_path, *lines))

    assert len(found.table) == 1
    assert [notes.sentence(note) for note in found.notes] == [
        f"Le fichier {NAME}.csv a des lignes laissées de côté : 2 lieux d'un autre type, 1 sans "
        "nom, 4 sans position et 1 en double."
    ]


def test_a_line_of_france_tiers_lieux_without_typology_is_a_third_place(tmp_path):
    line = BARN.replace("TIERS_LIEUX;ASSO", "").replace("FTL", "France Tiers-Lieux")

    assert lmn.read(csv(tmp_path, line)).table["kind"].to_list() == ["third_place"]


def test_france_services_are_told_apart_and_left_to_their_own_list(tmp_path, recoding):
    path = csv(tmp_path, NEST, BARN.replace("TIERS_LIEUX;ASSO", "RFS"))

    assert sorted(lmn.read(path).table["kind"]) == ["service_house", "third_place"]
    assert places.read("third_places", path, recoding).table["kind"].to_list() == ["third_place"]


@pytest.mark.parametrize("code", ["", "1004", "Ambre"])
def test_a_place_whose_commune_is_no_code_tells_none(tmp_path, code):
    found = lmn.read(csv(tmp_path, NEST.replace("01004", code)))

    assert found.table["commune_code"].to_list() == [None]


def test_a_district_of_lyon_is_in_lyon(tmp_path, recoding):
    path = csv(tmp_path, NEST.replace("01004", "69381"))

    found = places.read("third_places", path, recoding)

    assert found.table["commune_code"].to_list() == ["69123"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([NEST.replace("46.05,5.25", "6542000.5,843210.2")], "table_projected_coordinates"),
        ([NEST.replace("TIERS_LIEUX,ASSO", "BIB")], "table_without_places"),
        ([], "table_without_rows"),
    ],
)
def test_a_file_of_which_no_line_serves_is_refused(tmp_path, lines, code):
    with pytest.raises(BadInput) as refusal:
        lmn.read(csv(tmp_path, *lines))

    assert refusal.value.code == code
    assert refusals.sentence(refusal.value)


def test_latitude_and_longitude_swapped_are_refused(tmp_path, recoding):
    path = csv(tmp_path, NEST.replace("46.05,5.25", "5.25,46.05"))

    with pytest.raises(BadInput) as refusal:
        places.read("third_places", path, recoding)

    assert refusal.value.code == "table_swapped_coordinates"


def test_a_missing_column_is_named(tmp_path):
    header, line = HEADER.replace("commune,code_postal", "ville,code_postal"), NEST

    with pytest.raises(BadInput) as refusal:
        lmn.read(csv(tmp_path, line, header=header))

    assert refusal.value.facts["columns"] == ["commune"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "file_unreadable"),
        ('{"nom": "Le Nid"}', "file_unreadable"),
        ("[1]", "file_unreadable"),
        ("[]", "table_without_rows"),
        ('[{"nom": "Le Nid"}]', "table_missing_column"),
    ],
)
def test_another_json_is_refused(tmp_path, text, code):
    with pytest.raises(BadInput) as refusal:
        lmn.read(write(tmp_path / f"{NAME}.json", text))

    assert refusal.value.code == code
    assert refusals.sentence(refusal.value)
