"""The check of invoices can fail: each total altered by a cent is caught by the real rules."""

import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from lxml import etree

from factories import e_invoices
from maillage.report import e_invoice
from maillage.report.e_invoice import check, cii
from maillage.report.warm import ChildDied, Warm

SUMS = ".//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
TAX = ".//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:"
ALTERED = {
    ".//ram:IncludedSupplyChainTradeLineItem//ram:LineTotalAmount": {"BR-CO-10", "BR-S-08"},
    f"{TAX}BasisAmount": {"BR-S-08"},
    f"{TAX}CalculatedAmount": {"BR-CO-14"},
    f"{SUMS}LineTotalAmount": {"BR-CO-10", "BR-CO-13"},
    f"{SUMS}TaxBasisTotalAmount": {"BR-CO-13", "BR-CO-15"},
    f"{SUMS}TaxTotalAmount": {"BR-CO-14", "BR-CO-15"},
    f"{SUMS}GrandTotalAmount": {"BR-CO-15", "BR-CO-16"},
    f"{SUMS}TotalPrepaidAmount": {"BR-CO-16"},
    f"{SUMS}DuePayableAmount": {"BR-CO-16"},
}


def altered(path: str, by: str = "0.01") -> bytes:
    root = etree.fromstring(e_invoice.xml(e_invoices.normal()))
    node = root.find(path, cii.SPACES)
    node.text = str(Decimal(node.text) + Decimal(by))
    return etree.tostring(root)


@pytest.mark.parametrize(("path", "rules"), ALTERED.items())
def test_a_total_wrong_by_a_cent_is_caught(path, rules):
    found = e_invoice.faults(altered(path))

    assert {fault.rule for fault in found} == rules
    assert all("ne peut pas être émis" in fault.sentence for fault in found)


def test_a_tax_far_from_its_rate_is_caught():
    found = e_invoice.faults(altered(f"{TAX}CalculatedAmount", "5"))

    assert {fault.rule for fault in found} == {"BR-CO-14", "BR-CO-17", "BR-S-09"}


def replaced(old: bytes, new: bytes) -> bytes:
    xml = e_invoice.xml(e_invoices.normal())
    assert old in xml
    return xml.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"<ram:SubjectCode>PMT<", b"<ram:SubjectCode>AAI<", "BR-FR-05"),
        (b"<ram:SubjectCode>PMD<", b"<ram:SubjectCode>AAI<", "BR-FR-05"),
        (b"<ram:SubjectCode>AAB<", b"<ram:SubjectCode>AAI<", "BR-FR-05"),
        (b"<ram:ID>S1<", b"<ram:ID>X1<", "BR-FR-08"),
        (b'schemeID="0002">123456782<', b'schemeID="0002">12345678<', "BR-FR-10"),
        (b'schemeID="0225">987654324<', b'schemeID="0225">123456782<', "BR-FR-21"),
        (b">FA-2027-000042<", b">FA 2027 42<", "BR-FR-02"),
        (b"<ram:RateApplicablePercent>20<", b"<ram:RateApplicablePercent>21<", "BR-FR-16"),
        (b'unitCode="DAY"', b'unitCode="JOUR"', "FX-SCH-A-000613"),
    ],
)
def test_a_rule_of_each_set_is_run(old, new, rule):
    found = e_invoice.faults(replaced(old, new))

    assert rule in {fault.rule for fault in found}
    assert all(fault.sentence for fault in found)


def test_a_french_rule_is_said_without_its_code():
    (fault,) = e_invoice.faults(replaced(b"<ram:SubjectCode>PMT<", b"<ram:SubjectCode>AAI<"))

    assert fault.rule == "BR-FR-05"
    assert fault.sentence.startswith("La mention relative aux frais de recouvrement (code PMT)")


def test_a_tree_of_another_shape_is_said_by_the_schema():
    found = e_invoice.faults(replaced(b"ram:DuePayableAmount", b"ram:DueAmount"))

    assert {fault.rule for fault in found} == {"XSD"}


def test_what_is_not_xml_is_a_fault():
    assert [fault.rule for fault in e_invoice.faults(b"<a>")] == ["XML"]


def test_threads_get_each_their_own_answer():
    good, bad = e_invoice.xml(e_invoices.normal()), altered(f"{SUMS}GrandTotalAmount")
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(e_invoice.faults, [good, bad] * 10))

    assert [len(faults) for faults in found] == [0, 2] * 10


def test_a_process_begun_from_another_checks_by_itself():
    good, bad = e_invoice.xml(e_invoices.normal()), altered(f"{SUMS}GrandTotalAmount")
    e_invoice.faults(good)

    with warnings.catch_warnings():
        # Python warns that a fork with threads may hang: the rules are not in this process
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        as_told = (len(e_invoice.faults(good)), len(e_invoice.faults(bad))) == (0, 2)
        os._exit(0 if as_told else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert e_invoice.faults(good) == ()


def test_a_child_that_dies_is_an_error_never_a_good_answer(monkeypatch):
    died = Warm(["false"], 5)
    monkeypatch.setattr(check, "_rules", lambda: died)

    with pytest.raises(ChildDied):
        e_invoice.faults(e_invoice.xml(e_invoices.normal()))


def test_a_child_that_was_killed_is_replaced_at_the_next_invoice():
    xml = e_invoice.xml(e_invoices.normal())
    e_invoice.faults(xml)
    check._rules()._child.kill()
    check._rules()._child.wait()

    with pytest.raises(ChildDied):
        e_invoice.faults(xml)

    assert e_invoice.faults(xml) == ()
