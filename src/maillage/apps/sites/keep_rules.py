"""The rules of a space by group and hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from django.db import transaction

from maillage.apps.sites.models import RuleKind, Space, SpaceRule
from maillage.apps.sites.versions import Author, held_space, note
from maillage.kit.refusal import Refusal

MOST_RULES = 20


class TooManyRules(Refusal):
    """Nobody would understand them."""

    sentence = "Un espace a au plus {most} règles. Retirez-en, ou partagez-le."
    status = 422


class TwiceTheSame(Refusal):
    """Two lines that say the same."""

    sentence = "Deux règles disent la même chose. Gardez-en une."
    status = 422


@dataclass(frozen=True)
class Rule:
    """These hours of these weekdays (0 Monday): this group only, or at most so long for it."""

    kind: str
    audience: str
    weekdays: tuple[int, ...]
    from_time: time
    to_time: time
    most_min: int | None = None


def keep_rules(space: Space, rules: Sequence[Rule], author: Author, *, version: int) -> Space:
    """All the rules of a space, written again.

    Bookings already made stay: a rule holds for those to come.
    """
    if len(rules) > MOST_RULES:
        raise TooManyRules(most=MOST_RULES)
    if len(set(rules)) < len(rules):
        raise TwiceTheSame
    with transaction.atomic():
        row = held_space(space, version)
        row.rules.all().delete()
        SpaceRule.objects.bulk_create(_row(row, rule) for rule in rules)
        row.version += 1
        row.save(update_fields=["version"])
        note("spaces.keep_rules", row, author, rules=len(rules), version=row.version)
    return row


def _row(space: Space, rule: Rule) -> SpaceRule:
    return SpaceRule(
        space=space,
        kind=rule.kind,
        audience=rule.audience,
        weekdays=sorted(set(rule.weekdays)),
        from_time=rule.from_time,
        to_time=rule.to_time,
        most_min=rule.most_min if rule.kind == RuleKind.AT_MOST else None,
    )
