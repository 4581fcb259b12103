"""A contract from draft to end: each exit of each verb."""

from datetime import UTC, date, datetime, timedelta

import pytest

from factories import contracts, network_sites, people
from maillage.apps.bookings.blocks import SeatBooked
from maillage.apps.bookings.models import Block, Occupancy
from maillage.apps.contracts import (
    charge_due,
    deposit,
    draft,
    notice,
    papers,
    pass_time,
    seats,
    send,
    wordings,
)
from maillage.apps.contracts.held import ChangedMeanwhile, NotNow
from maillage.apps.contracts.models import Contract, Deposit, Kind, State
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import OrganisationKind
from maillage.core.contract_terms import Terms

pytestmark = pytest.mark.django_db
AT = contracts.AT
FIRST = contracts.FIRST
A_DAY = timedelta(days=1)


@pytest.fixture
def site():
    return network_sites.site()


@pytest.fixture
def maud():
    return people.person("Maud Ferrachat (fictif)", "maud@exemple.fr")


def at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 8, tzinfo=UTC)


def sums():
    return list(Charge.objects.order_by("pk").values_list("amount_cents", flat=True))


def whats(contract):
    return list(contract.events.order_by("number").values_list("what", flat=True))


# --- the whole --------------------------------------------------------------------------------


def test_a_desk_is_signed_deposited_ended_prorated_and_returned(site, maud):
    """Scenario 14 of the acceptance run, by its verbs."""
    seat = contracts.with_seat(site)
    made = contracts.drafted(site, maud, seat_ids=[seat.pk])
    signed = contracts.signed(made)
    lodged = deposit.Moved(12_000, AT.date(), "transfer")
    deposit.receive(signed, lodged, by=None, at=AT)
    block = Block.objects.get(seat=seat)
    assert (signed.state, block.first_on, block.ended_at) == (State.SIGNED, FIRST, None)

    pass_time.begin_due(at=at(FIRST))
    operator = signed.operator
    charge_due.charge_due(operator, date(2027, 6, 1), by=None, at=at(date(2027, 6, 1)))
    # 16 days of 30, then whole months
    assert sums() == [6_400, 12_000, 12_000]

    signed.refresh_from_db()
    asked = notice.Notice(date(2027, 6, 10), by_party=True)
    ending = notice.give(signed, asked, version=signed.version, by=None, at=at(date(2027, 6, 10)))
    assert (ending.ends_on, ending.state) == (date(2027, 7, 10), State.NOTICE)
    pass_time.end_due(at=at(date(2027, 7, 10)))

    ended = Contract.objects.get(pk=made.pk)
    block.refresh_from_db()
    last = Occupancy.objects.filter(block=block).order_by("-period").first()
    # 9 days of 31
    assert sums()[3:] == [3_484]
    assert ended.state == State.ENDED
    assert last.period.upper.astimezone(network_sites.PARIS).date() <= date(2027, 7, 10)
    assert deposit.lines([operator])[0].is_to_return
    moved = deposit.Moved(12_000, date(2027, 7, 10), "transfer")
    deposit.give_back(ended, moved, by=None, at=at(date(2027, 7, 10)))
    assert Deposit.objects.get().held_cents() == 0
    assert whats(ended) == [
        "draft", "send", "sign", "sign", "deposit_receive", "begin", "charge", "notice",
        "charge", "end", "deposit_return",
    ]  # fmt: skip


# --- drafting ---------------------------------------------------------------------------------


def test_a_draft_is_corrected_by_one_at_a_time(site, maud):
    made = contracts.drafted(site, maud)
    cheaper = contracts.asked(maud, site=site, price=draft.Price(9_000))

    row = draft.correct(made, cheaper, version=made.version, by=None, at=AT)

    assert (row.price_cents, row.version) == (9_000, 2)
    with pytest.raises(ChangedMeanwhile):
        draft.correct(made, cheaper, version=1, by=None, at=AT)
    contracts.sent(row)
    with pytest.raises(NotNow):
        draft.correct(made, cheaper, version=3, by=None, at=AT)


def test_contracts_that_cannot_be(site, maud):
    firm = contracts.body("Atelier (fictif)", OrganisationKind.COMPANY)
    of_firm = draft.Party(Payer(organisation_id=firm.pk), maud.name, maud.email)
    of_operator = draft.Party(Payer(organisation_id=site.operator.pk), maud.name, maud.email)
    elsewhere = network_sites.site("Ailleurs", operator=contracts.body())
    other_seat = contracts.with_seat(elsewhere)
    cases = [
        (Kind.DOMICILIATION, {"terms": Terms(FIRST, 2, 3)}, draft.TermTooShort),
        (Kind.DOMICILIATION, {"terms": Terms(FIRST, 3, 0)}, draft.MustRenew),
        (Kind.HOST_SHOP, {}, draft.NeedsBody),
        (Kind.PROVISION, {"party": of_firm}, draft.NeedsPublicBody),
        (Kind.RESIDENT, {"party": of_operator}, draft.WithOneself),
        (Kind.RESIDENT, {"site": elsewhere}, draft.OfOthers),
        (Kind.RESIDENT, {"seat_ids": [other_seat.pk]}, draft.SeatElsewhere),
    ]
    for kind, changes, refusal in cases:
        with pytest.raises(refusal):
            draft.draft(
                site.operator,
                kind,
                contracts.asked(maud, **{"site": site} | changes),
                by=None,
                at=AT,
            )
    assert not Contract.objects.exists()


# --- sending ----------------------------------------------------------------------------------


def test_sending_draws_the_document_takes_the_seat_and_mails_a_link(site, maud, mails):
    seat = contracts.with_seat(site)
    wordings.adopt(site.operator, "Fermez la porte.", version=0, by=None, at=AT)
    made = contracts.drafted(site, maud, seat_ids=[seat.pk])

    sent = mails(contracts.sent, made)

    made.refresh_from_db()
    data = papers.data_of(made.papers.get())
    assert data.startswith(b"%PDF")
    assert sent == [(maud.email, f"À signer : Contrat de résident, {site.operator.name}")]
    assert (made.state, made.house_rules.version) == (State.SENT, 1)
    assert Block.objects.get(seat=seat).person == maud
    with pytest.raises(NotNow):
        send.send(made, version=made.version, by=None, at=AT)


def test_a_seat_that_others_have_is_refused_and_nothing_is_sent(site, maud):
    seat = contracts.with_seat(site)
    contracts.sent(contracts.drafted(site, people.person(), seat_ids=[seat.pk]))
    made = contracts.drafted(site, maud, seat_ids=[seat.pk])

    with pytest.raises(SeatBooked):
        contracts.sent(made)

    made.refresh_from_db()
    assert (made.state, made.papers.count(), made.signatures.count()) == (State.DRAFT, 0, 0)


def test_a_domiciliation_needs_an_approval_in_force(site, maud):
    terms = Terms(FIRST, 3, 3, 1)
    made = contracts.drafted(site, maud, Kind.DOMICILIATION, terms=terms)

    def approved_until(day):
        wordings.approve(
            site.operator, "2027-12 (fictif)", "Préfecture du Rhône", day, by=None, at=AT
        )

    with pytest.raises(send.NoApproval):
        contracts.sent(made)
    approved_until(AT.date() - A_DAY)
    with pytest.raises(send.NoApproval):
        contracts.sent(made)
    approved_until(date(2033, 1, 1))
    assert contracts.sent(made).state == State.SENT


def test_a_term_that_is_past_is_not_sent(site, maud):
    made = contracts.drafted(site, maud, terms=Terms(date(2026, 1, 1), 6))

    with pytest.raises(send.AlreadyPast):
        contracts.sent(made)


def test_what_was_sent_keeps_its_articles(site, maud):
    made = contracts.sent(contracts.drafted(site, maud))
    before = papers.data_of(made.papers.get())
    article = contracts.draft.shipped.Article("Objet", "{{ organisme }} {{ settings.SECRET_KEY }}")

    wordings.adapt(site.operator, Kind.RESIDENT, [article], version=0, by=None, at=AT)

    made.refresh_from_db()
    assert (made.wording, papers.data_of(made.papers.get())) == (None, before)
    later = contracts.sent(contracts.drafted(site, people.person()))
    assert later.wording.version == 1
    with pytest.raises(wordings.WrittenMeanwhile):
        wordings.adapt(site.operator, Kind.RESIDENT, [article], version=0, by=None, at=AT)
    with pytest.raises(wordings.NoArticle):
        wordings.adapt(site.operator, Kind.RESIDENT, [], version=1, by=None, at=AT)
    with pytest.raises(wordings.WrittenMeanwhile):
        wordings.adopt(site.operator, "Autre", version=5, by=None, at=AT)


# --- charges ----------------------------------------------------------------------------------


def test_charging_twice_charges_once(site, maud):
    row = contracts.running(site, maud)

    first = charge_due.charge_due(row.operator, date(2027, 3, 1), by=None, at=AT)
    again = charge_due.charge_due(row.operator, date(2027, 3, 1), by=None, at=AT)

    # 17 days of 31 in January
    assert [one.amount_cents for one in first] == [6_581, 12_000, 12_000]
    assert again == []
    assert {one.origin_kind for one in first} == {"contract_period"}
    assert {one.payer_person for one in first} == {maud}


def test_who_pays_is_not_who_uses(site, maud):
    firm = contracts.body("Employeur (fictif)", OrganisationKind.EMPLOYER)
    row = contracts.running(site, maud, payer=Payer(organisation_id=firm.pk))

    made = charge_due.charge_due(row.operator, date(2027, 1, 31), by=None, at=AT)

    assert [(one.payer_organisation, one.user) for one in made] == [(firm, maud)]


def test_a_quarter_and_a_whole_period_and_a_free_one(site):
    quarter = draft.Price(30_000, every="quarter", proration="whole", vat_rate_bp=2_000)
    free = draft.Price(0, worth_cents=8_000)
    for price in (quarter, free):
        contracts.running(site, people.person(), price=price)

    charge_due.charge_all(date(2027, 2, 28), at=AT)

    found = Charge.objects.order_by("pk").values_list("amount_cents", "in_kind_cents")
    # lines at 0 are kept, with what they are worth
    assert list(found) == [(30_000, 0), (0, 4_387), (0, 8_000)]


def test_what_has_no_price_or_is_not_signed_is_not_charged(site, maud):
    shop = contracts.body()
    of_shop = draft.Party(Payer(organisation_id=shop.pk), "Ada Caféière (fictif)", "ada@exemple.fr")
    contracts.running(
        site, maud, kind=Kind.HOST_SHOP, party=of_shop, payer=Payer(organisation_id=shop.pk),
        price=draft.Price(is_charged=False), deposit_cents=0,
    )  # fmt: skip
    contracts.sent(contracts.drafted(site, people.person(), terms=Terms(date(2027, 1, 1), 12)))

    assert charge_due.charge_all(date(2027, 12, 1), at=AT) == 0


def test_an_end_within_a_charged_month_gives_back_its_part(site, maud):
    row = contracts.running(site, maud)
    charge_due.charge_due(row.operator, date(2027, 4, 1), by=None, at=AT)
    agreed = notice.Notice(AT.date(), by_party=True, ends_on=date(2027, 3, 21), agreed=True)

    ending = notice.give(row, agreed, version=row.version, by=None, at=AT)

    # 20 days of 31 in March stay, April is given back whole
    assert sums() == [6_581, 12_000, 12_000, 12_000, -4_258, -12_000]
    charge_due.charge_due(row.operator, date(2027, 6, 1), by=None, at=AT)
    assert len(sums()) == 6

    notice.cancel(ending, version=ending.version, by=None, at=AT)
    assert sums()[6:] == [4_258, 12_000]
    assert sum(sums()) == 6_581 + 3 * 12_000


# --- ending -----------------------------------------------------------------------------------


def test_notices_that_are_refused(site, maud):
    row = contracts.running(site, maud)
    today = AT.date()
    cases = [
        ({"given_on": today + A_DAY}, notice.GivenLater),
        ({"ends_on": date(2027, 1, 15)}, notice.EndsFirst),
        ({"ends_on": today - A_DAY, "agreed": True}, notice.EndInPast),
        ({"ends_on": today + A_DAY}, notice.TooShort),
    ]
    for changes, refusal in cases:
        with pytest.raises(refusal):
            notice.give(
                row, notice.Notice(**{"given_on": today, "by_party": True} | changes),
                version=row.version, by=None, at=AT,
            )  # fmt: skip
    with pytest.raises(ChangedMeanwhile):
        notice.give(row, notice.Notice(today, by_party=True), version=0, by=None, at=AT)
    row.refresh_from_db()
    assert (row.state, row.ends_on) == (State.RUNNING, None)


def test_a_short_notice_says_the_earliest_day(site, maud):
    row = contracts.running(site, maud)
    asked = notice.Notice(AT.date(), by_party=True, ends_on=AT.date() + A_DAY)

    with pytest.raises(notice.TooShort) as refused:
        notice.give(row, asked, version=row.version, by=None, at=AT)

    assert "17 avril 2027" in str(refused.value)


def test_a_contract_that_is_not_renewed_ends_by_itself(site, maud):
    row = contracts.running(site, maud, terms=Terms(date(2027, 1, 15), 3, 0, 1))
    later = notice.Notice(AT.date(), by_party=False, ends_on=date(2027, 5, 1))

    with pytest.raises(notice.EndsByItself):
        notice.give(row, later, version=row.version, by=None, at=AT)
    assert row.ends_on == date(2027, 4, 15)
    assert pass_time.end_due(at=at(date(2027, 4, 14))) == 0
    assert pass_time.end_due(at=at(date(2027, 4, 15))) == 1
    assert sum(sums()) == 6_581 + 12_000 + 12_000 + 5_600


def test_a_notice_is_taken_back_unless_somebody_has_the_seat(site, maud):
    seat = contracts.with_seat(site)
    row = contracts.running(site, maud, seat_ids=[seat.pk])
    ending = notice.give(
        row, notice.Notice(AT.date(), by_party=True), version=row.version, by=None, at=AT
    )
    contracts.sent(
        contracts.drafted(
            site, people.person(), seat_ids=[seat.pk], terms=Terms(date(2027, 4, 17), 1)
        )
    )

    with pytest.raises(SeatBooked):
        notice.cancel(ending, version=ending.version, by=None, at=AT)

    ending.refresh_from_db()
    assert ending.state == State.NOTICE


def test_seats_are_kept_further_as_time_passes(site, maud):
    seat = contracts.with_seat(site)
    contracts.running(site, maud, seat_ids=[seat.pk])
    before = Block.objects.get(seat=seat).last_on

    late = before - timedelta(days=30)
    assert (seats.extend_all(at=AT), seats.extend_all(at=at(late))) == (0, 1)
    assert Block.objects.get(seat=seat).last_on > before


# --- renewals ---------------------------------------------------------------------------------


def test_both_sides_are_told_once_before_the_notice_is_too_late(site, maud, mails):
    scope = ("site", str(site.pk))
    sophie = people.person("Sophie (fictif)", "sophie@exemple.fr")
    people.role(sophie, "site_manager", scope, position=people.position(
        "site_manager", scope, organisation=site.operator))  # fmt: skip
    row = contracts.running(site, maud)
    on = date(2027, 12, 1)

    told = mails(pass_time.alert_due, at=at(on))
    again = mails(pass_time.alert_due, at=at(on + A_DAY))

    assert [to for to, _subject in told] == [maud.email, sophie.email]
    assert "15 janvier 2028" in told[0][1]
    assert again == []
    assert mails(pass_time.alert_due, at=at(date(2027, 10, 1))) == []
    row.refresh_from_db()
    assert row.alerted_for == date(2028, 1, 15)


# --- deposits ---------------------------------------------------------------------------------


def test_deposits_that_are_refused(site, maud):
    row = contracts.running(site, maud)
    today = AT.date()

    def moved(cents, on=today, **more):
        return deposit.Moved(cents, on, **more)

    for cents, on, refusal in (
        (12_001, today, deposit.MoreThanAgreed),
        (0, today, deposit.Nothing),
        (100, today + A_DAY, deposit.NotYet),
    ):
        with pytest.raises(refusal):
            deposit.receive(row, moved(cents, on), by=None, at=AT)
    with pytest.raises(deposit.NotEnded):
        deposit.give_back(row, moved(100), by=None, at=AT)
    free = contracts.running(site, people.person(), deposit_cents=0)
    with pytest.raises(deposit.NoDeposit):
        deposit.receive(free, moved(100), by=None, at=AT)


def test_a_deposit_is_kept_in_part_with_its_reason_and_the_rest_returned(site, maud):
    row = contracts.running(site, maud, terms=Terms(date(2027, 1, 15), 3))
    day = date(2027, 4, 15)
    deposit.receive(row, deposit.Moved(12_000, AT.date(), "cheque"), by=None, at=AT)
    pass_time.end_due(at=at(day))
    kept = deposit.Moved(2_000, day, reason="Clé perdue (fictif)")

    with pytest.raises(deposit.MoreThanHeld):
        deposit.keep_part(row, deposit.Moved(12_001, day, reason="Trop"), by=None, at=at(day))
    deposit.keep_part(row, kept, by=None, at=at(day))
    with pytest.raises(deposit.MoreThanHeld):
        deposit.give_back(row, deposit.Moved(10_001, day, "transfer"), by=None, at=at(day))
    deposit.give_back(row, deposit.Moved(10_000, day, "transfer"), by=None, at=at(day))

    (line,) = deposit.lines([row.operator])
    assert (line.received_cents, line.kept_cents, line.returned_cents) == (12_000, 2_000, 10_000)
    assert (line.held_cents, line.is_to_return) == (0, False)
    # no income, no VAT: the ledger holds the rent alone
    assert sum(sums()) == 6_581 + 12_000 + 12_000 + 5_600


def test_a_movement_by_mistake_is_reversed_and_both_stay(site, maud):
    row = contracts.running(site, maud)
    wrong = deposit.receive(row, deposit.Moved(5_000, AT.date(), "cash"), by=None, at=AT)

    deposit.undo(wrong, by=None, at=AT)

    assert [m.amount_cents for m in row.deposit.movements.order_by("pk")] == [5_000, -5_000]
    with pytest.raises(deposit.UndoneBefore):
        deposit.undo(wrong, by=None, at=AT)
    deposit.receive(row, deposit.Moved(12_000, AT.date(), "cash"), by=None, at=AT)
