"""A picture somebody sends: checked, then written again in two sizes, without metadata."""

import io
import uuid
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from maillage.kit import files
from maillage.kit.refusal import Refusal

MOST_BYTES = 8 * 2**20
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = "large.webp", "small.webp"
# the longest side of each, pixels
SIDES = {LARGE: 1600, SMALL: 480}
QUALITY = 80
WHITE = (255, 255, 255)


class NotAPicture(Refusal):
    """The file is something else, or damaged."""

    sentence = "Ce fichier n'est pas une image JPEG, PNG ou WebP lisible. Choisissez-en une autre."
    status = 422


class TooHeavy(Refusal):
    """More bytes than a photo needs."""

    sentence = "Ce fichier dépasse 8 Mo. Réduisez l'image, puis envoyez-la de nouveau."
    status = 422


class TooLarge(Refusal):
    """More pixels than a photo needs."""

    sentence = "Cette image dépasse 40 millions de pixels. Réduisez-la, puis renvoyez-la."
    status = 422


@dataclass(frozen=True)
class Encoded:
    """The two sizes; width and height of the large one, pixels."""

    contents: dict[str, bytes]
    width: int
    height: int


def encoded(data: bytes) -> Encoded:
    """The picture written again: whatever else the file carried is gone.

    Raises TooHeavy, TooLarge, NotAPicture.
    """
    if len(data) > MOST_BYTES:
        raise TooHeavy
    upright = _read(data)
    sizes = {name: _sized(upright, side) for name, side in SIDES.items()}
    large = sizes[LARGE]
    contents = {name: _written(image) for name, image in sizes.items()}
    return Encoded(contents, large.width, large.height)


def _read(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as sent:
            # known from the header, before a pixel is read
            if sent.width * sent.height > MOST_PIXELS:
                raise TooLarge
            turned = ImageOps.exif_transpose(sent)
            layers = turned.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NotAPicture from error
    except Image.DecompressionBombError as error:
        raise TooLarge from error
    # pixels alone are copied: no place, no camera, no thumbnail of what was cut
    clean = Image.new("RGB", layers.size, WHITE)
    clean.paste(layers, mask=layers.getchannel("A"))
    return clean


def _sized(image: Image.Image, side: int) -> Image.Image:
    small = image.copy()
    small.thumbnail((side, side))
    return small


def _written(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY)
    return out.getvalue()


def stored(site_pk: int, picture: Encoded) -> dict[str, Any]:
    """Its files written; the columns of the row that will name them."""
    folder = f"sites/{site_pk}/{uuid.uuid4().hex}"
    return {
        "folder": folder,
        "files": files.write_folder(folder, picture.contents),
        "width": picture.width,
        "height": picture.height,
    }
