"""An invocation as text, for a person or as JSON for a program."""

import json
import textwrap
from decimal import Decimal

from scripts.calling.invocation import Invocation
from scripts.terminal.colour import BOLD, GREEN, RED, paint
from scripts.terminal.printable import printable, printable_json, printable_lines

# How much is shown of an answer that is text, such as a page.
SHOWN_CHARACTERS = 1_000


def to_json(value: object, line: str = "\n") -> str:
    """Write JSON as json.dumps(indent=2) does, but each Decimal with all its digits."""
    if isinstance(value, Decimal):
        return format(value, "f")
    inner = line + "  "
    if isinstance(value, dict) and value:
        members = (f"{to_json(name)}: {to_json(member, inner)}" for name, member in value.items())
        return "{" + inner + f",{inner}".join(members) + line + "}"
    if isinstance(value, list | tuple | set) and value:
        return "[" + inner + f",{inner}".join(to_json(each, inner) for each in value) + line + "]"
    return json.dumps(value, ensure_ascii=False, default=str)


def render(invocation: Invocation, *, colour: bool) -> str:
    """Return an invocation as text: the outcome, the response, the log and the item.

    Control characters from a rider, the function or its table never reach the terminal.
    """
    sections = {"Response": _response(invocation.response)}
    if invocation.log:
        sections["Log"] = "\n".join(map(printable, invocation.log))
    if invocation.item:
        sections["Recorded item"] = printable_json(to_json(invocation.item))
    outcome = GREEN if invocation.succeeded else RED
    parts = [paint(printable(invocation.headline), outcome, colour=colour)]
    for title, body in sections.items():
        parts.append(f"{paint(title, BOLD, colour=colour)}\n{textwrap.indent(body, '  ')}")
    return "\n\n".join(parts)


def _response(response: object) -> str:
    if not isinstance(response, str) or len(response) <= SHOWN_CHARACTERS:
        return printable_json(to_json(response))
    more = f"… {len(response) - SHOWN_CHARACTERS:,} more characters"
    return f"{printable_lines(response[:SHOWN_CHARACTERS])}\n{more}"
