"""All that `monitor.py` shows, taken at one moment; what the caller may not read is listed as a problem."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from scripts.calling.clients import CallError, Clients, explain, one_line
from scripts.monitoring.activity import (
    Alarm,
    LogLine,
    Ride,
    alarm_states,
    bytes_per_request,
    last_lines,
    last_rides,
)
from scripts.monitoring.cost import Cost, Usage, cost_of
from scripts.monitoring.graphs import (
    Dashboard,
    DashboardError,
    Graph,
    Window,
    fetch,
    read_dashboard,
    total,
)

_FIXES = {
    "ResourceNotFoundException": "Deploy it (`make apply` to AWS, `make local-apply` to the local AWS), "
    "or name another with --function and its region with AWS_REGION."
}

READ_TIMEOUT_S, ATTEMPTS = 20, 3


@dataclass(frozen=True)
class Snapshot:
    """A function seen from outside; `problems` has a line for each thing that is missing here, and why."""

    function: str
    window: Window
    graphs: tuple[Graph, ...]
    alarms: tuple[Alarm, ...]
    log: tuple[LogLine, ...]
    rides: tuple[Ride, ...]
    cost: Cost | None
    problems: tuple[str, ...]

    def as_json(self) -> str:
        """Write it as one JSON object, times as `2026-11-22T23:03:05+00:00`."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False, default=datetime.isoformat)


def connect() -> Clients:
    """Make the clients for monitoring, which only reads, so each may ask again. Raises CallError."""
    return Clients(read_timeout=READ_TIMEOUT_S, attempts=ATTEMPTS)


def take(clients: Clients, function: str, minutes: int, dashboard: str | None = None) -> Snapshot:
    """Look at a function, by its name, over the last minutes; `dashboard` is the name of its dashboard, if known.

    Raises CallError if the function does not exist or AWS does not answer.
    """
    try:
        window = Window.until(datetime.now(UTC), minutes)
        return _take(clients, function, window, dashboard or _dashboard_name(clients, function))
    except BotoCoreError as error:
        raise CallError(
            f"No answer about {function} from {clients.metrics.meta.endpoint_url}: {explain(error)}"
        ) from error


def _dashboard_name(clients: Clients, function: str) -> str:
    # As in modules/monitoring/dashboard.tf: dashboards are global in an account.
    return f"{function}-{clients.metrics.meta.region_name}"


def graphs_of(
    clients: Clients, dashboard_name: str, titles: tuple[str, ...], window: Window
) -> list[Graph]:
    """Get some graphs of a dashboard, by their titles; raises CallError."""
    try:
        dashboard = read_dashboard(clients.metrics, dashboard_name)
        return [fetch(clients.metrics, title, dashboard.graphs[title], window) for title in titles]
    except (BotoCoreError, ClientError) as error:
        raise CallError(f"No graphs of {dashboard_name}: {explain(error)}") from error
    except DashboardError as error:
        raise CallError(f"No graphs of {dashboard_name}: {error}") from error


def _take(clients: Clients, function: str, window: Window, dashboard_name: str) -> Snapshot:
    problems: list[str] = []
    configuration = _configuration(clients, function, problems)
    dashboard = Dashboard({}, ())
    graphs: tuple[Graph, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    log: tuple[LogLine, ...] = ()
    rides: tuple[Ride, ...] = ()
    with _optional("graphs and alarms", problems):
        dashboard = read_dashboard(clients.metrics, dashboard_name)
    with _optional("graphs", problems):
        graphs = tuple(
            fetch(clients.metrics, title, lines, window)
            for title, lines in dashboard.graphs.items()
        )
    with _optional("alarms", problems):
        alarms = alarm_states(clients.metrics, dashboard.alarms)
    with _optional("log", problems):
        log = last_lines(clients.logs, configuration.log_group, window)
    if configuration.table:
        with _optional("rides", problems):
            rides = last_rides(clients.tables, configuration.table, log)
    cost = _cost(configuration, graphs, log) if configuration.memory_mb and graphs else None
    return Snapshot(function, window, graphs, alarms, log, rides, cost, tuple(problems))


@dataclass(frozen=True)
class _Configuration:
    """The function's configuration; None where the caller may not read it."""

    log_group: str
    table: str | None
    memory_mb: int | None
    architecture: str


def _configuration(clients: Clients, function: str, problems: list[str]) -> _Configuration:
    default_group = f"/aws/lambda/{function}"
    try:
        configuration = clients.functions.get_function_configuration(FunctionName=function)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise CallError(
                f"No answer about {function} from {clients.functions.meta.endpoint_url}: {explain(error, _FIXES)}"
            ) from error
        problems.append(f"rides and cost not shown: {one_line(error)}")
        return _Configuration(default_group, None, None, "arm64")
    return _Configuration(
        log_group=configuration.get("LoggingConfig", {}).get("LogGroup", default_group),
        table=configuration.get("Environment", {}).get("Variables", {}).get("RIDES_TABLE"),
        memory_mb=configuration["MemorySize"],
        architecture=configuration.get("Architectures", ["x86_64"])[0],
    )


@contextlib.contextmanager
def _optional(what: str, problems: list[str]) -> Iterator[None]:
    """Go on without what cannot be read, and note why."""
    try:
        yield
    except ClientError as error:
        problems.append(f"{what} not shown: {'. '.join(explain(error).splitlines())}")
    except DashboardError as error:
        problems.append(f"{what} not shown: {error}")


def _cost(
    configuration: _Configuration, graphs: tuple[Graph, ...], log: tuple[LogLine, ...]
) -> Cost:
    requests, rides = total(graphs, "Invocations"), total(graphs, "created")
    return cost_of(
        Usage(
            requests=requests,
            billed_ms=total(graphs, "BilledDuration"),
            memory_mb=configuration.memory_mb or 0,
            architecture=configuration.architecture,
            # A ride consumes at least one write unit; DynamoDB reports consumption a little later.
            write_units=max(total(graphs, "ConsumedWriteCapacityUnits"), rides),
            log_bytes=requests * bytes_per_request(log) if log else None,
            rides=rides,
            door_requests=total(graphs, "Count"),
        )
    )
