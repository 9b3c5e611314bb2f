"""Every case, by area, in the order of the document."""

from dataclasses import dataclass

from tests.integration.fidelity.case import Case
from tests.integration.fidelity.cases import (
    aliases,
    asynchronous,
    concurrency,
    deploying,
    environment,
    error_bodies,
    event_invoke_configs,
    event_sources,
    failures,
    function_limits,
    functions,
    gateway,
    invoking,
    layers,
    log_levels,
    logs,
    names,
    not_offered,
    permissions,
    rest_apis,
    services,
    settings,
    starting,
    url_requests,
    urls,
    versions,
)


@dataclass(frozen=True)
class Area:
    """A part of Lambda, and its cases."""

    title: str
    cases: tuple[Case, ...]


AREAS = (
    Area("Names, ARNs and qualifiers", names.CASES),
    Area("Functions", functions.CASES),
    Area("Limits of functions", function_limits.CASES),
    Area("Mistakes in a deployment", deploying.CASES),
    Area("Versions and revisions", versions.CASES),
    Area("Aliases", aliases.CASES),
    Area("Invoke", invoking.CASES),
    Area("Failures of functions", failures.CASES),
    Area("Errors of the API", error_bodies.CASES),
    Area("Asynchronous events", asynchronous.CASES),
    Area("Event invoke configs", event_invoke_configs.CASES),
    Area("Execution environment", environment.CASES),
    Area("Start, rest and end of an environment", starting.CASES),
    Area("Logs", logs.CASES),
    Area("Log levels", log_levels.CASES),
    Area("Permissions", permissions.CASES),
    Area("Concurrency", concurrency.CASES),
    Area("Settings, lists and tags", settings.CASES),
    Area("Layers", layers.CASES),
    Area("Function URLs", urls.CASES),
    Area("Requests to function URLs", url_requests.CASES),
    Area("Event source mappings", event_sources.CASES),
    Area("HTTP APIs", gateway.CASES),
    Area("REST APIs", rest_apis.CASES),
    Area("Other services", services.CASES),
    Area("What is not offered", not_offered.CASES),
)
EVERY_CASE = tuple(case for area in AREAS for case in area.cases)
