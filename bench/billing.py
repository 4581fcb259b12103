"""A month invoiced: ./run bench billing [MEMBERS] (default: 1,000).

On a PostgreSQL of its own, members are sold an abonnement and book twice, by the verbs that sell;
then one run invoices the month: PDF/A-3 and XML made, checked against both schematrons, numbered,
stored. Printed: seconds of the whole run, how long the lock of the series is held, where the time
goes, the same month a second time, the audit.

Then, for documents of the same content, one after the other: our own way in one process, and the
way of a script around the factur-x library (one Typst process a document, then
`generate_from_binary`, which checks the XSD but neither schematron).
"""

import os
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).parent.parent
MEMBERS = 1_000
COMPARED = 30
PERCENT = 100
# a month long past, so that what is sold in it is due
MONTH = date(2027, 3, 1)
SOLD_AT = datetime(2027, 3, 1, 6, tzinfo=UTC)
RUN_AT = datetime(2027, 4, 1, 8, tzinfo=UTC)
# working days of the month, on which members come
DAYS = [
    MONTH + timedelta(days=n) for n in range(1, 30) if (MONTH + timedelta(days=n)).weekday() < 5
]


def main() -> None:
    """Start a database, sell, invoice, compare, stop."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS
    from maillage.operate import postgres

    home = Path(tempfile.mkdtemp(prefix="maillage-bench-", dir="/tmp"))
    home.chmod(0o755)
    server = postgres.start(home / "postgres")
    os.environ |= {
        "DATABASE_URL": server.url,
        "MAILLAGE_FILES": str(home / "files"),
        "MAILLAGE_SECRET_KEY": "of-the-bench-alone-" * 4,
    }
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        operator = seed(members)
        invoiced(operator)
        compared()
    finally:
        server.stop()
        shutil.rmtree(home)


def seed(count: int) -> Any:
    """A site, voted prices, members who have an abonnement and come twice."""
    from maillage.operate.product import open_product

    open_product()
    from factories import billing, members, people, tariffs
    from factories import network_sites as sites
    from factories.bookings import desk
    from maillage.apps.bookings.asked import Booker
    from maillage.apps.bookings.reserve import reserve
    from maillage.apps.memberships import sell
    from maillage.operate import readiness

    begun = time.perf_counter()
    readiness.migrate()
    place = sites.site("Lieu du banc (fictif)", opening_hours="24/7")
    billing.profile(place.operator)
    tariffs.voted(place.operator, starts_on=date(2026, 1, 1))
    rooms = [sites.open_space(place, name=f"Espace {n}", seats=50, horizon_days=400)
             for n in range(2)]  # fmt: skip
    plan = members.plan(place.operator, units=1)
    for number in range(count):
        who = people.person(f"Personne {number} (fictif)", f"banc{number}@exemple.invalid")
        sell.subscribe(
            members.sold(plan, who, site=place), starts_on=MONTH, renews=False, at=SOLD_AT
        )
        for turn in range(2):
            on = DAYS[(number + 7 * turn) % len(DAYS)]
            ask = desk(rooms[turn], sites.slot(on, 9 + 5 * turn, 12 + 5 * turn))
            reserve([ask], Booker(who, who.pk), at=SOLD_AT)
    said = time.perf_counter() - begun
    sys.stdout.write(f"seeded: {count} members, {2 * count} bookings in {said:.0f} s\n")
    sys.stdout.flush()
    return place.operator


def invoiced(operator: Any) -> None:
    """The run, as the worker carries it; then once more, which changes nothing."""
    from maillage.apps.billing import run
    from maillage.apps.billing.models import Document

    spent: dict[str, list[float]] = defaultdict(list)
    with watched(spent):
        begun = time.perf_counter()
        row = run.start(operator, MONTH, by=None, at=RUN_AT)
        run.carry_out(row.pk, lambda: RUN_AT)
        took = time.perf_counter() - begun
    made = Document.objects.count()
    size = sum(file["size_bytes"] for one in Document.objects.all() for file in one.files)
    sys.stdout.write(
        f"run: {made} invoices in {took:.1f} s, {made / took:.1f} a second; "
        f"{size / made / 1000:.0f} kB each\n"
    )
    outcomes = row.items.values_list("outcome", "why").distinct()
    sys.stdout.write(f"  outcomes: {sorted(outcomes)}\n")
    sys.stdout.write(f"  series locked: {told_ms(spent.pop('locked'))}\n")
    for name, seconds in sorted(spent.items(), key=lambda one: -sum(one[1])):
        share = sum(seconds) / took * PERCENT
        sys.stdout.write(
            f"  {name:20s} {sum(seconds):6.1f} s ({share:3.0f} %) {told_ms(seconds)}\n"
        )
    begun = time.perf_counter()
    again = run.start(operator, MONTH, by=None, at=RUN_AT)
    run.carry_out(again.pk, lambda: RUN_AT)
    took = time.perf_counter() - begun
    more = Document.objects.count() - made
    sys.stdout.write(f"same month again: {more} more documents, {took:.1f} s\n")
    sys.stdout.flush()
    audited()


def audited() -> None:
    """What must never be, counted."""
    from maillage.operate import audit

    begun = time.perf_counter()
    findings = audit.run(("money",))
    took = time.perf_counter() - begun
    wrong = {one.name: one.count for one in findings if one.count}
    sys.stdout.write(f"audit: {wrong or 'nothing wrong'}, {took:.1f} s\n")


def compared() -> None:
    """Seconds a document, one after the other, for the same documents."""
    from facturx import generate_from_binary

    from maillage.apps.billing import printing
    from maillage.apps.billing.models import Document
    from maillage.report.typeset import Press

    rows = list(Document.objects.order_by("pk")[:COMPARED])
    drawn = [(one, shown(one)) for one in rows]
    with Press() as press:
        printing.printed(drawn[0][1], press, at=RUN_AT)
        ours = timed(lambda one: printing.printed(one[1], press, at=RUN_AT), drawn)

    def script(one: tuple[Any, Any]) -> None:
        with Press() as fresh:
            made = printing.printed(one[1], fresh, at=RUN_AT)
            generate_from_binary(made.pdf, made.xml, check_xsd=True, check_schematron=False)

    theirs = timed(script, drawn)
    sys.stdout.write(f"one after the other, {len(rows)} documents: ours {told_ms(ours)}; ")
    sys.stdout.write(f"a process each, then factur-x {told_ms(theirs)}\n")


def shown(row: Any) -> Any:
    """A document of the database as its parties read it, from its stored lines."""
    from maillage.apps.billing import drafts, numbers
    from maillage.apps.billing.models import BillingProfile
    from maillage.apps.billing.parties import buyers
    from maillage.apps.billing.to_invoice import payer_of
    from maillage.core.invoicing import Line, Totals

    payer = payer_of(row)
    lines = tuple(
        Line(
            one.label, one.detail, one.quantity, one.unit,
            Decimal(one.unit_price_micro) / 1_000_000, one.net_cents, one.category,
            one.vat_rate_bp, one.begins_on, one.ends_on,
        )
        for one in row.lines.order_by("rank")
    )  # fmt: skip
    groups = tuple(drafts.groups(list(row.taxes.all())))
    totals = Totals(lines, groups, row.net_cents, row.tax_cents, row.gross_cents)
    buyer = buyers(row.operator, [payer])[payer]
    draft = drafts.Draft(row.kind, buyer, (), totals, row.month, row.vat_status)
    profile = BillingProfile.objects.get(operator=row.operator)
    return drafts.drawn(draft, profile, numbers.Place(row.n, row.number, row.issued_on))


@contextmanager
def watched(spent: dict[str, list[float]]) -> Iterator[None]:
    """Count the seconds of each step of a run, and how long the series stays locked."""
    from django.db import transaction

    from maillage.apps.billing import numbers, run, to_invoice, write
    from maillage.report.e_invoice import check, cii, pdf

    whole = numbers.locked

    def locked(*args: Any, **words: Any) -> Any:
        found = whole(*args, **words)
        begun = time.perf_counter()
        transaction.on_commit(lambda: spent["locked"].append(time.perf_counter() - begun))
        return found

    steps = [
        (to_invoice, "waiting", "read what is owed"),
        (run, "drafts_of", "total"),
        (cii, "xml", "(beside) write XML"),
        (check, "faults", "(beside) check rules"),
        (pdf, "invoice_pdf", "(beside) draw PDF"),
        (write, "document", "store and write rows"),
        (run, "settle", "under lock, in all"),
    ]
    kept = [(module, name, getattr(module, name)) for module, name, _said in steps]
    numbers.locked = locked
    for module, name, said in steps:
        setattr(module, name, clocked(getattr(module, name), spent[said]))
    try:
        yield
    finally:
        numbers.locked = whole
        for module, name, act in kept:
            setattr(module, name, act)


def clocked(act: Callable[..., Any], into: list[float]) -> Callable[..., Any]:
    """The same act, its seconds noted."""

    def timed_act(*args: Any, **words: Any) -> Any:
        begun = time.perf_counter()
        try:
            return act(*args, **words)
        finally:
            into.append(time.perf_counter() - begun)

    return timed_act


def timed(act: Callable[[Any], object], on: list[Any]) -> list[float]:
    """Seconds of each."""
    found = []
    for one in on:
        begun = time.perf_counter()
        act(one)
        found.append(time.perf_counter() - begun)
    return found


def told_ms(seconds: list[float]) -> str:
    """Median and 99th percentile."""
    if len(seconds) < 2:
        return "-"
    cuts = quantiles(seconds, n=PERCENT)
    return f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"


if __name__ == "__main__":
    main()
