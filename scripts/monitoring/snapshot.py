"""Everything that `monitor.py` shows, at one moment; what the caller may not read is listed as a problem."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from scripts.calling.clients import CallError, Clients, explain, one_line
from scripts.monitoring.activity import (
    Alarm,
    LogLine,
    Ride,
    alarm_states,
    alarms_of,
    billed_ms_per_request,
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
    """A function's state and use; `problems` has a line for each thing that is missing, and why.

    `other_costs` are those of the other functions on its dashboard, such as the page's, by their names.
    """

    function: str
    window: Window
    graphs: tuple[Graph, ...]
    alarms: tuple[Alarm, ...]
    log: tuple[LogLine, ...]
    rides: tuple[Ride, ...]
    cost: Cost | None
    problems: tuple[str, ...]
    other_costs: dict[str, Cost] = field(default_factory=dict)

    def as_json(self) -> str:
        """Write it as one JSON object, times as `2026-11-22T23:03:05+00:00`."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False, default=datetime.isoformat)


@dataclass(frozen=True)
class Source:
    """The name of a dashboard, and the function that it is for."""

    dashboard: str
    owner: str


def connect() -> Clients:
    """Make clients for monitoring, which only reads, so that they may retry. Raises CallError."""
    return Clients(read_timeout=READ_TIMEOUT_S, attempts=ATTEMPTS)


def take(clients: Clients, function: str, minutes: int, source: Source | None = None) -> Snapshot:
    """Collect a function's data of the last minutes; `source` is the dashboard with its graphs, if it is known.

    From the dashboard of another function, the graphs of Lambda's own metrics are used, for this function.
    Raises CallError if the function does not exist or AWS does not answer.
    """
    try:
        window = Window.until(datetime.now(UTC), minutes)
        source = source or Source(_dashboard_name(clients, function), function)
        return _take(clients, function, window, source)
    except BotoCoreError as error:
        raise CallError(
            f"No answer about {function} from {clients.metrics.meta.endpoint_url}: {explain(error)}"
        ) from error


def _dashboard_name(clients: Clients, function: str) -> str:
    # As in modules/monitoring/dashboard.tf: dashboards are global in an account.
    return f"{function}-{clients.metrics.meta.region_name}"


def graphs_of(
    clients: Clients, source: Source, function: str, titles: tuple[str, ...], window: Window
) -> list[Graph]:
    """Return the graphs of a function with these titles. Raises CallError."""
    dashboard_name = source.dashboard
    try:
        dashboard = _seen_by(read_dashboard(clients.metrics, dashboard_name), source, function)
        return [fetch(clients.metrics, title, dashboard.graphs[title], window) for title in titles]
    except (BotoCoreError, ClientError) as error:
        raise CallError(f"No graphs of {dashboard_name}: {explain(error)}") from error
    except DashboardError as error:
        raise CallError(f"No graphs of {dashboard_name}: {error}") from error


def _take(clients: Clients, function: str, window: Window, source: Source) -> Snapshot:
    problems: list[str] = []
    configuration = _configuration(clients, function, problems)
    whole, dashboard = Dashboard({}, ()), Dashboard({}, ())
    graphs: tuple[Graph, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    log: tuple[LogLine, ...] = ()
    rides: tuple[Ride, ...] = ()
    with _optional("graphs and alarms", problems):
        whole = read_dashboard(clients.metrics, source.dashboard)
        dashboard = _seen_by(whole, source, function)
    with _optional("graphs", problems):
        graphs = tuple(
            fetch(clients.metrics, title, lines, window)
            for title, lines in dashboard.graphs.items()
        )
    with _optional("alarms", problems):
        if source.owner == function:
            alarms = alarm_states(clients.metrics, dashboard.alarms)
        else:
            alarms = alarms_of(clients.metrics, function)
    with _optional("log", problems):
        log = last_lines(clients.logs, configuration.log_group, window)
    if configuration.table:
        with _optional("rides", problems):
            rides = last_rides(clients.tables, configuration.table, log)
    seen = Snapshot(function, window, graphs, alarms, log, rides, None, tuple(problems))
    if not configuration.memory_mb or not graphs:
        return seen
    return _priced(clients, seen, configuration, source, whole.functions)


def _priced(
    clients: Clients,
    seen: Snapshot,
    configuration: _Configuration,
    source: Source,
    functions: set[str],
) -> Snapshot:
    """Add the cost of a function and, if the dashboard is its own, of the other `functions` on it."""
    requests = total(seen.graphs, "Invocations")
    if source.owner != seen.function:
        at_door = requests if seen.function in functions else 0.0
        return replace(seen, cost=cost_of(_usage(configuration, seen, requests, at_door)))
    others = {
        name: cost
        for name in sorted(functions - {seen.function})
        if (cost := _cost_of_other(clients, name, seen))
    }
    at_door = total(seen.graphs, "Count") - sum(one.usage.door_requests for one in others.values())
    usage = _usage(configuration, seen, requests, max(at_door, 0.0))
    return replace(seen, cost=cost_of(usage), other_costs=others)


def _seen_by(dashboard: Dashboard, source: Source, function: str) -> Dashboard:
    return dashboard if source.owner == function else dashboard.of(source.owner, function)


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
    """Continue without what cannot be read, and note why."""
    try:
        yield
    except ClientError as error:
        problems.append(f"{what} not shown: {'. '.join(explain(error).splitlines())}")
    except DashboardError as error:
        problems.append(f"{what} not shown: {error}")


def _cost_of_other(clients: Clients, function: str, seen: Snapshot) -> Cost | None:
    """Price another function of a dashboard, which answers at the front door; None if it cannot be read."""
    requests = total(seen.graphs, "Invocations", function)
    try:
        configuration = _configuration(clients, function, [])
        log = last_lines(clients.logs, configuration.log_group, seen.window)
    except (CallError, ClientError):
        return None
    if not configuration.memory_mb:
        return None
    other = replace(seen, function=function, graphs=(), log=log)
    return cost_of(_usage(configuration, other, requests, requests))


def _usage(configuration: _Configuration, seen: Snapshot, requests: float, at_door: float) -> Usage:
    """Return what a function has used: from its graphs or, where they lack it, from its log."""
    rides = total(seen.graphs, "created") if configuration.table else None
    billed_ms = total(seen.graphs, "BilledDuration")
    return Usage(
        requests=requests,
        billed_ms=billed_ms or requests * billed_ms_per_request(seen.log),
        memory_mb=configuration.memory_mb or 0,
        architecture=configuration.architecture,
        # A ride consumes at least one write unit; DynamoDB reports consumption a little later.
        write_units=max(total(seen.graphs, "ConsumedWriteCapacityUnits"), rides or 0.0),
        log_bytes=requests * bytes_per_request(seen.log) if seen.log else None,
        rides=rides,
        door_requests=at_door,
    )
