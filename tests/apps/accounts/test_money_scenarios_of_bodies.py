"""The acceptance scenarios of money between bodies, and of contracts, down to their invoices."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from factories import (
    billing,
    contracts,
    members,
    network_sites,
    people,
    settlement,
)
from maillage.apps.accounts.books import Span
from maillage.apps.accounts.export import export
from maillage.apps.billing import run
from maillage.apps.billing.issue import issue
from maillage.apps.billing.models import Document, Outcome, VatStatus
from maillage.apps.bookings.models import Block
from maillage.apps.contracts import deposit, notice, pass_time, prepare_many
from maillage.apps.contracts.models import Deposit, Kind, State
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.settlement import copies_plan, import_copies, keep_copies
from maillage.apps.settlement.models import PairLine, PairSettlement
from maillage.operate import audit
from maillage.report import fec

pytestmark = pytest.mark.django_db
WHEN = {"by": None, "at": settlement.AFTER_MARCH}


def at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 8, tzinfo=UTC)


def carried(body, month: date, on: date):
    """A run of a month, carried to its end on a day."""
    row = run.start(body, month, by=None, at=at(on))
    run.carry_out(row.pk, lambda: at(on))
    row.refresh_from_db()
    return row


def outcomes(row) -> Counter[str]:
    return Counter(row.items.values_list("outcome", flat=True))


def is_sound() -> dict[str, int]:
    return {one.name: one.count for one in audit.of_money() if one.count}


# --- 8. cross-site --------------------------------------------------------------------------


def test_8_three_days_at_the_site_of_another_body_are_one_line_and_one_invoice():
    home, away = settlement.two_sites()
    association, commune = home.operator, away.operator
    billing.profile(association)
    billing.public(commune, vat_status=VatStatus.OUT_OF_SCOPE, vat_number="")
    elise = settlement.traveller(home, away)
    agreement = settlement.pair(association, commune)
    settlement.used(elise, away, date(2027, 3, 18), date(2027, 3, 19), date(2027, 3, 22))

    settlement.settled(agreement)

    (line,) = PairLine.objects.all()
    settled = PairSettlement.objects.get()
    assert (line.seller_id, line.host_id, line.days) == (association.pk, commune.pk, 3)
    assert abs(settled.net_cents) == line.due_cents == 3 * 800
    payer = Payer(organisation_id=association.pk)
    billing.details(payer, commune)
    (document,) = issue(commune, payer, until=date(2027, 4, 1), **WHEN)
    assert (document.operator_id, document.payer_organisation_id) == (commune.pk, association.pk)
    assert document.gross_cents == 3 * 800
    assert document.lines.count() == 1
    # a second closing of the month finds nothing to settle nor to invoice
    assert issue(commune, payer, until=date(2027, 4, 1), **WHEN) == []
    assert is_sound() == {}


# --- 14. contract ---------------------------------------------------------------------------


def test_14_a_year_signed_online_is_invoiced_month_by_month_and_its_end_prorated():
    site = network_sites.site()
    body = site.operator
    billing.profile(body)
    maud = people.person("Maud Ferrachat (fictif)", "maud@exemple.invalid")
    seat = contracts.with_seat(site)
    signed = contracts.signed(contracts.drafted(site, maud, seat_ids=[seat.pk]))
    deposit.receive(
        signed, deposit.Moved(12_000, contracts.AT.date(), "transfer"), by=None, at=contracts.AT
    )
    pass_time.begin_due(at=at(contracts.FIRST))

    for month, on in ((4, 5), (5, 6)):
        row = carried(body, date(2027, month, 1), date(2027, on, 1))
        assert outcomes(row) == {Outcome.ISSUED: 1}
    signed.refresh_from_db()
    notice.give(
        signed,
        notice.Notice(date(2027, 6, 2), by_party=True, ends_on=date(2027, 7, 11)),
        version=signed.version,
        by=None,
        at=at(date(2027, 6, 2)),
    )
    carried(body, date(2027, 6, 1), date(2027, 7, 1))
    pass_time.end_due(at=at(date(2027, 7, 11)))
    carried(body, date(2027, 7, 1), date(2027, 8, 1))

    # 16 days of 30, two whole months, 10 days of 31, tax included
    grosses = list(Document.objects.order_by("n").values_list("gross_cents", flat=True))
    assert grosses == [6_400, 12_000, 12_000, 3_871]
    signed.refresh_from_db()
    assert signed.state == State.ENDED
    assert Block.objects.get(seat=seat).ended_at is not None
    deposit.give_back(
        signed,
        deposit.Moved(12_000, date(2027, 7, 12), "transfer"),
        by=None,
        at=at(date(2027, 7, 12)),
    )
    assert Deposit.objects.get(contract=signed).held_cents() == 0
    # a deposit is neither sold nor invoiced
    assert Charge.objects.total_cents() == sum(grosses)
    assert is_sound() == {}


# --- SC6. copier ----------------------------------------------------------------------------


def test_sc6_the_counters_of_the_copier_become_lines_of_the_invoices():
    site = network_sites.site("La Forge (fictif)")
    billing.profile(site.operator)
    keep_copies.set_price(site, keep_copies.PagePrice(date(2027, 1, 1), 5, 20, 2_000), **WHEN)
    elise = people.person("Élise Garonval (fictif)")
    firm = members.firm()
    keep_copies.match(site, "1001", Payer(person_id=elise.pk), **WHEN)
    keep_copies.match(site, "2002", Payer(organisation_id=firm.pk), **WHEN)
    billing.details(Payer(organisation_id=firm.pk))
    text = (
        "code;début;fin;noir et blanc;couleur\n"
        "1001;01/03/2027;31/03/2027;120;8\n"
        "2002;01/03/2027;31/03/2027;40;0\n"
    )
    of = import_copies.receive(site, "compteurs.csv", text.encode(), **WHEN)
    plan = copies_plan.plan_of(site, of.name, of.text)
    import_copies.import_copies(of, shown=plan.digest, **WHEN)

    row = carried(site.operator, date(2027, 3, 1), date(2027, 4, 2))

    assert outcomes(row) == {Outcome.ISSUED: 2}
    hers = Document.objects.get(payer_person=elise)
    # 120 at 5 cents, 8 at 20 cents, tax included
    assert hers.gross_cents == 760
    assert [(one.quantity, one.unit) for one in hers.lines.order_by("rank")] == [
        (120, "page"),
        (8, "page"),
    ]
    assert Document.objects.get(payer_organisation=firm).gross_cents == 200
    assert is_sound() == {}


# --- SC8. contracts and monthly invoices ----------------------------------------------------


def test_sc8_a_contract_of_occupancy_is_invoiced_each_month_once():
    site = network_sites.site("L’@telier (fictif)")
    billing.profile(site.operator)
    firm = members.firm_of("Bureau d’études Pilat (fictif)", site.territory_id)
    payer = Payer(organisation_id=firm.pk)
    billing.details(payer)
    signed = contracts.signed(
        contracts.drafted(site, kind=Kind.OCCUPANCY, payer=payer, deposit_cents=0)
    )
    pass_time.begin_due(at=at(contracts.FIRST))

    for month in (4, 5, 6):
        for _again in range(2):
            carried(site.operator, date(2027, month, 1), date(2027, month + 1, 1))

    documents = list(Document.objects.order_by("n"))
    assert [one.gross_cents for one in documents] == [6_400, 12_000, 12_000]
    assert {one.payer_organisation_id for one in documents} == {firm.pk}
    labels = [line.label for one in documents for line in one.lines.all()]
    assert [signed.reference in label for label in labels] == [True] * 3
    assert is_sound() == {}


# --- SC9. forty-seven residents -------------------------------------------------------------


def test_sc9_forty_seven_residents_are_invoiced_in_one_run():
    site = network_sites.site("L’Usine Vivante (fictif)")
    body = site.operator
    billing.profile(body)
    residents = [people.person(f"Résident {n} (fictif)") for n in range(47)]
    terms = contracts.asked(
        residents[0], site=site, place="Un bureau de l’ancienne usine", deposit_cents=0
    )
    made = prepare_many.prepare(body, Kind.RESIDENT, terms, residents, by=None, at=contracts.AT)
    assert len(made) == 47
    keeper = people.person("Animatrice (fictif)")
    for one in made:
        contracts.signed(one, by=keeper)
    pass_time.begin_due(at=at(contracts.FIRST))

    row = carried(body, date(2027, 4, 1), date(2027, 5, 1))

    assert outcomes(row) == {Outcome.ISSUED: 47}
    assert Document.objects.count() == 47
    assert {one.gross_cents for one in Document.objects.all()} == {6_400}
    may = Span(date(2027, 5, 1), date(2027, 5, 31))
    made = export(body, "fec", may, by=None, at=at(date(2027, 6, 1)))
    lines = fec.read(made.content)
    assert sum(one.debit_cents for one in lines) == 47 * 6_400
    assert sum(one.credit_cents for one in lines) == 47 * 6_400
    assert is_sound() == {}
