"""Which route answers a request: "Create routes for HTTP APIs in API Gateway"."""

import pytest

from local_aws.access.gateway.routes import find_route
from tests.support.http_api import route

ROUTES = [
    route(key)
    for key in (
        *("$default", "GET /", "GET /{file+}", "ANY /pets", "GET /pets/{id}", "GET /pets/mine"),
        *("POST /pets/{id}", "GET /pets/{id}/toys/{toy}", "ANY /{proxy+}"),
    )
]


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/", "GET /", {}),
        ("GET", "/pets", "ANY /pets", {}),
        ("DELETE", "/pets", "ANY /pets", {}),
        ("GET", "/pets/mine", "GET /pets/mine", {}),
        ("GET", "/pets/7", "GET /pets/{id}", {"id": "7"}),
        ("GET", "/pets/a%20b", "GET /pets/{id}", {"id": "a b"}),
        ("GET", "/pets/7/toys/3", "GET /pets/{id}/toys/{toy}", {"id": "7", "toy": "3"}),
        ("GET", "/pets/7/toys", "GET /{file+}", {"file": "pets/7/toys"}),
        ("PUT", "/pets/7", "ANY /{proxy+}", {"proxy": "pets/7"}),
        ("POST", "/", "$default", {}),
        ("GET", "/pets/", "GET /{file+}", {"file": "pets/"}),
    ],
)
def test_the_most_specific_route_answers(
    method: str, path: str, key: str, parameters: dict[str, str]
) -> None:
    # Given routes of every kind
    # When a request comes
    match = find_route(ROUTES, method, path)

    # Then the most specific one has it, with the values of its variables
    assert match is not None
    assert (match.route.key, match.path_parameters) == (key, parameters)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/ride"), ("POST", "/rides"), ("POST", "/ride/1")]
)
def test_without_a_default_route_the_rest_is_nobodys(method: str, path: str) -> None:
    # Given one route
    # When something else is asked for
    # Then no route answers
    assert find_route([route("POST /ride")], method, path) is None
