"""The statement of the bank: read once, proposed, accepted, undone."""

from datetime import UTC, date, datetime

import pytest

from factories import billing, collecting, network_sites, people
from maillage.apps.collecting import announce_debits, balance, match, send_debits
from maillage.apps.collecting.import_statement import (
    NotAStatement,
    StatementTooHeavy,
    import_statement,
)
from maillage.apps.collecting.matches import proposals
from maillage.apps.collecting.models import BankLine, Debit, LineState, Receipt

pytestmark = pytest.mark.django_db
AT = datetime(2027, 4, 25, 9, tzinfo=UTC)
HEAD = "Date;Libellé;Montant\n"


@pytest.fixture
def treasurer():
    return people.person("Nora Trésorière (fictif)", "nora@exemple.invalid")


def read(operator, rows, who, name="releve.csv"):
    data = (HEAD + "".join(f"{on};{words};{sum_}\n" for on, words, sum_ in rows)).encode()
    return import_statement(operator, name, data, by=who.pk, at=AT)


def owed(document):
    return balance.owed_cents([document])[document.pk]


def test_a_number_and_its_amount_are_sure_a_name_is_to_be_seen(treasurer):
    numbered = collecting.owed(cents=1_000)
    named = collecting.owed(cents=2_000, buyer={"name": "Ondine Vasserot (fictif)"})
    other = collecting.owed(cents=3_000)
    read(
        numbered.operator,
        [
            ("20/04/2027", f"VIR {numbered.number.lower()} MERCI", "10,00"),
            ("20/04/2027", f"VIR {other.number}", "12,00"),
            ("21/04/2027", "VIR INCONNU", "77,00"),
            ("21/04/2027", "FRAIS", "-4,00"),
        ],
        treasurer,
    )
    BankLine.objects.filter(amount_cents=7_700).update(name="VASSEROT ONDINE", amount_cents=2_000)

    found = [(p.document, p.is_sure) for p in proposals(numbered.operator)]
    assert found == [(numbered, True), (other, False), (named, False), (None, False)]

    assert match.accept_sure(numbered.operator, by=treasurer.pk, at=AT) == 1
    assert [owed(d) for d in (numbered, named, other)] == [0, 2_000, 3_000]


def test_the_same_file_twice_does_nothing_and_an_overlap_adds_only_what_is_new(treasurer):
    operator = network_sites.operator()
    rows = [("20/04/2027", "UN", "10,00"), ("21/04/2027", "DEUX", "20,00")]
    assert read(operator, rows, treasurer).added == 2
    again = read(operator, rows, treasurer, "autre-nom.csv")
    assert (again.added, again.known) == (0, 2)
    more = read(operator, [*rows, ("22/04/2027", "TROIS", "30,00")], treasurer)
    assert (more.added, more.known) == (1, 2)
    assert BankLine.objects.count() == 3


def test_a_match_is_made_once_and_undone(treasurer):
    document = collecting.owed(cents=1_000)
    read(document.operator, [("20/04/2027", "VIR", "10,00")], treasurer)
    line = BankLine.objects.get()
    match.match(line, document, by=treasurer.pk, at=AT)
    assert owed(document) == 0
    with pytest.raises(match.LineDone):
        match.match(line, document, by=treasurer.pk, at=AT)
    match.unmatch(line, "Autre payeur", by=treasurer.pk, at=AT)
    line.refresh_from_db()
    assert (owed(document), line.state, line.receipt) == (1_000, LineState.WAITING, None)
    assert list(Receipt.objects.order_by("n").values_list("amount_cents", flat=True)) == [
        1_000,
        -1_000,
    ]


def test_what_is_left_is_set_aside_with_its_reason(treasurer):
    document = collecting.owed(cents=400)
    read(document.operator, [("20/04/2027", "FRAIS", "-4,00")], treasurer)
    line = BankLine.objects.get()
    with pytest.raises(match.NotMoneyIn):
        match.match(line, document, by=treasurer.pk, at=AT)
    match.set_aside(line, "Frais de tenue de compte", by=treasurer.pk, at=AT)
    assert proposals(document.operator) == []
    match.unmatch(line, "Erreur", by=treasurer.pk, at=AT)
    assert [p.line for p in proposals(document.operator)] == [line]


def test_a_batch_credited_then_a_debit_returned_are_read_from_the_statement(treasurer):
    payer = billing.person_payer()
    document = collecting.owed(payer, 1_000)
    collecting.mandate(payer, at=datetime(2027, 4, 2, tzinfo=UTC))
    batch = announce_debits.announce(
        document.operator, date(2027, 4, 19), [document.pk], by=treasurer.pk,
        at=datetime(2027, 4, 2, tzinfo=UTC),
    )  # fmt: skip
    batch = send_debits.send(batch, by=treasurer.pk, at=datetime(2027, 4, 10, tzinfo=UTC))
    read(document.operator, [("20/04/2027", f"REM {batch.message_id}", "10,00")], treasurer)
    assert match.accept_sure(document.operator, by=treasurer.pk, at=AT) == 1
    assert owed(document) == 0

    read(document.operator, [("23/04/2027", "REJET", "-10,00")], treasurer)
    debit = Debit.objects.get()
    BankLine.objects.filter(amount_cents=-1_000).update(
        end_to_end=debit.end_to_end, return_code="AM04"
    )
    assert match.accept_sure(document.operator, by=treasurer.pk, at=AT) == 1
    debit.refresh_from_db()
    assert (owed(document), debit.state, debit.reason) == (1_000, "rejected", "AM04")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", NotAStatement),
        (b"\x00\x01", NotAStatement),
        (b"<a/>", NotAStatement),
        (b"%PDF-1.7", NotAStatement),
        (b"x" * 5_000_001, StatementTooHeavy),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', NotAStatement),
    ],
)
def test_what_is_no_statement_is_refused_in_words_and_keeps_nothing(treasurer, data, refusal):
    with pytest.raises(refusal) as told:
        import_statement(network_sites.operator(), "releve", data, by=treasurer.pk, at=AT)
    assert str(told.value).endswith((".", ". "))
    assert not BankLine.objects.exists()


def test_another_operator_finds_none_of_these_lines(treasurer):
    document = collecting.owed(cents=1_000)
    read(document.operator, [("20/04/2027", f"VIR {document.number}", "10,00")], treasurer)
    assert proposals(network_sites.operator("Autre opérateur (fictif)")) == []
