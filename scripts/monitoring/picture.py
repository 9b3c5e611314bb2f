"""Draws a snapshot as a picture: its graphs in a grid, and below them the text that the terminal shows."""

import math
from itertools import cycle
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scripts.monitoring.graphs import Graph, Series, Window
from scripts.monitoring.snapshot import Snapshot
from scripts.monitoring.text import headline, words
from scripts.terminal.printable import printable_line

COLUMNS = 3
COLUMN_IN, ROW_IN = 5.0, 2.6  # inches
LINE_IN = 0.165  # a line of text
WORDS_WIDTH = 120  # characters that fit into two columns
DPI = 100
COVERED = 0.9  # share of its period that a bar covers
HEADROOM, LEGEND_ROWS = 1.35, 3  # room for a legend above the lines
# Red is only for faults.
FAULTS = ("tab:red", "darkred", "lightcoral")
OTHERS = ("tab:blue", "tab:orange", "tab:purple", "tab:brown", "tab:pink", "tab:cyan", "tab:olive")
RIGHT_COLOUR = "tab:green"


def save(snapshot: Snapshot, path: Path) -> None:
    """Write a PNG file; raises OSError if it cannot be written."""
    # A dollar sign in a name does not begin a formula.
    with rc_context({"text.parse_math": False}):
        _save(snapshot, path)


def _save(snapshot: Snapshot, path: Path) -> None:
    text = words(snapshot, WORDS_WIDTH)
    words_in = LINE_IN * (len(text.splitlines()) + 1)
    full_rows, cells_taken = divmod(len(snapshot.graphs), COLUMNS)
    # The text begins in the cell after the last graph, and continues below it.
    heights = [ROW_IN] * (full_rows + 1) + [max(words_in - ROW_IN, LINE_IN)]
    figure = Figure((COLUMNS * COLUMN_IN, sum(heights) + 0.5), dpi=DPI, layout="constrained")
    figure.suptitle(headline(snapshot), fontsize="x-large", fontweight="bold")
    grid = figure.add_gridspec(len(heights), COLUMNS, height_ratios=heights)
    for position, graph in enumerate(snapshot.graphs):
        _draw(figure.add_subplot(grid[divmod(position, COLUMNS)]), graph, snapshot.window)
    rest = figure.add_subplot(grid[full_rows:, cells_taken:])
    rest.axis("off")
    rest.text(0, 1, text, va="top", family="monospace", fontsize="small")
    figure.savefig(path, format="png")


def _draw(axes: Axes, graph: Graph, window: Window) -> None:
    axes.set_title(printable_line(graph.title), loc="left", fontsize="medium")
    axes.set_xlim(0, window.periods)
    axes.set_xticks(*window.ticks)
    axes.grid(alpha=0.3)
    if not graph.shown:
        axes.text(0.5, 0.5, "no data", transform=axes.transAxes, ha="center", color="grey")
        axes.set_yticks([])
        return
    left = [one for one in graph.shown if not one.right_axis]
    right = [one for one in graph.shown if one.right_axis]
    highest = max((value for one in left for _, value in one.points), default=0) or 1
    axes.set_ylim(0, HEADROOM * highest)
    faults, others = cycle(FAULTS), cycle(OTHERS)
    for one in left:
        colour = next(faults if one.is_fault else others)
        _line(axes, one, window, colour, bars=graph.is_count)
    handles, labels = axes.get_legend_handles_labels()
    if right:
        percent = axes.twinx()  # as in dashboard.tf
        percent.set_ylim(0, HEADROOM * 100)
        percent.set_yticks([0, 50, 100])
        for one in right:
            _line(percent, one, window, RIGHT_COLOUR)
        more = percent.get_legend_handles_labels()
        handles, labels = handles + more[0], labels + more[1]
    columns = math.ceil(len(labels) / LEGEND_ROWS)
    axes.legend(handles, labels, fontsize="x-small", loc="upper left", ncols=columns)


def _line(axes: Axes, series: Series, window: Window, colour: str, *, bars: bool = False) -> None:
    middles = [window.period_of(time) + 0.5 for time, _ in series.points]
    values = [value for _, value in series.points]
    if bars:
        axes.bar(middles, values, width=COVERED, color=colour, label=series.legend)
    else:
        axes.plot(middles, values, marker="o", markersize=3, color=colour, label=series.legend)
