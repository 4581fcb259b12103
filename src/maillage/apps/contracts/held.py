"""A contract locked for an act, as the page that asked showed it."""

from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts.models import Contract, State
from maillage.kit.refusal import Refusal


class ChangedMeanwhile(Refusal):
    """Two people act on the same contract."""

    sentence = _("Quelqu’un a modifié ce contrat entre-temps. Relisez-le, puis recommencez.")


class NotNow(Refusal):
    """Its state does not allow the act."""

    sentence = _("Ce contrat est « {state} » : cet acte n’est plus possible. Actualisez la page.")


def held(contract: Contract, *states: str, version: int | None = None) -> Contract:
    """The row as it is now, locked; raises NotNow, ChangedMeanwhile."""
    row = (
        Contract.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "operator", "site__territory", "party_person", "party_organisation", "payer_person",
            "payer_organisation", "wording", "house_rules",
        )
        .get(pk=contract.pk)
    )  # fmt: skip
    if states and row.state not in states:
        raise NotNow(state=str(State(row.state).label).lower())
    if version is not None and row.version != version:
        raise ChangedMeanwhile
    return row


def saved(row: Contract) -> Contract:
    """Written, under the next version."""
    row.version += 1
    row.save()
    return row
