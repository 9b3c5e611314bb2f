"""Log levels: what is kept of printed lines and of Lambda's own events."""

import json
from typing import Any

from tests.integration.fidelity.case import Case, guide
from tests.integration.fidelity.cases.logs import lines
from tests.integration.fidelity.lab import Lab

LEVELS = guide("Log-level filtering")
LINES = ("plain", '{"level": "debug"}', '{"level": "nonsense"}', '{"level": "error"}')
PRINTS = ("def handler(event, context):", f"    for line in {LINES!r}: print(line)")


def filtered(level: str) -> Any:
    """Return what logs lines of several levels with an application log level."""

    def ask(lab: Lab) -> object:
        return lines(
            lab,
            *PRINTS,
            LoggingConfig={
                "LogFormat": "JSON",
                "ApplicationLogLevel": level,
                "SystemLogLevel": "WARN",
            },
        )

    return ask


def text_is_not_filtered(lab: Lab) -> object:
    return lines(lab, *PRINTS)[2:-2]


def system_events(level: str) -> Any:
    """Return what reads the types of platform events at a system log level."""

    def ask(lab: Lab) -> object:
        logged = lines(lab, LoggingConfig={"LogFormat": "JSON", "SystemLogLevel": level})
        return [json.loads(line)["type"] for line in logged]

    return ask


CASES = (
    Case(
        "At DEBUG every printed line is kept",
        "print lines of several levels",
        [f"{line}\n" for line in LINES],
        filtered("DEBUG"),
        LEVELS,
    ),
    Case(
        "At INFO a line without a known level is kept",
        "print lines of several levels",
        [f"{LINES[at]}\n" for at in (0, 2, 3)],
        filtered("INFO"),
        LEVELS,
    ),
    Case(
        "At WARN a line without a known level is dropped",
        "print lines of several levels",
        [f"{LINES[3]}\n"],
        filtered("WARN"),
        LEVELS,
    ),
    Case(
        "At FATAL an error is dropped",
        "print lines of several levels",
        [],
        filtered("FATAL"),
        LEVELS,
    ),
    Case(
        "The text format filters nothing",
        "print lines of several levels",
        [f"{line}\n" for line in LINES],
        text_is_not_filtered,
        LEVELS,
    ),
    Case(
        "System logs at DEBUG have every platform event",
        "invoke",
        ["platform.initStart", "platform.start", "platform.runtimeDone", "platform.report"],
        system_events("DEBUG"),
        LEVELS,
    ),
    Case(
        "System logs at INFO have no runtimeDone",
        "invoke",
        ["platform.initStart", "platform.start", "platform.report"],
        system_events("INFO"),
        LEVELS,
    ),
    Case(
        "System logs at WARN are empty for a success", "invoke", [], system_events("WARN"), LEVELS
    ),
)
