"""Addresses of the web: what may be asked, what may be followed, what may be shown."""

import base64
import ipaddress
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from maillage.core.bad_input import BadInput

_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Address:
    """An address of the web; a name and a password in it are kept apart, and never shown."""

    url: str
    authorization: str | None = None

    @property
    def parts(self) -> SplitResult:
        """Scheme, host, path…"""
        return urlsplit(self.url)

    @property
    def host(self) -> str:
        """The host's name."""
        return self.parts.hostname or ""

    @property
    def shown(self) -> str:
        """The address without what follows `?`, which may hold a key."""
        return urlunsplit(self.parts._replace(query="", fragment=""))

    @property
    def file_name(self) -> str:
        """What the path ends with."""
        return PurePosixPath(unquote(self.parts.path)).name

    @property
    def is_local(self) -> bool:
        """Whether the host is this machine."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def followed_to(self, location: str) -> "Address":
        """Where a redirect leads: only between secure addresses, or on this machine.

        Raises BadInput `download_redirect`.
        """
        try:
            target = urlsplit(urljoin(self.url, location))
        except ValueError as error:
            raise BadInput("download_redirect", address=self.shown, host=location) from error
        there = Address(urlunsplit(target._replace(netloc=_without_user(target), fragment="")))
        is_secure = self.parts.scheme == there.parts.scheme == "https"
        if not (is_secure or (self.is_local and there.is_local)) or not there.host:
            raise BadInput("download_redirect", address=self.shown, host=there.host or location)
        is_same = (self.parts.scheme, self.parts.netloc) == (there.parts.scheme, there.parts.netloc)
        return Address(there.url, self.authorization if is_same else None)


def read(text: str) -> Address:
    """The address that somebody wrote, or BadInput `address_not_web`."""
    try:
        parts = urlsplit(text.strip())
        named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        named = None
    if not named or _UNPRINTABLE.search(text.strip()):
        raise BadInput("address_not_web")
    url = urlunsplit(parts._replace(netloc=_without_user(parts), fragment=""))
    if parts.username is None:
        return Address(url)
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Address(url, f"Basic {base64.b64encode(pair.encode()).decode()}")


def _without_user(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]
