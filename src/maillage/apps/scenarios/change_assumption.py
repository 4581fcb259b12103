"""Fix an assumption of a scenario, or give it back its shipped value; always with a reason."""

from django.db import transaction

from maillage.apps.scenarios.ask import ask
from maillage.apps.scenarios.models import Scenario, Version, VersionKind
from maillage.apps.scenarios.versions import (
    Author,
    Fixed,
    add,
    fixed_by,
    latest,
    locked,
    refuse_change,
)
from maillage.apps.studies import asked
from maillage.kit.refusal import Refusal


class WithoutReason(Refusal):
    """Those who vote read why a number is not the sourced one."""

    sentence = "Dites pourquoi cette valeur change : ceux qui votent la liront."
    status = 422


class SameValue(Refusal):
    """There is nothing to compute again."""

    sentence = "Cette hypothèse a déjà cette valeur."


def change_assumption(
    scenario: Scenario, base: int, key: str, value: float | None, data_folder: str, author: Author
) -> Version:
    """Another version under another value; a network drawn by hand stays as it is drawn.

    value  None gives back the shipped one
    """
    if not author.reason:
        raise WithoutReason
    with transaction.atomic():
        held = locked(scenario)
        refuse_change(held, base, author)
        before = latest(held)
        fixed = fixed_by(before)
        if value is None and key not in fixed:
            raise SameValue
        if value is None:
            del fixed[key]
        elif key in fixed and fixed[key].value == value:
            raise SameValue
        else:
            fixed[key] = Fixed(value, author.reason)
        request = asked.from_json(before.run.request)
        values = {k: entry.value for k, entry in fixed.items()}
        run = ask(held.study, request, values, data_folder, author)
        kind = VersionKind.SEARCHED if request.network is None else VersionKind.DRAWN
        return add(held, run, kind, author, fixed=fixed)
