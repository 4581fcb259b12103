"""A refusal is an answer: a class beside its verb, with a sentence that says what to do next."""

from typing import ClassVar

from django.utils.functional import Promise


class Refusal(Exception):  # noqa: N818  (an answer, not an error)
    """Base of every refusal.

    sentence  French, may name facts in braces, filled from the keyword arguments
    code      for the API, from the name of the class
    """

    sentence: ClassVar[str | Promise]
    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def code(self) -> str:
        """The class's name in snake case, stable for those who call the API."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")

    def __str__(self) -> str:
        return str(self.sentence).format(**self.facts)
