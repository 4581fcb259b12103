"""Mail, sent after commit by the worker: a late mail never undoes an act."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from procrastinate.contrib.django import app

SUBJECT_MAX = 120


@dataclass(frozen=True)
class Attachment:
    """A small text file that goes with a mail."""

    name: str
    text: str
    media_type: str


def send(
    template: str, to: str, context: Mapping[str, Any], attachment: Attachment | None = None
) -> None:
    """Queue one mail once the transaction holds; its first line is the subject.

    template  people/emails/invitation.txt: subject, an empty line, text
    """
    words = {"base_url": settings.BASE_URL, **context}
    subject, _, text = render_to_string(template, words).partition("\n")
    # a line break in a subject would open the headers to whoever chose a name
    one_line = " ".join(subject.split())[:SUBJECT_MAX]
    more = {"attachment": asdict(attachment)} if attachment else {}
    transaction.on_commit(
        lambda: app.configure_task("mail.deliver").defer(
            subject=one_line, text=text.strip() + "\n", to=to, **more
        )
    )
