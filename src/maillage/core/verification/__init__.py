"""Is this plan what it says? A reader of certificates that shares nothing with the solvers.

method  docs/method/certificates.md
"""

from maillage.core.verification.verdict import GAP, PROVED, SOLVER, WRONG, StageChecked, Verdict
from maillage.core.verification.verify import verify

__all__ = ["GAP", "PROVED", "SOLVER", "WRONG", "StageChecked", "Verdict", "verify"]
