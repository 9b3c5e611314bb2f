"""A measured command is limited in time, reports why it failed, and leaves nothing running."""

import sys
import time
from pathlib import Path

import pytest

from benchmarks import commands
from benchmarks.rounds import MeasurementError


def test_what_a_command_prints_is_given_back(tmp_path: Path) -> None:
    # When a command prints on both streams
    out, err = commands.run(
        ["sh", "-c", "pwd; echo problem >&2; echo $NAME"], tmp_path, {"NAME": "x"}
    )

    # Then both are returned, from the folder and the environment it was to run in
    assert out == f"{tmp_path}\nx\n"
    assert err == "problem\n"


def test_a_command_that_fails_is_reported_with_its_own_message(tmp_path: Path) -> None:
    # When a command fails
    with pytest.raises(MeasurementError) as raised:
        commands.run(["sh", "-c", "echo no such thing >&2; exit 3"], tmp_path)

    # Then the message has the command, the folder and the output
    assert str(tmp_path) in str(raised.value)
    assert "no such thing" in str(raised.value)


def test_a_command_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a short limit
    monkeypatch.setattr(commands, "LIMIT_S", 0.1)

    # When a command takes longer
    with pytest.raises(MeasurementError, match="more than"):
        commands.run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path)


def test_what_a_command_leaves_in_the_background_is_ended(tmp_path: Path) -> None:
    # When a command ends and leaves a process behind
    out, _ = commands.run(["sh", "-c", "sleep 60 >&- 2>&- & echo $!"], tmp_path)

    # Then that one is ended too
    deadline = time.monotonic() + 10
    while _runs(int(out)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _runs(int(out))


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
