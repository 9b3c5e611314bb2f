"""Error messages about payloads that are not JSON, in the words of Jackson, with which Lambda parses them."""

import json
import re
from typing import NoReturn

_EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_WANTED = {
    "Expecting property name enclosed in double quotes": "was expecting double-quote to start field name",
    "Expecting ':' delimiter": "was expecting a colon to separate field name and value",
    "Expecting ',' delimiter": "was expecting comma to separate Object entries",
}
_TOKEN = re.compile(r"[A-Za-z_$][\w$]*")
# How many bytes of the payload a message shows.
_SHOWN = 500


def error_in(payload: bytes) -> str | None:
    """Return the error message for a payload; None if it is JSON."""
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        return f"Invalid UTF-8 start byte 0x{payload[error.start]:x}{_at(payload, error.start)}"
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return _worded(error, payload)
    except (ValueError, RecursionError) as error:
        return str(error)
    return None


def _worded(error: json.JSONDecodeError, payload: bytes) -> str:
    text, position = error.doc, error.pos
    if position >= len(text):
        return f"Unexpected end-of-input{_at(payload, position)}"
    token = _TOKEN.match(text, position)
    if token and error.msg not in _WANTED:
        return (
            f"Unrecognized token '{token[0]}': was expecting {_EXPECTED}{_at(payload, token.end())}"
        )
    character = text[position]
    wanted = _WANTED.get(error.msg, f"expected a valid value {_EXPECTED}")
    return f"Unexpected character ('{character}' (code {ord(character)})): {wanted}{_at(payload, position + 1)}"


def _at(payload: bytes, position: int) -> str:
    shown = payload[:_SHOWN].decode("utf-8", "replace")
    before = payload.decode("utf-8", "replace")[:position]
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    return f'\n at [Source: (byte[])"{shown}"; line: {line}, column: {column}]'


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(
        f"Non-standard token '{name}': enable JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS to allow"
    )
