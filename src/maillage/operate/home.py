"""Where this machine keeps what Maillage stores for itself."""

import os
import sys
from pathlib import Path

# root runs PostgreSQL as nobody, who may not cross root's own folder
OF_ROOT = Path("/var/lib/maillage")


def folder() -> Path:
    """MAILLAGE_HOME, else the place that the system gives to programs' data."""
    if chosen := os.environ.get("MAILLAGE_HOME"):
        return Path(chosen).absolute()
    if os.geteuid() == 0:
        return OF_ROOT
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Maillage"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "maillage"
