"""Secrets that open something: drawn here, mailed or shown once, kept as a digest."""

import hashlib
import secrets

BYTES = 32


def draw() -> str:
    """A new secret, as it is written in an address."""
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> bytes:
    """What is kept of it; as long as the secret itself, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).digest()
