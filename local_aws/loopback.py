"""Loopback addresses, the only ones that the local AWS binds."""

import ipaddress
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = (LOOPBACK, "localhost", "::1")
# NO_PROXY for clients: a proxy cannot reach this machine's loopback.
NO_PROXY = ",".join(LOOPBACK_NAMES)
# An endpoint for processes that must not reach any server: nothing listens on this port.
NOWHERE = f"http://{LOOPBACK}:9"


def is_local_host(host: str) -> bool:
    """Whether a Host header, or the host and port of a URL, is this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in LOOPBACK_NAMES or name.endswith(".localhost")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is a loopback address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
