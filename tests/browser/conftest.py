"""A real browser on a live server, with what every journey must respect."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# what colours alone decide
OF_COLOURS = ["color-contrast", "link-in-text-block"]
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
# what is expected comes when a busy machine can; the library would wait for five seconds
PATIENCE_MS = 1000.0 * PATIENCE_S
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM = os.environ.get("MAILLAGE_CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium when there is one; as root it has no sandbox."""
    asked = dict(browser_type_launch_args)
    if CHROMIUM:
        asked["executable_path"] = CHROMIUM
    if os.geteuid() == 0:
        asked["args"] = ["--no-sandbox"]
    return asked


@dataclass
class Watched:
    """A page and all that it must not do."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)

    def goto(self, path: str) -> Page:
        """Open an address of the site."""
        self.page.goto(self.origin + path)
        return self.page

    def heard(self, text: str) -> None:
        """Keep the errors and the policy's refusals that the console tells."""
        # a drawing without a graphics card is slow, and says so
        if not any(words in text for words in ("GPU stall due to ReadPixels", *self.excused)):
            self.complaints.append(text)

    def asked(self, request: Request) -> None:
        """Keep each request to somebody else."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.complaints.append(f"third party: {request.url}")

    def axe_violations(self, rules: Sequence[str] = RULES) -> list[str]:
        """What breaks the accessibility rules, or some of them, on the page as it is now."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            # evaluated by the browser's own tools: the page's policy does not apply
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})",
            list(rules),
        )
        return [
            f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]
        ]

    def refuse_axe_violations(self) -> None:
        """No violation of the accessibility rules on the page as it is now."""
        assert self.axe_violations() == []

    def beyond_the_window(self) -> int:
        """How many pixels the page is wider than the window."""
        asked = "() => document.documentElement.scrollWidth - window.innerWidth"
        return max(0, int(self.page.evaluate(asked)))

    def refuse_sideways_scroll(self) -> None:
        """The page is never wider than the window."""
        beyond = self.beyond_the_window()
        assert beyond == 0, f"{beyond} px beyond the window"

    def names_given_twice(self) -> list[str]:
        """Identifiers that two elements share: a link or a fragment would find the wrong one."""
        return self.page.evaluate(
            """() => {
                const all = [...document.querySelectorAll("[id]")].map((found) => found.id);
                return [...new Set(all.filter((id, n) => all.indexOf(id) !== n))];
            }"""
        )

    def refuse_faults(self) -> None:
        """Neither rule broken nor sideways scroll, once its map is drawn."""
        from browser import stage

        stage.drawn(self.page)
        self.refuse_axe_violations()
        self.refuse_sideways_scroll()
        assert self.names_given_twice() == []

    def excuse(self, *words: str) -> None:
        """Forget the complaints that a test provokes on purpose, were they still to come."""
        self.excused += words
        self.complaints[:] = [c for c in self.complaints if not any(w in c for w in words)]


@pytest.fixture
def opened(browser: Browser, live_server: Any) -> Iterator[Callable[..., Watched]]:
    """Open a page: opened(width="phone", theme="dark", scripts=False, person=claire)."""
    from browser import stage

    contexts: list[BrowserContext] = []
    pages: list[Watched] = []

    def one(
        *,
        width: str = "desktop",
        theme: str = "light",
        scripts: bool = True,
        person: Any = None,
    ) -> Watched:
        size = WIDTHS[width]
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            locale="fr-FR",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        if person is not None:
            context.add_cookies([stage.session_of(person, live_server.url)])
        contexts.append(context)
        watched = Watched(context.new_page(), live_server.url)
        watched.page.on(
            "console",
            lambda said: watched.heard(said.text) if said.type in {"error", "warning"} else None,
        )
        watched.page.on("pageerror", lambda error: watched.heard(str(error)))
        watched.page.on("request", watched.asked)
        pages.append(watched)
        return watched

    yield one
    told = [complaint for watched in pages for complaint in watched.complaints]
    for context in contexts:
        context.close()
    assert told == []


@pytest.fixture
def late_work(db: None) -> Any:
    """late_work() does what waits in the queue and returns the mails that left."""
    from browser import stage

    return stage.LateWork()


@pytest.fixture(scope="session")
def written(outcome: Any) -> dict[str, Any]:
    """The files of the plan, written once for all journeys."""
    from browser import stage

    return stage.write_plan(outcome)


@pytest.fixture
def premier(written: dict[str, Any], transactional_db: None, late_work: Any) -> Any:
    """The first territory: its portrait, one thing of each kind, its study published."""
    from browser import stage

    return stage.premier(written)
