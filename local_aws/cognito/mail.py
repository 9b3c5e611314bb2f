"""Prints the mail that Cognito would send: the local AWS has no mail server."""

import sys


def send(address: str, text: str) -> None:
    """Print a mail on stderr, in one line; control characters in the address are replaced."""
    shown = "".join(character if character.isprintable() else "?" for character in address)
    print(f"mail to {shown}: {text}", file=sys.stderr, flush=True)
