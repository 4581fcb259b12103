"""The copier: counters from a file, charged to who pays, once; undone; unknown codes matched."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import members, network_sites, people, settlement
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.settlement import copies_plan, import_copies, keep_copies
from maillage.apps.settlement.models import CopyImport, CopyLine, CopyPrice, ImportState

WHEN = {"by": None, "at": settlement.AFTER_MARCH}
CSV = (
    "code;début;fin;noir et blanc;couleur\n"
    "1001;01/03/2027;31/03/2027;120;8\n"
    "2002;01/03/2027;31/03/2027;40;0\n"
)


@pytest.fixture
def site(db):
    made = network_sites.site("La Forge (fictif)")
    keep_copies.set_price(
        made, keep_copies.PagePrice(date(2027, 1, 1), 5, 20, 2_000), by=None, at=settlement.AT
    )
    return made


@pytest.fixture
def elise():
    return people.person("Élise Garonval (fictif)")


def received(site, text=CSV, name="compteurs.csv"):
    return import_copies.receive(site, name, text.encode(), **WHEN)


def imported(site, text=CSV):
    of = received(site, text)
    plan = copies_plan.plan_of(site, of.name, of.text)
    return import_copies.import_copies(of, shown=plan.digest, **WHEN)


def known(site, who, code="1001"):
    return keep_copies.match(site, code, Payer(person_id=who.pk), **WHEN)


def test_counters_of_a_copier_become_lines_to_invoice(site, elise):
    firm = members.firm()
    known(site, elise)
    keep_copies.match(site, "2002", Payer(organisation_id=firm.pk), **WHEN)

    imported(site)

    rows = Charge.objects.filter(origin_kind="copies").order_by("pk")
    assert [
        (c.payer_person, c.payer_organisation, c.quantity, c.unit_cents, c.amount_cents)
        for c in rows
    ] == [(elise, None, 120, 5, 600), (elise, None, 8, 20, 160), (None, firm, 40, 5, 200)]
    first = rows[0]
    assert (first.operator, first.scope_key) == (site.operator, str(site.pk))
    assert (first.includes_tax, first.vat_rate_bp, first.user) == (True, 2_000, elise)
    assert first.label == "Copies noir et blanc, 01/03/2027 au 31/03/2027"


def test_a_code_that_nobody_has_waits_and_is_charged_once_matched(site, elise):
    imported(site)
    assert not Charge.objects.exists()

    assert known(site, elise) == 1
    assert known(site, elise) == 0
    assert sum(Charge.objects.values_list("amount_cents", flat=True)) == 760
    assert CopyLine.objects.filter(charged_at=None).get().code == "2002"


def test_the_same_file_twice_is_refused_until_it_is_undone(site, elise):
    known(site, elise)
    done = imported(site)
    with pytest.raises(import_copies.SameFile):
        received(site)

    assert import_copies.undo(done, **WHEN) == 760
    with pytest.raises(import_copies.NothingToUndo):
        import_copies.undo(done, **WHEN)
    imported(site)

    assert sum(Charge.objects.values_list("amount_cents", flat=True)) == 760
    assert [one.state for one in CopyImport.objects.order_by("pk")] == [
        ImportState.UNDONE, ImportState.DONE,
    ]  # fmt: skip


def test_two_copies_of_a_file_that_wait_are_imported_once(site, elise):
    known(site, elise)
    first, second = received(site), received(site)
    plan = copies_plan.plan_of(site, first.name, first.text)
    import_copies.import_copies(first, shown=plan.digest, **WHEN)

    with pytest.raises(import_copies.SameFile):
        import_copies.import_copies(second, shown=plan.digest, **WHEN)
    with pytest.raises(import_copies.NotWaiting):
        import_copies.import_copies(first, shown=plan.digest, **WHEN)
    assert Charge.objects.count() == 2


def test_lines_of_an_undone_file_are_never_charged(site, elise):
    done = imported(site)
    import_copies.undo(done, **WHEN)

    assert known(site, elise) == 0
    assert not Charge.objects.exists()


def test_every_fault_is_told_with_its_line_and_column_and_nothing_is_imported(site, elise):
    known(site, elise)
    wrong = CSV + "3003;01/03/2027;31/03/2027;beaucoup;1\n;01/03/2027;31/03/2027;1;1\n"
    of = received(site, wrong)
    plan = copies_plan.plan_of(site, of.name, of.text)

    assert len(plan.faults) == 2
    assert "ligne 4" in plan.faults[0]
    assert "noir et blanc" in plan.faults[0]
    assert "ligne 5" in plan.faults[1]
    with pytest.raises(import_copies.CountersHaveFaults):
        import_copies.import_copies(of, shown=plan.digest, **WHEN)
    assert not CopyLine.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\0\1", b"un;deux\n1;2\n", b"code\n"])
def test_a_file_that_is_no_table_of_counters_is_refused(site, data):
    with pytest.raises(copies_plan.UnreadableCounters):
        import_copies.receive(site, "x.csv", data, **WHEN)
    assert not CopyImport.objects.exists()


def test_a_page_has_the_price_of_its_last_day(site, elise):
    known(site, elise)
    keep_copies.set_price(site, keep_copies.PagePrice(date(2027, 3, 20), 6, 25, 2_000), **WHEN)

    imported(site)

    assert sum(Charge.objects.values_list("amount_cents", flat=True)) == 120 * 6 + 8 * 25
    with pytest.raises(keep_copies.PriceOfThatDay):
        keep_copies.set_price(site, keep_copies.PagePrice(date(2027, 3, 20), 1, 1, 0), **WHEN)


def test_counters_before_any_price_are_refused(db):
    bare = network_sites.site("Sans prix")

    with pytest.raises(copies_plan.NoCopyPrice):
        received(bare)


def test_what_was_not_read_is_not_imported(site, elise):
    of = received(site)
    plan = copies_plan.plan_of(site, of.name, of.text)
    known(site, elise)

    with pytest.raises(import_copies.PlanChanged):
        import_copies.import_copies(of, shown=plan.digest, **WHEN)


def test_a_site_for_which_nobody_sells_charges_nobody(site):
    site.collector = site.operator = None
    site.save()

    with pytest.raises(import_copies.NobodySells):
        imported(site)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 500), st.integers(0, 500))
def test_a_line_comes_to_its_pages_times_their_price(mono, colour, mono_cents, colour_cents):
    price = CopyPrice(
        pk=1, starts_on=date(2027, 1, 1), mono_cents=mono_cents, colour_cents=colour_cents
    )
    counted = copies_plan.Counted(2, "1", date(2027, 3, 1), date(2027, 3, 2), mono, colour)

    planned = copies_plan._planned(counted, {}, [price])

    assert planned.cents == mono * mono_cents + colour * colour_cents
