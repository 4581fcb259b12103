"""The pages of the country, opened as files: no rule broken, no sideways scroll, no request."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from factories.national import plan, record, site, square
from maillage.core.national import Place
from maillage.report import national
from maillage.report.national import Facts, Failed

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BROKEN = """async rules => {
    const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
    return found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`);
}"""
BEYOND = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_the_country_break_no_rule(browser, tmp_path, width):
    gap = plan("B", [site("B1", "hub")], status="gap", gap=0.02, covered_after=960)
    facts = Facts(
        records=[record(plan("A", [site("A1", "hub"), site("A2", "mini")])), record(gap)],
        failed=[Failed(Place("C", "CC C (fictive)", "01", 3, 1.0), "Aucun carreau habité.")],
        places=3,
        within_min=10.0,
        shapes={s: square(20_000.0 * n) for n, s in enumerate("ABCD")},
        outlines=None,
    )
    for name, data in national.produced(facts, at=AT).items():
        (tmp_path / name).write_bytes(data)
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for name in ("index.html", "par-ecart.html"):
        page.goto(f"file://{tmp_path / name}")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(BROKEN, RULES) == []
        assert page.evaluate(BEYOND) <= 0

    page.get_by_role("link", name="Les plus coûteuses").click()
    assert page.url.endswith("par-cout.html#tableau")
    assert {url.split(":")[0] for url in asked} == {"file"}
    page.close()
