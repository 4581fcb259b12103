"""What a person gave and can mend: a code and the facts, worded by `report.refusals`."""


class BadInput(Exception):  # noqa: N818  (a refusal, worded for the person)
    """An input that cannot be used as it is.

    code   a stable identifier, named in French by `report.refusals`
    facts  what the sentence needs: a path, a line, the nearest names…
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts
