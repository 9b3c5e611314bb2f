#!/usr/bin/env python3
"""Compares the speed of this project with similar tools on this machine; writes benchmarks/results.md and results.png.

The other tools are installed into virtual environments of their own. Everything stays on loopback, and nothing is left
running.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import chart, peers, report
from benchmarks.results import Section, all_figures
from benchmarks.sections import FULL, QUICK, SECTIONS, Effort
from benchmarks.targets import TARGETS, Finding, find
from local_aws.loopback import NOWHERE
from local_aws.processes.work_folder import make_work_folder
from scripts.deployment_package.build import build
from scripts.project.paths import LOCAL
from scripts.session import isolation
from scripts.terminal import command_line

HERE = Path(__file__).parent
REPORT, CHART = HERE / "results.md", HERE / "results.png"
# Sections with a gated target; see targets.py.
CHECKED = ("cold-start", "first-ride", "warm", "package", "edit")

EXAMPLES = """\
examples:
  bench.py                       everything, in about ten minutes; writes the report
  bench.py --only cold-start     one section, printed instead of written
  bench.py --check               a quick run that fails if a gated target is missed
  bench.py --only deploy --json | jq .targets
"""


@command_line.verb("bench")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns 1 if something could not be measured or, with --check, a target is missed."""
    options = _parser().parse_args(arguments)
    names = options.only or (CHECKED if options.check else tuple(SECTIONS))
    begun = time.monotonic()
    sections = measure(names, quick=options.check)
    figures = all_figures(sections)
    findings = [finding for target in TARGETS if (finding := find(target, figures))]
    text = report.render(sections, findings, time.monotonic() - begun)
    if options.json:
        print(json.dumps(_plain(sections, findings), indent=2))
    else:
        print(report.targets_table(findings) if options.check else text)
    if not options.only and not options.check:
        REPORT.write_text(text)
        chart.save(findings, CHART)
    return _worse(findings) if options.check else 0


def measure(names: Sequence[str], *, quick: bool) -> list[Section]:
    """Install the peers, then make the named comparisons one after the other."""
    for name in names:
        for peer in SECTIONS[name].peers:
            peers.prepare(peer)
    build()
    isolation.enter(NOWHERE)
    folder = make_work_folder(LOCAL, "bench")
    try:
        return [_section(name, folder / name, QUICK if quick else FULL) for name in names]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _section(name: str, folder: Path, effort: Effort) -> Section:
    print(f"\n{name}", file=sys.stderr)
    folder.mkdir()
    isolation.enter(NOWHERE)
    return SECTIONS[name].measure(folder, effort)


def _worse(findings: Sequence[Finding]) -> int:
    """Report every gated target that is missed; returns the exit status."""
    missed = [finding for finding in findings if finding.target.gated and not finding.is_met]
    for finding in missed:
        print(
            f"bench-check: {finding.target.name}: {report.figure(finding)}, limit {report.limit(finding)}",
            file=sys.stderr,
        )
    return 1 if missed else 0


def _plain(sections: Sequence[Section], findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the results as plain values for JSON."""
    return {
        "targets": [
            {
                "name": finding.target.name,
                "figure": finding.figure,
                "unit": finding.unit,
                "limit": finding.target.limit,
                "at_least": finding.target.at_least,
                "met": finding.is_met,
            }
            for finding in findings
        ],
        "figures": {
            key: {"label": series.label, "unit": series.unit, "values": series.values}
            for key, series in all_figures(sections).items()
        },
        "remarks": [remark for section in sections for remark in section.remarks],
    }


def _parser() -> argparse.ArgumentParser:
    parser = command_line.parser(__doc__, EXAMPLES)
    parser.add_argument(
        "--only",
        action="append",
        choices=tuple(SECTIONS),
        help="one section (may be repeated); the report is printed instead of written",
    )
    parser.add_argument(
        "--check", action="store_true", help="a quick run that fails if a gated target is missed"
    )
    parser.add_argument("--json", action="store_true", help="print every figure as JSON instead")
    return parser


if __name__ == "__main__":
    command_line.run(main)
