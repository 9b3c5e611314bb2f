"""The addresses of this machine itself: the only ones that the local AWS binds, and that its clients may reach."""

import ipaddress

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = (LOOPBACK, "localhost", "::1")
# The value of NO_PROXY for a client: no proxy can reach this machine's loopback.
NO_PROXY = ",".join(LOOPBACK_NAMES)
# An endpoint for a process that shall reach no server at all: nothing answers on this port.
NOWHERE = f"http://{LOOPBACK}:9"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
