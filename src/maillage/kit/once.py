"""The same act sent twice has one effect: the second time, the answer of the first is given."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from maillage.kit.models import Answer
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled

Content = dict[str, Any]


class KeyUsedOtherwise(Refusal):
    """A key stands for one demand."""

    sentence = "Cette clé a déjà servi à une autre demande. Donnez-en une nouvelle."
    status = 422


class StillUnderWay(Refusal):
    """The first demand has not been answered yet."""

    sentence = "La même demande est en cours. Renvoyez-la dans quelques secondes."


def once(key: str, asked: str, act: Callable[[], Content], *, at: datetime) -> Content:
    """Act, unless this key was answered; the answer is kept by the transaction of the act.

    A refusal is not kept: what was refused may be asked again under the same key.
    """
    return settled(lambda: _once(_digest(key), _digest(asked), act, at))


def _once(key_hash: bytes, asked_hash: bytes, act: Callable[[], Content], at: datetime) -> Content:
    with transaction.atomic():
        if not _locked(key_hash):
            raise StillUnderWay
        known = Answer.objects.filter(key_hash=key_hash).first()
        if known is None:
            content = act()
            Answer.objects.create(
                key_hash=key_hash, asked_hash=asked_hash, content=content, answered_at=at
            )
            return content
    if bytes(known.asked_hash) != asked_hash:
        raise KeyUsedOtherwise
    kept: Content = known.content
    return kept


def forget(*, before: datetime) -> int:
    """Remove the answers given before; how many."""
    return Answer.objects.filter(answered_at__lt=before).delete()[0]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _locked(key_hash: bytes) -> bool:
    """Hold the key until the transaction ends; False when another one holds it."""
    number = int.from_bytes(key_hash[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_held,) = cursor.fetchone()
    return bool(is_held)
