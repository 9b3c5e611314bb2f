"""Charts of a function's last minutes, which `ride.py` shows at its end."""

import sys
from datetime import UTC, datetime

from scripts.monitoring.charts import charts
from scripts.monitoring.graphs import Window
from scripts.monitoring.snapshot import Source, connect, graphs_of
from scripts.monitoring.text import terminal_width
from scripts.terminal.colour import has_colour

MINUTES, TITLES = 10, ("Invocations", "Duration (ms)")


def recent_charts(dashboard: str, owner: str, function: str) -> str:
    """Draw a function's invocations and durations for standard output, as `owner`'s dashboard shows them for `owner`.

    Raises CallError.
    """
    window = Window.until(datetime.now(UTC), MINUTES)
    graphs = graphs_of(connect(), Source(dashboard, owner), function, TITLES, window)
    return charts(graphs, window, terminal_width(), colour=has_colour(sys.stdout))
