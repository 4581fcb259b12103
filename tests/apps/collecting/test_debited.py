"""An invoice whose payer gave a mandate says that it will be debited, and under which mandate."""

from datetime import date

import pytest
from lxml import etree

from factories import billing, collecting, people
from maillage.apps.billing import issue
from maillage.apps.collecting import sign_mandate
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Payment
from maillage.kit import files
from maillage.report.e_invoice import check

pytestmark = pytest.mark.django_db
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


@pytest.fixture
def payer():
    return billing.person_payer()


def xml_of(document):
    content = files.read(document.folder, "factur-x.xml")
    assert check.faults(content) == ()
    return etree.fromstring(content)


def texts(xml, name):
    return [one.text for one in xml.iter(f"{RAM}{name}")]


def means_of(xml):
    (means,) = xml.iter(f"{RAM}SpecifiedTradeSettlementPaymentMeans")
    return means.findtext(f"{RAM}TypeCode")


def test_an_invoice_is_debited_under_the_mandate_of_its_payer(payer):
    mandate = collecting.mandate(payer)
    xml = xml_of(billing.issued(payer=payer))

    assert means_of(xml) == "59"
    assert texts(xml, "CreditorReferenceID") == [billing.CREDITOR_ID]
    assert texts(xml, "DirectDebitMandateID") == [mandate.reference]
    (account,) = xml.iter(f"{RAM}PayerPartyDebtorFinancialAccount")
    assert account.findtext(f"{RAM}IBANID") == mandate.iban
    assert not list(xml.iter(f"{RAM}PayeePartyCreditorFinancialAccount"))


def test_an_invoice_without_a_live_mandate_is_paid_by_transfer(payer):
    sign_mandate.revoke(collecting.mandate(payer), by=None, at=billing.AT)
    other = people.person("Yanis Lestrac (fictif)", "yanis@exemple.invalid")
    collecting.mandate(Payer(other.pk))
    xml = xml_of(billing.issued(payer=payer))

    assert means_of(xml) == "58"
    assert texts(xml, "DirectDebitMandateID") == []


@pytest.mark.parametrize(
    "columns",
    [
        {"trouble": "AM04"},
        {"is_recurrent": False},
        {"signed_on": date(2024, 4, 1)},
    ],
)
def test_no_invoice_promises_a_debit_that_may_not_be_made(payer, columns):
    mandate = collecting.mandate(payer)
    type(mandate).objects.filter(pk=mandate.pk).update(**columns)

    assert means_of(xml_of(billing.issued(payer=payer))) == "58"


def test_what_is_already_paid_is_not_debited(payer):
    collecting.mandate(payer)
    charge = billing.charged(payer)
    Payment.objects.create(
        operator=charge.operator,
        provider="stripe",
        event_id="evt_1",
        origin_kind=charge.origin_kind,
        origin_key=charge.origin_key,
        amount_cents=charge.amount_cents,
        outcome="settled",
        at=billing.AT,
    )
    (document,) = issue.issue(charge.operator, payer, until=billing.UNTIL, by=None, at=billing.AT)

    assert means_of(xml_of(document)) == "58"
