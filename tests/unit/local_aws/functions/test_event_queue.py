"""Asynchronous events are tried as Lambda tries them: here with short waits, and with listed outcomes."""

import threading
from collections.abc import Iterator

import pytest

from local_aws.functions.event_queue import EventQueue, QueuedEvent
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.pool import ThrottledError


def no_function() -> FunctionVersion:
    raise AssertionError("the queue does not look at the function itself")


EVENT = QueuedEvent(no_function, b"{}", None)


class Outcomes:
    """Runs events with the given outcomes in turn, and notes when the last was used or an event was dropped."""

    def __init__(self, *outcomes: bool | Exception) -> None:
        self.left = list(outcomes)
        self.dropped: list[QueuedEvent] = []
        self.done = threading.Event()
        self.gave_up = threading.Event()

    def run(self, event: QueuedEvent) -> bool:
        outcome = self.left.pop(0)
        if not self.left:
            self.done.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def drop(self, event: QueuedEvent) -> None:
        self.dropped.append(event)
        self.gave_up.set()


@pytest.fixture
def queues() -> Iterator[list[EventQueue]]:
    """Give a list whose queues are closed after the test."""
    made: list[EventQueue] = []
    yield made
    for queue in made:
        queue.close()


def queue_for(outcomes: Outcomes, queues: list[EventQueue]) -> EventQueue:
    queues.append(
        EventQueue(outcomes.run, outcomes.drop, retry_delays_s=(0.01, 0.01), throttled_delay_s=0.01)
    )
    return queues[-1]


def test_a_failing_event_is_tried_twice_more(queues: list[EventQueue]) -> None:
    # Given a function that fails twice and then succeeds
    outcomes = Outcomes(False, False, True)

    # When it is sent an event
    queue_for(outcomes, queues).put(EVENT)

    # Then the third attempt was made, and the event is not given up
    assert outcomes.done.wait(10)
    assert not outcomes.gave_up.wait(0.1)


def test_an_exhausted_event_is_given_up_and_seen(
    queues: list[EventQueue], capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a function that always fails
    outcomes = Outcomes(False, False, False, True)

    # When it is sent an event
    queue_for(outcomes, queues).put(EVENT)

    # Then it is dropped after three attempts, and that is told
    assert outcomes.gave_up.wait(10)
    assert outcomes.left == [True]
    assert outcomes.dropped[0].payload == EVENT.payload
    assert "the function failed 3 times" in capsys.readouterr().err


def test_a_throttled_event_waits_without_losing_an_attempt(queues: list[EventQueue]) -> None:
    # Given a function that is busy for a while, then fails twice, then succeeds
    busy = ThrottledError("ReservedFunctionConcurrentInvocationLimitExceeded")
    outcomes = Outcomes(busy, busy, busy, False, False, True)

    # When it is sent an event
    queue_for(outcomes, queues).put(EVENT)

    # Then it had all its attempts
    assert outcomes.done.wait(10)
    assert not outcomes.gave_up.wait(0.1)


def test_an_event_that_cannot_be_run_is_given_up_and_the_next_one_runs(
    queues: list[EventQueue], capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a function that is gone
    outcomes = Outcomes(LookupError("no such function"), True)
    queue = queue_for(outcomes, queues)

    # When it is sent two events
    queue.put(EVENT)
    assert outcomes.gave_up.wait(10)
    queue.put(EVENT)

    # Then the first is told as lost, and the second runs
    assert outcomes.done.wait(10)
    assert "no such function" in capsys.readouterr().err


def test_lambdas_waits_are_one_and_two_minutes() -> None:
    # Given AWS's document
    # When the defaults are read
    from local_aws.functions import event_queue as asynchronous

    # Then they are its
    assert asynchronous.RETRY_DELAYS_S == (60.0, 120.0)
