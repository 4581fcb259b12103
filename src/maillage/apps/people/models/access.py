"""What opens an account, and what its holder agreed to."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from maillage.apps.people.models.person import Person


class SignInLink(models.Model):
    """A link that signs in once, soon; only its hash is kept.

    opens  the page of ours that it leads to
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_in_links")
    secret_hash = models.BinaryField(max_length=32, unique=True)
    opens = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class EmailChange(models.Model):
    """A new address, in use once the links sent to the old one and to the new one were opened."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="email_changes")
    email = models.EmailField(max_length=254)
    old_secret_hash = models.BinaryField(max_length=32, unique=True)
    new_secret_hash = models.BinaryField(max_length=32, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class Consent(models.Model):
    """What a person agreed to, in which words, and when it was withdrawn: never edited."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    wording = models.TextField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """Access of a program on behalf of a person, within some scopes, until a day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=80)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=30))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def is_valid(self, at: datetime) -> bool:
        """Whether it opens anything at that instant."""
        return self.revoked_at is None and self.expires_at > at
