"""The machine that this runs on, as Lambda would name it."""

import platform

# What operating systems call a processor, and Lambda's name of its architecture.
ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


def own_architecture() -> str | None:
    """Return Lambda's name of this machine's architecture; None if Lambda has no such architecture."""
    return ARCHITECTURES.get(platform.machine().lower())
