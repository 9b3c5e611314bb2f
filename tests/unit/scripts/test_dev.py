"""`make dev --ride`: what is shown of the ride after each save."""

import pytest

from scripts import dev
from tests.support.answers import invocation

RIDE = {"RideId": "5AYFlHpcksSfXTgSkPc1Iw", "Unicorn": {"Name": "Rocinante"}, "Eta": "30 seconds"}


LINE = {"timestamp": "2026-11-22T23:03:05Z", "level": "INFO", "message": "ride request"}


def test_the_first_ride_is_shown_whole_and_the_next_by_what_is_new(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given code that answers, and later code that answers something else
    first, later = (
        invocation({"RideId": f"ride to come in {eta}", "Eta": eta}, {**LINE, "duration_ms": ms})
        for eta, ms in (("30 seconds", 8), ("45 seconds", 9))
    )
    rides = dev.Rides(iter([first, later]).__next__)

    # When a ride is taken with each
    rides.show_next()
    whole = capsys.readouterr().out
    rides.show_next()

    # Then the first is shown whole, and of the second what the code changed but not what chance chose
    assert '"Eta": "30 seconds"' in whole
    assert capsys.readouterr().out.splitlines() == [
        f"  {later.headline}",
        '  - Eta: "30 seconds"',
        '  + Eta: "45 seconds"',
    ]


def test_a_failure_is_shown_whole_and_the_next_ride_compared_with_the_last_good_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given code that answers, then code that fails to import, then the first again
    good = invocation(RIDE)
    error = {"errorMessage": "No module named 'maths'", "errorType": "Runtime.ImportModuleError"}
    failed = invocation(error, status=None, function_error="Unhandled")
    rides = dev.Rides(iter([good, failed, good]).__next__)

    # When a ride is taken with each
    rides.show_next()
    capsys.readouterr()
    rides.show_next()
    failure = capsys.readouterr().out
    rides.show_next()

    # Then the failure is shown whole, and after it nothing is new
    assert "Response\n" in failure
    assert "No module named 'maths'" in failure
    assert capsys.readouterr().out == f"  {good.headline}\n"
