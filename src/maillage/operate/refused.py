"""What cannot be done on this machine, and what to do about it."""


class Refused(Exception):  # noqa: N818  (an answer, not an error)
    """A refusal to start, save or restore; its sentence says what to do next."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
