"""The rider is answered before the timeout, no matter how long DynamoDB takes."""

import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn, Protocol
from unittest.mock import Mock

import pytest
from botocore.exceptions import ReadTimeoutError
from hypothesis import example, given
from hypothesis import strategies as st

VARIABLES = Path(__file__).parents[3] / "variables.tf"
MAIN = Path(__file__).parents[3] / "main.tf"
LAMBDA_DEFAULT = 3  # seconds


class ColdStart(Protocol):
    def __call__(self, **environment: str) -> AbstractContextManager[ModuleType]: ...


class SlowTable:
    """A fake clock, and a table that advances it with each attempt and never answers."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.now = 0.0
        self.attempts = 0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def put(self, _: object) -> NoReturn:
        self.attempts += 1
        self.now += self.seconds
        raise ReadTimeoutError(endpoint_url="http://dynamodb")


@pytest.fixture(scope="module")
def record(cold_start: ColdStart) -> Iterator[Any]:
    """Yield the module under test."""
    with cold_start() as module:
        yield module.record


def write(record: Any, table: SlowTable, seconds_left: float) -> Any:
    """Write a ride to that table until the function gives up; return the refusal."""
    pickup = record.Location(Decimal(1), Decimal(2))
    ride = record.Ride("id", "rider", record.Unicorn("a", "b", "c"), "now", pickup)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "time", table)
        patch.setattr(record, "_put", table.put)
        with pytest.raises(record.Refusal) as refused:
            record.write(ride, seconds_left)
    return refused.value


@given(seconds=st.floats(0, 1.5), seconds_left=st.floats(1.8, 6) | st.just(900))
def test_the_function_gives_up_in_time(record: Any, seconds: float, seconds_left: float) -> None:
    # Given a table on which each attempt takes that long, up to the SDK's limits
    table = SlowTable(seconds)

    # When a function with that much time left writes to it
    refusal = write(record, table, seconds_left)

    # Then it has the margin left to answer, and the rider did not wait longer than PATIENCE
    assert refusal.status == 503
    assert table.now <= seconds_left - record.MARGIN + 1e-9
    assert table.now <= record.PATIENCE


@given(seconds=st.floats(0, 1), seconds_left=st.floats(LAMBDA_DEFAULT, 900))
def test_one_lost_answer_is_always_retried(
    record: Any, seconds: float, seconds_left: float
) -> None:
    # Given a table that loses its answers
    table = SlowTable(seconds)

    # When a function with Lambda's default timeout, or more, writes to it
    write(record, table, seconds_left)

    # Then it tries again
    assert table.attempts >= 2


def test_retries_back_off(record: Any) -> None:
    # Given a table that fails at once, when a function with 15 minutes left writes to it
    table = SlowTable(0)
    write(record, table, 900)

    # Then it pauses before each retry, for up to twice as long each time
    assert 3 < table.attempts < 12
    assert len(table.pauses) == table.attempts - 1
    for doubling, pause in enumerate(table.pauses):
        assert 0 <= pause <= record.FIRST_PAUSE * 2**doubling
    assert sum(table.pauses) > 0


@pytest.mark.parametrize(("spare", "attempts"), [(1, 2), (-1, 1)])
def test_a_second_attempt_is_made_if_it_fits_to_the_millisecond(
    cold_start: ColdStart, tutorial_event: str, spare: int, attempts: int
) -> None:
    # Given a table that fails at once, and a function with a millisecond more or less than two attempts may take
    table = SlowTable(0)
    with cold_start() as module, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.record, "time", table)
        patch.setattr(module.record, "_put", table.put)
        needed = module.record.FIRST_PAUSE + module.record.ATTEMPT + module.record.MARGIN

        # When a rider asks
        context = Mock(aws_request_id="id")
        context.get_remaining_time_in_millis.return_value = round(needed * 1000) + spare
        answer = module.handler(json.loads(tutorial_event), context)

    # Then there is a second attempt, or there is none
    assert answer["statusCode"] == 503
    assert table.attempts == attempts


def test_the_sdk_has_the_limits_that_the_retries_assume(record: Any) -> None:
    # Given the client
    limits = record.dynamodb.meta.config

    # When the timeouts of its one attempt are added, then the sum is ATTEMPT
    assert limits.retries["total_max_attempts"] == 1
    assert limits.connect_timeout + limits.read_timeout == record.ATTEMPT


def test_the_limits_fit_in_the_timeout_that_terraform_sets(record: Any) -> None:
    # Given the default of the variable
    block = re.search(r'variable "timeout" {.*?\n}', VARIABLES.read_text(), re.DOTALL)
    assert block
    default = re.search(r"default\s*=\s*(\d+)", block[0])
    assert default

    # When the worst case is added up, then it fits
    assert int(default[1]) > record.PATIENCE + record.MARGIN
    assert LAMBDA_DEFAULT > record.ATTEMPT + record.MARGIN


@example(seconds_left=4.0)  # just too little for a third attempt
@given(seconds_left=st.floats(LAMBDA_DEFAULT, 900))
def test_a_table_that_hangs_takes_longer_than_the_largest_threshold_of_the_slow_alarm(
    record: Any, seconds_left: float
) -> None:
    # Given the largest share of the time after which the function gives up, from variables.tf and main.tf
    share = re.search(r"var\.alarm_duration_share <= ([0-9.]+)", VARIABLES.read_text())
    patience = re.search(r"gives_up_after = min\((\d+), var\.timeout\)", MAIN.read_text())
    assert share
    assert patience

    # When a function with that much time writes to a table that never answers
    table = SlowTable(record.READ_TIMEOUT)
    write(record, table, seconds_left)

    # Then the alarm's threshold is reached
    assert float(patience[1]) == record.PATIENCE
    assert table.now >= float(share[1]) * min(record.PATIENCE, seconds_left)
