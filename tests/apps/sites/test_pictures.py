"""Pictures: refused before they are read whole, written again without what they carried."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from factories import sites
from maillage.apps.sites import keep_photos, keep_plan, pictures
from maillage.apps.sites.keep_plan import Point
from maillage.apps.sites.models import FloorPlan, Photo

pytestmark = pytest.mark.django_db
GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def carrying(**how) -> bytes:
    """A photo with a place, a camera and a turn."""
    exif = Image.Exif()
    exif[MAKE] = "Appareil fictif"
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (46.0, 9.0, 0.0)}
    return sites.picture(400, 200, exif=exif, comment=b"chez moi", **how)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_picture_is_written_again_in_two_sizes_without_metadata():
    sent = carrying()
    assert opened(sent).getexif()[MAKE] == "Appareil fictif"

    made = pictures.encoded(sent)

    assert sorted(made.contents) == ["large.webp", "small.webp"]
    for data in made.contents.values():
        image = opened(data)
        assert image.format == "WEBP"
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
        assert b"fictif" not in data


def test_a_turned_picture_stands_upright():
    made = pictures.encoded(carrying())

    assert (made.width, made.height) == (200, 400)


def test_a_large_picture_is_reduced_and_a_small_one_is_not_enlarged():
    large = pictures.encoded(sites.picture(3_000, 1_500))
    assert (large.width, large.height) == (1_600, 800)
    assert opened(large.contents["small.webp"]).size == (480, 240)

    small = pictures.encoded(sites.picture(100, 50))
    assert (small.width, small.height) == (100, 50)


def test_what_is_seen_through_is_white():
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")

    shown = opened(pictures.encoded(out.getvalue()).contents["large.webp"]).convert("RGB")

    assert min(shown.getpixel((20, 20))) >= 250


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", sites.picture()[:200]],
    ids=["empty", "pdf", "svg", "cut"],
)
def test_what_is_not_a_picture_is_refused(data):
    with pytest.raises(pictures.NotAPicture):
        pictures.encoded(data)


def test_another_format_is_refused():
    with pytest.raises(pictures.NotAPicture):
        pictures.encoded(sites.picture(kind="GIF"))


def test_eight_megabytes_and_forty_megapixels_at_most(monkeypatch):
    data = sites.picture(40, 40)
    monkeypatch.setattr(pictures, "MOST_BYTES", len(data))
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1_600)
    assert pictures.encoded(data).width == 40

    monkeypatch.setattr(pictures, "MOST_PIXELS", 1_599)
    with pytest.raises(pictures.TooLarge):
        pictures.encoded(data)
    monkeypatch.setattr(pictures, "MOST_BYTES", len(data) - 1)
    with pytest.raises(pictures.TooHeavy):
        pictures.encoded(data)


def test_the_limits_are_those_promised():
    assert (pictures.MOST_BYTES, pictures.MOST_PIXELS) == (8 * 2**20, 40_000_000)


def test_a_photo_is_kept_with_its_files_and_its_words():
    site = sites.site()

    made = keep_photos.add_photo(site, sites.picture(), " La façade ", sites.author(), credit="CC")

    photo = Photo.objects.get(pk=made.pk)
    assert (photo.alt, photo.credit, photo.rank) == ("La façade", "CC", 0)
    assert all(default_storage.exists(f"{photo.folder}/{f['name']}") for f in photo.files)


def test_a_photo_says_what_it_shows():
    with pytest.raises(keep_photos.SaysNothing):
        keep_photos.add_photo(sites.site(), sites.picture(), "  ", sites.author())
    photo = sites.stored(sites.site("B"))
    with pytest.raises(keep_photos.SaysNothing):
        keep_photos.describe_photo(photo, "", "", sites.author())

    assert keep_photos.describe_photo(photo, "La cour", "Mairie", sites.author()).alt == "La cour"


def test_a_site_shows_twelve_photos_at_most():
    site = sites.site()
    for _ in range(12):
        sites.stored(site)

    with pytest.raises(keep_photos.TooManyPhotos):
        keep_photos.add_photo(site, sites.picture(), "Une de trop", sites.author())


def test_nothing_stays_on_the_disk_when_the_row_is_not_written(monkeypatch):
    site, written = sites.site(), []
    monkeypatch.setattr(keep_photos, "note", lambda *_a, **_k: 1 / 0)
    real = keep_photos.stored
    monkeypatch.setattr(keep_photos, "stored", lambda *a: written.append(real(*a)) or written[-1])

    with pytest.raises(ZeroDivisionError):
        keep_photos.add_photo(site, sites.picture(), "La façade", sites.author())

    assert not Photo.objects.exists()
    assert not default_storage.exists(f"{written[0]['folder']}/large.webp")


def test_seats_stand_on_a_plan_and_leave_it():
    site = sites.site()
    one, two = sites.space(site).seats.order_by("number")
    plan = keep_plan.add_plan(site, sites.picture(), "Rez", "Le rez-de-chaussée", sites.author())

    keep_plan.place_seats(plan, {one.pk: Point(10, 20.5), two.pk: None}, sites.author())
    one.refresh_from_db()
    assert (one.plan, one.x, one.y) == (plan, 10.0, 20.5)

    other = keep_plan.add_plan(site, sites.picture(), "Étage", "L’étage", sites.author())
    keep_plan.place_seats(other, {one.pk: None}, sites.author())
    one.refresh_from_db()
    assert one.plan == plan

    keep_plan.place_seats(plan, {one.pk: None}, sites.author())
    one.refresh_from_db()
    assert (one.plan, one.x, one.y) == (None, None, None)


def test_a_plan_takes_the_seats_of_its_own_site_and_says_what_it_shows():
    plan = sites.stored(sites.site(), FloorPlan, name="Rez")
    stranger = sites.space(sites.site("Ailleurs")).seats.first()

    with pytest.raises(keep_plan.SeatOfAnotherSite):
        keep_plan.place_seats(plan, {stranger.pk: Point(1, 1)}, sites.author())
    with pytest.raises(keep_photos.SaysNothing):
        keep_plan.add_plan(plan.site, sites.picture(), "Étage", "", sites.author())
