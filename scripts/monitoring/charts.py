"""Draws graphs as text, side by side. Lines differ by their markers, so that they need no colour. Faults are red."""

import textwrap
from collections.abc import Iterable, Sequence
from itertools import cycle, islice, zip_longest
from typing import Any

from scripts.monitoring.graphs import Graph, Series, Window, short
from scripts.terminal.printable import printable_line

WIDTH, HEIGHT = 38, 8  # of one chart's canvas, in characters
GAP = "  "
MARKERS = "ox+*#%@"
THEME = "wild_rydes"
# Codes of the terminal's own palette: red is only for faults.
RED, OTHERS = 9, (12, 10, 14, 13, 11)


def charts(graphs: Iterable[Graph], window: Window, width: int, *, colour: bool) -> str:
    """Draw the graphs that have data, as many in a row as fit into `width` characters."""
    chart_width = min(WIDTH, width)
    blocks = [_block(graph, window, chart_width, colour=colour) for graph in graphs if graph.shown]
    per_row = max(1, (width + len(GAP)) // (chart_width + len(GAP)))
    rows = [blocks[first : first + per_row] for first in range(0, len(blocks), per_row)]
    return "\n\n".join(_side_by_side(row, chart_width) for row in rows)


def _block(graph: Graph, window: Window, width: int, *, colour: bool) -> list[str]:
    """Draw one graph: a title, a canvas and a legend, each line `width` characters wide."""
    title = textwrap.shorten(printable_line(graph.title), width, placeholder="…")
    return [
        title.ljust(width),
        *_canvas(graph, window, width, colour=colour),
        *(line.ljust(width) for line in _legend(graph, width)),
    ]


def _side_by_side(blocks: Sequence[Sequence[str]], width: int) -> str:
    lines = zip_longest(*blocks, fillvalue=" " * width)
    return "\n".join(GAP.join(line).rstrip() for line in lines)


def _canvas(graph: Graph, window: Window, width: int, *, colour: bool) -> list[str]:
    # Only here: it takes a third of the start of a verb, and --help and --json draw nothing.
    import plotext

    series = graph.shown
    left = [value for one in series if not one.right_axis for _, value in one.points]
    highest = max(left, default=0) or 1
    plotext.terminal.limit(False, False)  # a pipe is no terminal, and has no size
    figure = plotext.figure
    figure.clear()
    plotext.add_theme(THEME, sequence=_colours(series))
    figure.plot_size(width, HEIGHT).theme(THEME)
    if graph.is_count:
        figure.draw(_bars(figure, series[0], window))
    else:
        for marker, one in _faults_last(zip(cycle(MARKERS), series, strict=False)):
            figure.draw(_points(figure, one, window, marker))
    figure.ruler("x", "lower").lim(0, window.periods).ticks(*window.ticks)
    figure.ruler("y", "left").lim(0, highest).ticks(*_scale(highest))
    if any(one.right_axis for one in series):  # percent, as in dashboard.tf
        figure.ruler("y", "right").lim(0, 100).ticks(*_scale(100))
    lines: list[str] = figure.build().string(not colour).splitlines()
    return lines


def _faults_last(marked: Iterable[tuple[str, Series]]) -> list[tuple[str, Series]]:
    """Sort lines so that those of faults are drawn over the others."""
    return sorted(marked, key=lambda pair: pair[1].is_fault)


def _colours(series: Sequence[Series]) -> list[int]:
    """Return the lines' colours, in the order in which they are drawn."""
    faults = sum(one.is_fault for one in series)
    return [*islice(cycle(OTHERS), len(series) - faults), *[RED] * faults]


def _bars(figure: Any, series: Series, window: Window) -> Any:
    heights = [0.0] * window.periods
    for time, value in series.points:
        heights[window.period_of(time)] = value
    middles = [period + 0.5 for period in range(window.periods)]
    return figure.bar(middles, heights, width=1)


def _points(figure: Any, series: Series, window: Window, marker: str) -> Any:
    middles = [window.period_of(time) + 0.5 for time, _ in series.points]
    values = [value for _, value in series.points]
    side = "right" if series.right_axis else "left"
    return figure.signal(middles, values, marker=marker, yside=side)


def _scale(highest: float) -> tuple[list[float], list[str]]:
    values = [0, highest / 2, highest]
    return values, [short(value) for value in values]


def _legend(graph: Graph, width: int) -> list[str]:
    """Return the legend's lines: each marker with the name and figure of its line."""
    figures = [one.legend for one in graph.shown]
    if not graph.is_count:
        figures = [
            f"{marker} {figure_text}"
            for marker, figure_text in zip(cycle(MARKERS), figures, strict=False)
        ]
    entries = "  ".join(entry.replace(" ", "\0") for entry in figures)  # so that no entry is split
    return [line.replace("\0", " ") for line in textwrap.wrap(entries, width)]
