#!/usr/bin/env python3
"""Calls a function once and shows its answer, the end of its log and the ride it recorded, if any.

It calls the function that this checkout applied last, unless the environment or --function names another: see
scripts/session/last_apply.py. If AWS_ENDPOINT_URL is set, it names a local AWS; if it is set but empty, it means AWS.
"""

import argparse
import sys

try:
    if __name__ == "__main__":
        from scripts.terminal.starting import end_at_ctrl_c

        end_at_ctrl_c()

    from scripts.calling.event import package_event, read_event, tutorial_event
    from scripts.calling.invocation import call, connect
    from scripts.calling.rendering import render, to_json
    from scripts.project.packages import ProjectPackage, add_package_option, package_names
    from scripts.session import last_apply
    from scripts.terminal import command_line
    from scripts.terminal.colour import has_colour
    from scripts.terminal.printable import printable, printable_line
except ModuleNotFoundError:
    sys.exit("invoke.py needs the packages in .venv: run `make invoke`, or use .venv/bin/python.")

EXAMPLES = """\
examples:
  invoke.py                                      the tutorial's own event
  invoke.py --rider zoe --lat 64.1 --lon -21.9   the same with another rider and place
  invoke.py event.json                           an event as API Gateway would send it
  invoke.py --json - < event.json | jq .item     for another program
  invoke.py --package page                       the page's function, with an event of its own

exit status: 0 for a 2xx answer, 1 for any other or none, 2 for bad use
"""


@command_line.verb("invoke")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns 0 for a 2xx answer."""
    parser = _parser()
    options = parser.parse_args(_attached(sys.argv[1:] if arguments is None else arguments))
    package = ProjectPackage(options.package)
    event = _event(options, package, parser)
    applied = last_apply.follow(options.function)
    function = options.function
    if function is None:
        function = last_apply.function_of(applied, package.name)
    functions, tables = connect()
    invocation = call(function, event, functions, tables if package.is_tutorial else None)
    if options.json:
        command_line.print_json(to_json(vars(invocation)))
    else:
        print(render(invocation, colour=has_colour(sys.stdout)))
    if not invocation.succeeded:
        print(f"invoke: {printable(invocation.headline)}", file=sys.stderr)
    elif invocation.item_problem:
        problem = printable_line(invocation.item_problem)
        print(f"invoke: recorded item not shown: {problem}", file=sys.stderr)
    return 0 if invocation.succeeded else 1


def _event(
    options: argparse.Namespace, package: ProjectPackage, parser: argparse.ArgumentParser
) -> str:
    """Return the event that the command line asks for; bad use ends the program."""
    changes = (options.rider, options.lat, options.lon)
    if (options.event is not None or not package.is_tutorial) and changes != (None, None, None):
        parser.error("--rider, --lat and --lon only change the tutorial's event")
    try:
        if options.event is not None:
            return read_event(options.event)
        return tutorial_event(*changes) if package.is_tutorial else package_event(package)
    except (OSError, ValueError, RecursionError) as error:
        if options.event in package_names():
            parser.error(f"{options.event} is a package, not an event: --package {options.event}")
        parser.error(f"the event {options.event or package.event} cannot be sent: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = command_line.parser(__doc__, EXAMPLES)
    parser.add_argument("event", nargs="?", help="a JSON file, or - for standard input")
    parser.add_argument("--rider", help="change the rider in the tutorial's event")
    parser.add_argument("--lat", type=float, help="change its latitude, in degrees")
    parser.add_argument("--lon", type=float, help="change its longitude, in degrees")
    called = parser.add_mutually_exclusive_group()
    add_package_option(called)
    called.add_argument("--function", help="name, name:alias or ARN (default: the last apply's)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _attached(words: list[str]) -> list[str]:
    """Write `--lon -1e-5` as `--lon=-1e-5`: argparse mistakes a number of that form for an option."""
    attached: list[str] = []
    for word in words:
        if attached and attached[-1] in {"--lat", "--lon"}:
            attached[-1] += f"={word}"
        else:
            attached.append(word)
    return attached


if __name__ == "__main__":
    command_line.run(main)
