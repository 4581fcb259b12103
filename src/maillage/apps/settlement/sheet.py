"""A page of shares as values: sections with facts, a table, acts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from maillage.kit.components import Document, Empty, Link, Share, Text
from maillage.kit.tables import Table


@dataclass(frozen=True)
class Post:
    """An act in one button, with the values it sends."""

    text: Text
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    detail: Text = ""
    is_primary: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a page; what is empty does not show.

    shares  parts of a whole, drawn as one bar under `caption`
    """

    id: str
    title: Text
    lead: Text = ""
    facts: Sequence[tuple[Text, str]] = ()
    shares: Sequence[Share] = ()
    caption: Text = ""
    tables: Sequence[Table] = ()
    documents: Sequence[Document] = ()
    acts: Sequence[Link] = ()
    posts: Sequence[Post] = ()
    nothing: Empty | None = None
    note: Text = ""


@dataclass(frozen=True)
class Sheet:
    """A whole page; the first act is the main one."""

    title: Text
    sections: Sequence[Section]
    lead: Text = ""
    acts: Sequence[Link] = ()
