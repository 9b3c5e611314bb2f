"""The handler answers any input by its contract; `make fuzz` runs more examples."""

import base64
import copy
import json
import logging
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refusal import Refusal

EVENTS = Path(__file__).parents[2] / "events"
REAL_EVENTS = [json.loads(file.read_text()) for file in sorted(EVENTS.glob("accepted/*.json"))]

TOKEN = "eyJraWQiOiJLTzRVMWZs"  # pragma: allowlist secret: in the Authorization header of each

Context = Callable[[float], Any]
Change = tuple[tuple[str, ...], Any]

texts = st.text() | st.text(st.characters(categories=["Cs", "Cc", "Lo"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(texts, values, max_size=3),
    max_leaves=10,
)

# JSON numbers with up to 60 digits, some with absurd exponents.
integers = st.from_regex(r"-?(0|[1-9][0-9]{0,2})", fullmatch=True)
fractions = st.from_regex(r"(\.[0-9]{1,60})?", fullmatch=True)
exponents = st.from_regex(r"([eE][+-]?[0-9]{1,3})?", fullmatch=True)
absurd = st.sampled_from(["", "", "", "e99999999999999999999", "E-99999999999999999999", "e-9999"])
numbers = st.tuples(integers, fractions, exponents).map("".join)
absurd_numbers = st.tuples(integers, fractions, absurd).map("".join)
coordinates = numbers | absurd_numbers | json_values.map(json.dumps)
bodies = st.builds(
    '{{"PickupLocation": {{"Latitude": {}, "Longitude": {}}}, "Note": {}}}'.format,
    *(coordinates, coordinates, json_values.map(json.dumps)),
)
encoded = bodies.map(lambda body: base64.b64encode(body.encode()).decode())

# What to change in a real event, and to which values; any member may get any JSON.
CLAIMS = ("requestContext", "authorizer", "claims")
changes = st.one_of(
    st.tuples(st.just(("body",)), bodies | encoded | json_values),
    st.tuples(st.just(("isBase64Encoded",)), st.booleans()),
    st.tuples(st.just(("headers", "Idempotency-Key")), st.text("!k~ \x7f", max_size=300)),
    st.tuples(st.just(("httpMethod",)), st.sampled_from(["post", "GET", None])),
    st.tuples(st.just((*CLAIMS, "cognito:username")), texts),
    st.tuples(
        st.sampled_from(
            [
                *(("body",), ("isBase64Encoded",), ("httpMethod",), ("requestContext", "http")),
                *(("headers",), ("headers", "idempotency-key"), ("multiValueHeaders",)),
                *(("requestContext",), CLAIMS[:2], CLAIMS, (*CLAIMS, "cognito:username")),
                ("requestContext", "authorizer", "jwt", "claims"),
            ]
        ),
        json_values,
    ),
)
events = st.builds(
    lambda event, changes: changed(event, changes),
    st.sampled_from(REAL_EVENTS),
    st.lists(changes, max_size=3),
)


class Lines(logging.Handler):
    """Counts the function's log lines and hides them from pytest, which would hold 200,000 of them."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1
        assert TOKEN not in str(vars(record))


@pytest.fixture(scope="module")
def lines() -> Iterator[Lines]:
    """Yield that handler."""
    lines, logger = Lines(), logging.getLogger("request_unicorn")
    logger.addHandler(lines)
    logger.propagate = False
    yield lines
    logger.propagate = True
    logger.removeHandler(lines)


def changed(event: dict[str, Any], changes: list[Change]) -> dict[str, Any]:
    """Copy an event and set each value at its path, if the path exists."""
    event = copy.deepcopy(event)
    for (*path, last), value in changes:
        parent: Any = event
        for name in path:
            parent = parent.get(name) if isinstance(parent, dict) else None
        if isinstance(parent, dict):
            parent[last] = value
    return event


def checked_body(answer: dict[str, Any]) -> dict[str, Any]:
    """Check an answer against the contract; return its body."""
    assert answer.keys() == {"statusCode", "headers", "body"}
    assert answer["headers"].pop("Allow", None) == {405: "POST"}.get(answer["statusCode"])
    assert answer["headers"] == {
        "Content-Type": "application/json",
        "Access-Control-Allow-Origin": "*",
    }
    assert answer["body"].encode() == b" ".join(answer["body"].encode().splitlines())
    body: dict[str, Any] = json.loads(answer["body"])
    if answer["statusCode"] == 201:
        assert list(body) == ["RideId", "Unicorn", "UnicornName", "Eta", "Rider"]
        assert list(body["Unicorn"]) == ["Name", "Color", "Gender"]
        assert re.fullmatch("[A-Za-z0-9_-]{22}", body["RideId"])
        assert body["Rider"].strip()
    else:
        assert answer["statusCode"] in {400, 401, 405, 422}
        assert list(body) == ["Error", "Reference"]
        assert re.fullmatch(r"Please [\x20-\x7e]+\.|Your [\x20-\x7e]+\.", body["Error"])
    return body


def take_all(table: Any) -> list[dict[str, Any]]:
    """Empty the table; return its items."""
    items: list[dict[str, Any]] = table.scan()["Items"]
    for item in items:
        table.delete_item(Key={"RideId": item["RideId"]})
    return items


# The fixture that looks for secrets clears what it has checked, so examples do not affect each other.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=events | json_values)
def test_any_event_is_answered_and_recorded_exactly_when_it_gets_a_ride(
    started: ModuleType,
    table: Any,
    lambda_context: Context,
    lines: Lines,
    nothing_secret_is_printed: Callable[[], None],
    event: object,
) -> None:
    # Given a real event with changes, or any JSON, when it is sent twice
    before = lines.count
    answers = [started.handler(event, lambda_context(10)) for _ in range(2)]

    # Then both answers keep the contract, with the same status, and each has a log line
    bodies = [checked_body(answer) for answer in answers]
    assert answers[0]["statusCode"] == answers[1]["statusCode"]
    assert lines.count == before + 2

    # And the table holds exactly the rides in the answers
    if answers[0]["statusCode"] == 201:
        rides = {(body["RideId"], body["Rider"], body["UnicornName"]) for body in bodies}
    else:
        rides = set()
    items = take_all(table)
    assert {(item["RideId"], item["User"], item["UnicornName"]) for item in items} == rides
    for item in items:
        assert abs(item["PickupLocation"]["Latitude"]) <= 90
        assert abs(item["PickupLocation"]["Longitude"]) <= 180

    # And no secret was logged; checked here, because keeping every line would slow the garbage collector
    nothing_secret_is_printed()


@given(latitude=numbers)
def test_a_number_is_kept_to_38_digits_and_refused_only_for_its_range(
    event_of: Callable[..., dict[str, Any]], latitude: str
) -> None:
    # Given a latitude and its exact value
    event = event_of(f'{{"PickupLocation":{{"Latitude":{latitude},"Longitude":0}}}}')
    sent = Fraction(latitude)
    if abs(sent) > 90:
        # When it is out of range, then it is refused
        with pytest.raises(Refusal):
            request.read(event)
        return

    # When it is read
    kept = str(request.read(event).pickup.latitude)

    # Then it is the same in 38 digits, or the nearest
    digits = re.sub(r"[eE].*|\D", "", latitude).lstrip("0").rstrip("0")
    if len(digits) <= 38 and (sent == 0 or abs(sent) >= Fraction("1e-130")):
        assert Fraction(kept) == sent
    else:
        assert abs(Fraction(kept) - sent) <= max(abs(sent) / 2 / 10**37, Fraction("1e-130"))
    assert kept.startswith("-") == latitude.startswith("-")
    assert len(re.sub(r"E.*|\D", "", kept).lstrip("0")) <= 38
