"""A local AWS that does not start: the error is its own, or says where it is to be read."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws import client
from local_aws.client import StartError, local_aws


@pytest.fixture
def busy_port() -> Iterator[int]:
    """Give a port of this machine on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_message_of_a_server_that_does_not_start_is_the_error(busy_port: int) -> None:
    # When it is to start on a port that is taken
    with pytest.raises(StartError) as refused, local_aws(busy_port):
        pass

    # Then
    assert f"cannot use port {busy_port} on 127.0.0.1" in str(refused.value)
    assert 'ARGS="--port 0"' in str(refused.value)


def test_a_message_that_the_caller_has_is_not_read_back(busy_port: int, tmp_path: Path) -> None:
    # Given a caller's file that can be written only, such as stderr with 2>file
    file = tmp_path / "stderr"

    # When
    with (
        file.open("w") as stderr,
        pytest.raises(StartError, match=r"^the local AWS did not start; its message is above\.$"),
        local_aws(busy_port, messages=stderr),
    ):
        pass

    # Then
    assert f"cannot use port {busy_port}" in file.read_text()


def test_a_server_that_is_too_slow_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setattr(client, "START_LIMIT_S", 0)

    # Then
    with pytest.raises(StartError, match=r"within 0 s\.$"), local_aws():
        pass
