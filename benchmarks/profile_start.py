"""Measures where our function's cold start spends its time: by phase, and its imports by top-level module."""

import json
import re
import time
from collections import Counter
from pathlib import Path

from benchmarks.commands import run
from benchmarks.rounds import Series
from benchmarks.sandbox import Sandbox
from local_aws.functions.layout import plain_layout
from scripts.project.paths import TUTORIAL_EVENT

INSIDE = Path(__file__).with_name("inside")
HANDLER = "request_unicorn.handler"
# As Python prints it: own and cumulative time in µs, and the module's name, indented by depth.
IMPORTED = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)$", re.MULTILINE)
FAMILIES = 10
NO_LAYERS = Path("/opt")


def phases(sandbox: Sandbox, ours: Path, rounds: int) -> dict[str, Series]:
    """Run `rounds` cold starts without the emulator; returns the milliseconds of each phase."""
    runs: list[dict[str, float]] = []
    for _ in range(rounds):
        out = _run_inside(sandbox, ours, ["-S", str(INSIDE / "phases.py"), str(time.monotonic())])
        runs.append(json.loads(out[0].splitlines()[-1]))
    return {
        f"phase.{name}": Series(name, "ms", tuple(run[name] for run in runs)) for name in runs[0]
    }


def imports(sandbox: Sandbox, ours: Path) -> list[tuple[str, float]]:
    """Return the top-level modules that a cold start imports, and their share of the time, largest first."""
    statement = "import awslambdaric.bootstrap, request_unicorn"
    _, report = _run_inside(sandbox, ours, ["-S", "-X", "importtime", "-c", statement])
    return by_family(report)


def handler_time(sandbox: Sandbox, ours: Path, calls: int) -> dict[str, Series]:
    """Call the handler `calls` times without a table; returns microseconds."""
    out, _ = _run_inside(sandbox, ours, ["-S", str(INSIDE / "handler_time.py"), str(calls)])
    return {"handler.ours": Series("**ours**", "µs", tuple(json.loads(out)))}


def by_family(report: str) -> list[tuple[str, float]]:
    """Sum a report of `python -X importtime` by top-level module; returns the ten largest shares of the total."""
    spent: Counter[str] = Counter()
    for own_us, module in IMPORTED.findall(report):
        spent[module.partition(".")[0].lstrip("_")] += int(own_us)
    return [(name, us / spent.total()) for name, us in spent.most_common(FAMILIES)]


def _run_inside(sandbox: Sandbox, ours: Path, arguments: list[str]) -> tuple[str, str]:
    """Run Python as it runs the runtime, in the folder of our unpacked function."""
    variables = {
        **sandbox.variables(HANDLER, plain_layout(sandbox.toolchain, ours, NO_LAYERS)),
        "EVENT": TUTORIAL_EVENT.read_text(),
        "PYTHONPATH": str(sandbox.toolchain.runtime),
    }
    return run([str(sandbox.toolchain.python), *arguments], cwd=ours, env=variables)
