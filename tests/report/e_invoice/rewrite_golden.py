"""Write the golden files again, to be read as a difference: python tests/report/e_invoice/…"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from factories import e_invoices  # noqa: E402
from maillage.report import e_invoice  # noqa: E402

for name, make in e_invoices.CASES.items():
    (HERE / "golden" / f"{name}.xml").write_bytes(e_invoice.xml(make()))
