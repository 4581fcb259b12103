"""Pages under load and in a browser: ./run bench web [SECONDS] (default: 15).

Starts the demonstration, then 20 users ask for its pages one after the other, without a pause;
each page is compared with /sante/vivant, which the same server answers in the same run without
doing anything. Then Chromium opens the map page: bytes as a proxy would compress them, time until
the map is drawn.
"""

import gzip
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

USERS = 20
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 15.0
PORT = 8979
ORIGIN = f"http://127.0.0.1:{PORT}"
FLOOR = "/sante/vivant"
PUBLIC = ("/", "/territoires/", "/territoires/200067817/", "/projet/", "/donnees/")
COMPRESSED = ("text/", "application/json", "application/geo+json", "image/svg", "javascript")


def main() -> None:
    """Start, load, draw, stop."""
    with tempfile.TemporaryDirectory(prefix="maillage-bench-", dir="/tmp") as home:
        # the database's own user must be able to enter
        Path(home).chmod(0o755)
        process, links = start(Path(home))
        try:
            study = public_study()
            cookie = sign_in(links["Chargée de mission économie"])
            load("Inconnu, pages publiques", (*PUBLIC, study), "")
            load("Chargée de mission", ("/etudes/", "/personnes/", "/compte/", "/elus/"), cookie)
            scenario = scenario_of(cookie)
            load("Chargée de mission, scénarios", scenarios(scenario, cookie), cookie)
            draw(study)
            draw(scenario, cookie)
        finally:
            process.terminate()
            process.wait(30)


def start(home: Path) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """The demonstration, and a link of each persona."""
    command = [sys.executable, "-m", "maillage.cli.main", "demo", "--port", str(PORT)]
    process = subprocess.Popen(
        [*command, "--out", str(home / "out")],
        env=os.environ | {"MAILLAGE_HOME": str(home / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    links, post = {}, ""
    for line in process.stdout or ():
        if found := re.search(r"(/connexion/lien/\S+)", line):
            links[post] = found[1]
        elif line.startswith("  ") and "," in line:
            post = line.strip().split(", ")[0]
        if line.startswith("Ctrl-C"):
            return process, links
    raise SystemExit("the demonstration did not start")


def get(
    connection: http.client.HTTPConnection, path: str, cookie: str = ""
) -> tuple[int, dict[str, str], bytes]:
    """One answer, whole."""
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    return response.status, dict(response.getheaders()), response.read()


def public_study() -> str:
    """The address of the published study."""
    _, _, body = get(http.client.HTTPConnection("127.0.0.1", PORT), "/projet/")
    found = re.search(r'href="(/projet/etudes/[^"]+/)"', body.decode())
    if found is None:
        raise SystemExit("no published study")
    return found[1]


def scenario_of(cookie: str) -> str:
    """The address of the first scenario of the demonstration's study."""
    address = "/etudes/"
    for kind in (r"/etudes/\d+-[^\"/]+/", r"/etudes/\d+-[^\"/]+/scenarios/\d+/"):
        _, _, body = get(http.client.HTTPConnection("127.0.0.1", PORT), address, cookie)
        found = re.search(rf'href="({kind})"', body.decode())
        if found is None:
            raise SystemExit(f"nothing like {kind} on {address}")
        address = found[1]
    return address


def scenarios(scenario: str, cookie: str) -> tuple[str, ...]:
    """The pages of scenarios, one with a site removed and one with a site chosen."""
    _, _, body = get(http.client.HTTPConnection("127.0.0.1", PORT), scenario, cookie)
    (site,) = re.findall(r"\?lieu=(\w+)#lieu", body.decode())[-1:]
    study = scenario.partition("scenarios/")[0]
    return (
        study,
        f"{study}scenarios/",
        scenario,
        f"{scenario}?lieu={site}",
        f"{scenario}?coup=retirer%3A{site}",
        f"{study}scenarios/comparer/?s=1,2",
    )


def sign_in(link: str) -> str:
    """The session cookie of whoever opens a link, as a browser does."""
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        context = browser.new_context()
        page = context.new_page()
        page.goto(ORIGIN + link)
        page.click("main button[type=submit], main form button")
        page.wait_for_load_state()
        cookies = "; ".join(f"{c['name']}={c['value']}" for c in context.cookies())
        browser.close()
    return cookies


def chromium(playwright):  # type: ignore[no-untyped-def]
    """The system's Chromium."""
    path = os.environ.get("MAILLAGE_CHROMIUM") or shutil.which("chromium")
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=args)


def load(who: str, paths: tuple[str, ...], cookie: str) -> None:
    """20 users at once; milliseconds of each answer, by page."""
    spent: dict[str, list[float]] = defaultdict(list)
    faults: list[str] = []
    until = time.perf_counter() + SECONDS

    def user(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        asked = [FLOOR, *paths]
        turn = number
        while time.perf_counter() < until:
            path = asked[turn % len(asked)]
            turn += 1
            began = time.perf_counter()
            status, _, _ = get(connection, path, cookie)
            spent[path].append((time.perf_counter() - began) * 1000)
            if status != http.client.OK:
                faults.append(f"{status} {path}")

    threads = [threading.Thread(target=user, args=(n,)) for n in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    floor = median(spent[FLOOR])
    count = sum(len(each) for each in spent.values())
    print(
        f"\n{who}: {USERS} users, {count / SECONDS:.0f} answers/s, faults: {faults[:3] or 'none'}"
    )
    print(f"{'page':64} {'median ms':>9} {'p95 ms':>7} {'/ floor':>8}")
    for path, each in spent.items():
        p95 = quantiles(each, n=20)[-1]
        print(f"{path[:64]:64} {median(each):9.0f} {p95:7.0f} {median(each) / floor:8.1f}")
    every = [ms for path, each in spent.items() if path != FLOOR for ms in each]
    print(f"{'every page':64} {median(every):9.0f} {quantiles(every, n=20)[-1]:7.0f}")


def draw(path: str, cookie: str = "") -> None:
    """A map page in a browser: bytes, and time until the map is drawn."""
    pairs = [pair.partition("=") for pair in cookie.split("; ") if pair]
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": n, "value": v, "url": ORIGIN} for n, _, v in pairs])
        page = context.new_page()
        sizes: list[int] = []
        page.on("response", lambda response: sizes.append(compressed_bytes(response)))
        began = time.perf_counter()
        page.goto(ORIGIN + path)
        wait_drawn(page)
        drawn_s = time.perf_counter() - began
        page.wait_for_load_state("networkidle")
        print(f"\n{path}: {sum(sizes) / 1000:.0f} kB compressed, {len(sizes)} answers, ", end="")
        print(f"drawn in {drawn_s:.2f} s")
        browser.close()


def wait_drawn(page: Page) -> None:
    """Until the interactive map stands in the drawing's place."""
    page.wait_for_selector("[data-ready=true]", timeout=60_000)


def compressed_bytes(response) -> int:  # type: ignore[no-untyped-def]
    """What a buffering proxy with gzip would send."""
    body = response.body()
    kind = response.headers.get("content-type", "")
    return len(gzip.compress(body, 6)) if any(c in kind for c in COMPRESSED) else len(body)


if __name__ == "__main__":
    main()
