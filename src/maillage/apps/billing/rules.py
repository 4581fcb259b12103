"""Who reads and who issues which documents: every query starts from the bodies of a person."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from maillage.apps.billing.models import Document, PayerDetails, ReceivedInvoice, Run
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships import rules as memberships
from maillage.apps.people.models import Organisation, Person
from maillage.apps.sites.bodies import bodies, body_of, may_act_for, may_somewhere
from maillage.apps.tariffs.rules import found

READ, ISSUE = "billing.read", "billing.issue"
may_read_somewhere = may_somewhere(READ)
may_issue_somewhere = may_somewhere(ISSUE)


def operators(person: Any, act: str = READ) -> list[Organisation]:
    """The bodies whose accounts she reads."""
    return bodies(person, act)


def issuer_of(person: Any, pk: int) -> Organisation:
    """One in whose name she may do something; whether to issue is the rule's word."""
    return body_of(person, pk, READ)


def may_issue(person: Any, operator: Organisation) -> bool:
    """Invoice and credit in the name of a body."""
    return may_act_for(person, operator, ISSUE)


def documents(person: Any) -> QuerySet[Document]:
    """Those of her bodies, her own, those of the employers in whose name she reads."""
    if not person.is_authenticated:
        return Document.objects.none()
    employers = memberships.bodies(person)
    return Document.objects.filter(
        Q(operator__in=operators(person))
        | Q(payer_person=person.pk)
        | Q(payer_organisation__in=employers)
    )


def document_of(person: Any, pk: int) -> Document:
    """One of them; 404 for the others."""
    return found(documents(person).select_related("operator", "corrects"), pk)


def may_read(person: Any, document: Document) -> bool:
    """Whoever could find it."""
    return bool(person.is_authenticated and document.pk)


def issued_by(person: Any, pk: int) -> Document:
    """A document of one of her bodies."""
    rows = Document.objects.filter(operator__in=operators(person))
    return found(rows.select_related("operator", "corrects"), pk)


def may_credit(person: Any, document: Document) -> bool:
    """Whoever issues in the name of its operator."""
    return may_issue(person, document.operator)


def run_of(person: Any, pk: int) -> Run:
    """A run of one of her bodies."""
    return found(Run.objects.filter(operator__in=operators(person)).select_related("operator"), pk)


def may_run(person: Any, run: Run) -> bool:
    """Whoever issues in the name of its operator."""
    return may_issue(person, run.operator)


def may_see_run(person: Any, run: Run) -> bool:
    """Whoever reads the accounts of its operator."""
    return may_act_for(person, run.operator, READ)


def received(person: Any) -> QuerySet[ReceivedInvoice]:
    """The invoices received by her bodies."""
    rows = ReceivedInvoice.objects.filter(operator__in=operators(person), removed_at=None)
    return rows.select_related("operator")


def received_of(person: Any, pk: int) -> ReceivedInvoice:
    """One of them."""
    return found(received(person), pk)


def may_read_received(person: Any, invoice: ReceivedInvoice) -> bool:
    """Whoever reads the accounts of the body that received it."""
    return may_act_for(person, invoice.operator, READ)


def employer_of(person: Any, pk: int) -> Organisation:
    """An employer in whose name she reads."""
    return memberships.body_of(person, pk)


def payer_of(operator: Organisation, kind: str, pk: int) -> Payer:
    """Somebody to whom an operator sold something; 404 for everybody else."""
    payer = Payer(person_id=pk) if kind == "personne" else Payer(organisation_id=pk)
    columns = {
        "payer_person": payer.person_id,
        "payer_organisation": payer.organisation_id,
        "operator": operator,
    }
    is_known = (
        Charge.objects.filter(**columns).exists() or PayerDetails.objects.filter(**columns).exists()
    )
    if not is_known:
        raise Http404(pk)
    return payer


def name_of(payer: Payer) -> str:
    """Of the account, or of the register."""
    if payer.person_id is not None:
        return Person.objects.get(pk=payer.person_id).name
    return Organisation.objects.get(pk=payer.organisation_id or 0).name


def may_keep_received(person: Any, invoice: ReceivedInvoice) -> bool:
    """Whoever issues in its name keeps what it received."""
    return may_issue(person, invoice.operator)
