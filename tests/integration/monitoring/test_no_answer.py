"""If scripts/monitor.py shows nothing, it says why in a sentence, with the fix."""

from pathlib import Path

import pytest

from scripts import monitor
from tests.integration.watched import Watched

Capture = pytest.CaptureFixture[str]


def refused(capsys: Capture, *arguments: str) -> str:
    """Look at a function in vain; return what it prints on standard error."""
    status = monitor.main(list(arguments))
    shown = capsys.readouterr()
    assert (status, shown.out) == (1, "")
    assert "Traceback" not in shown.err
    return shown.err


def test_an_unknown_function_is_an_error_with_the_fix(isolated: None, capsys: Capture) -> None:
    # Given a local AWS without such a function

    # When it is looked at
    error = refused(capsys, "--function", "Nobody")

    # Then it is named, and how to deploy it
    assert error.startswith("monitor: No answer about Nobody from http://127.0.0.1:")
    assert "make local-apply" in error


def test_an_address_where_nothing_listens_is_an_error_with_the_fix(
    isolated: None, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a local AWS that was stopped
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    # When a function is looked at

    # Then the error says how to start it
    assert "Start `make local`" in refused(capsys)


def test_a_picture_that_cannot_be_written_is_an_error(
    watched: Watched, capsys: Capture, tmp_path: Path
) -> None:
    # Given a folder that does not exist
    path = tmp_path / "nowhere" / "monitor.png"

    # When a picture is to go there
    error = refused(capsys, "--function", watched.name, "--png", str(path))

    # Then the error says so
    assert error == f"monitor: {path} cannot be written: No such file or directory.\n"


@pytest.mark.parametrize("minutes", ["0", "-1", "1.5", "hour", "20161", "²"])
def test_minutes_out_of_range_are_refused_with_the_range(capsys: Capture, minutes: str) -> None:
    # Given a stretch of time that CloudWatch has no data by the minute for, or that is none

    # When it is asked for
    with pytest.raises(SystemExit) as exited:
        monitor.main([f"--minutes={minutes}"])

    # Then the range is named
    assert exited.value.code == 2
    assert "from 1 to 20160" in capsys.readouterr().err
