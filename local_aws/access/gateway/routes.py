"""Finds the route of a request, after "Create routes for HTTP APIs in API Gateway"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from urllib.parse import unquote

DEFAULT_ROUTE = "$default"
ANY = "ANY"


class HasKey(Protocol):
    """A route, whose key is a method and a path: `POST /ride`, `GET /{file+}`, `ANY /` or `$default`."""

    @property
    def key(self) -> str:
        """The key."""


RouteT = TypeVar("RouteT", bound=HasKey)


@dataclass(frozen=True)
class Match(Generic[RouteT]):
    """A route, and the values of the variables in its path, decoded."""

    route: RouteT
    path_parameters: Mapping[str, str]


def find_route(routes: Iterable[RouteT], method: str, path: str) -> Match[RouteT] | None:
    """Return the most specific route that answers `method` on `path` (percent-encoded), or None.

    A full match comes before one with a greedy variable, and that before `$default`; a fixed segment before a
    variable; and a method before ANY.
    """
    matches = [
        (_rank(route.key), route, parameters)
        for route in routes
        for parameters in _matches(route.key, method, path)
    ]
    if not matches:
        return None
    _, route, parameters = min(matches, key=lambda match: match[0])
    return Match(route, parameters)


def _matches(key: str, method: str, path: str) -> Iterable[dict[str, str]]:
    """Yield the path parameters with which a route's key matches a request, if it does."""
    if key == DEFAULT_ROUTE:
        yield {}
        return
    wanted_method, _, template = key.partition(" ")
    if wanted_method in (method, ANY):
        parameters = _parameters(_segments(template), _segments(path))
        if parameters is not None:
            yield parameters


def _parameters(template: list[str], path: list[str]) -> dict[str, str] | None:
    """Return the values that a path has for the variables of a template; None if it does not match."""
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


def _rank(key: str) -> tuple[bool, tuple[int, ...], bool]:
    """Return a sort key by which more specific routes come before less specific ones."""
    method, _, template = key.partition(" ")
    segments = _segments(template)
    kinds = tuple(2 if _is_greedy(s) else 1 if _is_variable(s) else 0 for s in segments)
    return key == DEFAULT_ROUTE, (int(2 in kinds), *kinds), method == ANY


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _is_greedy(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("+}")


def _is_variable(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")
