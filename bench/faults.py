"""The long series of faults: 52 kills under load, disks filled, the database out of reach.

It runs tests/faults with more rounds and prints their figures; `./run bench faults [ROUNDS]`.
"""

import os
import subprocess
import sys
from pathlib import Path

ROUNDS = "13"


def main() -> None:
    """Run the series; its exit status is ours."""
    rounds = sys.argv[1] if len(sys.argv) > 1 else ROUNDS
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/faults", "-s"],
        cwd=Path(__file__).parent.parent,
        env=os.environ | {"FAULT_ROUNDS": rounds},
    )
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
