"""Alarms are evaluated while services are used for the first time: both make syntax trees, in threads of their own."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local_aws.access.unsupported import create_app
from local_aws.cloudwatch.metric_math import parse

# Without the lock it fails in a fraction of that.
TRIED_S = 1


@pytest.fixture
def switches() -> Iterator[None]:
    """Let threads switch in the middle of a syntax tree, as they do when a finalizer runs there."""

    def switch(*_: Any) -> None:
        time.sleep(0)

    threshold = gc.get_threshold()
    gc.callbacks.append(switch)
    gc.set_threshold(50)
    yield
    gc.set_threshold(*threshold)
    gc.callbacks.remove(switch)


@pytest.mark.usefixtures("switches")
def test_an_alarms_expression_is_parsed_while_a_service_is_used_for_the_first_time() -> None:
    # Given threads at different depths of the stack
    def deeper(levels: int, act: Callable[[], object]) -> None:
        if levels:
            deeper(levels - 1, act)
        else:
            act()

    # When one parses expressions and the other makes a service's routes
    errors: list[SystemError] = []
    end = time.monotonic() + TRIED_S

    def repeat(levels: int, act: Callable[[], object]) -> None:
        while time.monotonic() < end and not errors:
            try:
                deeper(levels, act)
            except SystemError as error:
                errors.append(error)

    threads = [
        threading.Thread(target=repeat, args=(0, lambda: parse("IF(m1 > 0, 100 * m2 / m1, 0)"))),
        threading.Thread(target=repeat, args=(20, lambda: create_app("s3"))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Then neither fails
    assert errors == []
