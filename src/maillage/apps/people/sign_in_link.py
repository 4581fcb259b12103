"""A link that signs in once: asked by e-mail address, used by pressing its button."""

from datetime import datetime, timedelta

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people import secret as secrets
from maillage.apps.people.models import Person, SignInLink
from maillage.kit import mail
from maillage.kit.refusal import Refusal

LASTS = timedelta(minutes=10)


class LinkIsOver(Refusal):
    """Unknown, too old or used: the same answer for the three."""

    sentence = "Ce lien ne sert plus. Demandez-en un autre sur la page de connexion."


def issue(person: Person, *, at: datetime, lasts: timedelta = LASTS, opens: str = "") -> str:
    """The secret of a new link; the caller hands it to the person and to nobody else.

    opens  the page of ours that it leads to, empty for the person's own landing
    """
    drawn = secrets.draw()
    with transaction.atomic():
        link = SignInLink.objects.create(
            person=person, secret_hash=secrets.digest(drawn), expires_at=at + lasts, opens=opens
        )
        record("sign_in_link.issue", ("sign_in_link", link.pk), by=None, at=at, person=person.pk)
    return drawn


def send(email: str, *, at: datetime, opens: str = "") -> None:
    """Mail a link to the account of this address; nothing tells whether there is one."""
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        return
    with transaction.atomic():
        drawn = issue(person, at=at, opens=opens)
        mail.send(
            "people/emails/sign_in_link.txt",
            person.email,
            {"name": person.name, "secret": drawn, "minutes": int(LASTS.total_seconds() // 60)},
        )


def find(secret: str, *, at: datetime) -> SignInLink:
    """The link of a secret while it may serve; raises LinkIsOver."""
    link = (
        SignInLink.objects.select_related("person")
        .filter(secret_hash=secrets.digest(secret), used_at=None, expires_at__gt=at)
        .first()
    )
    if link is None or not link.person.is_active:
        raise LinkIsOver
    return link


def use(secret: str, *, at: datetime) -> SignInLink:
    """Spend a link; the page then signs its person in, second factor included."""
    with transaction.atomic():
        link = find(secret, at=at)
        spent = SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at)
        if not spent:
            raise LinkIsOver
        record("sign_in_link.use", ("sign_in_link", link.pk), by=link.person_id, at=at)
    return link
