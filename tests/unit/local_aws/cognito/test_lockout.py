"""Lockout after wrong passwords: "Lockout behavior for failed sign-in attempts"."""

from local_aws.cognito.lockout import Lockout


def test_from_the_fifth_failure_on_each_locks_out_for_twice_as_long() -> None:
    # Given a user who forgets
    now = [0.0]
    lockout = Lockout(lambda: now[0])

    # When the password is wrong again and again, as soon as a try counts
    waits = []
    for _ in range(16):
        assert not lockout.is_locked("zoe")
        lockout.failed("zoe")
        begun = now[0]
        while lockout.is_locked("zoe"):
            now[0] += 0.5
        waits.append(now[0] - begun)

    # Then four are free, and a quarter of an hour is the longest
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_signing_in_or_staying_away_for_a_quarter_hour_forgets_the_failures() -> None:
    # Given two users with four failures
    now = [0.0]
    lockout = Lockout(lambda: now[0])
    for user in ("zoe", "max"):
        for _ in range(4):
            lockout.failed(user)

    # When one signs in and the other stays away
    lockout.succeeded("zoe")
    now[0] = 15 * 60
    assert not lockout.is_locked("max")

    # Then the next failure locks neither out
    for user in ("zoe", "max"):
        lockout.failed(user)
        assert not lockout.is_locked(user)


def test_users_are_locked_out_apart() -> None:
    # Given a user who is locked out, when another tries, then only the first is
    lockout = Lockout(lambda: 0.0)
    for _ in range(5):
        lockout.failed("zoe")
    assert (lockout.is_locked("zoe"), lockout.is_locked("max")) == (True, False)
