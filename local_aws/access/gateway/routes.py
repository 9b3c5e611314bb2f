"""Which route answers a request, after "Create routes for HTTP APIs in API Gateway"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from local_aws.access.gateway.configuration import Route

DEFAULT_ROUTE = "$default"
ANY = "ANY"


@dataclass(frozen=True)
class Match:
    """A route, and the values of the variables in its path, decoded."""

    route: Route
    path_parameters: Mapping[str, str]


def find_route(routes: Iterable[Route], method: str, path: str) -> Match | None:
    """Return the most specific route that answers `method` on `path` (percent-encoded), or None.

    A full match comes before one with a greedy variable, and that before `$default`; a fixed segment before a
    variable; and a method before ANY.
    """
    matches = [
        (_rank(route), route, found) for route in routes for found in _matches(route, method, path)
    ]
    if not matches:
        return None
    _, route, parameters = min(matches, key=lambda match: match[0])
    return Match(route, parameters)


def _matches(route: Route, method: str, path: str) -> Iterable[dict[str, str]]:
    if route.key == DEFAULT_ROUTE:
        yield {}
        return
    wanted_method, _, template = route.key.partition(" ")
    if wanted_method in (method, ANY):
        parameters = _parameters(_segments(template), _segments(path))
        if parameters is not None:
            yield parameters


def _parameters(template: list[str], path: list[str]) -> dict[str, str] | None:
    """Return the variables of a template that a path gives values to; None if it does not fit."""
    parameters: dict[str, str] = {}
    for place, segment in enumerate(template):
        rest = path[place:]
        if _is_greedy(segment):
            parameters[segment[1:-2]] = unquote("/".join(rest))
            return parameters if rest and rest != [""] else None
        if not rest or not (_is_variable(segment) or segment == rest[0]):
            return None
        if _is_variable(segment):
            if not rest[0]:
                return None
            parameters[segment[1:-1]] = unquote(rest[0])
    return parameters if len(template) == len(path) else None


def _rank(route: Route) -> tuple[bool, tuple[int, ...], bool]:
    """Return what sorts a more specific route before a less specific one."""
    method, _, template = route.key.partition(" ")
    segments = _segments(template)
    kinds = tuple(2 if _is_greedy(s) else 1 if _is_variable(s) else 0 for s in segments)
    return route.key == DEFAULT_ROUTE, (int(2 in kinds), *kinds), method == ANY


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _is_greedy(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("+}")


def _is_variable(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")
