"""The contracts that the demonstration lays: each state that a visitor should meet."""

import pytest

from factories import network_sites, people
from maillage.apps.contracts import pass_time
from maillage.apps.contracts.models import Contract, Deposit, State
from maillage.kit.clock import now
from maillage.operate import demonstration_contracts

pytestmark = pytest.mark.django_db


def test_contracts_are_laid_once_and_show_each_state(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "maillage.kit.files.WholeFiles",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    hub, mini = network_sites.site(), network_sites.site("Mini (fictif)")
    people.person("Bernard (fictif)", "bernard@exemple.invalid")
    at = now()

    for _twice in range(2):
        demonstration_contracts.lay({"hub": hub.pk, "mini": mini.pk}, at=at)

    found = list(Contract.objects.order_by("pk"))
    assert [(one.kind, one.state) for one in found] == [
        ("resident", State.RUNNING),
        ("resident", State.SENT),
        ("resident", State.RUNNING),
        ("host_shop", State.RUNNING),
    ]
    assert Deposit.objects.get(contract=found[0]).held_cents() == 12_000
    assert pass_time.renewal(found[2], at.date()) is not None
