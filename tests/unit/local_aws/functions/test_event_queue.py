"""Asynchronous events are tried as Lambda tries them: here with short waits, and with listed outcomes."""

import threading
from collections.abc import Iterator

import pytest

from local_aws.functions.emulator import Status
from local_aws.functions.environment import Reply
from local_aws.functions.event_queue import Attempt, Condition, EventQueue, QueuedEvent
from local_aws.functions.function_version import AsyncSettings, FunctionVersion
from tests.support.function_versions import version_of


def function(reserved: int | None = None, retries: int = 2, age_s: int = 60) -> FunctionVersion:
    """Return a function with these settings for asynchronous events."""
    settings = AsyncSettings(maximum_retries=retries, maximum_age_s=age_s)
    return version_of(reserved_concurrency=reserved, asynchronous=settings)


def replied(status: Status) -> Reply:
    return Reply("id", status, None, b"null", (), (), False, 0, 1.0, None, 1)


OK, FAILED, BUSY = replied("success"), replied("error"), None


def event() -> QueuedEvent:
    """Return an event that is received now: its age counts from here."""
    return QueuedEvent(function, b"{}", None)


class Outcomes:
    """Runs events with the given outcomes in turn, and notes when the last was used or an event was dropped."""

    def __init__(
        self, *outcomes: Reply | Exception | None, of: FunctionVersion | None = None
    ) -> None:
        self.left = list(outcomes)
        self.function = of or function()
        self.conditions: list[Condition] = []
        self.done = threading.Event()
        self.ended = threading.Event()

    def run(self, event: QueuedEvent) -> Attempt:
        outcome = self.left.pop(0)
        if not self.left:
            self.done.set()
        if isinstance(outcome, Exception):
            raise outcome
        return Attempt(self.function, outcome)

    def end(self, event: QueuedEvent, attempt: Attempt, condition: Condition) -> None:
        self.conditions.append(condition)
        self.ended.set()


@pytest.fixture
def queues() -> Iterator[list[EventQueue]]:
    """Give a list whose queues are closed after the test."""
    made: list[EventQueue] = []
    yield made
    for queue in made:
        queue.close()


def queue_for(outcomes: Outcomes, queues: list[EventQueue]) -> EventQueue:
    queues.append(
        EventQueue(outcomes.run, outcomes.end, retry_delays_s=(0.01, 0.01), throttled_delay_s=0.01)
    )
    return queues[-1]


@pytest.mark.parametrize(
    ("outcomes", "settings", "condition"),
    [
        ((OK,), {}, "Success"),
        ((FAILED, FAILED, OK), {}, "Success"),
        ((FAILED, FAILED, FAILED), {}, "RetriesExhausted"),
        ((FAILED,), {"retries": 0}, "RetriesExhausted"),
        ((FAILED, FAILED), {"retries": 1}, "RetriesExhausted"),
        ((FAILED,), {"age_s": 0}, "EventAgeExceeded"),
        ((BUSY,), {"age_s": 0}, "EventAgeExceeded"),
        # A throttled event has all its attempts still.
        ((BUSY, BUSY, FAILED, BUSY, FAILED, FAILED), {}, "RetriesExhausted"),
    ],
)
def test_an_event_is_tried_as_its_settings_say(
    queues: list[EventQueue],
    outcomes: tuple[Reply | None, ...],
    settings: dict[str, int],
    condition: Condition,
) -> None:
    # Given a function that will behave so, with these settings
    script = Outcomes(*outcomes, OK, of=function(**settings))

    # When it is sent an event
    queue_for(script, queues).put(event())

    # Then it is tried as often as that takes, and ends so
    assert script.ended.wait(60)
    assert script.conditions == [condition]
    assert script.left == [OK]


def test_a_function_that_reserves_nothing_ends_an_event_at_once(queues: list[EventQueue]) -> None:
    # Given a function with a reserved concurrency of 0
    script = Outcomes(BUSY, OK, of=function(reserved=0))

    # When it is sent an event
    queue_for(script, queues).put(event())

    # Then the event ends without another attempt
    assert script.ended.wait(60)
    assert script.conditions == ["ZeroReservedConcurrency"]
    assert script.left == [OK]


def test_an_event_that_cannot_be_run_is_lost_and_the_next_one_runs(
    queues: list[EventQueue], capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a function that is gone
    script = Outcomes(LookupError("no such function"), OK)
    queue = queue_for(script, queues)

    # When it is sent two events
    queue.put(event())
    queue.put(event())

    # Then the first is reported as lost, and the second runs
    assert script.ended.wait(60)
    assert script.conditions == ["Success"]
    assert "no such function" in capsys.readouterr().err


def test_lambdas_waits_are_one_and_two_minutes() -> None:
    # Given AWS's document
    # When the defaults are read
    from local_aws.functions import event_queue as asynchronous

    # Then they are its
    assert asynchronous.RETRY_DELAYS_S == (60.0, 120.0)
