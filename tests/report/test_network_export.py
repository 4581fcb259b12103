"""The network as open data: read back as it was written, nothing made up, no formula."""

import csv
import io
import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from maillage.core.sources import lmn
from maillage.report import network_export
from maillage.report.network_export import Place

ON = date(2027, 3, 17)


def place(**said):
    told = {
        "id": "200067817-le-pressoir",
        "name": "Le Pressoir (fictif)",
        "commune_code": "69019",
        "commune_name": "Belleville-en-Beaujolais",
        "page": "https://exemple.invalid/lieux/200067817/le-pressoir/",
        "source": "CC Saône-Beaujolais",
        "updated_on": ON,
        "lon": 4.74538,
        "lat": 46.1095,
    }
    return Place(**(told | said))


def lines(data):
    return list(csv.DictReader(io.StringIO(data.decode())))


def read_back(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return lmn.read(path)


def test_what_is_written_is_read_back_in_both_forms(tmp_path):
    said = [
        place(opening_hours="Mo-Fr 08:30-18:30; PH off", has_internet=True),
        place(id="200067817-tilleul", name="Épicerie Le Tilleul (fictif)", lon=4.67, lat=46.12),
    ]

    from_csv = read_back(tmp_path, "lieux.csv", network_export.lmn_csv(said))
    from_json = read_back(tmp_path, "lieux.json", network_export.lmn_json(said))

    expected = [
        (
            *("200067817-tilleul", "third_place", "Épicerie Le Tilleul (fictif)", "69019"),
            *(4.67, 46.12, None, None, "2027-03-17"),
        ),
        (
            *("200067817-le-pressoir", "third_place", "Le Pressoir (fictif)", "69019"),
            *(4.74538, 46.1095, "Mo-Fr 08:30-18:30; PH off"),
            *("Accès internet et matériel informatique", "2027-03-17"),
        ),
    ]
    assert sorted(from_csv.table.rows()) == sorted(expected)
    assert from_json.table.rows() == from_csv.table.rows()
    assert (from_csv.notes, from_json.notes) == ((), ())


def test_what_nobody_knows_is_not_made_up():
    (line,) = lines(network_export.lmn_csv([place(lon=None, lat=None)]))

    known = {name for name, value in line.items() if value}
    assert known == {
        *("id", "nom", "commune", "code_insee", "typologie", "site_web", "source"),
        *("itinerance", "date_maj"),
    }
    assert json.loads(network_export.geojson([place(lon=None, lat=None)]))["features"] == []


def test_the_postcode_is_that_of_the_address_and_the_phone_international():
    said = place(address="12 rue du Cuvage, 69220 Belleville", phone="04 00 00 00 01")
    (line,) = lines(network_export.lmn_csv([said]))

    assert (line["code_postal"], line["telephone"]) == ("69220", "+33400000001")


def test_a_number_of_nowhere_is_left_out():
    (line,) = lines(network_export.lmn_csv([place(phone="demander à la mairie")]))

    assert line["telephone"] == ""


def test_a_long_description_is_cut_at_a_word():
    words = "mot " * 200
    (line,) = json.loads(network_export.lmn_json([place(description=words)]))

    assert len(line["presentation_resume"]) <= 280
    assert line["presentation_resume"].endswith("mot…")
    assert line["presentation_detail"] == words


def test_a_name_cannot_run_in_a_spreadsheet():
    said = place(name='=HYPERLINK("http://exemple.invalid")', address="@SUM(1)", description="-1+1")
    (line,) = lines(network_export.lmn_csv([said]))

    assert line["nom"] == '\'=HYPERLINK("http://exemple.invalid")'
    assert (line["adresse"], line["presentation_detail"]) == ("'@SUM(1)", "'-1+1")


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@given(name=TEXT, description=TEXT)
def test_any_name_is_one_line_of_the_csv(name, description):
    (line,) = lines(network_export.lmn_csv([place(name=name, description=description)]))

    assert line["nom"].removeprefix("'") == name.removeprefix("'")


def test_a_feature_says_what_the_list_says():
    (mark,) = json.loads(network_export.geojson([place(tier="hub", stage="open", seats=12)]))[
        "features"
    ]

    assert mark["geometry"] == {"type": "Point", "coordinates": [4.74538, 46.1095]}
    assert mark["properties"] == {
        "id": "200067817-le-pressoir",
        "name": "Le Pressoir (fictif)",
        "tier": "hub",
        "stage": "open",
        "commune_code": "69019",
        "commune_name": "Belleville-en-Beaujolais",
        "address": None,
        "opening_hours": None,
        "seats": 12,
        "is_step_free": None,
        "updated_on": "2027-03-17",
        "page": "https://exemple.invalid/lieux/200067817/le-pressoir/",
    }
