"""The console blocks of a document: the commands in them, and the output that they show."""

import re
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^#+ (.+)$")
ANYTHING = "…"
# What is another text each time, and what stands for it on both sides of a comparison.
VARYING = (
    (r"\(\d+\.\d s\)", "(T s)"),
    (r"\b\d+(\.\d+)? ms\b", "T ms"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UUID"),
    (r'"RideId": "[\w-]{22}"', '"RideId": "RIDE"'),
    (r"SHA-256 [\w+/]{43}=", "SHA-256 HASH"),
    (r": [\w+/]{8} is live", ": HASH is live"),
    (r"\b(Bucephalus|Shadowfax|Rocinante)\b", "UNICORN"),
    (r'"(Golden|White|Yellow)"', '"COLOUR"'),
    (r'"(Male|Female)"', '"GENDER"'),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"line \d+", "line N"),
)


@dataclass(frozen=True)
class Command:
    """A command line of a document, the lines that are shown after it, and where it stands."""

    typed: str
    shown: tuple[str, ...]
    section: str
    line: int


def commands(document: Path) -> list[Command]:
    """Read the commands of a document's console blocks: each begins with `$ `, and has the lines up to the next."""
    parsed: list[Command] = []
    section, in_block = "", False
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("```"):
            in_block = line == "```console"
        elif in_block and line.startswith("$ "):
            parsed.append(Command(line[2:], (), section, number))
        elif in_block:
            last = parsed[-1]
            parsed[-1] = Command(last.typed, (*last.shown, line), last.section, last.line)
        elif heading := HEADING.match(line):
            section = heading[1]
    return parsed


def differences(command: Command, output: str) -> str | None:
    """Compare what a command printed with what is shown after it; returns the first line that differs, if any.

    A line `…` stands for any lines, and `…` within a line for any text; nothing else may come between two lines.
    """
    actual = [_normal(line) for line in output.splitlines() if line.strip()]
    position, may_skip = 0, False
    for line in command.shown:
        if line.strip() == ANYTHING:
            may_skip = True
        elif line.strip():
            last = len(actual) if may_skip else position + 1
            matches = (at for at in range(position, last) if _matches(line, actual[at : at + 1]))
            at = next(matches, None)
            if at is None:
                return line
            position, may_skip = at + 1, False
    rest = actual[position:]
    return None if may_skip or not rest or not command.shown else f"not shown: {rest[0]}"


def _matches(expected: str, lines: list[str]) -> bool:
    pattern = ".*".join(re.escape(part) for part in _normal(expected).split(ANYTHING))
    return any(re.fullmatch(pattern, line) for line in lines)


def _normal(line: str) -> str:
    for pattern, name in VARYING:
        line = re.sub(pattern, name, line)
    return line.rstrip()
