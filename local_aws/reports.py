"""Messages for the person who runs the local AWS."""

import sys


def report(message: str) -> None:
    """Print a message on stderr, marked as the local AWS's: other programs often print there too."""
    print(f"local: {message}", file=sys.stderr, flush=True)
