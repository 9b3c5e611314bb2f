"""The report of a run, as Markdown: targets first, then every figure, then how and where it was measured."""

import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import peers
from benchmarks.results import Section, Table
from benchmarks.rounds import quotient
from benchmarks.targets import Finding

VERDICT = {True: "met", False: "**missed**"}
CPUINFO = Path("/proc/cpuinfo")


def render(sections: Sequence[Section], findings: Sequence[Finding], seconds: float) -> str:
    """Return the whole report."""
    parts = [
        "# Benchmarks",
        f"Made by `make bench` on {datetime.now(UTC):%Y-%m-%d} in {seconds / 60:.1f} minutes. "
        "Contenders took turns, in a new random order each round, after a warm-up round. Figures are "
        "medians, with quartiles; a quotient is the median of the quotients of all rounds. Figures "
        "differ from machine to machine, quotients much less.",
        "![Figures as shares of their targets](results.png)",
        targets_table(findings),
        *(part for section in sections for part in _section(section)),
        "## Machine and versions",
        _machine(),
        _versions(peers.versions()),
    ]
    return "\n\n".join(parts) + "\n"


def targets_table(findings: Iterable[Finding]) -> str:
    """Return the targets as a table: figure, limit, met or not, and whether `make bench-check` fails if it is not."""
    rows = [
        f"| {finding.target.name} | {figure(finding)} | {limit(finding)} | {VERDICT[finding.is_met]} "
        f"| {'gated' if finding.target.gated else ''} |"
        for finding in findings
    ]
    return "\n".join(["| target | figure | limit | | |", "|:--|--:|--:|:--|:--|", *rows])


def figure(finding: Finding) -> str:
    """Format the measured figure."""
    return f"{short(finding.figure)}{_unit(finding)}"


def limit(finding: Finding) -> str:
    """Format the target's limit."""
    sign = "≥" if finding.target.at_least else "≤"
    return f"{sign} {finding.target.limit:g}{_unit(finding)}"


def short(value: float) -> str:
    """Write a figure with three digits, or all of those before the point."""
    if value == 0:
        return "0"
    magnitude = abs(value)
    decimals = 0 if magnitude >= 100 else 1 if magnitude >= 10 else 2 if magnitude >= 1 else 3
    return f"{value:,.{decimals}f}"


def _unit(finding: Finding) -> str:
    return f" {finding.unit}" if finding.unit else ""


def _section(section: Section) -> list[str]:
    return [
        f"## {section.title}",
        section.method,
        *(_table(table) for table in section.tables),
        *section.remarks,
    ]


def _table(table: Table) -> str:
    reference = table.figures[table.reference] if table.reference else None
    rows = []
    for series in table.figures.values():
        first, third = series.quartiles
        cells = [
            series.label,
            f"{short(series.median)} {series.unit}",
            f"{short(first)} to {short(third)}",
            f"{len(series.values):,}",
        ]
        if reference:
            cells.append(short(quotient(series, reference)))
        rows.append(f"| {' | '.join(cells)} |")
    heads = [table.title, "median", "quartiles", "n", *(["÷ ours"] if reference else [])]
    lines = [f"| {' | '.join(heads)} |", f"|:--|{'--:|' * (len(heads) - 1)}"]
    return "\n".join([*lines, *rows])


def _machine() -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{os.cpu_count()} processors, {_processor()}; {platform.system()} {platform.release()}; "
        f"load averages at the end {load}."
    )


def _processor() -> str:
    lines = CPUINFO.read_text().splitlines() if CPUINFO.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _versions(locked: Mapping[str, str]) -> str:
    terraform = subprocess.run(
        ["terraform", "version"],  # noqa: S607 - as the user has it on PATH
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()[1]
    known = {
        "Python": platform.python_version(),
        "Terraform": terraform.removeprefix("v"),
        **locked,
    }
    return ", ".join(f"{name} {version}" for name, version in known.items()) + "."
