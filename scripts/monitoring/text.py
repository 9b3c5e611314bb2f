"""A snapshot as text, for a terminal or a pipe: nothing depends on colour, and no line is too wide."""

import shutil
import textwrap
from collections.abc import Iterable

from scripts.monitoring.activity import Alarm, LogLine, Ride
from scripts.monitoring.charts import charts
from scripts.monitoring.cost import PRICES, Cost
from scripts.monitoring.snapshot import Snapshot
from scripts.terminal.colour import BOLD, GREEN, RED, YELLOW, paint
from scripts.terminal.printable import printable_line

LEAST_WIDTH = 30  # in which charts and prices are still readable
SHOWN_LINES = 8
INDENT = "  "
PRICE_COLUMN, PRICE_WIDTH = 44, len("$0.12345678")
# Fields that every log line has, and those that are too long.
UNSHOWN = {"timestamp", "level", "message", "logger", "requestId", "reference", "ride_id", "stack"}
STATE_COLOURS = {"OK": GREEN, "ALARM": RED, "INSUFFICIENT_DATA": YELLOW}


def render(snapshot: Snapshot, width: int, *, colour: bool) -> str:
    """Return a snapshot as text, in lines of at most `width` characters (at least LEAST_WIDTH), urgent things first."""
    empty = [printable_line(graph.title) for graph in snapshot.graphs if not graph.shown]
    parts = [
        paint(textwrap.fill(headline(snapshot), width), BOLD, colour=colour),
        _alarms(snapshot, width, colour=colour),
        charts(snapshot.graphs, snapshot.window, width, colour=colour),
        textwrap.fill(f"No data: {', '.join(empty)}.", width) if empty else "",
        *_rest(snapshot, width, colour=colour),
    ]
    return "\n\n".join(part for part in parts if part)


def terminal_width() -> int:
    """Return the terminal's columns, LEAST_WIDTH at least: 80 in a pipe, unless COLUMNS says otherwise."""
    return max(shutil.get_terminal_size().columns, LEAST_WIDTH)


def words(snapshot: Snapshot, width: int) -> str:
    """Render everything but the graphs, in lines of at most `width` characters."""
    parts = [_alarms(snapshot, width, colour=False), *_rest(snapshot, width, colour=False)]
    return "\n\n".join(part for part in parts if part)


def headline(snapshot: Snapshot) -> str:
    """Return a line with the function's name and the period that is shown."""
    window = snapshot.window
    return f"{printable_line(snapshot.function)}, {window.minutes} minutes to {window.end:%Y-%m-%d %H:%M} UTC"


def _alarms(snapshot: Snapshot, width: int, *, colour: bool) -> str:
    states = [_state(alarm, width, colour=colour) for alarm in snapshot.alarms]
    return _section("Alarms", states, colour=colour)


def _rest(snapshot: Snapshot, width: int, *, colour: bool) -> list[str]:
    sections = {
        "Last rides": [_ride(ride) for ride in snapshot.rides],
        "End of the log": _log(snapshot.log),
        **_costs(snapshot, width - len(INDENT)),
    }
    return [
        *(
            _section(title, [_cut(INDENT + line, width) for line in lines], colour=colour)
            for title, lines in sections.items()
        ),
        *(textwrap.fill(printable_line(problem), width) for problem in snapshot.problems),
    ]


def _section(title: str, lines: list[str], *, colour: bool) -> str:
    return "\n".join([paint(title, BOLD, colour=colour), *lines]) if lines else ""


def _state(alarm: Alarm, width: int, *, colour: bool) -> str:
    name = printable_line(alarm.name)
    line = _cut(f"{INDENT}{alarm.state:5} {name}, since {alarm.since:%m-%d %H:%M}", width)
    return paint(line, STATE_COLOURS.get(alarm.state, YELLOW), colour=colour)


def _ride(ride: Ride) -> str:
    return printable_line(f"{ride.request_time[11:19]} {ride.ride_id} {ride.unicorn}")


def _log(log: tuple[LogLine, ...]) -> list[str]:
    """Summarise the last lines of a log, without Lambda's START and END."""
    summaries = (_summary(line) for line in log)
    return [summary for summary in summaries if summary][-SHOWN_LINES:]


def _costs(snapshot: Snapshot, width: int) -> dict[str, list[str]]:
    """Return the lines of each function's cost by their title; the last ends with the terms of all."""
    if not snapshot.cost:
        return {}
    minutes = f"these {snapshot.window.minutes} minutes"
    sections = {f"Cost of {minutes}": _cost(snapshot.cost, width)}
    for function, cost in snapshot.other_costs.items():
        sections[f"Cost of {printable_line(function)} in {minutes}"] = _cost(cost, width)
    terms = (
        f"At the prices of {snapshot.cost.prices_of} in {snapshot.cost.region}, without free tier, storage, backups "
        f"and the monthly prices of metrics, alarms and dashboards. Prices change: see {', '.join(PRICES['pages'])}."
    )
    [*_, last] = sections.values()
    last += textwrap.wrap(terms, width)
    return sections


def _cost(cost: Cost, width: int) -> list[str]:
    usage = cost.usage
    parts = {
        f"Lambda, {usage.requests:.0f} requests": cost.requests,
        f"Lambda, {usage.gb_seconds:.3f} GB-seconds on {usage.architecture}": cost.compute,
    }
    if usage.rides is not None:
        parts[f"DynamoDB, {usage.write_units:.0f} write request units"] = cost.writes
    if usage.log_bytes is not None and cost.logs is not None:
        parts[f"CloudWatch Logs, about {usage.log_bytes / 1024:.1f} KB"] = cost.logs
    if usage.door_requests:
        parts[f"API Gateway, {usage.door_requests:.0f} requests"] = cost.door
    parts["Together"] = cost.total
    lines = [_priced(what, f"${usd:.8f}", width) for what, usd in parts.items()]
    if cost.per_million_rides is not None:
        lines.append(_priced("A million such rides", f"${cost.per_million_rides:.2f}", width))
    if cost.per_million_requests is not None:
        lines.append(_priced("A million such requests", f"${cost.per_million_requests:.2f}", width))
    return lines


def _priced(what: str, usd: str, width: int) -> str:
    """Put a price in its column, or further left if the terminal is too narrow."""
    column = min(PRICE_COLUMN, width - PRICE_WIDTH - 1)
    return f"{_cut(what, column):{column}} {usd}"


def _summary(line: LogLine) -> str | None:
    fields = line.fields
    match fields:
        case {
            "type": "platform.report",
            "record": {
                "metrics": {
                    "durationMs": float() | int() as duration,
                    "billedDurationMs": billed,
                    "maxMemoryUsedMB": used,
                    "memorySizeMB": size,
                }
            },
        }:
            summary = f"REPORT {duration:.1f} ms, billed {billed} ms, {used} MB of {size} MB"
        case {"type": str(kind)} if kind.startswith("platform."):
            return None
        case {"message": message}:
            shown = (name for name in fields if name not in UNSHOWN and fields[name] is not False)
            summary = f"{fields.get('level', '')} {message} {_pairs(fields, shown)}"
        case _:
            summary = line.message
    return f"{line.time:%H:%M:%S} {printable_line(summary)}"


def _pairs(fields: dict[str, object], names: Iterable[str]) -> str:
    return " ".join(f"{name}={fields[name]}" for name in names)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
