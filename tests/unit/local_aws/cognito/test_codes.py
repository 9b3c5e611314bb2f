"""Codes prove an address once, for a while, and against guessing."""

import pytest

from local_aws.cognito.codes import (
    WRONG_TRIES,
    Codes,
    ExpiredCodeError,
    TooManyTriesError,
    WrongCodeError,
)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_is_six_digits_and_good_once() -> None:
    # Given a code
    codes = Codes()
    code = codes.issue("zoe", 60)
    assert len(code) == 6
    assert code.isdecimal()

    # When it is redeemed twice
    codes.redeem("zoe", code)

    # Then the second time there is none
    with pytest.raises(ExpiredCodeError):
        codes.redeem("zoe", code)


def test_a_code_is_for_its_purpose_and_for_a_while() -> None:
    # Given a code for one user
    now = [0.0]
    codes = Codes(lambda: now[0])
    code = codes.issue("zoe", 60)

    # When another uses it, or it is late
    with pytest.raises(ExpiredCodeError):
        codes.redeem("max", code)
    now[0] = 60

    # Then it is no good
    with pytest.raises(ExpiredCodeError):
        codes.redeem("zoe", code)


def test_guessing_ends_after_a_few_tries_even_with_the_right_code() -> None:
    # Given a code that somebody guesses
    codes = Codes()
    code = codes.issue("zoe", 60)
    for _ in range(WRONG_TRIES):
        with pytest.raises(WrongCodeError):
            codes.redeem("zoe", another(code))

    # When the right one comes
    # Then a new one must be asked for
    with pytest.raises(TooManyTriesError):
        codes.redeem("zoe", code)
    codes.redeem("zoe", codes.issue("zoe", 60))


def test_a_new_code_replaces_the_last() -> None:
    # Given two codes, when the first is used, then it is the wrong one
    codes = Codes()
    first = codes.issue("zoe", 60)
    second = codes.issue("zoe", 60)
    if first != second:
        with pytest.raises(WrongCodeError):
            codes.redeem("zoe", first)
    codes.redeem("zoe", second)
