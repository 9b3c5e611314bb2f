"""`make play` runs for as long as its local AWS."""

import socket

import pytest

from scripts import play
from scripts.terminal.errors import UserError


def test_a_local_aws_that_stops_by_itself_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a local AWS that stops after a while
    server = socket.create_server(("127.0.0.1", 0))
    endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            server.close()

    monkeypatch.setattr("time.sleep", sleep)

    # When
    with pytest.raises(UserError) as ended:
        play._wait_until_it_stops(endpoint)

    # Then
    assert str(ended.value) == f"the local AWS at {endpoint} has stopped.\nStart again."
    assert looks == [play.POLL_S] * 2
