"""The mail that Cognito would send: a line where the local AWS runs, since there is no mail server on this machine."""

import sys


def send(address: str, text: str) -> None:
    """Show a mail to whoever runs the local AWS. What a person typed into the address cannot break the line."""
    shown = "".join(character if character.isprintable() else "?" for character in address)
    print(f"mail to {shown}: {text}", file=sys.stderr, flush=True)
