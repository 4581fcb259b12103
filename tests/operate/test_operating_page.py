"""docs/operating.md says every setting, every command, and points to real proofs."""

import re
from pathlib import Path

from maillage.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
# those of development, and the one that the demonstration gives itself
NOT_FOR_OPERATORS = {"MAILLAGE_DEBUG", "MAILLAGE_STATIC", "MAILLAGE_STATIC_VERSION"}
OF_THIS_PAGE = (
    "serve",
    "worker",
    "migrate",
    "administrator",
    "read-only",
    "backup",
    "restore",
    "restore-check",
    "audit",
)


def test_every_setting_is_described():
    sources = [
        *(ROOT / "src/maillage/web").glob("*.py"),
        *(ROOT / "src/maillage/operate").glob("*"),
    ]
    text = "\n".join(p.read_text(encoding="utf-8") for p in sources if p.suffix == ".py")
    read = set(re.findall(r'"(MAILLAGE_[A-Z_]+)"', text)) - NOT_FOR_OPERATORS

    assert sorted(name for name in read if name not in PAGE) == []


def test_every_command_of_the_operator_is_told():
    assert [name for name in OF_THIS_PAGE if f"maillage {name}" not in PAGE] == []
    assert set(OF_THIS_PAGE) <= set(COMMANDS)


def test_every_proof_exists():
    proofs = set(re.findall(r"`(tests/[a-z_/]+\.py)`", PAGE))

    assert len(proofs) >= 5
    assert [proof for proof in proofs if not (ROOT / proof).exists()] == []
