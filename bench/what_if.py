"""A site moved, how soon the page answers: ./run bench what_if [SIREN] [TRIES].

Lays the plan of an intercommunality (default: the embedded one; another is read from the shared
tables) in a database of its own, serves it, then an administrator tries random moves one after
the other, each unseen before. Every answer is compared with /sante/vivant, which the same server
gives in the same run without doing anything; the share spent judging the network is timed apart.
Then Chromium opens the page of the scenario: time until its map is drawn.
"""

import http.client
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

import web
from maillage.core import assumptions, sample, scenario, territory
from maillage.core.scenario import Outcome, Request
from maillage.core.sources.gather import gather
from maillage.operate import postgres
from maillage.operate.product import open_product

SIREN = sys.argv[1] if len(sys.argv) > 1 else sample.SIREN
TRIES = int(sys.argv[2]) if len(sys.argv) > 2 else 60
SHARED = Path("../shared/data")
PORT = 8978
FLOOR = "/sante/vivant"


def main() -> None:
    """Lay, serve, move, draw, stop."""
    with tempfile.TemporaryDirectory(prefix="maillage-bench-", dir="/tmp") as home:
        # the database's own user must be able to enter
        Path(home).chmod(0o755)
        server = postgres.start(Path(home) / "base")
        os.environ |= {
            "MAILLAGE_SECRET_KEY": secrets.token_urlsafe(50),
            "MAILLAGE_DEMONSTRATION": "1",
            "DATABASE_URL": server.url,
            "MAILLAGE_FILES": str(Path(home) / "files"),
        }
        plan = computed()
        address, link = laid(plan)
        command = [sys.executable, "-m", "maillage.operate.web_server", str(PORT)]
        process = subprocess.Popen(command)
        try:
            wait()
            cookie = signed_in(link)
            judge(plan)
            tries(plan, address, cookie)
            web.draw(address, cookie)
        finally:
            process.terminate()
            process.wait(30)
            server.stop()


def computed() -> Outcome:
    """The plan, from the embedded tables or from the shared ones."""
    assumed = assumptions.load()
    tables = sample.load() if SIREN == sample.SIREN else gather(SHARED, SIREN, assumed)
    place = territory.assemble(tables, assumed)
    print(f"{tables.name}: {place.communes.height} communes, {len(place.cells)} cells")
    return scenario.evaluate(place, Request(first_year=2027), assumed)


def laid(plan: Outcome) -> tuple[str, str]:
    """The address of a scenario of the plan, and a link that signs its administrator in."""
    open_product()
    from maillage.apps.scenarios.open_scenario import of_run
    from maillage.apps.scenarios.versions import Author
    from maillage.apps.studies.open_study import open_study
    from maillage.apps.studies.store import store
    from maillage.apps.territories.models import Territory
    from maillage.kit.clock import now
    from maillage.operate import demonstration, readiness
    from maillage.operate.personas import PERSONAS

    readiness.migrate()
    at = now()
    administrator = next(p for p in PERSONAS if p.scope[0] == "platform")
    demonstration._lay_person(administrator, at)
    place = Territory.objects.create(
        pk=SIREN, name=plan.territory.name, search_name="banc", communes=1
    )
    study = open_study(place, "Banc", by=None, at=at)
    run = store(study, plan, by=None, at=at)
    made = of_run(run, "Banc", Author(None, at))
    (entry,) = demonstration.links(at=at)
    return made.get_absolute_url(), entry[2]


def wait() -> None:
    """Until the server answers."""
    for _ in range(200):
        try:
            if web.get(http.client.HTTPConnection("127.0.0.1", PORT), FLOOR)[0] == http.client.OK:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def signed_in(link: str) -> str:
    """The session cookie of the administrator."""
    web.ORIGIN = f"http://127.0.0.1:{PORT}"
    return web.sign_in(link)


def judge(plan: Outcome) -> None:
    """The network alone, without any page."""
    ground = scenario.lay(plan.territory, plan.request, plan.assumptions)
    spent = []
    for n in range(20):
        network = (*plan.network[:-1], replace(plan.network[-1], seats=n + 1))
        began = time.perf_counter()
        scenario.assess(ground, network)
        spent.append((time.perf_counter() - began) * 1000)
    print(f"judging one network, everything computed again: {median(spent):.0f} ms")


def tries(plan: Outcome, address: str, cookie: str) -> None:
    """Random moves, each on what the one before gave, as a fragment of the page."""
    chance = random.Random(4)  # noqa: S311  (moves, not secrets)
    opened = [site.candidate.id for site in plan.sites if site.tier == "mini"]
    taken = {site.candidate.id for site in plan.sites}
    free = [c.id for c in plan.candidates.every if "mini" in c.tiers and c.id not in taken]
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    spent: list[float] = []
    floor: list[float] = []
    for _ in range(TRIES + 4):
        moved = chance.choice(opened)
        to = chance.choice(free)
        query = urlencode({"coup": f"deplacer:{moved}:{to}", "lieu": to})
        began = time.perf_counter()
        connection.request(
            "GET", f"{address}?{query}", headers={"Cookie": cookie, "HX-Request": "true"}
        )
        response = connection.getresponse()
        body = response.read()
        spent.append((time.perf_counter() - began) * 1000)
        if response.status != http.client.OK or b"Vous essayez" not in body:
            raise SystemExit(f"{response.status} for {query}")
        began = time.perf_counter()
        web.get(connection, FLOOR)
        floor.append((time.perf_counter() - began) * 1000)
    # each of the two processes lays its ground once
    print(f"first answers, the ground laid: {', '.join(f'{ms:.0f}' for ms in spent[:4])} ms")
    warm = spent[4:]
    p95 = quantiles(warm, n=20)[-1]
    print(
        f"{TRIES} moves: median {median(warm):.0f} ms, p95 {p95:.0f} ms, "
        f"{median(warm) / median(floor):.0f} times {FLOOR} ({median(floor):.1f} ms)"
    )


if __name__ == "__main__":
    main()
