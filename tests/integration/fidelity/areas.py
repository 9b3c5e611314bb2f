"""Every case, by area, in the order of the document."""

from dataclasses import dataclass

from tests.integration.fidelity.case import Case
from tests.integration.fidelity.cases import (
    aliases,
    asynchronous,
    concurrency,
    environment,
    event_sources,
    functions,
    gateway,
    invoking,
    layers,
    logs,
    names,
    not_offered,
    permissions,
    settings,
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
    Area("Versions and revisions", versions.CASES),
    Area("Aliases", aliases.CASES),
    Area("Invoke", invoking.CASES),
    Area("Asynchronous events", asynchronous.CASES),
    Area("Execution environment", environment.CASES),
    Area("Logs", logs.CASES),
    Area("Permissions", permissions.CASES),
    Area("Concurrency", concurrency.CASES),
    Area("Settings, lists and tags", settings.CASES),
    Area("Layers", layers.CASES),
    Area("Function URLs", urls.CASES),
    Area("Event source mappings", event_sources.CASES),
    Area("HTTP APIs", gateway.CASES),
    Area("What is not offered", not_offered.CASES),
)
