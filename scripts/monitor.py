#!/usr/bin/env python3
"""Show the function's dashboard: its graphs, alarms, last rides, end of the log, and what it cost.

It asks what the environment points to: the embedded AWS if AWS_ENDPOINT_URL says so, else AWS.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

try:
    from clients import CallError, Clients
    from monitoring.charts import charts
    from monitoring.graphs import Window
    from monitoring.snapshot import Snapshot, graphs_of, take
    from monitoring.text import LEAST_WIDTH, render
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed here: run `make monitor`, or use .venv/bin/python.")

import command_line
from progress import colour

REFRESH_S = 5
READ_TIMEOUT_S, ATTEMPTS = 20, 3
RECENT_MINUTES, RECENT_TITLES = 10, ("Invocations", "Duration (ms)")
TWO_WEEKS = 14 * 24 * 60  # CloudWatch keeps data by the minute for 15 days
EXAMPLES = f"""\
examples:
  monitor.py                          the last hour
  monitor.py --watch --minutes 15     follow it; Ctrl-C ends
  monitor.py --png docs/monitor.png   the same as a picture
  monitor.py --json | jq .cost        for another program

AWS charges GetMetricData by the metric: --watch asks for some 25 every {REFRESH_S} seconds.
exit status: 0 if something could be shown, 1 if nobody answers, 2 for bad use
"""


def recent_charts(function: str) -> str:
    """Chart the last minutes of a function: its invocations and how long they took. Raises CallError."""
    clients = Clients(read_timeout=READ_TIMEOUT_S, attempts=ATTEMPTS)
    window = Window.until(datetime.now(UTC), RECENT_MINUTES)
    graphs = graphs_of(clients, function, RECENT_TITLES, window)
    return charts(graphs, window, _width(), colour=_coloured())


def _run(argv: list[str] | None) -> int:
    options = _parser().parse_args(argv)
    clients = Clients(read_timeout=READ_TIMEOUT_S, attempts=ATTEMPTS)
    if options.watch:
        _watch(clients, options.function, options.minutes)
    snapshot = take(clients, options.function, options.minutes)
    if options.png:
        return _save(snapshot, options.png)
    print(snapshot.as_json() if options.json else _rendered(snapshot), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--function", default="RequestUnicorn", help="its name (%(default)s)")
    parser.add_argument(
        "--minutes",
        type=_minutes,
        default=60,
        help=f"how far to look back, 1 to {TWO_WEEKS} (%(default)s)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--watch", action="store_true", help=f"show it anew every {REFRESH_S} seconds"
    )
    form.add_argument("--png", type=Path, metavar="FILE", help="write a picture instead")
    form.add_argument("--json", action="store_true", help="print one JSON object instead")
    return parser


def _minutes(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= TWO_WEEKS):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {TWO_WEEKS}")
    return int(text)


def _watch(clients: Clients, function: str, minutes: int) -> NoReturn:
    terminal = sys.stdout.isatty()
    while True:
        text = _rendered(take(clients, function, minutes))
        print(_in_place(text) if terminal else f"{text}\n", flush=True)
        time.sleep(REFRESH_S)


def _in_place(text: str) -> str:
    """Write from the top of the screen, over what was there, as many whole paragraphs as fit."""
    lines, rows = text.splitlines(), shutil.get_terminal_size().lines - 1
    if len(lines) > rows:
        breaks = [number for number, line in enumerate(lines[: rows - 1]) if not line]
        fitting = lines[: breaks[-1] if breaks else rows - 2]
        lines = [*fitting, "", f"… the rest needs a terminal of {len(lines) + 1} lines"]
    return "\x1b[H" + "\n".join(f"{line}\x1b[K" for line in lines) + "\x1b[J"


def _save(snapshot: Snapshot, path: Path) -> int:
    try:
        from monitoring.picture import save  # late: half a second, for this alone

        save(snapshot, path)
    except ModuleNotFoundError as missing:
        raise CallError(f"{missing.name} is not installed here: run `make monitor`.") from missing
    except OSError as error:
        raise CallError(f"{path} cannot be written: {error.strerror}.") from error
    print(f"{path}: {snapshot.function}, the last {snapshot.window.minutes} minutes")
    return 0


def _rendered(snapshot: Snapshot) -> str:
    return render(snapshot, _width(), colour=_coloured())


def _width() -> int:
    columns = shutil.get_terminal_size().columns  # 80 in a pipe, unless COLUMNS says otherwise
    return max(columns, LEAST_WIDTH)


def _coloured() -> bool:
    return colour(stream_is_terminal=sys.stdout.isatty())


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a log may hold half a surrogate pair
    try:
        return _run(argv)
    except CallError as error:
        print(f"monitor: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    command_line.run(main)
