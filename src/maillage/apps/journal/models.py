"""The journal: one line an act, never changed, never removed (the database refuses it)."""

from django.db import models


class Entry(models.Model):
    """Who did what to what, when, and why.

    actor_id   the person, without a foreign key: a line outlives an account; empty for the system
    act        verb of the code, such as "people.invite"
    facts      identifiers and figures; never a name, an e-mail or a secret
    scope      (kind, key) of the territory, network or site it happened in
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_key = models.CharField(max_length=80)
    scope_kind = models.CharField(max_length=20, default="platform")
    scope_key = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("scope_kind", "scope_key", "-at"), name="entries_by_scope"),
            models.Index(fields=("object_kind", "object_key"), name="entries_by_object"),
            models.Index(fields=("actor_id", "-at"), name="entries_by_actor"),
        ]
