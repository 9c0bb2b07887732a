"""Which addresses may be spoken to about who somebody is: encrypted ones, and those that never leave the machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


class UnsafeAddressError(ValueError):
    """An address that anybody on the way could answer for."""


def must_be_safe(address: str, *, is_development: bool) -> None:
    """Refuse what is no plain https address; http only for this machine itself, or in development."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UnsafeAddressError(f"{address!r} is no address") from error
    if not host or parts.username or parts.query or parts.fragment or not address.isprintable():
        raise UnsafeAddressError(f"{address!r} is no plain address")
    is_local = parts.scheme == "http" and (is_development or _is_this_machine(host))
    if parts.scheme != "https" and not is_local:
        raise UnsafeAddressError(f"{address!r} must begin with https://")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
