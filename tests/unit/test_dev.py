"""`make dev --ride`: what is shown of the ride after each save."""

import pytest
from answers import invocation

import dev

RIDE = {"RideId": "5AYFlHpcksSfXTgSkPc1Iw", "Unicorn": {"Name": "Rocinante"}, "Eta": "30 seconds"}


LINE = {"timestamp": "2026-11-22T23:03:05Z", "level": "INFO", "message": "ride request"}


def test_the_first_ride_is_shown_whole_and_the_next_by_what_is_new(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given code that answers each event in its own way, and later code that does
    first, later = (
        [
            invocation(
                {"RideId": f"ride {number}", "Eta": eta}, {**LINE, "duration_ms": number + 1}
            )
            for number in range(1 + dev.MORE_RIDES)
        ]
        for eta in ("30 seconds", "45 seconds")
    )
    rides = dev.Rides(iter([*first, *later]).__next__)

    # When a ride is taken with each
    rides.show_next()
    whole = capsys.readouterr().out
    rides.show_next()

    # Then the first is shown whole, and of the second what the code changed and what chance chose
    assert '"Eta": "30 seconds"' in whole
    assert capsys.readouterr().out.splitlines() == [
        f"  {later[0].headline}",
        '  - Eta: "30 seconds"',
        '  + Eta: "45 seconds"',
        '  by chance: RideId "ride 0"',
    ]


def test_a_failure_is_shown_whole_and_the_next_ride_compared_with_the_last_good_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given code that answers, then code that fails to import, then the first again
    goods = [invocation(RIDE)] * (1 + dev.MORE_RIDES)
    error = {"errorMessage": "No module named 'maths'", "errorType": "Runtime.ImportModuleError"}
    failed = invocation(error, status=None, function_error="Unhandled")
    rides = dev.Rides(iter([*goods, failed, *goods]).__next__)

    # When a ride is taken with each
    rides.show_next()
    capsys.readouterr()
    rides.show_next()
    failure = capsys.readouterr().out
    rides.show_next()

    # Then the failure is shown whole, and after it nothing is new
    assert "Response\n" in failure
    assert "No module named 'maths'" in failure
    assert capsys.readouterr().out == f"  {goods[0].headline}\n"
