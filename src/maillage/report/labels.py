"""Names on a map, placed by priority without touching one another."""

from dataclasses import dataclass

FONT_SIZE = 13.5
# Mean advance of Public Sans, in font sizes, with a little room to breathe
_MEAN_ADVANCE = 0.56


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture that something already fills."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, radius: float) -> "Box":
        """The box of a marker."""
        return cls(x - radius, y - radius, x + radius, y + radius)

    def touches(self, other: "Box") -> bool:
        """Whether two boxes share some area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Label:
    """A name wanted near a point, at some gap from it.

    side  "start" only right of the point, "end" only left of it, "" anywhere
    size  of the letters, pixels
    """

    text: str
    x: float
    y: float
    weight: int
    gap: float
    side: str = ""
    size: float = FONT_SIZE


@dataclass(frozen=True)
class Placed:
    """A name with its place: baseline and anchor of its text."""

    label: Label
    x: float
    y: float
    anchor: str


def width_of(text: str, size: float = FONT_SIZE) -> float:
    """An estimate of a text's width, pixels."""
    return len(text) * size * _MEAN_ADVANCE


def place(labels: list[Label], taken: list[Box], width: float, height: float) -> list[Placed]:
    """The labels that find room, in order of priority: right, left, above, below their point."""
    filled = list(taken)
    placed = []
    for label in labels:
        for candidate, box in _options(label):
            is_inside = box.left > 2 and box.right < width - 2 and 2 < box.top < height - 16
            if is_inside and not any(box.touches(other) for other in filled):
                filled.append(box)
                placed.append(candidate)
                break
    return placed


def _options(label: Label) -> list[tuple[Placed, Box]]:
    wide, x, y, gap = width_of(label.text, label.size), label.x, label.y, label.gap
    half, drop = 0.62 * label.size, 0.35 * label.size
    options = []
    for rise in (0.0, -0.7 * label.size, 0.7 * label.size):
        middle = y + rise
        right = Box(x + gap, middle - half, x + gap + wide, middle + half)
        left = Box(x - gap - wide, middle - half, x - gap, middle + half)
        options.append((Placed(label, x + gap, middle + drop, "start"), right))
        options.append((Placed(label, x - gap, middle + drop, "end"), left))
    above = Box(x - wide / 2, y - gap - 2 * half, x + wide / 2, y - gap + 1)
    below = Box(x - wide / 2, y + gap - 1, x + wide / 2, y + gap + 2 * half)
    options.append((Placed(label, x, y - gap - drop, "middle"), above))
    options.append((Placed(label, x, y + gap + label.size - drop / 2, "middle"), below))
    return [option for option in options if label.side in ("", option[0].anchor)]
