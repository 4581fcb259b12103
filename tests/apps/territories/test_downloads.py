"""The files of a portrait."""

import pytest

from factories.territories import AT, SIREN, loaded, sample_files, sample_territory

pytestmark = pytest.mark.django_db
FILES = f"/territoires/{SIREN}/fichiers/"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("communes.csv", "text/csv; charset=utf-8"),
        ("communes-excel.csv", "text/csv; charset=utf-8"),
        ("cells.geojson", "application/geo+json"),
        ("portrait.json", "application/json"),
        ("access.svg", "image/svg+xml"),
    ],
)
def test_a_file_comes_whole_with_its_type_and_its_name(client, name, media_type):
    loaded()

    response = client.get(FILES + name)

    assert response.content == sample_files()[name]
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{SIREN}-{name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_did_not_change_is_not_sent_again(client):
    portrait = loaded()
    sha256 = next(f["sha256"] for f in portrait.files if f["name"] == "communes.csv")

    first = client.get(f"{FILES}communes.csv")
    again = client.get(f"{FILES}communes.csv", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["ETag"] == f'"{sha256}"'
    assert (again.status_code, again.content) == (304, b"")


def test_a_layer_is_compressed_for_who_accepts_it(client):
    loaded()

    response = client.get(f"{FILES}cells.geojson", headers={"Accept-Encoding": "gzip"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < len(sample_files()["cells.geojson"]) / 3


@pytest.mark.parametrize(
    "name", ["page.json", "around.json", "nothing.csv", "..%2f..%2fsettings.py", "%00.csv"]
)
def test_the_list_of_files_is_closed(client, name):
    loaded()

    assert client.get(FILES + name).status_code == 404


def test_only_the_latest_portrait_is_served(client):
    row = sample_territory()
    old = loaded(row, "a" * 64)
    new = loaded(row, "b" * 64, at=AT.replace(year=2028))
    old.files = [{**f, "sha256": "0" * 64} for f in old.files]
    old.save()

    tag = client.get(f"{FILES}communes.csv").headers["ETag"].strip('"')

    assert tag in {f["sha256"] for f in new.files}


def test_a_territory_without_portrait_has_no_file(client):
    sample_territory()

    assert client.get(f"{FILES}communes.csv").status_code == 404
