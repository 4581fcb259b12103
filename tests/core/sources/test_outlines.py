"""Outlines of communes: their codes, their projection."""

import json

import polars as pl
import pytest
import shapely

from maillage.core.bad_input import BadInput
from maillage.core.sources import outlines

SQUARE = [[[4.7, 46.1], [4.8, 46.1], [4.8, 46.2], [4.7, 46.2], [4.7, 46.1]]]


def geojson(folder, coordinates=SQUARE, name="code", **members):
    geometry = {"type": "Polygon", "coordinates": coordinates}
    feature = {"type": "Feature", "properties": {name: "69019"}, "geometry": geometry}
    path = folder / "contours_communes_test.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], **members}))
    return path


def geoparquet(folder, metadata):
    path = folder / "COMMUNE.parquet"
    wkb = shapely.to_wkb(shapely.Polygon(SQUARE[0]))
    table = pl.DataFrame({"INSEE_COM": ["69019", "69020"], "geom": [wkb, wkb]})
    table.write_parquet(path, metadata=metadata)
    return path


def geo_metadata(**column):
    return {"geo": json.dumps({"primary_column": "geom", "columns": {"geom": column}})}


@pytest.mark.parametrize("name", ["code", "codgeo", "INSEE_COM", "CODE_INSEE", "DEPCOM"])
def test_the_commune_code_is_found_under_the_name_of_each_publisher(tmp_path, name):
    shapes = outlines.read(geojson(tmp_path, name=name), {"69019"})

    assert {code: shape.bounds for code, shape in shapes.items()} == {
        "69019": (4.7, 46.1, 4.8, 46.2)
    }


def test_only_the_wanted_communes_are_read(tmp_path):
    path = geojson(tmp_path)

    assert outlines.read(path, {"69020"}) == {}
    assert list(outlines.read(path)) == ["69019"]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_a_file_that_says_it_is_in_longitude_and_latitude_is_read(tmp_path, name):
    path = geojson(tmp_path, crs={"type": "name", "properties": {"name": name}})

    assert list(outlines.read(path)) == ["69019"]


@pytest.mark.parametrize(
    ("crs", "found"),
    [
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}, "EPSG::2154"),
        (None, "None"),
    ],
)
def test_a_file_in_another_or_an_unknown_projection_is_refused(tmp_path, crs, found):
    with pytest.raises(BadInput) as refusal:
        outlines.read(geojson(tmp_path, crs=crs))

    assert refusal.value.code == "outlines_unknown_projection"
    assert str(refusal.value.facts["found"]).endswith(found)


def test_metres_in_a_file_that_says_nothing_are_refused(tmp_path):
    lambert = [[[835000, 6560000], [836000, 6560000], [836000, 6561000], [835000, 6560000]]]

    with pytest.raises(BadInput) as refusal:
        outlines.read(geojson(tmp_path, lambert))

    assert refusal.value.code == "outlines_unknown_projection"


def test_latitude_before_longitude_is_refused(tmp_path):
    swapped = [[[lat, lon] for lon, lat in SQUARE[0]]]

    with pytest.raises(BadInput) as refusal:
        outlines.read(geojson(tmp_path, swapped))

    assert refusal.value.code == "outlines_swapped"


def test_outlines_without_a_commune_code_are_refused(tmp_path):
    for path in (geojson(tmp_path, name="nom"), _renamed(geoparquet(tmp_path, geo_metadata()))):
        with pytest.raises(BadInput) as refusal:
            outlines.read(path)
        assert refusal.value.code == "table_missing_column"


def _renamed(path):
    pl.read_parquet(path).rename({"INSEE_COM": "nom"}).write_parquet(path)
    return path


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "Feature"}'])
def test_a_cut_geojson_is_refused(tmp_path, text):
    path = tmp_path / "contours.geojson"
    path.write_text(text)

    with pytest.raises(BadInput) as refusal:
        outlines.read(path)

    assert refusal.value.code == "file_unreadable"


@pytest.mark.parametrize("column", [{}, {"crs": {"type": "GeographicCRS", "name": "WGS 84"}}])
def test_geoparquet_in_longitude_and_latitude_is_read(tmp_path, column):
    shapes = outlines.read(geoparquet(tmp_path, geo_metadata(**column)), {"69019"})

    assert {code: shape.bounds for code, shape in shapes.items()} == {
        "69019": (4.7, 46.1, 4.8, 46.2)
    }


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        geo_metadata(crs=None),
        geo_metadata(crs={"type": "ProjectedCRS", "name": "RGF93 / Lambert-93"}),
    ],
)
def test_geoparquet_of_another_or_an_unknown_projection_is_refused(tmp_path, metadata):
    with pytest.raises(BadInput) as refusal:
        outlines.read(geoparquet(tmp_path, metadata))

    assert refusal.value.code == "outlines_unknown_projection"


def test_the_inner_point_of_an_outline_is_inside_it(tmp_path):
    shapes = outlines.read(geojson(tmp_path))

    [point] = outlines.inner_points(shapes)

    assert outlines.commune_of_points(shapes, [tuple(point)]) == ["69019"]


@pytest.mark.parametrize(
    ("features", "code"),
    [
        (None, "file_unreadable"),
        ([None], "file_unreadable"),
        ([{"type": "Feature", "properties": None, "geometry": None}], "file_unreadable"),
        ([{"properties": {"code": "69019"}, "geometry": {"type": "Carré"}}], "file_unreadable"),
        ([], "table_without_rows"),
        (
            [
                {
                    "properties": {"code": "69019"},
                    "geometry": {"type": "Point", "coordinates": [4, 46]},
                }
            ],
            "outlines_not_areas",
        ),
    ],
)
def test_a_geojson_without_areas_is_refused(tmp_path, features, code):
    with pytest.raises(BadInput) as refusal:
        outlines.read(geojson(tmp_path, features=features))

    assert refusal.value.code == code
    assert refusal.value.facts["path"].suffix == ".geojson"


def test_no_point_is_in_no_commune(tmp_path):
    assert outlines.commune_of_points(outlines.read(geojson(tmp_path)), []) == []
