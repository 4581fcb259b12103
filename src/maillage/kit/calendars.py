"""What every iCalendar file of ours holds to."""

import unicodedata

MEDIA_TYPE = "text/calendar; charset=utf-8"


def one_line(text: str) -> str:
    """A text that stays in its property: no line end of any kind, no control character."""
    kept = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    # a no-break space is kept: it belongs to the text
    return " ".join(word for word in "".join(kept).split(" ") if word)
