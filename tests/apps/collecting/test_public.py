"""The public till, revenue orders, the portal; and the audit of it all."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from factories import billing, collecting, network_sites, people
from maillage.apps.billing.models import ClosedMonth
from maillage.apps.collecting import audit, close_till, hand_over, till, till_journal
from maillage.apps.collecting.import_portal import NotPortalStates, import_portal
from maillage.apps.collecting.models import RevenueBatch, Transmission
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.kit import files

pytestmark = pytest.mark.django_db
AT = collecting.AT
ON = collecting.ON


@pytest.fixture
def regie():
    body = network_sites.operator("CC du Pressoir (fictif)")
    billing.public(body, regie_ceiling_cents=30_000)
    return body


@pytest.fixture
def nora():
    return people.person("Nora Régisseuse (fictif)", "nora@exemple.invalid")


def test_a_day_of_the_till_is_counted_closed_and_handed_over(regie, nora):
    collecting.receipt(collecting.owed(cents=1_500, operator=regie), means="cash")
    collecting.receipt(collecting.owed(cents=900, operator=regie), means="cheque")

    with pytest.raises(close_till.DifferenceUnsaid, match="15,00"):
        close_till.close_till(regie, close_till.Counted(ON, 1_400), by=nora.pk, at=AT)
    made = close_till.close_till(
        regie, close_till.Counted(ON, 1_400, "1 € rendu en trop"), by=nora.pk, at=AT
    )

    assert (made.expected_cents, made.totals) == (1_500, {"cash": 1_500, "cheque": 900})
    assert till_journal.pdf(made, at=AT).startswith(b"%PDF")
    document = collecting.owed(cents=500, operator=regie)
    with pytest.raises(till.TillDayClosed, match="20 avril"):
        collecting.receipt(document, means="cash")
    later = AT + timedelta(days=1)
    handed = close_till.Handed(later.date(), 1_200, "P-12")
    given = close_till.deposit(regie, handed, by=nora.pk, at=later)
    assert till.cash_cents(regie) == 300
    with pytest.raises(close_till.MoreThanTill):
        close_till.deposit(regie, handed, by=nora.pk, at=later)
    close_till.undo_deposit(given, by=nora.pk, at=later)
    with pytest.raises(close_till.DepositUndone):
        close_till.undo_deposit(given, by=nora.pk, at=later)
    assert till.cash_cents(regie) == 1_500


def test_titles_are_handed_over_once_with_their_credit_notes(regie, nora):
    buyer = {"name": "=Élise (fictif)", "city": "Ambre-sur-Loue"}
    document = collecting.owed(cents=1_000, operator=regie, buyer=buyer)
    collecting.credited(document, 300)

    made = hand_over.hand_over(regie, RevenueBatch.Kind.TITLES, by=nora.pk, at=AT)

    lines = files.read(made.folder, "bordereau-0001.csv").decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "'=Élise (fictif)" in lines[1]
    assert ";10,00;0,00;10,00;" in lines[1]
    assert f";-3,00;0,00;-3,00;{document.number};" in lines[2]
    assert made.total_cents == 700
    assert b'titres="2"' in files.read(made.folder, "bordereau-0001.xml")
    with pytest.raises(hand_over.NothingToHandOver):
        hand_over.hand_over(regie, RevenueBatch.Kind.TITLES, by=nora.pk, at=AT)


def test_chorus_pro_gets_public_buyers_alone_and_a_rejected_one_again(regie, nora):
    commune = Organisation.objects.create(
        name="Commune d’Ambre (fictif)", kind=OrganisationKind.COMMUNE
    )
    payer = billing.Payer(organisation_id=commune.pk)
    billing.details(payer, regie, service_code="SERV-1", engagement="ENG-9")
    collecting.owed(cents=400, operator=regie)
    document = collecting.owed(payer, 1_000, regie)
    stored = files.write_folder(f"documents/t-{document.pk}", {"facture.pdf": b"%PDF facture"})
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        type(document).objects.filter(pk=document.pk).update(
            folder=f"documents/t-{document.pk}", files=stored
        )
        cursor.execute("SET session_replication_role = DEFAULT")

    made = hand_over.hand_over(regie, RevenueBatch.Kind.PORTAL, by=nora.pk, at=AT)

    archive = zipfile.ZipFile(io.BytesIO(files.read(made.folder, "chorus-0001.zip")))
    assert archive.namelist() == ["index.csv", f"{document.number}.pdf", "SHA256SUMS"]
    assert "SERV-1;ENG-9" in archive.read("index.csv").decode("utf-8-sig")
    rows = (f"{document.number};Rejetée;21/04/2027;Engagement faux", "X-1;Payée;;")
    said = "\n".join(("Numéro;Statut;Date;Motif", *rows))
    read = import_portal(regie, "etats.csv", said.encode(), by=nora.pk, at=AT)
    assert (read.changed, read.unknown) == (1, ("X-1",))
    assert import_portal(regie, "etats.csv", said.encode(), by=nora.pk, at=AT).changed == 0
    one = Transmission.objects.get()
    assert (one.state, one.said_on, one.reason) == (
        "rejected",
        date(2027, 4, 21),
        "Engagement faux",
    )
    assert hand_over.to_hand_over(regie, RevenueBatch.Kind.PORTAL) == [document]


def test_a_file_without_its_columns_is_refused(regie, nora):
    with pytest.raises(NotPortalStates, match="statut"):
        import_portal(regie, "x.csv", b"a;b\n1;2\n", by=nora.pk, at=AT)


# --- audit ------------------------------------------------------------------------------------


def found():
    return {one.name: one.found for one in audit.forbidden(AT) if one.found}


def plant(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def paid():
    document = collecting.owed(cents=1_000)
    return collecting.receipt(document, 1_300)


def test_a_sound_base_has_nothing_forbidden(paid):
    assert found() == {}


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("beyond_receipt", "UPDATE collecting_allocation SET amount_cents = 1500"),
        ("beyond_document", "UPDATE collecting_allocation SET amount_cents = 1001"),
        ("lost_cents", "DELETE FROM ledger_credit"),
        ("chain", "UPDATE collecting_receipt SET reference = 'autre'"),
    ],
)
def test_a_changed_row_is_found(paid, name, sql):
    plant(sql)
    assert name in found()


def test_money_on_the_invoice_of_somebody_else_is_found(paid):
    plant("UPDATE collecting_allocation SET document_id = %s", collecting.owed(cents=5_000).pk)
    assert "other_payer" in found()


def test_money_in_a_closed_month_is_found(paid, nora):
    ClosedMonth.objects.create(
        operator=paid.operator, month=date(2027, 4, 1), totals={}, hash=b"0", by=nora.pk,
        at=datetime(2027, 4, 1, tzinfo=UTC),
    )  # fmt: skip
    assert found() == {"closed_month": (str(paid.pk),)}


def test_a_settled_debit_without_money_a_missing_file_a_lost_match_are_found(paid, nora, stored):
    from maillage.apps.collecting import announce_debits, match, remind, send_debits, settle_debits
    from maillage.apps.collecting.import_statement import import_statement
    from maillage.apps.collecting.models import BankLine, DebitBatch, Reminder

    payer = billing.person_payer()
    document, at = collecting.owed(payer, 1_000), datetime(2027, 4, 2, tzinfo=UTC)
    collecting.mandate(payer, at=at)
    batch = announce_debits.announce(
        document.operator, date(2027, 4, 19), [document.pk], by=nora.pk, at=at
    )
    batch = send_debits.send(batch, by=nora.pk, at=at)
    settle_debits.settle(batch, date(2027, 4, 19), by=nora.pk, at=AT)
    late = collecting.owed(cents=700)
    import_statement(late.operator, "r.csv", b"Date;Libelle;Montant\n20/04/2027;VIR;7,00\n",
                     by=nora.pk, at=AT)  # fmt: skip
    match.match(BankLine.objects.get(), late, by=nora.pk, at=AT)
    collecting.owed(cents=300)
    for step in (7, 21):
        remind.remind_due(at=datetime(2027, 5, 1, 7, tzinfo=UTC) + timedelta(days=step))
    assert found() == {}

    plant("UPDATE collecting_debit SET amount_cents = 999")
    plant("UPDATE collecting_bankline SET receipt_id = NULL")
    Reminder.objects.filter(step=1).delete()
    held = DebitBatch.objects.get()
    (stored / held.folder / "prelevements.xml").unlink()

    assert sorted(found()) == [
        "debit_without_receipt", "file_missing", "match_undone", "reminder_skipped",
    ]  # fmt: skip


def test_a_decision_too_early_and_cash_in_a_closed_day_are_found(regie, nora):
    document = collecting.owed(cents=1_500, operator=regie)
    made = collecting.receipt(document, means="cash")
    plant(
        "INSERT INTO collecting_decision (document_id, outcome, why, by, at) "
        "VALUES (%s, 'kept', 'x', 1, %s)",
        document.pk, AT,
    )  # fmt: skip
    plant(
        'INSERT INTO collecting_tillclosing (operator_id, "on", expected_cents, counted_cents, '
        "totals, why, by, at) VALUES (%s, %s, 0, 0, '{}', '', 1, %s)",
        regie.pk, ON, AT - timedelta(hours=1),
    )  # fmt: skip
    assert found()["till_day"] == (str(made.pk),)
    assert sorted(found()) == [
        "decided_early",
        "till_day",
    ]
