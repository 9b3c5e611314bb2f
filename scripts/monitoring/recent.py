"""The last minutes of a function, as charts: what `ride.py` ends with."""

import sys
from datetime import UTC, datetime

from scripts.monitoring.charts import charts
from scripts.monitoring.graphs import Window
from scripts.monitoring.snapshot import connect, graphs_of
from scripts.monitoring.text import terminal_width
from scripts.terminal.colour import has_colour

MINUTES, TITLES = 10, ("Invocations", "Duration (ms)")


def recent_charts(dashboard: str) -> str:
    """Chart the invocations on a function's dashboard, and their durations, for standard output. Raises CallError."""
    window = Window.until(datetime.now(UTC), MINUTES)
    graphs = graphs_of(connect(), dashboard, TITLES, window)
    return charts(graphs, window, terminal_width(), colour=has_colour(sys.stdout))
