"""Rate limits: the same counter for every process, addresses that cannot be forged."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from maillage.kit.models import Attempt
from maillage.kit.throttle import Limit, TooMany, address_of, count

AT = datetime(2027, 3, 17, 9, 0, tzinfo=UTC)
LINKS = Limit("link", 3, timedelta(hours=1))


@pytest.mark.django_db
def test_the_last_allowed_use_passes_and_the_next_is_refused_until_the_window_opens():
    for _ in range(3):
        count(LINKS, "claire", at=AT)

    with pytest.raises(TooMany) as refusal:
        count(LINKS, "claire", at=AT + timedelta(minutes=20))

    assert refusal.value.retry_after_s == 40 * 60
    assert refusal.value.status == 429
    assert str(refusal.value) == "Trop d'essais. Réessayez dans 40 min."
    count(LINKS, "claire", at=AT + timedelta(hours=1))


@pytest.mark.django_db
def test_each_key_has_its_own_count():
    for _ in range(3):
        count(LINKS, "claire", at=AT)

    count(LINKS, "paul", at=AT)


@pytest.mark.django_db
def test_the_table_does_not_tell_who_tried():
    count(LINKS, "claire@exemple.fr", at=AT)

    assert b"claire" not in bytes(Attempt.objects.get().key_hash)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "9.9.9.9, 5.6.7.8", "5.6.7.8"),
        (1, "", "10.0.0.1"),
        (2, "9.9.9.9, 5.6.7.8", "9.9.9.9"),
        (1, "not-an-address", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_a_client_cannot_choose_its_address(settings, trusted, forwarded, expected):
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert address_of(request) == expected
