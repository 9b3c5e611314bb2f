"""Draws the targets as a picture: each figure as a share of its limit."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import figure, limit
from benchmarks.targets import Finding

ROW_IN, WIDTH_IN, DPI = 0.55, 10.0, 110
MET, MISSED = "tab:green", "tab:red"
# Longer bars are cut off; their figures are beside them.
WIDEST = 1.6


def save(findings: Sequence[Finding], path: Path) -> None:
    """Write a PNG file: a bar for each target, which ends left of the line if the target is met."""
    # Half a second of processor time, for every test that imports the benchmark.
    from matplotlib.figure import Figure

    drawing = Figure((WIDTH_IN, ROW_IN * len(findings) + 1.2), dpi=DPI, layout="constrained")
    axes = drawing.add_subplot()
    rows = range(len(findings))
    shares = [max(0.0, min(finding.share, WIDEST)) for finding in findings]
    colours = [MET if finding.is_met else MISSED for finding in findings]
    axes.barh(rows, shares, color=colours, height=0.6)
    axes.axvline(1, color="black", linewidth=1.5)
    axes.set_yticks(rows, [finding.target.name.replace("`", "") for finding in findings])
    figures = [f"{figure(finding)}  (target {limit(finding)})" for finding in findings]
    axes.secondary_yaxis("right").set_yticks(rows, figures)
    axes.invert_yaxis()
    axes.set_xlim(0, WIDEST)
    axes.set_xlabel("figure as a share of its limit: shorter is better, the line is the target")
    axes.spines["top"].set_visible(False)
    drawing.savefig(path, format="png")
