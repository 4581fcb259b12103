"""What a reader of a result must know about its inputs."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Note:
    """Something the reader of a result must know about its inputs: a code and its facts."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)
