"""Where a telling may go: the public internet, by https, at an address checked each time."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from maillage.kit.refusal import Refusal

_PORTS = {"https": 443, "http": 80}


class AddressRefused(Refusal):
    """It is not an address of the public internet that we may call."""

    sentence = _(
        "Cette adresse ne peut pas être appelée : donnez une adresse publique qui commence par "
        "https://, sans identifiant ni mot de passe."
    )
    status = 422


@dataclass(frozen=True)
class Target:
    """An address resolved once: what is checked is what is called."""

    scheme: str
    host: str
    ip: str
    port: int
    path: str


def resolve(url: str) -> Target:
    """Whom a call would reach; raises AddressRefused.

    Every answer of the resolver must be public: one private answer among them refuses all.
    """
    parts = urlsplit(url)
    is_inside = settings.WEBHOOKS_INSIDE
    allowed = ("https", "http") if is_inside else ("https",)
    try:
        port = parts.port
    except ValueError as error:
        raise AddressRefused from error
    if parts.scheme not in allowed or not parts.hostname or parts.username or parts.password:
        raise AddressRefused
    port = port or _PORTS[parts.scheme]
    found = _addresses(parts.hostname, port)
    if not found or not (is_inside or all(_is_public(ip) for ip in found)):
        raise AddressRefused
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, found[0], port, path)


def _addresses(host: str, port: int) -> list[str]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(row[4][0]) for row in rows]


def _is_public(text: str) -> bool:
    ip = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast
