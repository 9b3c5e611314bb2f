"""A function with earlier invocations, to be monitored."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scripts import monitor
from tests.integration.deployed import Client
from tests.integration.watched import Watched

Capture = pytest.CaptureFixture[str]
AsJson = Callable[[], dict[str, Any]]


@pytest.fixture
def watched(client: Client, isolated: None) -> Iterator[Watched]:
    """Give a function with a past, in the environment of a local run."""
    function = Watched(f"Watched-{uuid.uuid4().hex[:8]}", client)
    function.make()
    yield function
    function.remove()


@pytest.fixture
def as_json(watched: Watched, capsys: Capture) -> AsJson:
    """Give what looks at that function as a machine does."""

    def look() -> dict[str, Any]:
        assert monitor.main(["--json", "--function", watched.name]) == 0
        seen: dict[str, Any] = json.loads(capsys.readouterr().out)
        return seen

    return look
