#!/usr/bin/env python3
"""Shows a function's dashboard: its graphs, alarms, last rides, the end of its log, and what it cost.

It shows the function that this checkout applied last, unless the environment or --function names another: see
scripts/session/last_apply.py. If AWS_ENDPOINT_URL is set, it names a local AWS; if it is set but empty, it means AWS.
"""

import argparse
import sys
from pathlib import Path

try:
    if __name__ == "__main__":
        from scripts.terminal.starting import end_at_ctrl_c

        end_at_ctrl_c()

    from scripts.calling.clients import CallError
    from scripts.monitoring.snapshot import Snapshot, Source, connect, take
    from scripts.monitoring.text import render, terminal_width
    from scripts.monitoring.watch import REFRESH_S, watch
    from scripts.project.packages import add_package_option
    from scripts.session import last_apply
    from scripts.terminal import command_line
    from scripts.terminal.colour import has_colour
    from scripts.terminal.printable import printable
except ModuleNotFoundError:
    sys.exit("monitor.py needs the packages in .venv: run `make monitor`, or use .venv/bin/python.")

TWO_WEEKS = 14 * 24 * 60  # CloudWatch keeps data by the minute for 15 days
EXAMPLES = f"""\
examples:
  monitor.py                          the last hour
  monitor.py --watch --minutes 15     follow it: space and b page, q quits
  monitor.py --png docs/monitor.png   the same as a picture
  monitor.py --json | jq .cost        for another program
  monitor.py --package page           the page's function

AWS charges GetMetricData per metric: --watch requests about 25 every {REFRESH_S} seconds.
exit status: 0 if something could be shown, 1 if AWS does not answer, 2 for bad use
"""


@command_line.verb("monitor")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    applied = last_apply.follow(options.function)
    clients = connect()
    function = options.function
    if function is None:
        function = last_apply.function_of(applied, options.package)
    source = None
    if applied and function in (applied.function, *applied.functions.values()):
        source = Source(applied.dashboard, applied.function)

    def look() -> Snapshot:
        return take(clients, function, options.minutes, source)

    if options.watch:
        return watch(lambda: _rendered(look()))
    snapshot = look()
    if options.png:
        return _save(snapshot, options.png)
    if options.json:
        command_line.print_json(snapshot.as_json())
    else:
        print(_rendered(snapshot), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = command_line.parser(__doc__, EXAMPLES)
    shown = parser.add_mutually_exclusive_group()
    add_package_option(shown)
    shown.add_argument("--function", help="its name (default: the last apply's)")
    parser.add_argument(
        "--minutes",
        type=_minutes,
        default=60,
        help=f"how far to look back, 1 to {TWO_WEEKS} (default: %(default)s)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--watch",
        action="store_true",
        help=f"refresh every {REFRESH_S} seconds until q or Ctrl-C",
    )
    form.add_argument("--png", type=Path, metavar="FILE", help="write a picture instead")
    form.add_argument("--json", action="store_true", help="print one JSON object instead")
    return parser


def _minutes(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= TWO_WEEKS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {TWO_WEEKS}")
    return int(text)


def _save(snapshot: Snapshot, path: Path) -> int:
    try:
        from scripts.monitoring.picture import save  # late: it takes half a second

        save(snapshot, path)
    except ModuleNotFoundError as missing:
        raise CallError(f"{missing.name} is not installed here: run `make monitor`.") from missing
    except OSError as error:
        raise CallError(f"{path} cannot be written: {error.strerror}.") from error
    print(f"{path}: {printable(snapshot.function)}, the last {snapshot.window.minutes} minutes")
    return 0


def _rendered(snapshot: Snapshot) -> str:
    return render(snapshot, terminal_width(), colour=has_colour(sys.stdout))


if __name__ == "__main__":
    command_line.run(main)
