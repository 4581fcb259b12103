"""The register of this installation, read once from its table."""

from pathlib import Path

from maillage.kit.personal import Register, load

REGISTER: Register = load(Path(__file__).with_name("personal_data.toml"))
